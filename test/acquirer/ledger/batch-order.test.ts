// Which batch a terminal is told next, when batches are closed out of turn.

import { describe, expect, test } from 'vitest'
import { createBooks } from './books.js'

const empty = { 48: `${'0'.repeat(30)}${'0'.repeat(32)}` }
const noTotals = {
  'totals.debitAmount.12': '',
  'totals.debitCount.3': '',
  'totals.creditAmount.12': '',
  'totals.creditCount.3': '',
}

function terminalOf(books: ReturnType<typeof createBooks>) {
  let stan = 100
  return {
    close: (batch: string) =>
      books.ask('settlement', { ...noTotals, batch, stan: String(++stan).padStart(6, '0') }, empty),
    next: () => String(books.ask('signOn').fields[60]).slice(2, 8),
  }
}

describe('the batch that a sign-on is told', () => {
  test('follows the one that was closed', () => {
    const { close, next } = terminalOf(createBooks())
    close('000004')
    expect(next()).toBe('000005')
  })
  test('does not go back when an earlier one is closed late', () => {
    const { close, next } = terminalOf(createBooks())
    close('000004')
    close('000002')
    expect(next()).toBe('000005')
  })
  test('is 000001 after 999999, and stays it when 999998 is closed late', () => {
    const { close, next } = terminalOf(createBooks())
    // Half the circle at a time: farther ahead would be behind.
    close('000004')
    close('400000')
    close('800000')
    close('999999')
    expect(next()).toBe('000001')
    close('999998')
    expect(next()).toBe('000001')
  })
})
