import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Matchable } from '../../../src/codec/checks/match.js'
import { createPostingFinder } from '../../../src/codec/checks/posting-finder.js'
import type { PostingRule } from '../../../src/codec/dialect.js'
import { builtInDialect, builtInDialects } from '../../../src/codec/dialects/index.js'

const message = (mti: string, fields: Readonly<Record<number, string | null>>): Matchable => ({
  mti,
  has: (field) => fields[field] !== undefined,
  text: (field) => fields[field] ?? undefined,
})

const postingsOf = (name: string) => builtInDialect(name).rules.ledger?.postings ?? []
const kindOf = (rule: PostingRule | undefined) => rule?.kind

describe('the posting rule of a message', () => {
  const find = createPostingFinder(postingsOf('iso87-ascii'))

  test('follows what its fields say, whatever the one before said', () => {
    const sale = message('0200', { 3: '000000' })
    const refund = message('0200', { 3: '200000' })
    const kinds = [sale, sale, refund, sale, refund, refund].map((each) => kindOf(find(each)))
    expect(kinds).toEqual(['sale', 'sale', 'refund', 'sale', 'refund', 'refund'])
  })

  test('knows a field without a text from one that is not there', () => {
    const there = { effect: 'charge', kind: 'there', request: { 60: '*' } } as unknown as PostingRule
    const finder = createPostingFinder([there])
    const [with60, without] = [message('0200', { 60: null }), message('0200', {})]
    expect([with60, without, with60, without].map((each) => finder(each))).toEqual([there, undefined, there, undefined])
  })

  const odd = fc.constantFrom('000000', '010000', '200000', '300000', '020000', '00', '06', null)
  const messages = fc.array(
    fc.record({
      mti: fc.constantFrom('0100', '0200', '0220', '0400', '0420', '0500', '0800', '0300'),
      fields: fc.dictionary(fc.constantFrom('3', '25', '60', '90', '38', '24', '2'), odd, { maxKeys: 3 }),
    }),
    { minLength: 2, maxLength: 12 },
  )
  const withBooks = builtInDialects.filter(({ rules }) => rules.ledger !== undefined).map(({ name }) => name)
  test.each(withBooks)('of %s is that of a finder that has seen no other', (name) => {
    const postings = [
      ...postingsOf(name),
      { effect: 'charge', kind: 'by card', request: { card: 'visa' } } as unknown as PostingRule,
      { effect: 'charge', kind: 'there', request: { 60: '*' } } as unknown as PostingRule,
    ]
    fc.assert(
      fc.property(messages, (stream) => {
        const finder = createPostingFinder(postings)
        for (const { mti, fields } of stream) {
          const each = message(mti, fields)
          expect(finder(each)).toBe(createPostingFinder(postings)(each))
        }
      }),
      { numRuns: 40 },
    )
  })
})
