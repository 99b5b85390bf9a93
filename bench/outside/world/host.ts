// A small acquirer host: requests in, answers out at some instant. It knows the wire format and nothing of what judges it.

import type { Clock } from '../../../src/base/clock.js'
import type { Random } from '../../../src/base/random.js'
import { createCutter, framed, type OutsideWire, type WireMessage } from './wire.js'

/** A request as a host sees it. */
export interface Asked {
  readonly message: WireMessage
  /** 'financial': 01xx and 02xx; 'reversal': 04xx; 'network': 08xx. */
  readonly kind: 'financial' | 'reversal' | 'network' | 'other'
  readonly isEcho: boolean
  readonly pan: string
  readonly terminal: string
  readonly merchant: string
  readonly amount: number
  /** Processing code, DE3. */
  readonly process: string
  readonly hasPin: boolean
  /** Number of the connection, from 0, in the order in which the host accepted them. */
  readonly link: number
  /** Milliseconds since the host began to serve. */
  readonly at: number
  /** Requests that the host has not answered yet. */
  readonly busy: number
}

/** The deed of a host on a request. Left out: it approves. */
export interface Deed {
  /** Time of the work, in ms. */
  readonly ms?: number
  readonly code?: string
  /** Nothing is answered. */
  readonly silent?: boolean
  /** Works outside the workers: it takes none of them. */
  readonly aside?: boolean
  /** Goes out under another STAN. */
  readonly wrongStan?: boolean
  /** Goes out with a length that is written in another way. */
  readonly otherFraming?: boolean
  /** The connection is closed after the answer. */
  readonly close?: boolean
}

export interface HostPlan {
  readonly wire: OutsideWire
  /** Requests that are worked on at the same time; left out: any number. */
  readonly workers?: number
  readonly serve: (asked: Asked) => Deed
  /** The whole host stands still at this time until that one, in ms since it began; undefined: it does not. */
  readonly standsUntil?: (at: number) => number | undefined
}

export interface HostSocket {
  write(bytes: Uint8Array): void
  end(): void
}

export interface OutsideHost {
  /** A peer is there; the function takes its bytes. */
  accept(socket: HostSocket, link: number): (bytes: Uint8Array) => void
}

/** `startedAt`: ms of the clock at which the host's own time begins. */
export function createOutsideHost(plan: HostPlan, clock: Clock, random: Random, startedAt: () => number): OutsideHost {
  const waiting: (() => void)[] = []
  let working = 0
  let busy = 0
  const work = (ms: number, aside: boolean, done: () => void) => {
    const begin = () => {
      if (!aside) working++
      const after = () => {
        if (!aside) {
          working--
          waiting.shift()?.()
        }
        done()
      }
      const endsAt = clock.now() - startedAt() + ms
      // A host that stands still does everything after that.
      clock.after(ms + Math.max(0, (plan.standsUntil?.(endsAt) ?? endsAt) - endsAt), after)
    }
    if (aside || working < (plan.workers ?? Number.POSITIVE_INFINITY)) begin()
    else waiting.push(begin)
  }
  return {
    accept(socket, link) {
      const cut = createCutter()
      return (bytes) => {
        for (const body of cut(bytes)) {
          const asked = askedOf(plan.wire.read(body), { link, at: clock.now() - startedAt(), busy })
          if (asked === undefined) continue
          const deed = plan.serve(asked)
          if (deed.silent === true) continue
          busy++
          work(deed.ms ?? 0, deed.aside ?? asked.kind === 'network', () => {
            busy--
            socket.write(bytesOf(answerTo(asked, deed, random), deed, plan.wire))
            if (deed.close === true) socket.end()
          })
        }
      }
    },
  }
}

function askedOf(message: WireMessage, { link, at, busy }: Pick<Asked, 'link' | 'at' | 'busy'>): Asked | undefined {
  const { mti, fields } = message
  if (Number(mti[2]) % 2 !== 0) return undefined
  const kinds: Readonly<Record<string, Asked['kind']>> = { 1: 'financial', 2: 'financial', 4: 'reversal', 8: 'network' }
  const network = fields.get(70) ?? fields.get(60)?.slice(8, 11)
  const track = fields.get(35) ?? ''
  return {
    ...{ message, link, at, busy, kind: kinds[mti[1] as string] ?? 'other' },
    isEcho: mti[1] === '8' && network === '301',
    pan: fields.get(2) ?? track.split(/[=D]/)[0] ?? '',
    terminal: fields.get(41) ?? '',
    merchant: fields.get(42) ?? '',
    amount: Number(fields.get(4) ?? 0),
    process: fields.get(3) ?? '',
    hasPin: fields.has(52),
  }
}

/** Fields that an answer carries back, where the request has them. */
const echoed = [2, 3, 4, 7, 11, 12, 13, 14, 22, 23, 25, 32, 33, 41, 42, 49, 60, 70, 90]

function answerTo({ message, kind }: Asked, { code = '00', wrongStan }: Deed, random: Random): WireMessage {
  const { mti, fields, front } = message
  const answer = new Map<number, string>()
  for (const field of echoed) {
    const text = fields.get(field)
    if (text !== undefined) answer.set(field, text)
  }
  if (wrongStan === true && answer.has(11))
    answer.set(11, String((Number(answer.get(11)) + 500_000) % 1_000_000).padStart(6, '0'))
  const digits = () => String(random.below(1_000_000)).padStart(6, '0')
  answer.set(39, code)
  if (kind === 'financial' || kind === 'reversal') answer.set(37, fields.get(37) ?? `${digits()}${digits()}`)
  if (kind === 'financial' && code === '00') answer.set(38, digits())
  // An answer is the next even digit up: 0200 becomes 0210.
  return { mti: `${mti.slice(0, 2)}${Number(mti[2]) + 1}${mti[3]}`, fields: answer, front }
}

function bytesOf(answer: WireMessage, { otherFraming }: Deed, wire: OutsideWire): Uint8Array {
  const body = wire.write(answer)
  if (otherFraming !== true) return framed(body)
  // Four decimal digits, as other networks have it.
  return Buffer.concat([Buffer.from(String(body.length).padStart(4, '0'), 'latin1'), body])
}
