// Writes transactions down in a few words each, as numbers: no object is made for one before it is asked for.

import { NumberedNames, Rows } from './rows.js'
import { amountDigits, amountRange, type SeenTransaction } from './seen.js'
import { nameOfLife, type Track } from './tracks.js'

/** Transactions that are kept. */
const maxSeen = 20_000
/** Different terminals, merchants, hosts, kinds and codes. */
const maxNames = 250_000

/** Columns of a row. */
const columns = [
  'at',
  'endedAt',
  'flags',
  'code',
  'idleMs',
  'openedAt',
  'link',
  'generation',
  'pin',
  'cards',
  'kind',
  'target',
  'merchant',
  'terminal',
  'amount',
  'model',
] as const
const width = columns.length

const flag = { untimely: 1, answered: 2, silent: 4, wasGood: 8, wasSilent: 16 } as const

/** The record of one transaction. Instants in ms since the start of the load. */
export interface SeenNow {
  at: number
  endedAt: number
  isUntimely: boolean
  isAnswered: boolean
  isSilent: boolean
  code: string | undefined
  hasPin: boolean | undefined
  cards: string | undefined
  kind: string
  target: string
  merchant: string
  terminal: string
  amount: number | undefined
  model: string | undefined
}

export class SeenLog {
  readonly #rows = new Rows(width, maxSeen)
  readonly #names = new NumberedNames(maxNames)

  push(now: SeenNow, track: Track | undefined): void {
    let place = this.#rows.next()
    if (place < 0) return
    const { numbers } = this.#rows
    const names = this.#names
    numbers[place++] = now.at
    numbers[place++] = now.endedAt
    numbers[place++] = flagsOf(now, track)
    numbers[place++] = names.numberOf(now.code)
    numbers[place++] = track === undefined ? Number.NaN : track.idleMs
    numbers[place++] = track === undefined ? Number.NaN : track.openedAt
    numbers[place++] = track === undefined ? Number.NaN : track.link
    numbers[place++] = track === undefined ? Number.NaN : track.generation
    numbers[place++] = now.hasPin === undefined ? Number.NaN : now.hasPin ? 1 : 0
    numbers[place++] = names.numberOf(now.cards)
    numbers[place++] = names.numberOf(now.kind)
    numbers[place++] = names.numberOf(now.target)
    numbers[place++] = names.numberOf(now.merchant)
    numbers[place++] = names.numberOf(now.terminal)
    numbers[place++] = now.amount === undefined ? Number.NaN : amountDigits(now.amount)
    numbers[place] = names.numberOf(now.model)
  }

  /** In the order of their requests. */
  all(): readonly SeenTransaction[] {
    const { length } = this.#rows.kept()
    return Array.from({ length }, (_, row) => this.#seen(row * width)).sort((one, other) => one.at - other.at)
  }

  #seen(place: number): SeenTransaction {
    const row = this.#rows.numbers
    const numberAt = (column: (typeof columns)[number]) => row[place + columns.indexOf(column)] as number
    const known = (column: (typeof columns)[number]) => {
      const number = numberAt(column)
      return Number.isNaN(number) ? undefined : number
    }
    const textAt = (column: (typeof columns)[number]) => this.#names.textOf(numberAt(column))
    const has = (bit: number) => (numberAt('flags') & bit) !== 0
    const [link, pin, amount] = [known('link'), known('pin'), known('amount')]
    return {
      at: numberAt('at'),
      endedAt: numberAt('endedAt'),
      code: textAt('code'),
      isUntimely: has(flag.untimely),
      isAnswered: has(flag.answered),
      isSilent: has(flag.silent),
      wasGood: has(flag.wasGood),
      wasSilent: has(flag.wasSilent),
      idleMs: known('idleMs'),
      openedAt: known('openedAt'),
      of: {
        pin: pin === undefined ? undefined : pin === 1 ? 'with PIN' : 'without PIN',
        cards: textAt('cards'),
        kind: textAt('kind'),
        target: textAt('target'),
        merchant: textAt('merchant'),
        terminal: textAt('terminal'),
        connection: link === undefined ? undefined : nameOfLife(link, numberAt('generation')),
        model: textAt('model'),
        amount: amount === undefined ? undefined : amountRange(amount),
      },
    }
  }
}

const flagsOf = (now: SeenNow, track: Track | undefined): number =>
  (now.isUntimely ? flag.untimely : 0) |
  (now.isAnswered ? flag.answered : 0) |
  (now.isSilent ? flag.silent : 0) |
  (track?.wasGood === true ? flag.wasGood : 0) |
  (track?.wasSilent === true ? flag.wasSilent : 0)
