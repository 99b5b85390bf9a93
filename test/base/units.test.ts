import { describe, expect, test } from 'vitest'
import { money, rate } from '../../src/base/unit-schemas.js'
import { formatDuration, parseDuration, parseMoney, parsePercent, parseRate } from '../../src/base/units.js'

describe('durations, rates and shares carry their unit', () => {
  const cases = [
    ['250ms', parseDuration, 250],
    ['1.5s', parseDuration, 1500],
    ['100us', parseDuration, 0.1],
    ['2m', parseDuration, 120_000],
    ['1d', parseDuration, 86_400_000],
    ['1m30s', parseDuration, 90_000],
    ['1h2m3s500ms', parseDuration, 3_723_500],
    ['30s1m', parseDuration, undefined],
    ['1s1s', parseDuration, undefined],
    ['250', parseDuration, undefined],
    ['-1s', parseDuration, undefined],
    ['1 s', parseDuration, undefined],
    ['500/s', parseRate, 500],
    ['30/min', parseRate, 0.5],
    ['10k/s', parseRate, 10_000],
    ['1.5k/min', parseRate, 25],
    ['500', parseRate, undefined],
    ['99%', parsePercent, 0.99],
    ['0.5%', parsePercent, 0.005],
    ['99', parsePercent, undefined],
  ] as const
  for (const [text, parse, expected] of cases) {
    test(`${parse.name}('${text}') is ${expected}`, () => expect(parse(text)).toBe(expected))
  }
})

describe('money is whole minor units of its currency', () => {
  const cases = [
    ['10.00 CNY', { minor: 1000, currency: 'CNY' }],
    ['10 CNY', { minor: 1000, currency: 'CNY' }],
    ['500 JPY', { minor: 500, currency: 'JPY' }],
    ['1.234 KWD', { minor: 1234, currency: 'KWD' }],
    ['1.5 JPY', undefined],
    ['1.234 CNY', undefined],
    ['10.00', undefined],
    ['99999999999999999.00 CNY', undefined],
  ] as const
  for (const [text, expected] of cases) {
    test(`'${text}'`, () => expect(parseMoney(text)).toEqual(expected))
  }
})

test('a schema says what it expected, and shows what it got', () => {
  expect(rate().safeParse('500').error?.issues[0]?.message).toBe('expected a rate such as 500/s, got "500"')
  expect(rate().safeParse(500).error?.issues[0]?.message).toBe('expected a rate such as 500/s, got 500')
  expect(money().safeParse(10).error?.issues[0]?.message).toContain('"10.00 CNY"')
})

test('durations print as people write them', () => {
  expect([0.25, 1, 40, 2500, 120_000].map(formatDuration)).toEqual(['250us', '1ms', '40ms', '2.5s', '2m'])
})
