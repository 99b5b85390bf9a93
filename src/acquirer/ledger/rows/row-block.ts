// New rows that are alike but for their numbers and names, written by one statement. Their values stand one after another in a block of
// ASCII, and the statement cuts them out of it: binding each value of each row costs more than storing it. Texts that a host writes again and
// again stand in the statement itself.

import { mostRowsOfBlock, rowBytes } from '../store/schema.js'
import type { SqlValue } from '../store/store.js'
import type { NewEntry } from './new-entry.js'

/** Digits of a number in a block; a row with a longer one is written by itself. */
const digits = { id: 9, amount: 12 }
const mostTextBytes = 16
/** Statements that are kept: sales, holds and their refusals by code. Rows of further kinds are written by themselves. */
const mostStatements = 64

/** Rows of one kind, of one instant and with one processing code, ready to be written. */
export interface RowBlock {
  readonly sql: string
  /** Valid until the next block. */
  readonly values: readonly SqlValue[]
  readonly count: number
}

/** The next rows that one statement writes, from the first on; undefined for a row that is to be written by itself. */
export type RowBlocks = (first: number, end: number, entryAt: (index: number) => NewEntry) => RowBlock | undefined

export function rowBlocks(): RowBlocks {
  const known: Kind[] = []
  let block = Buffer.alloc(0)
  let last: Kind | undefined
  const kindFor = (entry: NewEntry): Kind | undefined => {
    if (last?.fits(entry) === true) return last
    if (entry.original !== null || entry.asked !== entry.amount || entry.card === null) return undefined
    last = known.find((kind) => kind.fits(entry))
    if (last === undefined && known.length < mostStatements && isWritable(entry)) {
      last = new Kind(entry)
      known.push(last)
    }
    return last
  }

  return (first, end, entryAt) => {
    const most = Math.min(end - first, mostRowsOfBlock)
    let entry = entryAt(first)
    const kind = kindFor(entry)
    if (kind === undefined) return undefined
    const { at, processing, batch } = entry
    const { merchant } = entry.terminal
    if (!Number.isSafeInteger(at)) return undefined
    if (block.length < most * rowBytes) block = Buffer.alloc(most * rowBytes)
    let count = 0
    let isOfOne = true
    while (kind.write(entry, block, count * rowBytes)) {
      isOfOne &&= entry.batch === batch && entry.terminal.merchant === merchant
      if (++count === most) break
      entry = entryAt(first + count)
      if (entry.at !== at || entry.processing !== processing || !kind.fits(entry)) break
    }
    if (count === 0) return undefined
    const bytes = count * rowBytes
    const values = [block.subarray(0, bytes), bytes, at, processing]
    return isOfOne
      ? { sql: kind.sqlOfOne, values: [...values, merchant, batch], count }
      : { sql: kind.sql, values, count }
  }
}

/** A dialect's own words, codes, and names of a user's own: nothing that could end a text of SQL. */
const isLiteral = (text: string | null) => text === null || /^[\w -]{1,32}$/.test(text)
const literal = (text: string | null) => (text === null ? 'NULL' : `'${text}'`)
const isText = (text: string | null) => text !== null && text.length <= mostTextBytes

const isWritable = ({ effect, kind, state, code, cardKind, ...entry }: NewEntry) =>
  [effect, kind, state, code, cardKind].every(isLiteral) &&
  [entry.batch, entry.stan, entry.rrn, entry.authCode, entry.reference].every(isText)

/** Rows with the same words, whose other texts have the same lengths. */
class Kind {
  readonly sql: string
  /** For rows of one merchant and one batch, as most are that come together: less is cut out for each. */
  readonly sqlOfOne: string
  readonly #like: Pick<NewEntry, 'effect' | 'kind' | 'state' | 'code' | 'cardKind'>
  readonly #batch: number
  readonly #stan: number
  readonly #rrn: number
  readonly #authCode: number
  /** -1: the reference is the row's own RRN, as it is where terminals give none. */
  readonly #reference: number

  constructor(entry: NewEntry) {
    const { effect, kind, state, code, cardKind, reference, rrn } = entry
    this.#like = { effect, kind, state, code, cardKind }
    this.#batch = entry.batch.length
    this.#stan = entry.stan.length
    this.#rrn = lengthOf(rrn)
    this.#authCode = lengthOf(entry.authCode)
    this.#reference = reference === rrn ? -1 : lengthOf(reference)
    const parts = [
      ...(['terminal', 'merchant', 'card'] as const).map((name) => number(name, digits.id)),
      ...[number('asked', digits.amount), text('batch', this.#batch), text('stan', this.#stan)],
      ...[text('rrn', this.#rrn), text('auth_code', this.#authCode)],
      ...(this.#reference < 0 ? [] : [text('reference', this.#reference)]),
    ]
    this.sql = sqlOf(entry, parts)
    this.sqlOfOne = sqlOf(entry, parts, { merchant: '?5', batch: '?6' })
  }

  fits(entry: NewEntry): boolean {
    const { effect, kind, state, code, cardKind } = this.#like
    return (
      kind === entry.kind &&
      state === entry.state &&
      code === entry.code &&
      effect === entry.effect &&
      cardKind === entry.cardKind &&
      entry.original === null &&
      entry.card !== null &&
      entry.asked === entry.amount &&
      entry.batch.length === this.#batch &&
      entry.stan.length === this.#stan &&
      lengthOf(entry.rrn) === this.#rrn &&
      lengthOf(entry.authCode) === this.#authCode &&
      this.#reference === (entry.reference === entry.rrn ? -1 : lengthOf(entry.reference))
    )
  }

  /** False for a row with a number that is too long, or with other than ASCII: what is written of it means nothing. */
  write(entry: NewEntry, block: Uint8Array, start: number): boolean {
    const { terminal, rrn, authCode, reference } = entry
    let at = writeNumber(block, start, digits.id, terminal.id)
    at = writeNumber(block, at, digits.id, terminal.merchant)
    at = writeNumber(block, at, digits.id, entry.card as number)
    at = writeNumber(block, at, digits.amount, entry.asked)
    at = writeText(block, at, entry.batch)
    at = writeText(block, at, entry.stan)
    at = writeText(block, at, rrn as string)
    at = writeText(block, at, authCode as string)
    if (this.#reference >= 0) at = writeText(block, at, reference as string)
    return at > 0
  }
}

/** No text has it. */
const noLength = -2
const lengthOf = (text: string | null) => (text === null ? noLength : text.length)

/** The value of a column, and how many bytes of a row hold it. */
interface Part {
  readonly column: string
  readonly bytes: number
  /** The value, made of the bytes that `cut` gives. */
  readonly of: (cut: string) => string
}

const number = (column: string, bytes: number): Part => ({ column, bytes, of: (cut) => `CAST(${cut} AS INTEGER)` })
const text = (column: string, bytes: number): Part => ({ column, bytes, of: (cut) => `CAST(${cut} AS TEXT)` })

/** `given`: parameters in place of what is cut out. */
function sqlOf(entry: NewEntry, parts: readonly Part[], given: Readonly<Record<string, string>> = {}): string {
  const values = new Map<string, string>()
  let from = 1
  for (const { column, bytes, of } of parts) {
    values.set(column, given[column] ?? of(`substr(?1, place + ${from}, ${bytes})`))
    from += bytes
  }
  values.set('amount', values.get('asked') as string)
  values.set('posted_at', '?3')
  values.set('processing', '?4')
  if (!values.has('reference')) values.set('reference', values.get('rrn') as string)
  const { effect, kind, state, code, cardKind: card_kind } = entry
  for (const [column, word] of Object.entries({ effect, kind, state, code, card_kind }))
    values.set(column, literal(word))
  return `INSERT INTO entry (${[...values.keys()].join(', ')}) SELECT ${[...values.values()].join(', ')}
    FROM temp.place WHERE place < ?2 ORDER BY place ON CONFLICT DO NOTHING`
}

/** Far outside of every block: the value does not fit. All that is written behind it goes on from there, into nothing. */
const nowhere = -1_000_000
const zero = 48
const firstPrinted = 32
const lastPrinted = 126

function writeNumber(block: Uint8Array, at: number, bytes: number, value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) return nowhere
  const high = Math.floor(value / fewDigits.above)
  if (high >= fewDigits.above) return nowhere
  const low = value - high * fewDigits.above
  const highBytes = bytes - fewDigits.count
  return writeDigits(block, at, highBytes, high) && writeDigits(block, at + highBytes, fewDigits.count, low)
    ? at + bytes
    : nowhere
}

/** A processor works out the digits of numbers so short without a division. */
const fewDigits = { count: 6, above: 1_000_000 }

/** False for a value that has more digits. */
function writeDigits(block: Uint8Array, at: number, bytes: number, value: number): boolean {
  let left = value | 0
  for (let index = at + bytes - 1; index >= at; index--) {
    const tenth = (left / 10) | 0
    block[index] = zero + left - 10 * tenth
    left = tenth
  }
  return left === 0
}

function writeText(block: Uint8Array, at: number, value: string): number {
  for (let index = 0; index < value.length; index++) {
    const character = value.charCodeAt(index)
    if (character < firstPrinted || character > lastPrinted) return nowhere
    block[at + index] = character
  }
  return at + value.length
}
