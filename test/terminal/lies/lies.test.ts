// Lies: a host that says yes to everything has taken each for the truth, one that says no has taken none.

import { describe, expect, test } from 'vitest'
import { addLies } from '../../../src/measure/money/lies.js'
import { lies, possibleLies, type Teller, type ToldLie } from '../../../src/terminal/lies/lies.js'
import { lieKinds } from '../../../src/terminal/options/lies-options.js'
import { createTerminals } from '../../../src/terminal/terminal.js'

/** A host that answers request number n, from 0, as `says` does. */
function teller(says: (number: number, message: string) => ToldLie['outcome']) {
  const [own, other] = createTerminals({ count: 2, idPattern: '{n:8}', merchants: 1 })
  const sent: string[] = []
  const answer = (message: string, amount: number): Promise<ToldLie> => {
    sent.push(`${message} ${amount}`)
    return Promise.resolve({ outcome: says(sent.length - 1, message), amount, sent: message })
  }
  const made = {
    ...{ own, other, has: () => true, reversal: 'reversal' },
    ask: (message: string) => answer(message, 1000),
    follow: (message: string, told: ToldLie, given: { amount?: number } = {}) =>
      answer(message, given.amount ?? told.amount),
    settle: () => answer('settlement', 0),
    repeat: (told: ToldLie) => answer(`${told.sent} again`, told.amount),
  } as Teller
  return { teller: made, sent }
}

describe('a host that approves everything', () => {
  for (const kind of lieKinds.filter((each) => each !== 'foreignReversal')) {
    test(`takes ${kind} for the truth`, async () => {
      expect(await lies[kind].tell(teller(() => 'approved').teller)).toBe(true)
    })
  }
  test('lets another terminal reverse, which is seen by what does not stand any more', async () => {
    const gone = teller((number) => (number < 2 ? 'approved' : 'declined'))
    expect(await lies.foreignReversal.tell(gone.teller)).toBe(true)
    expect(gone.sent).toEqual(['sale 1000', 'reversal 1000', 'void 1000', 'void 1000', 'sale again 1000'])
    expect(await lies.foreignReversal.tell(teller(() => 'approved').teller)).toBe(false)
  })
})

test('a host that refuses the last request has refused the lie', async () => {
  const before: Record<string, number> = { foreignOriginal: 1, overCapture: 1, falseTotals: 1 }
  for (const kind of lieKinds.filter((each) => each !== 'foreignReversal')) {
    const honest = before[kind] ?? 2
    expect(await lies[kind].tell(teller((number) => (number < honest ? 'approved' : 'declined')).teller)).toBe(false)
    expect(await lies[kind].tell(teller((number) => (number < honest ? 'approved' : 'unanswered')).teller)).toBe(
      undefined,
    )
    expect(await lies[kind].tell(teller(() => 'declined').teller)).toBe(undefined)
  }
})

test('refunds together exceed the sale by a little, and a capture by much', async () => {
  const refunds = teller(() => 'approved')
  await lies.overRefund.tell(refunds.teller)
  expect(refunds.sent).toEqual(['sale 1000', 'refund 501', 'refund 501'])
  const capture = teller(() => 'approved')
  await lies.overCapture.tell(capture.teller)
  expect(capture.sent).toEqual(['preauth 1000', 'completion 10000'])
})

test('a dialect without the messages leaves a lie out', () => {
  expect(possibleLies(lieKinds, (message) => message === 'sale')).toEqual(['repeatAfterReversal'])
})

test('parts of a run add their lies up', () => {
  const one = { overRefund: { told: 2, accepted: 1, inVain: 0 } }
  expect(addLies([null, one, { ...one, voidTwice: { told: 1, accepted: 0, inVain: 3 } }])).toEqual({
    overRefund: { told: 4, accepted: 2, inVain: 0 },
    voidTwice: { told: 1, accepted: 0, inVain: 3 },
  })
  expect(addLies([null])).toBeNull()
})
