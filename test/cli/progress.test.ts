// Progress in a terminal: nothing wraps, nothing stale stays, whatever happens to the window.

import { describe, expect, test } from 'vitest'
import { createProgress } from '../../src/cli/progress.js'
import { safeIo } from '../../src/cli/safe-output.js'
import { writeEnded } from '../../src/cli/write-ended.js'
import { running, starting } from '../report/live-samples.js'
import { FakeTerminal } from './fake-terminal.js'

const sizes = [40, 60, 80, 120, 200]

function watched(columns: number, rows = 24) {
  const terminal = new FakeTerminal(columns, rows)
  return { terminal, progress: createProgress(terminal, { quiet: false }) }
}

describe.each(sizes)('%i columns', (columns) => {
  test('one picture at a time, below the lines that were said, and none when it is over', () => {
    const { terminal, progress } = watched(columns)
    progress.line('keys: test keys; they are public: give your own with --keys FILE, please do not use these')
    for (let second = 0; second < 5; second++) progress.snapshot({ ...starting, done: second })
    for (let second = 0; second < 60; second++) progress.snapshot({ ...running, elapsedMs: second * 1000 })
    progress.line('switched from a to b')
    progress.snapshot({ ...running, elapsedMs: 60_000 })
    expect(terminal.wrapped).toBe(0)
    expect(terminal.text().match(/response time/g)).toHaveLength(1)
    expect(terminal.text()).not.toContain('starting')
    expect(terminal.text().indexOf('switched')).toBeLessThan(terminal.text().indexOf('response time'))
    progress.done()
    terminal.write('PASSED\n')
    expect(terminal.text()).not.toMatch(/response time|generator|\[=/)
    expect(terminal.text().split('\n').at(-1)).toBe('PASSED')
    expect(terminal.text()).toContain('keys: test keys')
  })

  test.each(sizes)('resized to %i', (other) => {
    const { terminal, progress } = watched(columns)
    progress.line('said before')
    progress.snapshot(running)
    terminal.resize(other, 50)
    expect(terminal.text().match(/response time/g)).toHaveLength(1)
    progress.snapshot({ ...running, elapsedMs: 20_000 })
    terminal.resize(columns, 24)
    expect(terminal.text().match(/response time/g)).toHaveLength(1)
    expect(terminal.wrapped).toBe(0)
    progress.done()
    expect(terminal.text()).toBe('said before')
  })
})

test('an interrupt is said above the picture, and a picture higher than the terminal is cut', () => {
  const { terminal, progress } = watched(80, 5)
  progress.snapshot(running)
  progress.say('interrupted: waiting for open answers; once more exits at once')
  progress.snapshot({ ...running, stage: 'draining', elapsedMs: 61_000 })
  expect(terminal.text().split('\n')).toHaveLength(5)
  expect(terminal.text()).toMatch(/^interrupted: .*\n\[=/)
})

test('no terminal: a plain line every five seconds, of the start after three', () => {
  const lines: string[] = []
  const progress = createProgress({ write: (text) => lines.push(String(text)) }, { quiet: false })
  for (let ms = 250; ms <= 6000; ms += 250) progress.snapshot({ ...starting, elapsedMs: ms })
  for (let second = 1; second <= 11; second++) progress.snapshot({ ...running, elapsedMs: second * 1000 })
  progress.done()
  expect(lines.map((line) => line.split('  ')[0])).toEqual(['starting 3s', '5s/1m', '10s/1m'])
  expect(lines.join('')).not.toContain('\x1b')
})

describe('the verdict in a terminal', () => {
  const written = (text: string, exit: number, isTTY = true) => {
    const pieces: string[] = []
    const write = (data: string | Uint8Array) => pieces.push(String(data))
    const output = { write, isTTY }
    const io = {
      stdin: (async function* () {})(),
      stdout: output,
      stderr: output,
      onSignal: () => () => {},
      exit: () => {},
    }
    writeEnded(safeIo(io).stdout, text, exit)
    return pieces.join('')
  }

  test('is green or red, and nothing else is', () => {
    expect(written('PASS\n\nPASSED all · exit 0\n', 0)).toBe('PASS\n\n\x1b[32mPASSED all · exit 0\x1b[0m\n')
    expect(written('FAIL\n\nFAILED\n  one · exit 3\n', 3)).toBe(
      'FAIL\n\n\x1b[31mFAILED\x1b[0m\n\x1b[31m  one · exit 3\x1b[0m\n',
    )
    expect(written('FAIL\n\nFAILED · exit 3\n', 3, false)).toBe('FAIL\n\nFAILED · exit 3\n')
  })

  test('a name that would colour the screen does not', () => {
    expect(written('\x1b[32mFAIL\n\nFAILED \x1b[2J · exit 3\n', 3)).toBe(
      '·[32mFAIL\n\n\x1b[31mFAILED ·[2J · exit 3\x1b[0m\n',
    )
  })
})
