// What stands around a message inside its frame: TPDU (ISO 8583 over NAC networks), a header, a trailer.

/** As a dialect declares it: hex texts, whose lengths are the lengths on the wire. */
export interface EnvelopeDefinition {
  readonly tpdu?: string
  readonly header?: string
  /** False: an answer carries the request's TPDU as it came. Otherwise its two addresses change places. */
  readonly swapTpdu?: boolean
  readonly trailer?: string
  /** A header of a form that is known says of each message what is true of it, and is not copied. */
  readonly headerForm?: 'base1'
}

/** The parts of a received frame: views of it. Reused: valid until the next read of this envelope. */
export interface OpenedFrame {
  readonly tpdu: Uint8Array | undefined
  readonly header: Uint8Array | undefined
  readonly body: Uint8Array
  /** The network sent our own message back: its reject code. */
  readonly rejected?: string | undefined
}

export interface Envelope {
  /** Bytes in front of the message and behind it. */
  readonly frontBytes: number
  readonly trailer: Uint8Array
  /** What a request of ours carries in front. */
  readonly requestFront: Uint8Array
  /** What the answer to a request that came in `frame` carries in front: a new array, so that it may be kept. */
  answerFront(frame: Uint8Array): Uint8Array
  /** Puts into the front that stands at `at` what it says of a message of `bodyBytes`. */
  seal?(target: Uint8Array, at: number, bodyBytes: number): void
  /** A session control message of the network, which no application answers. */
  isControl?(frame: Uint8Array): boolean
  /** Undefined for a frame too short for the envelope, or without its trailer. */
  open(frame: Uint8Array): OpenedFrame | undefined
}

/** TPDU: one byte identifier, two bytes destination, two bytes origin. */
const addressBytes = 2
const tpduBytes = 5

/** Compiles an envelope; an empty definition is a message on its own. */
export function createEnvelope(definition: EnvelopeDefinition): Envelope {
  const envelope = plainEnvelope(definition)
  return definition.headerForm === 'base1' ? withBase1Header(envelope) : envelope
}

function plainEnvelope(definition: EnvelopeDefinition): Envelope {
  const tpdu = fromHex(definition.tpdu)
  const header = fromHex(definition.header)
  const trailer = fromHex(definition.trailer)
  const requestFront = Uint8Array.from([...tpdu, ...header])
  const frontBytes = requestFront.length
  const swaps = definition.swapTpdu !== false && tpdu.length === tpduBytes
  const opened = { tpdu: undefined as Uint8Array | undefined, header: undefined as Uint8Array | undefined, body: tpdu }

  return {
    frontBytes,
    trailer,
    requestFront,
    answerFront(frame) {
      const front = new Uint8Array(frame.subarray(0, frontBytes))
      if (swaps) swapAddresses(front)
      return front
    },
    open(frame) {
      const bodyEnd = frame.length - trailer.length
      if (bodyEnd < frontBytes || !endsWith(frame, trailer)) return undefined
      opened.tpdu = tpdu.length === 0 ? undefined : frame.subarray(0, tpdu.length)
      opened.header = header.length === 0 ? undefined : frame.subarray(tpdu.length, frontBytes)
      opened.body = frontBytes === 0 && trailer.length === 0 ? frame : frame.subarray(frontBytes, bodyEnd)
      return opened
    },
  }
}

function swapAddresses(front: Uint8Array): void {
  const destination = Uint8Array.from(front.subarray(1, 1 + addressBytes))
  front.copyWithin(1, 1 + addressBytes, tpduBytes)
  front.set(destination, 1 + addressBytes)
}

function endsWith(frame: Uint8Array, trailer: Uint8Array): boolean {
  const at = frame.length - trailer.length
  return trailer.every((byte, index) => frame[at + index] === byte)
}

function fromHex(hex = ''): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'))
}

/**
 * The header of Visa's BASE I: its length 1, its format 1, the text format 1, the total length 2, destination 3, source 3,
 * round-trip control 1, flags 2, message status 3, batch 1, reserved 3, user information 1.
 */
const base1 = {
  bytes: 22,
  lengthAt: 3,
  destinationAt: 5,
  sourceAt: 8,
  idBytes: 3,
  statusAt: 14,
  statusBytes: 3,
} as const
/** A reject header goes on with a bitmap, whose first bit says so, and the reject code in packed digits. */
const reject = { bytes: 26, bitmapAt: 22, codeAt: 24 } as const
/** Text formats above are the network's own. */
const lastTextFormat = 2

function withBase1Header(plain: Envelope): Envelope {
  const tpduBytes = plain.frontBytes - base1.bytes
  return {
    ...plain,
    answerFront(frame) {
      const front = plain.answerFront(frame)
      const at = tpduBytes
      const destination = front.slice(at + base1.destinationAt, at + base1.sourceAt)
      front.copyWithin(at + base1.destinationAt, at + base1.sourceAt, at + base1.sourceAt + base1.idBytes)
      front.set(destination, at + base1.sourceAt)
      // The status of the request is not that of its answer.
      front.fill(0, at + base1.statusAt, at + base1.statusAt + base1.statusBytes)
      return front
    },
    seal(target, at, bodyBytes) {
      const total = base1.bytes + bodyBytes
      target[at + tpduBytes + base1.lengthAt] = total >> 8
      target[at + tpduBytes + base1.lengthAt + 1] = total & 0xff
    },
    isControl: (frame) => frame.length >= tpduBytes + base1.bytes && (frame[tpduBytes + 2] as number) > lastTextFormat,
    open(frame) {
      const opened = plain.open(frame)
      const own = frame[tpduBytes]
      if (opened === undefined || own === undefined || own < base1.bytes) return undefined
      // Another header follows where the first bit of the format says so, as in a message that the network rejects.
      const second = ((frame[tpduBytes + 1] as number) & 0x80) === 0 ? 0 : (frame[tpduBytes + own] ?? 0)
      const bodyAt = tpduBytes + own + second
      if (bodyAt > frame.length - plain.trailer.length) return undefined
      const isRejected = own >= reject.bytes && ((frame[tpduBytes + reject.bitmapAt] as number) & 0x80) !== 0
      const code = frame.subarray(tpduBytes + reject.codeAt, tpduBytes + reject.codeAt + 2)
      return {
        tpdu: opened.tpdu,
        header: frame.subarray(tpduBytes, bodyAt),
        body: frame.subarray(bodyAt, frame.length - plain.trailer.length),
        rejected: isRejected ? Buffer.from(code).toString('hex') : undefined,
      }
    },
  }
}
