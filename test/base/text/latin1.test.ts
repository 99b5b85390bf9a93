import { expect, test } from 'vitest'
import { latin1Text } from '../../../src/base/text/latin1.js'

test('the text of bytes has one character for each, from the first to before the last', () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
  expect(latin1Text(bytes, 0, 256)).toBe(bytes.toString('latin1'))
  expect(latin1Text(bytes, 65, 68)).toBe('ABC')
  expect(latin1Text(bytes, 7, 7)).toBe('')
})
