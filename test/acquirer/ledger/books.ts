// An acquirer with a real ledger in virtual time, and the messages of a terminal that names earlier transactions.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asBookRows, bookRowsSql } from '../../../src/acquirer/ledger/book-rows.js'
import { type FileLedger, type Ledger, ledgerOver, openLedger } from '../../../src/acquirer/ledger/ledger.js'
import type { Reserve } from '../../../src/acquirer/ledger/serials/rrn.js'
import { reserveSerials } from '../../../src/acquirer/ledger/serials/serials.js'
import type { Durability } from '../../../src/acquirer/ledger/store/sqlite-store.js'
import { all, type SqlRow, type SqlValue, valueNow } from '../../../src/acquirer/ledger/store/store.js'
import { startMoney } from '../../../src/acquirer/money.js'
import { acquirerSchema } from '../../../src/acquirer/options.js'
import { createVirtualClock, type VirtualClock } from '../../../src/base/virtual-clock.js'
import { createZone } from '../../../src/base/zone.js'
import { compile } from '../../../src/codec/compile.js'
import { builtInDialect } from '../../../src/codec/dialects/index.js'
import type { Message } from '../../../src/codec/message.js'
import { createCardDigest } from '../../../src/crypto/card/card-digest.js'
import { createHarness, type Fate, wallStart } from '../harness.js'
import type { WaitingPostgres } from './waiting-postgres.js'

export const cardKey = new Uint8Array(32).fill(7)

/** A folder that is removed when the test is over. */
export function temporaryFolder(): { readonly path: string; readonly [Symbol.dispose]: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'isochron-ledger-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

export interface BooksOptions {
  readonly dialect?: string
  /** The `acquirer:` section of a scenario. */
  readonly acquirer?: unknown
  /** Left out: in memory. */
  readonly file?: string
  readonly durability?: Durability
  readonly run?: string
  /** Left out: a new one. */
  readonly ledger?: Ledger
  readonly clock?: VirtualClock
}

let postgres: WaitingPostgres | undefined

/** From now on ledgers that are not files are in this database; undefined: in memory. */
export function useStore(store: WaitingPostgres | undefined): void {
  postgres = store
}

export const isInDatabase = () => postgres !== undefined

/** Where tests of this moment keep their books. */
export function openAnyLedger(options: BooksOptions = {}): Ledger {
  if (postgres === undefined || options.file !== undefined) return openTestLedger(options)
  const { dialect = 'cup-pos', run = 'test' } = options
  const cardDigest = createCardDigest(cardKey)
  const store = postgres.openStore(dialect, cardDigest, run, wallStart)
  const reserve: Reserve = (day, count) => valueNow(store, reserveSerials(day, count))
  return ledgerOver(store, builtInDialect(dialect), cardDigest, reserve)
}

export function openTestLedger({ dialect = 'cup-pos', file, durability, run = 'test' }: BooksOptions = {}): FileLedger {
  const options = { dialect: builtInDialect(dialect), run, cardKey, now: wallStart }
  return openLedger({ ...options, file, durability: durability ?? (file === undefined ? 'memory' : 'process') })
}

/** Rows of the ledger's tables. */
export function query<Row = SqlRow>({ store }: Ledger, sql: string, ...values: SqlValue[]): readonly Row[] {
  return valueNow(store, all<Row>(sql, ...values)).map((row) => ({ ...row }))
}

/** The ledger's side of the books. */
export const rowsNow = (ledger: Ledger, after = 0) => [...asBookRows(query(ledger, bookRowsSql, after))]

/** A host that keeps books. `settle()` lets all that is under way happen, but no timer of a minute or more. */
export function createBooks(options: BooksOptions = {}) {
  const { dialect = 'cup-pos', acquirer: section = {}, clock = createVirtualClock(wallStart) } = options
  const ledger = options.ledger ?? openAnyLedger(options)
  const codec = compile(builtInDialect(dialect))
  const zone = createZone('Asia/Shanghai')
  const troubles: string[] = []
  const onTrouble = (line: string) => troubles.push(line)
  const money = startMoney({ codec, options: acquirerSchema.parse(section), clock, zone, ledger, onTrouble })
  const { posting, advices } = money
  const harness = createHarness({ dialect, acquirer: section, clock, posting, advices })
  const rules = codec.dialect.rules

  const run = (fate: Fate): Message => {
    clock.run(clock.now())
    const answer = fate.answers[0]?.message
    if (answer === undefined) throw new Error('no answer')
    return answer
  }

  return {
    ...harness,
    ledger,
    money,
    clock,
    /** The troubles that the host told of its ledger. */
    troubles,
    /** Sends a message of the dialect and waits for its answer. */
    ask: (name: string, values: Values = {}, fields: Fields = {}) =>
      run(harness.send(messageOf(codec.dialect.messages, name, values, fields))),
    /** Sends without waiting: what is sent in one turn is posted as one group. */
    tell: (name: string, values: Values = {}, fields: Fields = {}) =>
      harness.send(messageOf(codec.dialect.messages, name, values, fields)),
    codeOf: (message: Message) => message.fields[rules.responseCode],
    states: () =>
      rowsNow(ledger).map(({ stan, kind, state, amountMinor }) => `${stan} ${kind} ${state} ${amountMinor}`),
  }
}

type Values = Readonly<Record<string, string>>
type Fields = Readonly<Record<string, string | undefined>>

const usual: Values = {
  ...{ stan: '000001', amount: '000000001000', currency: '156', terminal: '00000001', merchant: '000000000000001' },
  ...{ batch: '000001', operator: '01', rrn: '000001000001', reason: '98', mac: '', date: '0203' },
  ...{ 'card.pan': '6212345678901232', 'card.expiry': '3012', 'card.track2': '6212345678901232D30121010000000' },
  'utc:MMDDhhmmss': '0203123456',
  'local:hhmmss': '203456',
  'local:MMDD': '0203',
  'local:YYMMDDhhmmss': '260203203456',
}

/**
 * Fills a message's gaps. {original.NN} is taken from `values`, and else as the usual sale has it; a field that stays empty
 * is left out.
 */
function messageOf(
  messages: Readonly<Record<string, { readonly mti: string; readonly fields: Readonly<Record<string, unknown>> }>>,
  name: string,
  values: Values,
  fields: Fields,
): Message {
  const definition = messages[name]
  if (definition === undefined) throw new Error(`no message ${name}`)
  const sale = messages.sale?.fields ?? {}
  const fill = (text: string): string =>
    text.replace(/\{([^}]*)\}/g, (_, gap: string) => {
      const given = values[gap] ?? usual[gap]
      if (given !== undefined) return given
      const field = /^original\.(\d+)$/.exec(gap)?.[1]
      if (field !== undefined) return typeof sale[field] === 'string' ? fill(sale[field]) : ''
      if (gap.startsWith('original.')) return values[gap.slice(9)] ?? usual[gap.slice(9)] ?? ''
      throw new Error(`${name} has the gap {${gap}}, which has no value here`)
    })
  const texts = Object.entries({ ...definition.fields, ...fields }).map(
    ([field, text]) => [field, typeof text === 'string' ? fill(text) : ''] as const,
  )
  return {
    mti: fields.mti ?? definition.mti,
    fields: Object.fromEntries(texts.filter(([field, text]) => text !== '' && field !== 'mti')),
  }
}
