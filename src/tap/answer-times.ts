// How long answers take, as whoever stands between sees it: request to answer, matched as the dialect says.

import type { Clock } from '../base/clock.js'
import { createMatchKey, isResponse } from '../transport/wire/match-key.js'
import type { Wire } from '../transport/wire/wire.js'
import { createFrameReader } from './frames.js'
import type { Tap } from './tap.js'

export interface AnsweredRequest {
  /** The MTI of the request. */
  readonly mti: string
  /** The outcome by the response code of the answer; one without a code says neither. */
  readonly outcome: 'approved' | 'declined' | 'answered'
  readonly ms: number
}

/** Requests without an answer that one connection may have; the oldest is forgotten. */
const maxPending = 10_000

export function createAnswerTimes(options: {
  readonly wire: Wire
  readonly clock: Clock
  readonly tell: (answered: AnsweredRequest) => void
}): Tap {
  const { wire, clock, tell } = options
  const { rules } = wire.codec.dialect
  const matchKey = createMatchKey(rules.matchBy)
  const approved = new Set(rules.approved)
  const pending = new Map<number, Map<string, { readonly mti: string; readonly at: number }>>()

  const frames = createFrameReader(wire, {
    onMessage({ id }, _, { peek }) {
      if (peek === undefined) return
      const asked = pending.get(id) ?? new Map()
      pending.set(id, asked)
      if (!isResponse(peek.mti)) {
        if (asked.size >= maxPending) asked.delete(asked.keys().next().value as string)
        const key = matchKey.ofRequest(peek.mti, (field) => peek.text(field))
        asked.set(key, { mti: peek.mti, at: clock.now() })
        return
      }
      const key = matchKey.ofAnswer(peek)
      const request = asked.get(key)
      if (request === undefined) return
      asked.delete(key)
      const code = peek.text(rules.responseCode)
      const outcome = code === undefined ? 'answered' : approved.has(code) ? 'approved' : 'declined'
      tell({ mti: request.mti, outcome, ms: clock.now() - request.at })
    },
    onUnreadable: () => {},
  })
  return {
    onBytes: frames.push,
    onClosed(connection) {
      frames.forget(connection)
      pending.delete(connection.id)
    },
  }
}
