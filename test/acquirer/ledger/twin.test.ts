// Any sequence of requests, repeats and reversals, in groups of any size: a naive twin in memory agrees on every answer
// and on every row of the books.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createBooks, isInDatabase, rowsNow } from './books.js'

interface Step {
  readonly do: 'sale' | 'void' | 'reversal'
  readonly terminal: string
  readonly batch: string
  readonly stan: string
  readonly amount: number
  /** The trace number of the sale that a void names. */
  readonly of: string
  /** The answer is waited for before the next step. */
  readonly wait: boolean
}

interface TwinEntry {
  readonly kind: 'sale' | 'void' | undefined
  readonly amount: number
  readonly of: string
  state: 'charged' | 'reversed' | 'declined' | 'blocked'
  code: string
  isReversed: boolean
}

function createTwin() {
  const entries = new Map<string, TwinEntry>()
  const keyOf = ({ terminal, batch }: Step, stan: string) => `${terminal} ${batch} ${stan}`

  const again = (known: TwinEntry, { do: kind, amount }: Step): string => {
    if (known.kind !== kind || known.amount !== amount || known.state === 'reversed') return '94'
    return known.code
  }
  const isVoided = (key: string) =>
    [...entries.values()].some((each) => each.kind === 'void' && each.of === key && each.state === 'charged')
  const judge = (step: Step): string => {
    const original = entries.get(keyOf(step, step.of))
    if (original?.kind === undefined) return '25'
    if (original.kind !== 'sale' || original.state !== 'charged' || isVoided(keyOf(step, step.of))) return '12'
    return original.amount === step.amount ? '00' : '64'
  }
  const reverse = (key: string, amount: number): string => {
    const known = entries.get(key)
    if (known === undefined) {
      entries.set(key, { kind: undefined, amount: 0, of: '', state: 'blocked', code: '', isReversed: true })
    } else if (!known.isReversed && known.amount === amount) {
      known.isReversed = true
      if (known.state === 'charged' && !isVoided(key)) known.state = 'reversed'
    }
    return '00'
  }

  return {
    entries,
    take(step: Step): string {
      const key = keyOf(step, step.stan)
      if (step.do === 'reversal') return reverse(key, step.amount)
      const known = entries.get(key)
      if (known?.state === 'blocked') {
        const { amount, do: kind } = step
        entries.delete(key)
        entries.set(key, { kind, amount, of: '', state: 'reversed', code: '94', isReversed: true })
        return '94'
      }
      if (known !== undefined) return again(known, step)
      const code = step.do === 'void' ? judge(step) : '00'
      const { amount, do: kind } = step
      const state = code === '00' ? 'charged' : 'declined'
      entries.set(key, { kind, amount, of: keyOf(step, step.of), state, code, isReversed: false })
      return code
    },
  }
}

const stans = ['000001', '000002', '000003']
const anyStep: fc.Arbitrary<Step> = fc.record({
  do: fc.constantFrom('sale', 'sale', 'void', 'reversal'),
  terminal: fc.constantFrom('00000001', '00000002'),
  batch: fc.constantFrom('000001', '000002'),
  stan: fc.constantFrom(...stans),
  amount: fc.constantFrom(1000, 1000, 1000, 2000),
  of: fc.constantFrom(...stans),
  wait: fc.boolean(),
})

function sendStep(books: ReturnType<typeof createBooks>, { do: kind, terminal, batch, stan, amount, of }: Step) {
  const text = String(amount).padStart(12, '0')
  const values = { terminal, batch, stan, amount: text, 'original.amount': text }
  if (kind === 'reversal') {
    const fields = { 4: text, 60: `22${batch}00050`, 61: undefined }
    return books.tell('reversal', { ...values, 'original.stan': stan }, fields)
  }
  return books.tell(kind, { ...values, 'original.stan': of, 'original.batch': batch, 'original.rrn': '0'.repeat(12) })
}

test('a naive twin agrees with the ledger', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 40 }), (steps) => {
      const books = createBooks()
      const twin = createTwin()
      const fates = steps.map((step) => {
        const fate = sendStep(books, step)
        if (step.wait) books.clock.run(books.clock.now())
        return fate
      })
      books.clock.run(books.clock.now())
      const expected = steps.map(twin.take)
      expect(fates.map(({ answers }) => answers.map(({ message }) => message.fields[39]))).toEqual(
        expected.map((code) => [code]),
      )
      const rows = rowsNow(books.ledger).map(
        ({ terminal, batch, stan, kind, amountMinor, state }) =>
          [`${terminal} ${batch} ${stan}`, `${kind} ${amountMinor} ${state}`] as const,
      )
      const twinRows = [...twin.entries]
        .filter(([, { state }]) => state !== 'blocked')
        .map(([key, { kind, amount, state }]) => [key, `${kind} ${amount} ${state}`] as const)
      expect(rows.toSorted()).toEqual(twinRows.toSorted())
      void books.ledger.close()
    }),
    { numRuns: isInDatabase() ? 6 : 60 },
  )
})
