// What stands around a message inside its frame: TPDU (ISO 8583 over NAC networks), a header, a trailer.

/** As a dialect declares it: hex texts, whose lengths are the lengths on the wire. */
export interface EnvelopeDefinition {
  readonly tpdu?: string
  readonly header?: string
  /** False: an answer carries the request's TPDU as it came. Otherwise its two addresses change places. */
  readonly swapTpdu?: boolean
  readonly trailer?: string
}

/** The parts of a received frame: views of it. Reused: valid until the next read of this envelope. */
export interface Opened {
  readonly tpdu: Uint8Array | undefined
  readonly header: Uint8Array | undefined
  readonly body: Uint8Array
}

export interface Envelope {
  /** Bytes in front of the message and behind it. */
  readonly frontBytes: number
  readonly trailer: Uint8Array
  /** What a request of ours carries in front. */
  readonly requestFront: Uint8Array
  /** What the answer to a request that came in `frame` carries in front: a new array, so that it may be kept. */
  answerFront(frame: Uint8Array): Uint8Array
  /** Undefined for a frame too short for the envelope, or without its trailer. */
  open(frame: Uint8Array): Opened | undefined
}

/** TPDU: one byte identifier, two bytes destination, two bytes origin. */
const addressBytes = 2
const tpduBytes = 5

/** Compiles an envelope; an empty definition is a message on its own. */
export function createEnvelope(definition: EnvelopeDefinition): Envelope {
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
