// The desk follows the money of each transaction, from the journal to the books: charged, declined, or in doubt and then
// undone or told again. Rule: a case is on disk before its request leaves, and closed only when nothing is owed any more.

import { createNumbered } from '../../base/collections/numbered.js'
import { numberOfSixDigits } from '../../base/text/digits.js'
import { amountField } from '../../codec/amount.js'
import type { Peek } from '../../codec/codec.js'
import type { DialectRules, MoneyRule } from '../../codec/dialect.js'
import type { BookKeeper } from '../../measure/money/book-keeper.js'
import type { BookState } from '../../measure/money/books.js'
import type { FundsKey, FundsWatch } from '../../measure/money/funds.js'
import { partOf } from '../exchange/partial.js'
import type { Transaction } from '../exchange/transaction.js'
import { refund } from '../flows/advice.js'
import { type Flow, step } from '../flows/flow.js'
import { sale } from '../flows/reversible.js'
import type { Journal } from '../journal/journal.js'
import type { CaseRecord } from '../journal/journal-records.js'
import { rowOf } from '../journal/recover.js'
import type { Judgement } from '../judgement.js'
import { badMacReason, missingMacReason } from '../keys/answer-check.js'
import type { MessagePlan } from '../requests/message-plan.js'
import { createOriginals, type Remembered } from '../requests/originals.js'
import { type Request, valueIn } from '../requests/request.js'
import type { RequestMaker } from '../requests/request-maker.js'
import type { Terminal } from '../terminal.js'
import { createAsked, createMoneyMessages, type MoneyMessages } from './money-messages.js'
import type { MoneyWatch } from './money-watch.js'
import type { Owed } from './owed.js'

export interface ReversalCounts {
  readonly created: number
  readonly acknowledged: number
  readonly pending: number
  /** Payments that were not sent, because the journal could not be written; left out where it always could. */
  readonly notJournalled?: number
}

export interface MoneyDesk {
  /** The message for this arrival: the one drawn, or the one that takes its place where it would name what is not there. */
  choose(plan: MessagePlan, terminal: Terminal): ChosenMessage
  /** Calls `send` when the request may leave, or `refuse` with the reason why it must not. `then` is one for many. */
  prepare(transaction: Transaction, then: DeskActions): void
  /** The transaction has its outcome. Called while its answer is valid. */
  ended(transaction: Transaction, outcome: EndedExchange): void
  /**
   * Takes up what an earlier process owed; `replay` false: leaves it in the journal, and in doubt. Returns how many were
   * left, those of terminals that are not in this run among them. Throws StartError where it needs a message that there is not.
   */
  recover(terminals: readonly Terminal[], replay: boolean): number
  counts(): ReversalCounts
}

export interface ChosenMessage {
  readonly plan: MessagePlan
  /** The transaction that the message names. */
  readonly original?: Remembered
  readonly substituted: boolean
}

export interface DeskActions {
  send(transaction: Transaction): void
  refuse(transaction: Transaction, reason: string): void
}

/** The facts of a sample that the desk needs. */
export interface EndedExchange {
  readonly outcome: 'approved' | 'declined' | 'timedOut' | 'failed' | 'unsent'
  readonly reason: string | undefined
  /** The code decides nothing. */
  readonly retryCode: boolean
}

export interface MoneyDeskOptions {
  readonly rules: DialectRules
  /** False: what is in doubt is left as it is, and counts as failed. */
  readonly reverses: boolean
  readonly terminals: readonly Terminal[]
  readonly journal: Journal
  readonly books: BookKeeper
  /** Left out: nobody asks when the money comes. */
  readonly funds?: Pick<FundsWatch, 'expect' | 'forget'> | undefined
  readonly owed: Owed
  /** Left out: nobody wants to know what becomes of what is owed. */
  readonly watch?: MoneyWatch | undefined
  readonly makeRequest: RequestMaker
  /** A message by its name, prepared; with another MTI where one is given. */
  readonly plan: (name: string, mti?: string) => MessagePlan | undefined
  /** The message, a sale, that is sent where a message would name an earlier transaction and there is none. */
  readonly instead: MessagePlan | undefined
  /** Every message of the mix: what they name is remembered. */
  readonly mix: readonly MessagePlan[]
}

/** Cases that may be owed at once, in memory and on disk: hours of a dead host. Beyond it terminals sell nothing. */
export const maxOwed = 500_000
/** STANs that are written down at a time, so that a restart does not use one twice: few writes, few numbers lost. */
const reservedStans = 256

type CaseState = keyof typeof sale.table
type CaseEvent = Parameters<typeof step<CaseState, string>>[2]

class Case {
  /** The id of this case in the journal. */
  id = 0
  readonly record: CaseRecord
  readonly terminal: Terminal
  readonly flow: Flow<CaseState, CaseEvent>
  state: CaseState
  /** Its number in the books; -1: it stands in none yet. */
  bookNumber = -1

  constructor(record: CaseRecord, terminal: Terminal, flow: Flow<CaseState, CaseEvent>, state: CaseState) {
    this.record = record
    this.terminal = terminal
    this.flow = flow
    this.state = state
  }
}

/** A case whose record is not on disk yet. */
class FreshCase extends Case {
  readonly transaction: Transaction
  readonly actions: DeskActions

  constructor(record: CaseRecord, flow: Flow<CaseState, CaseEvent>, transaction: Transaction, actions: DeskActions) {
    super(record, transaction.taken.terminal, flow, step(flow, 'prepared', 'journalled'))
    this.transaction = transaction
    this.actions = actions
  }
}

export function createMoneyDesk(options: MoneyDeskOptions): MoneyDesk {
  return new Desk(options)
}

class Desk implements MoneyDesk {
  readonly #options: MoneyDeskOptions
  readonly #originals: ReturnType<typeof createOriginals>
  /** The names that others may ask of a message. */
  readonly #asked: ReturnType<typeof createAsked>
  /** The cases, by the transaction's number. */
  readonly #cases = createNumbered<Case>()
  /** Numbers that the journal knows, by the terminal's index. */
  readonly #reserved: ({ batch: string; stan: number } | undefined)[]
  readonly #messages: MoneyMessages
  readonly #reasons: NonNullable<DialectRules['reversalReasons']>
  #created = 0
  #notJournalled = 0
  #acknowledged = 0
  #dropped = 0

  constructor(options: MoneyDeskOptions) {
    this.#options = options
    this.#originals = createOriginals(options.terminals.length)
    this.#asked = createAsked(options.mix)
    this.#reserved = options.terminals.map(() => undefined)
    this.#messages = createMoneyMessages(options)
    const { codes } = options.rules
    const fallback = { timeout: codes.malfunction, badMac: codes.macError, unusable: codes.malfunction }
    this.#reasons = options.rules.reversalReasons ?? fallback
  }

  choose(plan: MessagePlan, terminal: Terminal): ChosenMessage {
    const { names } = plan.money
    if (names === undefined) return { plan, substituted: false }
    const original = this.#originals.take(terminal, names)
    if (original !== undefined) return { plan, original, substituted: false }
    return { plan: this.#options.instead ?? plan, substituted: true }
  }

  prepare(transaction: Transaction, actions: DeskActions): void {
    const { plan, stan } = transaction.request
    const rule = plan.money.inDoubt
    if (rule.do === 'nothing' || stan === undefined) this.#leave(transaction, actions)
    else if (this.#options.owed.pending >= maxOwed) actions.refuse(transaction, 'too much is owed to the host')
    else this.#open(transaction, stan, actions)
  }

  #open(transaction: Transaction, stan: string, actions: DeskActions): void {
    const { request, number } = transaction
    const { terminal } = transaction.taken
    this.#reserve(terminal, stan)
    const record = this.#messages.recordOf(request, terminal)
    const fresh = new FreshCase(record, flowOf(request.plan.money.inDoubt), transaction, actions)
    this.#cases.set(number, fresh)
    fresh.id = this.#options.journal.open(record, this.#opened, fresh)
  }

  readonly #opened = (error: Error | undefined, { transaction, actions }: FreshCase): void => {
    if (error === undefined) this.#leave(transaction, actions)
    else {
      this.#notJournalled++
      actions.refuse(transaction, error.message)
    }
  }

  /** After what the terminal owes. */
  #leave(transaction: Transaction, actions: DeskActions): void {
    const { owed } = this.#options
    const { terminal } = transaction.taken
    if (owed.owes(terminal)) this.#sendBehind(transaction, actions)
    else actions.send(transaction)
  }

  /** A method of its own: a function that makes another one leaves behind what that one sees, whenever it is called. */
  #sendBehind(transaction: Transaction, actions: DeskActions): void {
    this.#options.owed.before(transaction.taken.terminal, transaction.sendBefore, () => actions.send(transaction))
  }

  ended(transaction: Transaction, ended: EndedExchange): void {
    const { request, number } = transaction
    const { terminal } = transaction.taken
    const part = partOf(this.#options.rules, transaction.answer, valueIn(amountField, request))
    const found = this.#cases.take(number)
    if (ended.outcome === 'approved') {
      this.#remember(request, terminal, transaction.answer, part)
      this.#expectFunds(transaction, found?.record)
    }
    if (found === undefined) return
    if (!transaction.written) {
      this.#close(found, 'unsent')
      return
    }
    this.#move(found, 'written')
    // An advice tells of what has happened: a host that could not take it now must be told again.
    const isUndecided = ended.retryCode && found.record.owed.do === 'repeat'
    if (ended.outcome === 'approved' || (ended.outcome === 'declined' && !isUndecided))
      this.#close(found, ended.outcome, part)
    else this.#doubt(found, this.#reasonOf(transaction, ended))
  }

  #doubt(found: Case, reason: string): void {
    this.#move(found, 'inDoubt')
    if (!this.#options.reverses) {
      this.#close(found, 'dropped')
      return
    }
    found.bookNumber = this.#options.books.add(rowOf(found.record, 'unknown'))
    if (found.record.owed.do === 'reverse' && reason !== this.#reasons.timeout)
      this.#options.journal.because(found.id, reason)
    this.#owe(found, reason, false)
  }

  recover(terminals: readonly Terminal[], replay: boolean): number {
    const { journal, books } = this.#options
    for (const row of journal.recovered.rows) books.add(row)
    const byId = new Map(terminals.map((terminal) => [terminal.id, terminal]))
    let left = 0
    for (const [id, record] of journal.stillOwed()) {
      const terminal = byId.get(record.terminal)
      const bookNumber = books.add(rowOf(record, 'unknown'))
      if (terminal === undefined || !replay) {
        left++
        if (record.owed.do === 'reverse') this.#created++
        continue
      }
      this.#messages.check(record)
      const { reason = this.#reasons.timeout } = record
      const found = new Case(record, terminal, flowOf({ do: record.owed.do }), 'inDoubt')
      found.id = id
      found.bookNumber = bookNumber
      this.#owe(found, reason, true)
    }
    return left
  }

  counts(): ReversalCounts {
    const pending = this.#created - this.#acknowledged - this.#dropped
    const notJournalled = this.#notJournalled
    return {
      ...{ created: this.#created, acknowledged: this.#acknowledged, pending },
      ...(notJournalled > 0 && { notJournalled }),
    }
  }

  #owe(found: Case, reason: string, recovered: boolean): void {
    const { record, terminal } = found
    const { owed, watch } = this.#options
    const isReversal = record.owed.do === 'reverse'
    if (isReversal) this.#created++
    watch?.owed(record, isReversal ? 'reversal' : 'repeat')
    owed.add({
      terminal,
      request: (again) => {
        if (found.state === 'inDoubt') this.#move(found, 'sentAgain')
        else {
          this.#move(found, 'noAcknowledgement')
          this.#move(found, 'sentAgain')
        }
        return this.#messages.requestOf(record, terminal, { reason, again: again || recovered })
      },
      onSent: (at) => watch?.sentAgain(record, at),
      onAcknowledged: (judgement) => {
        if (isReversal) this.#acknowledged++
        watch?.settled(record, 'acknowledged', judgement.code)
        this.#close(found, isReversal ? 'acknowledged' : verdictOf(judgement))
      },
      onDropped: () => {
        if (isReversal) this.#dropped++
        watch?.settled(record, 'dropped', undefined)
        this.#move(found, 'noAcknowledgement')
        this.#close(found, 'dropped')
      },
    })
  }

  #remember(request: Request, terminal: Terminal, answer: Peek | undefined, part: string | undefined): void {
    const read = this.#asked(request.plan)
    if (read === undefined) return
    const texts = read(request, { batch: request.batch, answer, part })
    const key = this.#messages.keyOf(request, terminal)
    this.#originals.remember(terminal, { plan: request.plan, texts, key })
  }

  /** A charge is paid out to the merchant some day; what takes it back is not, nor is what it takes back. */
  #expectFunds({ request, taken: { terminal, arrival, original } }: Transaction, known: FundsKey | undefined): void {
    const { funds } = this.#options
    if (funds === undefined) return
    const effect = request.plan.posting?.effect
    if (effect === 'charge' || effect === 'capture')
      funds.expect(known ?? this.#messages.keyOf(request, terminal), arrival.intendedAt)
    if (effect === 'void' && original !== undefined) funds.forget(original.key)
  }

  #reserve(terminal: Terminal, stan: string): void {
    const known = this.#reserved[terminal.index]
    const number = numberOfSixDigits(stan)
    if (known !== undefined && known.batch === terminal.batch && number >= 0 && number <= known.stan) return
    const reserved = { batch: terminal.batch, stan: Math.min(999_999, Number(stan) + reservedStans) }
    this.#reserved[terminal.index] = reserved
    this.#options.journal.numbers(terminal.id, reserved.batch, reserved.stan)
  }

  #reasonOf(transaction: Transaction, { outcome, reason }: EndedExchange): string {
    if (reason === badMacReason || reason === missingMacReason) return this.#reasons.badMac
    return outcome === 'failed' && transaction.answered ? this.#reasons.unusable : this.#reasons.timeout
  }

  #move(found: Case, event: CaseEvent): void {
    found.state = step(found.flow, found.state, event)
  }

  /** `part`: digits of what was charged, where that is less than was asked for. */
  #close(found: Case, event: CaseEvent, part?: string): void {
    this.#move(found, event)
    const state = bookStates[found.state] ?? null
    const amountMinor = part === undefined ? undefined : Number(part)
    this.#options.journal.end(found.id, state, amountMinor)
    if (state === null) return
    if (found.bookNumber >= 0) this.#options.books.set(found.bookNumber, state)
    else this.#options.books.add(rowOf(found.record, state, amountMinor))
  }
}

/** A terminal that drops a reversal takes the sale for failed, whatever the host has charged. */
const bookStates: Partial<Record<CaseState, BookState>> = {
  charged: 'charged',
  declined: 'declined',
  reversed: 'reversed',
  dropped: 'declined',
}

const flowOf = (rule: { readonly do: MoneyRule['inDoubt']['do'] }): Flow<CaseState, CaseEvent> =>
  (rule.do === 'reverse' ? sale : refund) as Flow<CaseState, CaseEvent>

const verdictOf = ({ outcome }: Judgement): CaseEvent => (outcome === 'approved' ? 'approved' : 'declined')
