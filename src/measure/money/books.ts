// The books: what the terminals believe about money against what the acquirer's ledger holds, transaction by transaction.
//
// Rule: both sides are lists of the same rows, one row per transaction, and the comparison is a pure function of them.
// A void, refund or completion is a row of its own and leaves the row of the transaction that it names as it was.

import { inOneGo, type Slices, sliced } from '../../base/slices.js'
import { agreeing, counted } from '../../base/text/counted.js'
import type { BookRow, BookState } from './book-row.js'
import { createKnownCharges } from './known-charges.js'
import { type PartRoom, partRows, rowsOfPart } from './parted-rows.js'

export type { BookRow, BookState } from './book-row.js'

export const differenceKinds = [
  'chargedButNotKnown',
  'knownButNotCharged',
  'amountDiffers',
  'chargedTwice',
  'reversalPending',
  'totalsDiffer',
  'wrongVerdict',
] as const
export type DifferenceKind = (typeof differenceKinds)[number]

/** One side's entry for a transaction. */
interface Entry {
  readonly state: BookState
  readonly amountMinor: number
}

export interface BookDifference {
  readonly kind: DifferenceKind
  readonly terminal: string
  readonly merchant: string
  readonly batch: string
  readonly stan: string
  /** sale, void, refund … */
  readonly type: string
  /** Null: this side has no such transaction. */
  readonly terminalSays: Entry | null
  readonly acquirerSays: Entry | null
}

/** Sums of one side. Amounts in minor units: what is in force. */
export interface BookSide {
  readonly transactions: number
  readonly states: Readonly<Record<BookState, number>>
  readonly chargedMinor: number
}

export interface Books {
  /** Null where it cannot be known. */
  readonly agree: boolean | null
  readonly counts: Readonly<Record<DifferenceKind, number>>
  /** The first few; all are counted. */
  readonly differences: readonly BookDifference[]
  readonly terminal: BookSide
  readonly acquirer: BookSide | null
  /** Why it cannot be known; left out when it can. */
  readonly because?: string
  /** Why both sides differ, and what to do; left out where nobody can say. */
  readonly hint?: string
}

/** Differences that a result lists: enough to see the kind of thing, few enough to read. */
export const maxDifferences = 100

/** Compares the two sides. Neither may change meanwhile. Memory: the terminals' transactions that are charged or unknown. */
export const compareBooks = (terminalRows: Iterable<BookRow>, acquirerRows: Iterable<BookRow>): Books =>
  inOneGo(comparingBooks({ size: 0, rows: terminalRows }, acquirerRows))

/** The terminals' side: so many rows, about, and what a host said of their totals, which both sides' totals may belie. */
export interface TerminalRows {
  readonly size: number
  readonly rows: Iterable<BookRow>
  readonly settled?: readonly SettledTotals[] | undefined
}

/** The same, in slices; where there are many rows, part by part on the disk, so that memory does not grow with them. */
export function* comparingBooks(own: TerminalRows, acquirerRows: Iterable<BookRow>, room?: PartRoom): Slices<Books> {
  const found = createFindings()
  const terminal = createSide()
  const acquirer = createSide()
  const sides = [addedUp(own.rows, terminal), addedUp(acquirerRows, acquirer)] as const
  const parts = Math.ceil(own.size / rowsOfPart)
  let isKnown = true
  if (room === undefined || parts <= 1) yield* compareRows(found, ...sides)
  else isKnown = yield* compareInParts(found, sides, { parts, room })
  for (const totals of own.settled ?? []) if (belies(totals)) addTotals(found, totals)
  const { counts, differences } = found
  const sums = { terminal: terminal.sums(), acquirer: acquirer.sums() }
  if (!isKnown) return { agree: null, counts: noCounts(), differences: [], ...sums, because: noRoom }
  return { agree: differences.length === 0, counts, differences, ...sums }
}

const noRoom = 'neither disk nor memory has room to compare so many transactions'

type Findings = ReturnType<typeof createFindings>
type Side = ReturnType<typeof createSide>

const mayBeCharged = ({ state }: BookRow) => state === 'charged' || state === 'unknown'

function* addedUp(rows: Iterable<BookRow>, side: Side): Iterable<BookRow> {
  for (const row of rows) {
    side.add(row)
    yield row
  }
}

/** False: there is no room for the parts, and nothing was compared. */
function* compareInParts(
  found: Findings,
  [ownRows, otherRows]: readonly [Iterable<BookRow>, Iterable<BookRow>],
  { parts, room }: { readonly parts: number; readonly room: PartRoom },
): Slices<boolean> {
  const own = partRows(parts, room)
  const other = partRows(parts, room)
  let isWhole = true
  yield* sliced(ownRows, (row) => {
    if (mayBeCharged(row)) isWhole = own.add(row) && isWhole
  })
  yield* sliced(otherRows, (row) => {
    if (row.state === 'charged') isWhole = other.add(row) && isWhole
  })
  for (let part = 0; isWhole && part < parts; part++) yield* compareRows(found, own.rows(part), other.rows(part))
  return isWhole
}

function* compareRows(found: Findings, ownRows: Iterable<BookRow>, otherRows: Iterable<BookRow>): Slices<void> {
  const known = createKnownCharges()
  yield* sliced(ownRows, (row) => {
    if (mayBeCharged(row)) known.add(row)
  })
  yield* sliced(otherRows, (row) => {
    if (row.state !== 'charged') return
    const own = known.charge(row)
    if (own === undefined) found.add('chargedButNotKnown', undefined, row)
    else if (own.isAgain) found.add('chargedTwice', own.row, row)
    else if (own.row.state === 'unknown') found.add('reversalPending', own.row, row)
    else if (own.row.amountMinor !== row.amountMinor) found.add('amountDiffers', own.row, row)
  })
  yield* known.uncharged((row) =>
    found.add(row.state === 'unknown' ? 'reversalPending' : 'knownButNotCharged', row, undefined),
  )
}

/** The terminals' side alone, of a host whose ledger cannot be seen. */
export function booksOfTerminals(terminalRows: Iterable<BookRow>, because: string): Books {
  const terminal = createSide()
  for (const row of terminalRows) terminal.add(row)
  return { agree: null, counts: noCounts(), differences: [], terminal: terminal.sums(), acquirer: null, because }
}

/** The books of a run that lacks a part: the money of the lost one is known to nobody. */
export const booksWithoutPart = (books: Books | null): Books | null =>
  books?.agree === true ? { ...books, agree: null, because: 'a part of the run was lost' } : books

/** The books of the parts of one run, each of which compared terminals of its own; null where one of them has none. */
export function mergeBooks(parts: readonly (Books | null)[]): Books | null {
  const known = parts.filter((books) => books !== null)
  const [first] = known
  if (first === undefined || known.length < parts.length) return null
  if (known.length === 1) return first
  const because = [...new Set(known.flatMap((books) => books.because ?? []))].join('; ')
  const hosts = known.flatMap(({ acquirer }) => acquirer ?? [])
  return {
    agree: known.some(({ agree }) => agree === false)
      ? false
      : known.every(({ agree }) => agree === true)
        ? true
        : null,
    counts: addCounts(known.map(({ counts }) => counts)),
    differences: known.flatMap(({ differences }) => differences).slice(0, maxDifferences),
    terminal: addSides(known.map(({ terminal }) => terminal)),
    acquirer: hosts.length < known.length ? null : addSides(hosts),
    ...(because !== '' && { because }),
  }
}

const addSides = (sides: readonly BookSide[]): BookSide => ({
  transactions: sides.reduce((sum, { transactions }) => sum + transactions, 0),
  states: addCounts(sides.map(({ states }) => states)),
  chargedMinor: sides.reduce((sum, { chargedMinor }) => sum + chargedMinor, 0),
})

/** Counts of the same names. At least one. */
function addCounts<Name extends string>(all: readonly Readonly<Record<Name, number>>[]): Record<Name, number> {
  const sums = { ...(all[0] as Record<Name, number>) }
  for (const counts of all.slice(1)) for (const name of Object.keys(sums) as Name[]) sums[name] += counts[name]
  return sums
}

/** How a terminal's totals compared with its host's at a settlement. Amounts: debits less credits. */
export interface SettledTotals {
  readonly terminal: string
  readonly merchant: string
  readonly batch: string
  /** The scope of the settlement: this batch alone, or all of the terminal. */
  readonly over: 'batch' | 'sinceLast'
  readonly verdict: 'balanced' | 'outOfBalance' | 'unknown'
  /** Whatever the verdict. Null where the host gave no totals. */
  readonly totalsAgree: boolean | null
  readonly ownMinor: number
  /** Null where the host did not say. */
  readonly hostMinor: number | null
}

/**
 * The books by the totals of a host whose ledger cannot be seen: known as far as every row is in a settlement with a
 * verdict. `open`: the rows without those that were settled in an earlier run.
 */
export function booksByTotals(
  { all, open }: { readonly all: Iterable<BookRow>; readonly open: Iterable<BookRow> },
  settled: readonly SettledTotals[],
): Books {
  const found = createFindings()
  const terminal = createSide()
  const isCovered = coverOf(settled)
  let uncovered = 0
  for (const row of all) terminal.add(row)
  for (const row of open) {
    if (row.state === 'unknown') found.add('reversalPending', row, undefined)
    if (!isCovered(row)) uncovered++
  }
  for (const totals of settled) addTotals(found, totals)
  const { counts, differences } = found
  const because = reasonsOf(settled, uncovered).join('; ')
  const agree = differences.length > 0 ? false : because === '' ? true : null
  const sides = { terminal: terminal.sums(), acquirer: null }
  return { agree, counts, differences, ...sides, ...(agree === null && { because }) }
}

/** A host may call totals balanced that are not its own, and its own out of balance. */
const belies = ({ verdict, totalsAgree }: SettledTotals) =>
  (verdict === 'balanced' && totalsAgree === false) || (verdict === 'outOfBalance' && totalsAgree === true)

function addTotals(found: Findings, totals: SettledTotals): void {
  const { terminal, merchant, batch, verdict, ownMinor, hostMinor } = totals
  const isWrong = belies(totals)
  if (verdict !== 'outOfBalance' && !isWrong) return
  const row = { terminal, merchant, batch, stan: '', kind: 'settlement', state: 'charged' } as const
  const host = hostMinor === null ? undefined : { ...row, amountMinor: hostMinor }
  found.add(isWrong ? 'wrongVerdict' : 'totalsDiffer', { ...row, amountMinor: ownMinor }, host)
}

/** Whether a settlement was of this row, by the terminal's own record of its batches. */
function coverOf(settled: readonly SettledTotals[]): (row: BookRow) => boolean {
  const covered = new Set(
    settled.map(({ terminal, batch, over }) => (over === 'batch' ? `${terminal} ${batch}` : terminal)),
  )
  return ({ terminal, batch }) => covered.has(terminal) || covered.has(`${terminal} ${batch}`)
}

/** Why it cannot be known that the two sides agree. */
function reasonsOf(settled: readonly SettledTotals[], uncovered: number): readonly string[] {
  const unknown = settled.filter(({ verdict }) => verdict === 'unknown').length
  return [
    ...(unknown > 0 ? [`${unknown} of ${counted(settled.length, 'settlement')} brought no verdict on the totals`] : []),
    ...(uncovered > 0
      ? [`${counted(uncovered, 'transaction')} ${agreeing(uncovered, 'is', 'are')} in no batch that was settled`]
      : []),
  ]
}

const noCounts = (): Record<DifferenceKind, number> => ({
  chargedButNotKnown: 0,
  knownButNotCharged: 0,
  amountDiffers: 0,
  chargedTwice: 0,
  reversalPending: 0,
  totalsDiffer: 0,
  wrongVerdict: 0,
})

function createFindings() {
  const counts = noCounts()
  const differences: BookDifference[] = []
  return {
    counts,
    differences,
    add(kind: DifferenceKind, own: BookRow | undefined, other: BookRow | undefined): void {
      counts[kind]++
      const row = own ?? other
      if (row === undefined || differences.length >= maxDifferences) return
      const { terminal, merchant, batch, stan } = row
      const said = { terminalSays: entryOf(own), acquirerSays: entryOf(other) }
      differences.push({ kind, terminal, merchant, batch, stan, type: row.kind, ...said })
    },
  }
}

const entryOf = (row: BookRow | undefined): Entry | null =>
  row === undefined ? null : { state: row.state, amountMinor: row.amountMinor }

function createSide() {
  const states: Record<BookState, number> = { charged: 0, reversed: 0, declined: 0, unknown: 0 }
  let transactions = 0
  let chargedMinor = 0
  return {
    add({ state, amountMinor }: BookRow): void {
      transactions++
      states[state]++
      if (state === 'charged') chargedMinor += amountMinor
    },
    sums: (): BookSide => ({ transactions, states, chargedMinor }),
  }
}
