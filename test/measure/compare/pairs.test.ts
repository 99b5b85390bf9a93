// The exact signed-rank test against values of R.

import { expect, test } from 'vitest'
import { pairedShiftOf } from '../../../src/measure/compare/pairs.js'

/** The figures of R 4's wilcox.test(d, exact = TRUE, conf.int = TRUE); the first is Hollander and Wolfe's depression scale. */
const signedRanksOfR = [
  {
    d: [0.952, -0.147, 1.022, 0.43, 0.62, 0.59, 0.49, -0.08, 0.01],
    ...{ p: 0.0390625, shift: 0.46, low: 0.01, high: 0.786 },
  },
  { d: [0.243, -0.0357, 0.0045, 0.027, -0.0177, -0.0158], p: 1, shift: 0.0045, low: -0.0357, high: 0.243 },
  {
    d: [0.1199, 0.0506, 0.0722, 0.2352, 0.0886, 0.2773, 0.2425],
    ...{ p: 0.015625, shift: 0.159625, low: 0.0696, high: 0.25625 },
  },
  {
    d: [0.0859, 0.2117, 0.0974, -0.0115, 0.0354, 0.0596, 0.1391, 0.1272],
    ...{ p: 0.015625, shift: 0.092525, low: 0.0354, high: 0.15455 },
  },
  {
    d: [0.1164, 0.1645, -0.051, 0.1618, 0.0747, 0.1202, 0.1073, -0.0186, 0.0379, -0.0097],
    ...{ p: 0.037109375, shift: 0.07295, low: 0.01185, high: 0.13455 },
  },
]

test.each(signedRanksOfR)('p, shift and interval of $d.length differences are those of wilcox.test', (each) => {
  const found = pairedShiftOf(each.d, 0.95)
  expect(found.p).toBeCloseTo(each.p, 9)
  expect(found.shift).toBeCloseTo(each.shift, 9)
  expect(found.low).toBeCloseTo(each.low, 9)
  expect(found.high).toBeCloseTo(each.high, 9)
})

test('turned round, everything is of the other sign', () => {
  const differences = [0.1, 0.3, -0.2, 0.5, 0.45, 0.61, 0.07]
  const found = pairedShiftOf(differences, 0.95)
  const turned = pairedShiftOf(
    differences.map((each) => -each),
    0.95,
  )
  expect(turned.p).toBe(found.p)
  expect(turned.shift).toBeCloseTo(-found.shift, 12)
  expect(turned.low).toBeCloseTo(-found.high, 12)
})

test('six pairs that all point one way reach 0.031; five have no bounds, and none differ not at all', () => {
  const six = [1, 2, 3, 4, 5, 6]
  expect(pairedShiftOf(six, 0.95)).toMatchObject({ p: 2 / 64, low: 1, high: 6 })
  expect(pairedShiftOf(six.slice(1), 0.95)).toMatchObject({ p: 2 / 32, low: Number.NEGATIVE_INFINITY })
  expect(pairedShiftOf([0, 0, 0, 0, 0, 0], 0.95)).toMatchObject({ p: 1, shift: 0, low: 0, high: 0 })
})
