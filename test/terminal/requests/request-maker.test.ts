// The requests of a terminal: which number, card, amount and time stand in them.

import { describe, expect, test } from 'vitest'
import { card, createTill, planOf } from '../till.js'

const sale = planOf('sale')

describe('a request', () => {
  const values: readonly { field: number; says: string; is: RegExp }[] = [
    { field: 2, says: 'the card number', is: new RegExp(`^${card.pan}$`) },
    { field: 4, says: 'twelve digits of the amount', is: /^000000001234$/ },
    { field: 11, says: 'the trace number', is: /^000001$/ },
    { field: 41, says: 'the terminal', is: /^00000001$/ },
    { field: 42, says: 'the merchant', is: /^000000000000001$/ },
    { field: 49, says: 'the currency', is: /^156$/ },
  ]
  for (const { field, says, is } of values) {
    test(`has ${says} in field ${field}`, () => {
      const { terminal, makeRequest } = createTill()
      const request = makeRequest(sale, terminal)
      expect(request.plan.valueOf(field, request.values)).toMatch(is)
    })
  }

  test('has the next trace number of its terminal, and no other terminal shares it', () => {
    const { terminals, makeRequest } = createTill(2)
    const stans = [0, 0, 1, 0, 1, 0].map((index) => makeRequest(sale, terminals[index]!).stan)
    expect(stans).toEqual(['000001', '000002', '000001', '000003', '000002', '000004'])
  })

  test('begins a batch anew before trace numbers come again', () => {
    const { terminal, makeRequest } = createTill()
    terminal.stan = 999_998
    const named = [1, 2, 3].map(() => makeRequest(sale, terminal)).map(({ batch, stan }) => `${batch}/${stan}`)
    expect(named).toEqual(['000001/999999', '000002/000001', '000002/000002'])
  })

  test('has the key by which its answer is found: its trace number is in it', () => {
    const { terminal, makeRequest } = createTill()
    const [one, other] = [makeRequest(sale, terminal), makeRequest(sale, terminal)]
    expect(one.key).not.toBe(other.key)
    expect(one.key).toContain('000001')
  })
})

describe('a request that is given', () => {
  test('names of an original has them, and an original that is not there is empty', () => {
    const { terminal, makeRequest } = createTill()
    const names = { 'original.stan': '000777', 'original.batch': '000003' }
    const reversal = planOf('void')
    const all = makeRequest(reversal, terminal, { names }).values.join(' ')
    expect(all).toContain('000777')
    expect(makeRequest(reversal, terminal).values.join(' ')).not.toContain('000777')
  })

  test('a card and an amount uses them; what it draws itself is put there for the next try', () => {
    const { terminal, makeRequest } = createTill()
    const other = { ...card, pan: '4111111111111111' }
    const request = makeRequest(sale, terminal, { drawn: { card: other, amount: '000000000099' } })
    expect([2, 4].map((field) => request.plan.valueOf(field, request.values))).toEqual([other.pan, '000000000099'])
    const drawn = {}
    makeRequest(sale, terminal, { drawn })
    expect(drawn).toEqual({ card, amount: '000000001234' })
  })

  test('a wrong entry has it in the place of the right one', () => {
    const { terminal, makeRequest } = createTill()
    const entered = { name: 'amount', entered: (right: string) => `${right.slice(1)}0` }
    const request = makeRequest(sale, terminal, { entered })
    expect(request.plan.valueOf(4, request.values)).toBe('000000012340')
  })

  test('all values is the same message again, under the same trace number', () => {
    const { terminal, makeRequest } = createTill()
    const first = makeRequest(sale, terminal)
    const again = makeRequest(sale, terminal, { values: first.values })
    expect(again.plan.valueOf(11, again.values)).toBe(first.stan)
    expect(again.key).toBe(first.key)
    expect(terminal.stan).toBe(1)
  })
})
