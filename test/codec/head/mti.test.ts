// Message type indicators: what answers what, and what is a repeat.

import { expect, test } from 'vitest'
import { answerMti, classOf, firstMti, isAnswer, isRepeat, repeatMti, versionOf } from '../../../src/codec/head/mti.js'

const answers = [
  ['0100', '0110'],
  ['0200', '0210'],
  ['0201', '0210'],
  ['0320', '0330'],
  ['0400', '0410'],
  ['0420', '0430'],
  ['0421', '0430'],
  ['0520', '0530'],
  ['0800', '0810'],
  ['0801', '0810'],
  ['1804', '1814'],
  ['1423', '1432'],
] as const

for (const [request, answer] of answers) {
  test(`${request} is answered with ${answer}`, () => {
    expect(answerMti(request)).toBe(answer)
    expect(isAnswer(request)).toBe(false)
    expect(isAnswer(answer)).toBe(true)
  })
}

test('a repeat is marked in the last digit, once', () => {
  expect(repeatMti('0420')).toBe('0421')
  expect(repeatMti('0421')).toBe('0421')
  expect(repeatMti('1422')).toBe('1423')
  expect(firstMti('0421')).toBe('0420')
  expect(firstMti('0420')).toBe('0420')
  expect([isRepeat('0421'), isRepeat('0420'), isRepeat('0425')]).toEqual([true, false, true])
})

test('version and class are the first two digits', () => {
  expect([versionOf('1804'), classOf('1804')]).toEqual(['1', '8'])
})
