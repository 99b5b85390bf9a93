import { expect, test } from 'vitest'
import { compilePlaceholders } from '../../src/base/placeholders.js'
import { suggestion } from '../../src/base/suggest.js'
import { createZone } from '../../src/base/zone.js'

const wallMs = Date.UTC(2026, 10, 22, 16, 5, 9)
const fill = (text) =>
  compilePlaceholders(text, ['stan', 'batch'], createZone('Asia/Shanghai'))?.((name) => `<${name}>`, wallMs)
const cases = [
  ['{stan}', '<stan>'],
  ['22{batch}0006', '22<batch>0006'],
  ['{utc:MMDDhhmmss}', '1122160509'],
  ['{local:hhmmss}', '000509'],
  ['{local:MMDD}', '1123'],
  ['{utc:YYYY-MM-DD JJJ YY}', '2026-11-22 326 26'],
]
for (const [text, expected] of cases) {
  test(`'${text}' is filled in as '${expected}'`, () => expect(fill(text)).toBe(expected))
}
test('a text without a gap needs no filling', () => expect(fill('000000')).toBeUndefined())
test('an unknown name is refused, with the nearest known one', () => {
  expect(() => fill('{stam}')).toThrow("unknown placeholder {stam} (did you mean 'stan'?)")
})
test('an unknown time zone is refused', () => {
  expect(() => createZone('Asia/Shangri-La')).toThrow("unknown time zone 'Asia/Shangri-La'")
})
test('a zone follows its daylight saving time', () => {
  const berlin = createZone('Europe/Berlin')
  expect(berlin.offsetMinutes(Date.UTC(2026, 6, 1))).toBe(120)
  expect(berlin.offsetMinutes(Date.UTC(2026, 11, 1))).toBe(60)
  expect(createZone('Asia/Kathmandu').format('hh:mm', Date.UTC(2026, 0, 1))).toBe('05:45')
})
test('a name that is far from every known one is given no suggestion', () => {
  expect(suggestion('rat', ['rate', 'for'])).toBe(" (did you mean 'rate'?)")
  expect(suggestion('colour', ['rate', 'for'])).toBe('')
})
