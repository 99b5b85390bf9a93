// Requests and answers of captured connections, matched as the dialect matches them.

import { bareAmount } from '../../codec/amount.js'
import { compileMatch } from '../../codec/checks/match.js'
import type { Peek } from '../../codec/codec.js'
import type { Dialect } from '../../codec/dialect.js'
import { classOf } from '../../codec/head/mti.js'
import type { TcpConnection } from '../../doctor/reassembly.js'
import type { TcpSeen } from '../../measure/causes/observations.js'
import { createJudge } from '../../terminal/exchange/judge.js'
import type { Judgement } from '../../terminal/judgement.js'
import { batchIn } from '../../terminal/money/money-messages.js'
import { createMatchKey, isResponse } from '../../transport/wire/match-key.js'
import type { CaptureWire } from './capture-wire.js'
import { type MessageTrouble, readMessagesOf } from './captured-messages.js'

export type ExchangeKind = 'echo' | 'financial' | 'reversal' | 'other'

export interface CapturedExchange {
  readonly kind: ExchangeKind
  /** The dialect's name for the message, or its MTI. */
  readonly type: string
  readonly terminal: string
  readonly merchant: string
  readonly batch: string
  readonly stan: string | undefined
  /** DE4 and DE49 as they stood. */
  readonly amount: string | undefined
  readonly currency: string | undefined
  /** First digits of the card number, and whether a PIN block went with it. */
  readonly cards: string | undefined
  readonly hasPin: boolean
  readonly requestedAt: number
  /** As TCP had it; undefined where the capture lacks its packet. */
  readonly tcp: TcpSeen | undefined
  /** MTI to last field, copied. */
  readonly request: Uint8Array
  answer: { readonly at: number; readonly body: Uint8Array; readonly judgement: Judgement } | undefined
}

export interface CapturedConnection {
  readonly connection: TcpConnection
  /** In the order of the requests. */
  readonly exchanges: readonly CapturedExchange[]
  /** Times of answers that no request was seen for. */
  readonly unmatchedAt: readonly number[]
  readonly trouble: MessageTrouble
}

export function exchangesOf(connections: readonly TcpConnection[], given: CaptureWire): readonly CapturedConnection[] {
  const matcher = new Matcher(given)
  return connections.map((connection) => matcher.match(connection))
}

/** Digits of a card number that name its issuer (ISO/IEC 7812-1). */
const binDigits = 6
/** Field of the PIN block (ISO 8583). */
const pinField = 52

interface Asked {
  readonly exchange: CapturedExchange
  /** Fields that the answer must carry back. */
  readonly texts: ReadonlyMap<number, string | undefined>
}

class Matcher {
  readonly #given: CaptureWire
  readonly #matchKey: ReturnType<typeof createMatchKey>
  readonly #judge: ReturnType<typeof createJudge>
  readonly #kindOf: (peek: Peek) => { kind: ExchangeKind; type: string }

  constructor(given: CaptureWire) {
    const { rules } = given.dialect
    this.#given = given
    this.#matchKey = createMatchKey(rules.matchBy)
    this.#judge = createJudge(rules)
    this.#kindOf = createKinds(given.dialect)
  }

  match(connection: TcpConnection): CapturedConnection {
    const { wire } = this.#given
    const exchanges: CapturedExchange[] = []
    const pending = new Map<string, Asked[]>()
    const asked = readMessagesOf(connection.requests, wire, ({ peek, body }, at) => {
      if (peek === undefined || isResponse(peek.mti)) return
      const one = this.#ask(peek, body, { at, tcp: tcpOf(connection, at) })
      exchanges.push(one.exchange)
      const key = this.#matchKey.ofAnswer(peek)
      const same = pending.get(key)
      if (same === undefined) pending.set(key, [one])
      else same.push(one)
    })
    const unmatchedAt: number[] = []
    const answered = readMessagesOf(connection.answers, wire, ({ peek, body }, at) => {
      if (peek === undefined || !isResponse(peek.mti)) return
      const one = this.#asker(pending, this.#matchKey.ofAnswer(peek), at)
      if (one === undefined) unmatchedAt.push(at)
      else {
        const judgement = this.#judge(peek, (field, { texts }) => texts.get(field), one)
        one.exchange.answer = { at, body: body.slice(), judgement }
      }
    })
    const trouble = {
      broken: asked.broken + answered.broken,
      unreadable: asked.unreadable + answered.unreadable,
    }
    return { connection, exchanges, unmatchedAt, trouble }
  }

  #ask(peek: Peek, body: Uint8Array, { at, tcp }: { at: number; tcp: TcpSeen | undefined }): Asked {
    const { rules } = this.#given.dialect
    const text = (field: number) => peek.text(field)?.trim()
    const exchange = {
      ...this.#kindOf(peek),
      ...{
        terminal: text(41) ?? '',
        merchant: text(42) ?? '',
        stan: text(11),
        amount: amountOf(text(4)),
        currency: text(49),
      },
      batch: batchIn(rules, (field, message) => message.text(field), peek),
      cards: (text(2) ?? text(35))?.slice(0, binDigits),
      hasPin: peek.has(pinField),
      ...{ requestedAt: at, tcp, request: body.slice(), answer: undefined },
    }
    return { exchange, texts: new Map(rules.mustEqual.map(({ field }) => [field, peek.text(field)])) }
  }

  /** The request that this answers: the last one of its key that was asked before it. */
  #asker(pending: Map<string, Asked[]>, key: string, at: number): Asked | undefined {
    const own = pending.get(key) ?? this.#onlyFit(pending, key)
    const index = own === undefined ? -1 : own.findLastIndex(({ exchange }) => exchange.requestedAt <= at)
    return index < 0 ? undefined : own?.splice(index, 1)[0]
  }

  #onlyFit(pending: Map<string, Asked[]>, key: string): Asked[] | undefined {
    if (!this.#matchKey.isPartial(key)) return undefined
    const fitting = [...pending].filter(([other, asked]) => asked.length > 0 && this.#matchKey.fits(other, key))
    return fitting.length === 1 ? fitting[0]?.[1] : undefined
  }
}

function tcpOf({ trace }: TcpConnection, at: number): TcpSeen | undefined {
  const piece = trace.requests.get(at)
  return piece && { sent: piece.sent, ackedMs: piece.ackedAt === undefined ? undefined : piece.ackedAt - at }
}

/** Tells kind and type of a message by the dialect's own messages; the first that fits counts. */
function createKinds(dialect: Dialect): (peek: Peek) => { kind: ExchangeKind; type: string } {
  const echo = dialect.rules.echo
  const isEcho = echo === undefined ? () => false : fitsMessage(dialect, echo)
  const postings = (dialect.rules.ledger?.postings ?? []).map(({ kind, request }) => ({
    kind,
    fits: compileMatch(request),
  }))
  return (peek) => {
    const messageClass = classOf(peek.mti)
    if (messageClass === '8') return isEcho(peek) ? { kind: 'echo', type: 'echo' } : { kind: 'other', type: peek.mti }
    if (messageClass === '4') return { kind: 'reversal', type: 'reversal' }
    const type = postings.find(({ fits }) => fits(peek))?.kind ?? peek.mti
    return { kind: messageClass === '1' || messageClass === '2' ? 'financial' : 'other', type }
  }
}

/** Whether a message is one of the dialect's: equal in all that does not change from one to the next. */
function fitsMessage({ messages }: Dialect, name: string): (peek: Peek) => boolean {
  const definition = messages[name]
  if (definition === undefined) return () => false
  const patterns = Object.entries(definition.fields).flatMap(([field, value]) =>
    typeof value === 'string' ? [[Number(field), patternOf(value)] as const] : [],
  )
  return (peek) =>
    peek.mti === definition.mti && patterns.every(([field, pattern]) => pattern.test(peek.text(field) ?? ''))
}

function patternOf(value: string): RegExp {
  const parts = value.split(/\{[^{}]*\}/).map((part) => part.trimEnd().replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}\\s*$`)
}

const amountOf = (text: string | undefined) => (text === undefined ? undefined : bareAmount(text))
