// The charges that terminals know of, or cannot rule out, while the ledger is compared with them. In columns, by terminal and
// batch: two million transactions of a day take 200 MB, as objects by name they would take more than a gigabyte.

import type { Slices } from '../../base/slices.js'
import type { BookRow } from './book-row.js'

export interface KnownCharges {
  add(row: BookRow): void
  /** The terminals' row of the same transaction, which the ledger has charged; `isAgain`: not for the first time. */
  charge(row: BookRow): { readonly row: BookRow; readonly isAgain: boolean } | undefined
  /** Tells those that were never charged, batch by batch. */
  uncharged(tell: (row: BookRow) => void): Slices<void>
}

type Name = Pick<BookRow, 'terminal' | 'merchant' | 'batch' | 'stan'>

export function createKnownCharges(): KnownCharges {
  /** Terminal, merchant and batch to STAN to place in the columns. */
  const batches = new Map<string, Map<number, number>>()
  const kinds: string[] = []
  const amounts: number[] = []
  const states: BookRow['state'][] = []
  const charges: number[] = []

  const rowAt = (at: number, name: Name): BookRow => ({
    terminal: name.terminal,
    merchant: name.merchant,
    batch: name.batch,
    stan: name.stan,
    kind: kinds[at] as string,
    amountMinor: amounts[at] as number,
    state: states[at] as BookRow['state'],
  })

  return {
    add(row) {
      const key = batchOf(row)
      const batch = batches.get(key) ?? new Map<number, number>()
      batches.set(key, batch)
      batch.set(numberOf(row.stan), kinds.push(row.kind) - 1)
      amounts.push(row.amountMinor)
      states.push(row.state)
      charges.push(0)
    },
    charge(row) {
      const at = batches.get(batchOf(row))?.get(numberOf(row.stan))
      if (at === undefined) return undefined
      const before = charges[at] as number
      charges[at] = before + 1
      return { row: rowAt(at, row), isAgain: before > 0 }
    },
    *uncharged(tell) {
      for (const [key, batch] of batches) {
        const [terminal = '', merchant = '', number = ''] = key.split(separator)
        for (const [stan, at] of batch) {
          if (charges[at] === 0) tell(rowAt(at, { terminal, merchant, batch: number, stan: textOf(stan) }))
        }
        yield
      }
    },
  }
}

const separator = '\u001f'
const batchOf = ({ terminal, merchant, batch }: Name) => terminal + separator + merchant + separator + batch

/** A one in front keeps the leading zeros. */
const numberOf = (stan: string) => Number(`1${stan}`)
const textOf = (number: number) => String(number).slice(1)
