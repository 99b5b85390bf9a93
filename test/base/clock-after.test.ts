import { expect, onTestFinished, test, vi } from 'vitest'
import { realClock } from '../../src/base/clock.js'

/** Spends time within a turn of the loop: Node's timers count from the turn's start. */
function stay(ms: number): void {
  const until = realClock.now() + ms
  while (realClock.now() < until);
}

test('a timer never rings before its time, though Node counts whole milliseconds from the start of a turn', async () => {
  const early: string[] = []
  const wait = (delayMs: number, stayMs: number) =>
    new Promise<void>((resolve) => {
      stay(stayMs)
      const from = realClock.now()
      realClock.after(delayMs, () => {
        const waited = realClock.now() - from
        if (waited < delayMs) early.push(`${delayMs} ms after ${stayMs}: ${waited}`)
        resolve()
      })
    })
  for (const stayMs of [0, 0.4, 0.9]) for (const delayMs of [0, 0.5, 1.97, 4.97]) await wait(delayMs, stayMs)
  expect(early).toEqual([])
})

test('a timer that is cancelled after Node has rung too early does not ring', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const now = vi.spyOn(performance, 'now')
  onTestFinished(() => {
    now.mockRestore()
    vi.useRealTimers()
  })
  const ringing: string[] = []
  const afterNodeRangAt4 = (name: string) => {
    now.mockReturnValue(0)
    const timer = realClock.after(4.97, () => ringing.push(name))
    now.mockReturnValue(4)
    vi.advanceTimersByTime(5)
    return timer
  }
  afterNodeRangAt4('kept')
  afterNodeRangAt4('cancelled').cancel()
  now.mockReturnValue(10)
  vi.advanceTimersByTime(10)
  expect(ringing).toEqual(['kept'])
})
