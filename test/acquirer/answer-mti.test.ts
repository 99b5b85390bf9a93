import { expect, test } from 'vitest'
import { isNetworkManagement, mtiOfAnswer } from '../../src/acquirer/answer-mti.js'

const cases: [request: string, answer: string | undefined, why: string][] = [
  ['0100', '0110', 'an authorisation'],
  ['0200', '0210', 'a financial request'],
  ['0201', '0210', 'its repeat, answered as the original'],
  ['0220', '0230', 'an advice'],
  ['0400', '0410', 'a reversal'],
  ['0401', '0410', 'a repeated reversal'],
  ['0420', '0430', 'a reversal advice'],
  ['0421', '0430', 'a repeated reversal advice'],
  ['0202', '0212', 'a request of the issuer'],
  ['0203', '0212', 'its repeat'],
  ['0204', '0214', 'a request of another'],
  ['0500', '0510', 'a reconciliation'],
  ['0520', '0530', 'a reconciliation advice'],
  ['0800', '0810', 'a network request'],
  ['1804', '1814', 'a network request of 1993'],
  ['1100', '1110', 'an authorisation of 1993'],
  ['0210', undefined, 'a response'],
  ['0430', undefined, 'an advice response'],
  ['0240', undefined, 'a notification'],
  ['0250', undefined, 'a notification acknowledgement'],
  ['0260', undefined, 'an instruction'],
  ['02x0', undefined, 'no digits'],
  ['020', undefined, 'three digits'],
  ['', undefined, 'nothing'],
]

for (const [request, answer, why] of cases) {
  test(`${request || "''"}, ${why}, is ${answer === undefined ? 'not answered' : `answered ${answer}`}`, () => {
    expect(mtiOfAnswer(request)).toBe(answer)
  })
}

test('class 8 is network management in every version', () => {
  expect(['0800', '0820', '1804', '2800'].every(isNetworkManagement)).toBe(true)
  expect(['0200', '0180', '0408', '8000'].some(isNetworkManagement)).toBe(false)
})
