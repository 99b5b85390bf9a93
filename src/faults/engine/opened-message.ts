// A frame opened for the message faults: its parts, and the ways to make another frame of it.

import type { Codec, Peek } from '../../codec/codec.js'
import type { DialectRules } from '../../codec/dialect.js'
import { maskMessage } from '../../codec/mask-message.js'
import type { Message } from '../../codec/message.js'
import type { Wire } from '../../transport/wire/wire.js'
import type { Direction, PassingDialect, PassingMessage, SettlementPlaces } from '../fault.js'

/**
 * The body (MTI to last field) with the right MAC in its MAC field, in a new array or the same; undefined where there is
 * no key for it or no MAC in it.
 */
export type Remac = (body: Uint8Array) => Uint8Array | undefined

export interface OpeningOptions {
  readonly wire: Wire
  readonly direction: Direction
  readonly prefixBytes: number
  readonly remac: Remac | undefined
}

/** Opens frames of one direction of one connection. */
export interface Opener {
  /** Undefined for a frame that holds no message of the dialect. Valid until the next call, `raw` and new frames longer. */
  open(
    raw: Uint8Array,
    arrivedAt: number,
    otherConnections: number,
    options: { signs: boolean },
  ): OpenedMessage | undefined
}

export interface OpenedMessage extends PassingMessage {
  masked(): Message | undefined
}

export function createOpener(options: OpeningOptions): Opener {
  const { wire, prefixBytes } = options
  const dialect = passingDialect(wire)
  let reader = wire.createReader()

  const read = (raw: Uint8Array) => {
    try {
      reader.push(raw)
      return reader.next()
    } catch {
      // The framing's own trailer is missing: a reader that has failed once reads nothing more.
      reader = wire.createReader()
      return undefined
    }
  }

  return {
    open(raw, arrivedAt, otherConnections, { signs }) {
      const received = read(raw)
      const peek = received?.peek
      if (received === undefined || peek === undefined) return undefined
      const bodyAt = prefixBytes + wire.frontBytes
      const bodyEnd = bodyAt + received.body.length
      const parts = { raw, frontAt: prefixBytes, bodyAt, bodyEnd }
      return new MessageInHand({ ...options, ...parts, dialect, arrivedAt, otherConnections, peek, signs })
    },
  }
}

interface MessageParts extends OpeningOptions {
  readonly raw: Uint8Array
  readonly frontAt: number
  readonly bodyAt: number
  readonly bodyEnd: number
  readonly dialect: PassingDialect
  readonly arrivedAt: number
  readonly otherConnections: number
  readonly peek: Peek
  readonly signs: boolean
}

class MessageInHand implements OpenedMessage {
  readonly direction: Direction
  readonly arrivedAt: number
  readonly raw: Uint8Array
  readonly frontAt: number
  readonly bodyAt: number
  readonly bodyEnd: number
  readonly peek: Peek
  readonly dialect: PassingDialect
  readonly otherConnections: number
  readonly #parts: MessageParts

  constructor(parts: MessageParts) {
    this.#parts = parts
    this.direction = parts.direction
    this.arrivedAt = parts.arrivedAt
    this.raw = parts.raw
    this.frontAt = parts.frontAt
    this.bodyAt = parts.bodyAt
    this.bodyEnd = parts.bodyEnd
    this.peek = parts.peek
    this.dialect = parts.dialect
    this.otherConnections = parts.otherConnections
  }

  rewrite(change: (message: Message) => Message): Uint8Array | undefined {
    const { codec } = this.#parts.wire
    try {
      const { mti, fields } = change(readOn(codec, this.#body()))
      return this.reframe(this.sign(codec.pack({ mti, fields })))
    } catch {
      // A message that cannot be unpacked, or does not fit the dialect when changed, goes on as it was and is not counted.
      return undefined
    }
  }

  reframe(body: Uint8Array, { announcedBytes }: { readonly announcedBytes?: number } = {}): Uint8Array {
    const front = this.raw.slice(this.frontAt, this.bodyAt)
    const frame = frameOf(this.#parts.wire, body, front)
    if (announcedBytes === undefined || announcedBytes === body.length) return frame
    const announced = frameOf(this.#parts.wire, new Uint8Array(announcedBytes), front)
    frame.set(announced.subarray(0, this.frontAt), 0)
    return frame
  }

  sign(body: Uint8Array): Uint8Array {
    return (this.#parts.signs ? this.#parts.remac?.(body) : undefined) ?? body
  }

  masked(): Message | undefined {
    const { codec } = this.#parts.wire
    try {
      return maskMessage(codec.dialect, readOn(codec, this.#body()))
    } catch {
      return undefined
    }
  }

  #body(): Uint8Array {
    return this.raw.subarray(this.bodyAt, this.bodyEnd)
  }
}

function frameOf(wire: Wire, body: Uint8Array, front: Uint8Array): Uint8Array {
  const target = new Uint8Array(wire.overheadBytes + body.length)
  const writer = {
    write: (bytes: Uint8Array, at: number) => {
      bytes.set(body, at)
      return at + body.length
    },
  }
  return target.subarray(0, wire.frame(target, 0, body.length, writer, front))
}

function passingDialect({ codec: { dialect } }: Wire): PassingDialect {
  const { mti, bitmap } = dialect.encodings
  const { responseCode, approved, ledger } = dialect.rules
  return {
    ...{ responseCode, approved },
    reversedStan: ledger?.postings.find(({ effect }) => effect === 'reverse')?.original?.stan,
    settlement: settlementPlaces(dialect.rules),
    mtiBytes: mti === 'bcd' || mti === 'binary' ? 2 : 4,
    bitmapEncoding: bitmap.encoding,
  }
}

function settlementPlaces({ ledger, approved, codes }: DialectRules): SettlementPlaces | undefined {
  if (ledger === undefined) return undefined
  const { outOfBalance } = ledger.codes
  // ISO 8583:1993 has an approval of its own for totals in balance: 500, beside 501.
  const balanced = approved.find((code) => code.slice(0, -1) === outOfBalance?.slice(0, -1)) ?? codes.approved
  return {
    ...ledger.totals.verdicts,
    places: ledger.totals.parts.filter(({ total }) => total === 'verdict'),
    codes: outOfBalance === undefined ? undefined : { balanced, outOfBalance },
  }
}

/** The message with what cannot be read as its bytes. Throws what ended the reading before its last field. */
function readOn(codec: Codec, body: Uint8Array): Message {
  const { peek, inspect } = codec
  peek(body)
  return inspect(body).message
}
