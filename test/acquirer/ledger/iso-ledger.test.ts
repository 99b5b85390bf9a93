// The rules that every ISO dialect shares: repeats, reversals, and voids and refunds that name their sale in several ways.

import { describe, expect, test } from 'vitest'
import { createBooks } from './books.js'

const original = { 'original.stan': '000001', 'original.batch': '000001', 'original.rrn': '' }

for (const dialect of ['iso87-ascii', 'iso87-binary', 'iso93-ascii', 'iso93-binary']) {
  const approved = dialect.startsWith('iso93') ? '000' : '00'
  const reversed = dialect.startsWith('iso93') ? '400' : '00'
  const duplicate = dialect.startsWith('iso93') ? '913' : '94'
  const notFound = dialect.startsWith('iso93') ? '914' : '25'
  const mtiOf = (mti: string) => (dialect.startsWith('iso93') ? `1${mti}` : `0${mti}`)
  const named = { ...original, 'original.mti': mtiOf('200'), 'original.rrn': '000001000001' }

  describe(`${dialect} in the ledger`, () => {
    test('a sale, its repeat, its reversal with a repeat, and the late sale', () => {
      const books = createBooks({ dialect })
      expect(books.codeOf(books.ask('sale'))).toBe(approved)
      expect(books.codeOf(books.ask('sale', {}, { mti: mtiOf('201'), 7: '0203123500' }))).toBe(approved)
      expect(books.states()).toEqual(['000001 sale charged 1000'])
      expect(books.codeOf(books.ask('reversal', named))).toBe(reversed)
      expect(books.codeOf(books.ask('reversal', named, { mti: mtiOf('421'), 7: '0203123510' }))).toBe(reversed)
      expect(books.codeOf(books.ask('sale'))).toBe(duplicate)
      expect(books.states()).toEqual(['000001 sale reversed 1000'])
    })

    test('a refund that names its sale by reference alone cannot exceed it', () => {
      const books = createBooks({ dialect })
      const rrn = books.ask('sale').fields[37] as string
      const refund = (stan: string, amount: string) =>
        books.codeOf(
          books.ask(
            'refund',
            { ...named, stan, 'original.rrn': rrn },
            { 4: amount, 37: rrn, [dialect.startsWith('iso93') ? 56 : 90]: undefined },
          ),
        )
      expect(refund('000002', '000000999999')).not.toBe(approved)
      expect(refund('000003', '000000001000')).toBe(approved)
      expect(refund('000004', '000000000001')).not.toBe(approved)
    })

    test('a void that names its sale by trace number alone finds it', () => {
      const books = createBooks({ dialect })
      books.ask('sale')
      const answer = books.ask('void', { ...named, stan: '000002', 'original.rrn': '' }, { 37: undefined })
      expect(books.codeOf(answer)).toBe(approved)
      expect(books.states()).toEqual(['000001 sale charged 1000', '000002 void charged 1000'])
    })

    test('a reversal of something never seen blocks it', () => {
      const books = createBooks({ dialect })
      expect(books.codeOf(books.ask('reversal', named))).toBe(reversed)
      expect(books.codeOf(books.ask('sale'))).toBe(duplicate)
      expect(books.states()).toEqual(['000001 sale reversed 1000'])
    })

    test('a void finds its sale, once', () => {
      const books = createBooks({ dialect })
      books.ask('sale')
      expect(books.codeOf(books.ask('void', { ...named, stan: '000002' }))).toBe(approved)
      expect(books.codeOf(books.ask('void', { ...named, stan: '000002' }))).toBe(approved)
      expect(books.codeOf(books.ask('void', { ...named, stan: '000003' }))).not.toBe(approved)
      expect(books.states()).toEqual([
        '000001 sale charged 1000',
        '000002 void charged 1000',
        '000003 void declined 1000',
      ])
    })

    test('a completion of a hold that is not there is declined', () => {
      const books = createBooks({ dialect })
      const missing = { ...named, 'original.stan': '000009', 'original.rrn': '000001000009', 'original.12': '203457' }
      expect(books.codeOf(books.ask('completion', { ...missing, 'original.12': '260203203457', stan: '000003' }))).toBe(
        notFound,
      )
    })
  })
}
