// When a way to a host is given up, and when it is used again: a table of what is seen of it.

import { describe, expect, test } from 'vitest'
import { createTargetHealth, type TargetHealth } from '../../../src/terminal/paths/target-health.js'

const limits = { afterFailures: 3, afterTimeouts: 2, failBackAfter: 5000 }

const seen = {
  refused: (health: TargetHealth, at: number) => health.failed(at, 'ECONNREFUSED'),
  silence: (health: TargetHealth, at: number) => health.timedOut(at),
  answer: (health: TargetHealth) => health.answered(),
  echo: (health: TargetHealth, at: number) => health.echoed(at),
  noEcho: (health: TargetHealth, at: number) => health.echoMissed(at),
} as const

type Event = keyof typeof seen

/** One event a second. */
function healthAfter(...events: readonly Event[]): TargetHealth {
  const health = createTargetHealth(limits)
  for (const [index, event] of events.entries()) seen[event](health, index * 1000)
  return health
}

const times = (count: number, event: Event): readonly Event[] => Array.from({ length: count }, () => event)

describe('a host is given up after', () => {
  const cases: readonly [string, readonly Event[], boolean][] = [
    ['as many refused connections as are too many', times(3, 'refused'), false],
    ['one fewer: not yet', times(2, 'refused'), true],
    ['as many with an answer in between: not at all', ['refused', 'refused', 'answer', 'refused', 'refused'], true],
    ['transactions without an answer', times(2, 'silence'), false],
    ['transactions without an answer, though echoes are answered', ['silence', 'echo', 'silence'], false],
    ['refused connections, though echoes are answered', ['refused', 'echo', 'refused', 'echo', 'refused'], false],
    ['echoes without an answer', times(3, 'noEcho'), false],
    ['echoes without an answer, though transactions are answered', ['noEcho', 'answer', 'noEcho', 'noEcho'], false],
    ['echoes without an answer, not in a row: not at all', ['noEcho', 'noEcho', 'echo', 'noEcho', 'noEcho'], true],
  ]
  for (const [name, events, isUp] of cases) {
    test(name, () => {
      expect(healthAfter(...events).isUp).toBe(isUp)
    })
  }
})

describe('it is used again after echoes in an unbroken row', () => {
  const down = times(3, 'refused')
  const cases: readonly [string, readonly Event[], boolean][] = [
    ['for as long as it takes', times(6, 'echo'), true],
    ['for less: not yet', times(5, 'echo'), false],
    ['begun anew by an echo without an answer', [...times(5, 'echo'), 'noEcho', ...times(5, 'echo')], false],
    ['begun anew by a refused connection', [...times(5, 'echo'), 'refused', ...times(5, 'echo')], false],
    [
      'whatever becomes of requests of long ago',
      [...times(3, 'echo'), 'silence', 'silence', ...times(2, 'echo')],
      true,
    ],
    ['and of nothing else', times(9, 'answer'), false],
  ]
  for (const [name, events, isUp] of cases) {
    test(name, () => {
      expect(healthAfter(...down, ...events).isUp).toBe(isUp)
    })
  }

  test('for twice as long where it fails again soon after its return', () => {
    const again = [...times(3, 'refused'), ...times(6, 'echo'), ...times(3, 'refused')]
    expect(healthAfter(...again, ...times(6, 'echo')).isUp).toBe(false)
    expect(healthAfter(...again, ...times(11, 'echo')).isUp).toBe(true)
  })

  test('as at first where it was well for long', () => {
    const well = [...times(3, 'refused'), ...times(6, 'echo'), ...times(20, 'answer'), ...times(3, 'refused')]
    expect(healthAfter(...well, ...times(6, 'echo')).isUp).toBe(true)
  })
})

test('it says why it was given up', () => {
  expect(healthAfter(...times(3, 'refused')).why).toBe('ECONNREFUSED')
  expect(healthAfter(...times(2, 'silence')).why).toBe('no answers')
  expect(healthAfter(...times(3, 'noEcho')).why).toBe('echoes without an answer')
})
