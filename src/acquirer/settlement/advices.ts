// Tells terminals of payouts: a message of the host's own, on the terminal's latest connection, one at a time, again and
// again until the terminal has said that it heard.

import type { Clock, Timer } from '../../base/clock.js'
import { UsageError } from '../../base/errors.js'
import { compilePlaceholders, type Filler } from '../../base/placeholders.js'
import { sixDigits } from '../../base/text/digits.js'
import { createZone, type Zone } from '../../base/zone.js'
import { amountText } from '../../codec/amount.js'
import type { Codec, Peek } from '../../codec/codec.js'
import type { MessageDefinition, PayoutAdviceRule } from '../../codec/dialect.js'
import { answerMti } from '../../codec/head/mti.js'
import type { FieldValue } from '../../codec/message.js'
import type { Connection } from '../../transport/server/server.js'
import type { Ledger } from '../ledger/ledger.js'
import { type AdviceRow, acknowledge, nextAdvice, type Unheard, unheard } from '../ledger/payouts.js'
import type { Steps, Store } from '../ledger/store/store.js'
import { tellNowAndThen } from '../ledger/trouble.js'

export interface AdvicesSetup {
  readonly ledger: Ledger
  readonly codec: Codec
  readonly rule: PayoutAdviceRule
  readonly clock: Clock
  readonly zone: Zone
  readonly onTrouble?: (line: string) => void
}

export interface Advices {
  /** A request of this terminal (DE41) came over this connection. */
  seen(terminal: string, connection: Connection): void
  /** True when the message is the answer to an advice. */
  answered(response: Peek): boolean
  /** There may be news in the ledger. */
  look(): void
  /** Idempotent. */
  close(): void
}

/** An advice that nobody has answered for this long is sent again, in ms. Another process's advices are found as often. */
const repeatMs = 5000
/** Terminals whose connection is known: as many as one host of an acquirer serves. The oldest is forgotten. */
const mostTerminals = 100_000
/** Trace numbers have six digits and are never 000000. */
const traceNumbers = 999_999

/** Throws UsageError for a message of the dialect that cannot be sent. */
export function startAdvices(setup: AdvicesSetup): Advices {
  return new Announcer(setup)
}

/** One that is on its way. */
interface Sent {
  readonly advice: number
  readonly terminal: string
  readonly connection: Connection
  readonly at: number
}

class Announcer implements Advices {
  readonly #clock: Clock
  readonly #codec: Codec
  readonly #store: Store
  readonly #trouble: (line: string) => void
  readonly #pack: AdvicePacker
  readonly #answerMti: string
  readonly #connections = new Map<string, Connection>()
  /** Terminals that have something to hear; in memory as long as the ledger has open advices for them. */
  readonly #waiting = new Set<string>()
  readonly #sent = new Map<string, Sent>()
  /** Terminals whose next advice is looked for in the ledger. */
  readonly #asking = new Set<string>()
  #lastKnown = 0
  #closed = false
  #timer: Timer
  #soon: string[] | undefined

  constructor({ ledger, codec, rule, clock, zone, onTrouble = () => {} }: AdvicesSetup) {
    this.#clock = clock
    this.#trouble = tellNowAndThen(clock, onTrouble)
    this.#codec = codec
    this.#store = ledger.store
    const message = codec.dialect.messages[rule.message]
    if (message === undefined)
      throw new UsageError(`dialect ${codec.dialect.name} has no message '${rule.message}' to tell of payouts with`)
    this.#pack = createPacker(codec, message, zone)
    this.#answerMti = answerMti(message.mti)
    this.look()
    this.#timer = this.#repeatLater()
  }

  seen(terminal: string, connection: Connection): void {
    if (this.#connections.get(terminal) === connection) return
    this.#connections.delete(terminal)
    if (this.#connections.size >= mostTerminals)
      this.#connections.delete(this.#connections.keys().next().value as string)
    this.#connections.set(terminal, connection)
    this.#sent.delete(terminal)
    if (this.#waiting.has(terminal)) this.#sendSoon(terminal)
  }

  answered(response: Peek): boolean {
    if (response.mti !== this.#answerMti) return false
    const terminal = response.text(41)?.trimEnd() ?? ''
    const sent = this.#sent.get(terminal)
    if (sent === undefined || response.text(11) !== traceNumber(sent.advice)) return false
    this.#sent.delete(terminal)
    this.#acknowledge(sent, () => this.#send(terminal))
    return true
  }

  look(): void {
    this.#try(unheard(this.#lastKnown), (news) => this.#heardOf(news))
  }

  #heardOf({ last, terminals }: Unheard): void {
    this.#lastKnown = Math.max(this.#lastKnown, last)
    for (const terminal of terminals) {
      this.#waiting.add(terminal)
      if (!this.#sent.has(terminal)) this.#sendSoon(terminal)
    }
  }

  close(): void {
    this.#closed = true
    this.#timer.cancel()
    this.#connections.clear()
  }

  /** An advice that is not acknowledged in the ledger is sent once more. */
  #acknowledge({ advice }: Sent, then: () => void): void {
    this.#try(acknowledge(advice, this.#clock.wall()), then, then)
  }

  /** Nothing happens when the ledger cannot be read or written now: all that is done here is done again later. */
  #try<Value>(steps: Steps<Value>, done: (value: Value) => void, otherwise: () => void = () => {}): void {
    const unlessClosed = (work: () => void) => {
      if (!this.#closed) work()
    }
    this.#store.run(
      steps,
      (value) => unlessClosed(() => done(value)),
      (error) => {
        if (this.#store.retryMs(error) === undefined)
          this.#trouble(`terminals cannot be told of payouts: ${error.message}`)
        unlessClosed(otherwise)
      },
    )
  }

  /** Behind the answer to the request at hand, and never from inside a call of the connection's. */
  #sendSoon(terminal: string): void {
    if (this.#soon !== undefined) {
      this.#soon.push(terminal)
      return
    }
    this.#soon = [terminal]
    this.#clock.precisely(0, () => {
      const terminals = this.#soon ?? []
      this.#soon = undefined
      for (const each of terminals) if (!this.#sent.has(each)) this.#send(each)
    })
  }

  #send(terminal: string): void {
    const connection = this.#connections.get(terminal)
    if (connection === undefined || !connection.isOpen || this.#asking.has(terminal)) return
    this.#asking.add(terminal)
    this.#try(
      nextAdvice(terminal),
      (advice) => {
        this.#asking.delete(terminal)
        this.#sendThis(terminal, connection, advice)
      },
      () => this.#asking.delete(terminal),
    )
  }

  #sendThis(terminal: string, connection: Connection, advice: AdviceRow | undefined): void {
    if (advice === undefined) {
      this.#waiting.delete(terminal)
      this.#sent.delete(terminal)
      return
    }
    if (!connection.isOpen) return
    const body = this.#codec.pack(this.#pack(advice, this.#clock.wall()))
    connection.send(body.length, (target, at) => {
      target.set(body, at)
      return at + body.length
    })
    this.#sent.set(terminal, { advice: advice.id, terminal, connection, at: this.#clock.now() })
  }

  #repeatLater(): Timer {
    return this.#clock.after(repeatMs, () => {
      this.look()
      const due = this.#clock.now() - repeatMs
      for (const terminal of [...this.#waiting]) {
        const sent = this.#sent.get(terminal)
        if (sent === undefined || sent.at <= due) this.#send(terminal)
      }
      this.#timer = this.#repeatLater()
    })
  }
}

const traceNumber = (advice: number) => sixDigits(((advice - 1) % traceNumbers) + 1)

const placeholders = [
  ...['stan', 'terminal', 'merchant', 'batch', 'currency'],
  ...['payout.amount', 'payout.date', 'payout.transactions'],
] as const

type AdvicePacker = (advice: AdviceRow, wallMs: number) => { mti: string; fields: Record<string, FieldValue> }

function createPacker(codec: Codec, { mti, fields }: MessageDefinition, zone: Zone): AdvicePacker {
  const fillers = Object.entries(fields).map(([field, value]): readonly [string, Filler] => {
    if (typeof value !== 'string')
      throw new UsageError(`field ${field} of an advice has parts: write it as one text`, { where: codec.dialect.name })
    return [field, compilePlaceholders(value, placeholders, createZone(zone.name)) ?? (() => value)]
  })
  const { currency } = codec.dialect.rules
  return (advice, wallMs) => {
    const values: Record<string, string> = {
      stan: traceNumber(advice.id),
      terminal: advice.terminal,
      merchant: advice.merchant,
      batch: String(advice.batch).padStart(6, '0'),
      currency,
      'payout.amount': amountText(Math.max(0, advice.amount)),
      // MMDD of YYYY-MM-DD.
      'payout.date': advice.value_date.slice(5, 7) + advice.value_date.slice(8, 10),
      'payout.transactions': advice.transactions,
    }
    const filled = fillers.map(([field, filler]) => [field, filler((name) => values[name] ?? '', wallMs)] as const)
    return { mti, fields: Object.fromEntries(filled.filter(([, text]) => text !== '')) }
  }
}
