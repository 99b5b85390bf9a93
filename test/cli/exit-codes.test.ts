// The exit code of a run, and which of several reasons wins.

import { describe, expect, test } from 'vitest'
import { StartError, UsageError } from '../../src/base/errors.js'
import { exitCodeOf } from '../../src/cli/exit-codes.js'
import { failureOf } from '../../src/cli/failure.js'
import { UnpackError } from '../../src/codec/unpack-error.js'
import { booksOfTerminals } from '../../src/measure/money/books.js'
import type { Result } from '../../src/measure/result.js'
import { withAllowances } from '../../src/measure/verdict.js'
import { empty, sample } from '../report/sample-result.js'

const good: Result = { ...sample, thresholds: [] }
const unmet: Result = sample
const books = { ...booksOfTerminals([], ''), agree: false }
const saturated: Result = {
  ...good,
  generator: { ...(good.generator as NonNullable<Result['generator']>), saturated: true },
}
const lost = { approved: 0, declined: 0, timedOut: 0, failed: 900, unsent: 100 }
const unconnected: Result = { ...unmet, connectTime: empty, outcomes: lost }

const undecided: Result = {
  ...good,
  timeliness: { ...good.timeliness, timelyRate: 0 },
  outcomes: { approved: 0, declined: 1000, timedOut: 0, failed: 0, unsent: 0 },
}

describe('a run exits', () => {
  const cases: readonly { name: string; result: Result; by?: 'SIGINT' | 'SIGTERM'; allow?: boolean; code: number }[] = [
    { name: '0 when every threshold is met', result: good, code: 0 },
    { name: '3 when one is not', result: unmet, code: 3 },
    { name: '3 when nobody asked for anything and nothing was decided in time', result: undecided, code: 3 },
    {
      name: '0 when all was declined in time',
      result: { ...undecided, timeliness: { ...good.timeliness, timelyRate: 1 } },
      code: 0,
    },
    {
      name: '3 when a threshold ended it early',
      result: { ...good, abortedBy: { expression: 'timelyRate >= 99%', actual: 0.4, met: false, atMs: 12_000 } },
      code: 3,
    },
    { name: '3 when the generator was saturated', result: saturated, code: 3 },
    { name: '0 when that was allowed', result: saturated, allow: true, code: 0 },
    { name: '4 when the books do not agree, whatever the thresholds say', result: { ...unmet, books }, code: 4 },
    { name: '0 when nothing is known of the books', result: { ...good, books: { ...books, agree: null } }, code: 0 },
    { name: '5 when no connection was ever made', result: { ...unconnected, books }, code: 5 },
    { name: '130 when interrupted, whatever else', result: { ...unconnected, books }, by: 'SIGINT', code: 130 },
    { name: '143 when terminated', result: unmet, by: 'SIGTERM', code: 143 },
  ]
  for (const { name, result, by, allow, code } of cases) {
    test(name, () => expect(exitCodeOf(withAllowances(result, { allowSaturated: allow === true }), by)).toBe(code))
  }
})

describe('an error exits', () => {
  const cases: readonly [name: string, error: unknown, code: number][] = [
    ['2 for bad usage', new UsageError('x'), 2],
    ['2 for bytes that do not fit', new UnpackError('TRUNCATED', ['4'], 10, '6 bytes'), 2],
    ['5 for a run that could not start', new StartError('x'), 5],
    ['5 for a machine that is short of files', Object.assign(new Error('open'), { code: 'EMFILE' }), 5],
    ['1 for our own fault', new TypeError('x'), 1],
    ['1 for anything else', 'x', 1],
  ]
  for (const [name, error, code] of cases) test(name, () => expect(failureOf(error).code).toBe(code))
  test('with what to do about a limit of the machine', () => {
    const { text } = failureOf(Object.assign(new Error('open x.js'), { code: 'EMFILE' }))
    expect(text).toMatch(/^EMFILE: this process has too many files open: raise its limit \(ulimit -n\)/)
  })
})
