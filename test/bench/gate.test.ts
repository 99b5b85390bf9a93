// The gate of the project's own speed: what it fails, what it only tells.

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { type Baseline, bestOf, bytesLimit, gatedGroups, judgeGate } from '../../bench/speed/gate.js'
import type { Point } from '../../bench/speed/round.js'

const machine = { node: 'v20', cpu: 'x', cpus: 2 }
const baseline: Baseline = {
  ...{ schema: 'isochron/baseline@1', machine },
  figures: { terminal: { ofEcho: 0.2, bytes: 3000 }, acquirer: { ofEcho: 0.3 } },
  bytes: { sale: 3000, balance: 2900, acquirer: 1600 },
}
const verdicts = (terminal: number, bytes: number, acquirer = 0.3) =>
  judgeGate(baseline, { terminal: { ofEcho: terminal, bytes }, acquirer: { ofEcho: acquirer } }).map(
    ({ verdict }) => verdict,
  )

test('a faster commit and a noisy machine pass; half the speed and more garbage do not', () => {
  expect(verdicts(0.25, 2900)).toEqual(['met', 'met', 'met'])
  expect(verdicts(0.13, 3100)).toEqual(['slower', 'met', 'met'])
  expect(verdicts(0.09, 3100)).toEqual(['FAIL', 'met', 'met'])
  expect(verdicts(0.2, 4000)).toEqual(['met', 'slower', 'met'])
  expect(verdicts(0.2, 13_000)).toEqual(['met', 'FAIL', 'met'])
  expect(judgeGate(baseline, {}).every(({ verdict }) => verdict === 'FAIL')).toBe(true)
})

test('bytes may grow by a sixth, never above what the side may, and on another Node up to that', () => {
  expect(bytesLimit(baseline, 'sale', 'v20.1.0')).toBeCloseTo(3450)
  expect(bytesLimit(baseline, 'balance', 'v20.1.0')).toBe(3000)
  expect(bytesLimit(baseline, 'acquirer', 'v24.1.0')).toBe(2000)
})

test('the best of the rounds counts', () => {
  const point = (perSecond: number, bytes: number): Point => ({
    ...{ group: 'terminal', shape: '1x64', echo: { perSecond: 1000 } },
    measured: { perSecond, bytes },
  })
  expect(bestOf([[point(100, 3000)], [point(200, 3500)]])).toEqual({ terminal: { ofEcho: 0.2, bytes: 3000 } })
})

test('the committed baseline has every figure that is measured', () => {
  const committed = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../bench/baseline.json'), 'utf8'))
  expect(committed.schema).toBe('isochron/baseline@1')
  expect(Object.keys(committed.figures).sort()).toEqual([...gatedGroups].sort())
  expect(Object.keys(committed.bytes).sort()).toEqual(['acquirer', 'balance', 'sale'])
})
