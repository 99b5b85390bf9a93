// One terminal as it is remembered between transactions: who it is, and how far its numbering has come.

import { UsageError } from '../base/errors.js'
import { type Share, takes, wholeShare } from '../base/share.js'
import { counted } from '../base/text/counted.js'
import { sixDigits } from '../base/text/digits.js'
import { modelOf } from './options/models.js'
import type { TerminalOptions } from './options/options.js'
import type { WrongSetup } from './options/wrong-setup.js'

export interface Terminal {
  /** Its place among the terminals of this process, from 0. */
  readonly index: number
  /** Its place among all terminals of the run, from 0; the same as `index` where one process has them all. */
  readonly number: number
  /** DE41 */
  readonly id: string
  /** DE42 */
  readonly merchant: string
  /** Its device model; undefined where the scenario names none. */
  readonly model: string | undefined
  /** The last system trace audit number given out; 0 before the first. */
  stan: number
  /** Six digits; the host may set it at sign-on. */
  batch: string
  /** Counts up when the terminal becomes idle or busy, so that an old place in line can be told from a new one. */
  turn: number
  busy: boolean
}

/** DE11 is six digits; after 999999 comes 000001 (0 is never used). */
const largestStan = 999_999

/**
 * Makes the terminals of a scenario, dealt to the merchants in turn; of a share, every `of`-th terminal of each merchant.
 * Throws UsageError when ids are not distinct, or a merchant has fewer terminals than there are parts.
 */
export function createTerminals(
  options: Pick<TerminalOptions, 'count' | 'idPattern' | 'merchants' | 'models'>,
  wrong?: WrongSetup | undefined,
  share: Share = wholeShare,
): readonly Terminal[] {
  const merchants = merchantIds(options.merchants)
  if (options.count < merchants.length * share.of && share.of > 1) {
    const most = Math.floor(options.count / merchants.length)
    throw new UsageError(
      `${counted(options.count, 'terminal')} of ${counted(merchants.length, 'merchant')} cannot be dealt to ${counted(share.of, 'part')}, each with a terminal of every merchant: use more terminals, or at most ${counted(most, 'part')}`,
      { where: 'terminals.count:' },
    )
  }
  const terminals = Array.from({ length: options.count }, (_, number): Terminal => {
    return {
      index: number,
      number,
      id: fillNumber(wrong?.has(number) ? (wrong.options.id ?? options.idPattern) : options.idPattern, number + 1),
      merchant: merchants[number % merchants.length] as string,
      model: modelOf(options.models, number),
      stan: 0,
      batch: '000001',
      turn: 0,
      busy: false,
    }
  })
  if (new Set(terminals.map(({ id }) => id)).size < terminals.length) {
    throw new UsageError(`'${options.idPattern}' gives two terminals the same id: use a number such as {n:8}`, {
      where: 'terminals.idPattern:',
    })
  }
  if (share.of === 1) return terminals
  return terminals
    .filter(({ number }) => takes(share, Math.floor(number / merchants.length)))
    .map((terminal, index) => ({ ...terminal, index }))
}

/** The next STAN of this terminal, six digits. A batch ends before its numbers begin anew, so that none names two. */
export function nextStan(terminal: Terminal): string {
  if (terminal.stan >= largestStan) {
    terminal.stan = 0
    terminal.batch = batchAfter(terminal.batch)
  }
  terminal.stan++
  return sixDigits(terminal.stan)
}

/** Six digits; after 999999 comes 000001. */
export function batchAfter(batch: string): string {
  const number = Number(batch)
  return sixDigits(number >= largestStan ? 1 : number + 1)
}

/** Takes up the numbering of an earlier process. */
export function continueNumbers(terminal: Terminal, { batch, stan }: { batch: string; stan: number }): void {
  terminal.batch = batch
  terminal.stan = stan
}

/**
 * Takes the batch that the host gave at sign-on, unless that lies behind the terminal's own: its numbers would be used
 * twice.
 */
export function adoptBatch(terminal: Terminal, batch: string): void {
  if (/^\d{6}$/.test(batch) && batch > terminal.batch) terminal.batch = batch
}

function merchantIds(merchants: TerminalOptions['merchants']): readonly string[] {
  if (typeof merchants !== 'number') return merchants
  return Array.from({ length: merchants }, (_, index) => String(index + 1).padStart(15, '0'))
}

/** '{n:8}' is the number in 8 digits, '{n}' without padding. */
function fillNumber(pattern: string, number: number): string {
  return pattern.replace(/\{n(?::(\d+))?\}/g, (_, width?: string) => String(number).padStart(Number(width ?? 0), '0'))
}
