// Every message that passes, told as it passes: masked, with its connection, direction, key, and what it answers after how long.

import type { Clock } from '../base/clock.js'
import { maskText } from '../base/mask.js'
import type { Codec } from '../codec/codec.js'
import { maskInspected } from '../codec/mask-message.js'
import { doubtOf } from '../codec/masks/doubt.js'
import type { Message } from '../codec/message.js'
import { createPending, type Pending } from '../transport/client/pending.js'
import { createMatchKey, isResponse, type MatchKey } from '../transport/wire/match-key.js'
import type { Received, Wire } from '../transport/wire/wire.js'
import { createFrameReader } from './frames.js'
import type { StreamDirection, Tap, Tapped } from './tap.js'

/** Plain data. */
export type TrafficEvent = {
  /** Epoch ms. */
  readonly at: number
  /** 1, 2, 3 … in the order in which they were dialled or accepted. */
  readonly connection: number
  /** host:port of the other side; at a proxy, of the client. */
  readonly peer: string
} & (
  | { readonly kind: 'opened' }
  | {
      readonly kind: 'closed'
      /** The link's word for the reason. */
      readonly why?: string | undefined
      /** The bytes that had come and were no whole message. */
      readonly unread?: string | undefined
    }
  | ({ readonly kind: 'message' } & PassedMessage)
  /** The bytes of this direction are no messages from here on. */
  | { readonly kind: 'unreadable'; readonly direction: StreamDirection; readonly why: string }
)

export interface PassedMessage {
  readonly direction: StreamDirection
  /** The size of the whole frame, without its length. */
  readonly bytes: number
  /** Masked. Of a message that cannot be trusted: MTI, bitmap and lengths. */
  readonly message: Message
  /** The key that tells which request an answer belongs to: `class 02, DE11 000123`; undefined where values are not shown. */
  readonly key?: string | undefined
  /** Milliseconds from the request to its answer; undefined for a request. */
  readonly answersAfterMs?: number | undefined
  /** Why an answer belongs to nothing, or why the message cannot be read. */
  readonly problem?: string | undefined
}

export interface TrafficOptions {
  readonly wire: Wire
  readonly clock: Clock
  readonly tell: (event: TrafficEvent) => void
}

/** Requests of one connection that may wait for their answers: as many as a client has in flight at the most. */
const mostWaiting = 65_536
/** An answer that comes later than this, in ms, is not told whose it is. */
const forgetAfterMs = 600_000

interface Asked {
  readonly key: string
  readonly at: number
}

export function createTraffic({ wire, clock, tell }: TrafficOptions): Tap {
  const { codec } = wire
  const matchKey = createMatchKey(codec.dialect.rules.matchBy)
  const waiting = new Map<number, Pending<Asked>>()
  const waitingOn = ({ id }: Tapped) => {
    const found = waiting.get(id) ?? createPending<Asked>(matchKey)
    waiting.set(id, found)
    return found
  }
  const about = ({ id, peer }: Tapped) => ({ at: clock.wall(), connection: id, peer })

  const frames = createFrameReader(wire, {
    onMessage(connection, direction, received) {
      const match = matchOf(received, { matchKey, waiting: waitingOn(connection), now: clock.now() })
      tell({ ...about(connection), kind: 'message', direction, ...passed(codec, received, match) })
    },
    onUnreadable: (connection, direction, why) =>
      tell({ ...about(connection), kind: 'unreadable', direction, why: maskText(why) }),
  })

  return {
    onOpened: (connection) => tell({ ...about(connection), kind: 'opened' }),
    onBytes: frames.push,
    onClosed(connection, why) {
      const unread = frames.unread(connection, 'downstream') ?? frames.unread(connection, 'upstream')
      frames.forget(connection)
      waiting.delete(connection.id)
      tell({ ...about(connection), kind: 'closed', why, unread: unread && maskText(unread) })
    },
  }
}

interface Match {
  readonly key?: string
  readonly answersAfterMs?: number
  readonly problem?: string
}

function matchOf(
  { peek, error }: Received,
  { matchKey, waiting, now }: { readonly matchKey: MatchKey; readonly waiting: Pending<Asked>; readonly now: number },
): Match {
  if (peek === undefined) return { problem: maskText(error?.message ?? 'it cannot be read') }
  while (waiting.expire(now) !== undefined);
  if (isResponse(peek.mti)) {
    const key = matchKey.ofAnswer(peek)
    const asked = waiting.take(key)
    if (asked === undefined) return { key: matchKey.describe(key), problem: maskText(waiting.explain(key)) }
    return { key: matchKey.describe(key), answersAfterMs: now - asked.at }
  }
  const key = matchKey.ofRequest(peek.mti, (field) => peek.text(field))
  if (waiting.has(key)) return { key: matchKey.describe(key), problem: 'a request with this key waits for its answer' }
  if (waiting.size < mostWaiting) waiting.start(waiting.add({ key, at: now }), now, forgetAfterMs)
  return { key: matchKey.describe(key) }
}

/** Keys and explanations name values: of a message that may have been misread none is shown. */
function passed(codec: Codec, { frame, body }: Received, match: Match): Omit<PassedMessage, 'direction'> {
  const read = codec.inspect(body)
  const shown = { bytes: frame.length, message: maskInspected(codec.dialect, read) }
  if (read.error !== undefined) return { ...shown, problem: maskText(read.error.message) }
  if (match.key === undefined) return { ...shown, problem: match.problem }
  const doubt = doubtOf(codec.dialect, read.message)
  return doubt === undefined ? { ...shown, ...match } : { ...shown, problem: `values are hidden, because ${doubt}` }
}
