import { describe, expect, test } from 'vitest'
import { acquirerSchema } from '../../../src/acquirer/options.js'
import { builtInDialect } from '../../../src/codec/dialects/index.js'
import { createHarness } from '../harness.js'
import { createBooks } from '../ledger/books.js'

const half = { match: { mti: ['0100', '0200', '0220'] }, answer: '10', amount: '50%' }
const withRule = (rule: object) => ({ acquirer: { rules: [rule] } })

describe('a rule that approves in part', () => {
  test('answers with what is approved, and the books have it', () => {
    const books = createBooks(withRule(half))
    const answer = books.ask('sale')
    expect([books.codeOf(answer), answer.fields[4], answer.fields[38]]).toEqual([
      '10',
      '000000000500',
      expect.any(String),
    ])
    expect(books.states()).toEqual(['000001 sale charged 500'])
  })

  test('tells a repeated request the same amount', () => {
    const books = createBooks(withRule(half))
    const [first, second] = [books.ask('sale'), books.ask('sale')]
    expect(second).toEqual(first)
    expect(books.states()).toEqual(['000001 sale charged 500'])
  })

  test('lets what was approved be taken back, and no more', () => {
    for (const name of ['void', 'refund']) {
      const books = createBooks(withRule(half))
      const rrn = books.ask('sale').fields[37] as string
      const back = (stan: string, amount: string) =>
        books.codeOf(
          books.ask(name, { stan, 'original.stan': '000001', 'original.amount': amount, 'original.rrn': rrn }),
        )
      expect([back('000002', '000000001000'), back('000003', '000000000500')]).toEqual(['64', '00'])
    }
  })

  test('is undone by a reversal of what was asked for', () => {
    const books = createBooks(withRule(half))
    books.ask('sale')
    books.ask('reversal', { 'original.stan': '000001' })
    expect(books.states()).toEqual(['000001 sale reversed 500'])
  })

  test('holds the part of a pre-authorisation', () => {
    const books = createBooks(withRule(half))
    expect(books.ask('preauth').fields[4]).toBe('000000000500')
    expect(books.states()).toEqual(['000001 preauth charged 500'])
  })

  test('of an amount approves all of what is no more than that', () => {
    const books = createBooks(withRule({ ...half, amount: '6.00 CNY' }))
    const codes = ['000000001000', '000000000600'].map((amount, index) => {
      const { fields } = books.ask('sale', { stan: `00000${index}`, amount })
      return [fields[39], fields[4]]
    })
    expect(codes).toEqual([
      ['10', '000000000600'],
      ['00', '000000000600'],
    ])
  })

  const refused = [
    {
      name: 'a code of another kind',
      rule: { match: {}, answer: '51', amount: '50%' },
      error: 'acquirer.rules[0].amount: only a partial approval (10) has an amount of its own, not 51',
    },
    {
      name: 'a message that gives money back',
      rule: { match: { mti: '0220', 3: '200000' }, answer: '10', amount: '50%' },
      error: 'acquirer.rules[0].amount: refund cannot be approved in part, only what takes or holds money',
    },
    {
      name: 'a reversal',
      rule: { match: { mti: '04*' }, answer: '10', amount: '50%' },
      error: 'acquirer.rules[0].amount: reversal cannot be approved in part, only what takes or holds money',
    },
    {
      name: 'another currency',
      rule: { match: {}, answer: '10', amount: '5.00 USD' },
      error: 'acquirer.rules[0].amount: USD is not the currency of the dialect (156)',
    },
  ]
  for (const { name, rule, error } of refused) {
    test(`is refused for ${name}`, () => {
      expect(() => createHarness(withRule(rule))).toThrow(error)
    })
  }

  test('is refused for a dialect without partial approvals', () => {
    const { partial: _, ...rules } = builtInDialect('cup-pos').rules
    expect(() => createHarness({ dialect: { ...builtInDialect('cup-pos'), rules }, ...withRule(half) })).toThrow(
      'acquirer.rules[0].amount: dialect cup-pos has no partial approvals: leave amount out',
    )
  })

  test('has a share below all of it, or an amount with its currency', () => {
    for (const amount of ['100%', '0%', '500', '0.00 CNY', '5 %', 500]) {
      const parsed = acquirerSchema.safeParse({ rules: [{ ...half, amount }] })
      expect(parsed.error?.issues[0]?.message).toContain(`got ${JSON.stringify(amount)}`)
    }
  })
})
