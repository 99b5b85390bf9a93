// The bytes around a message inside its frame: TPDU (ISO 8583 over NAC networks), a header, a trailer.

import { withBase1Header } from './base1-header.js'
import { withCupsHeader } from './cups-header.js'
import type { Envelope } from './opened-frame.js'

export type { Envelope, OpenedFrame } from './opened-frame.js'

/** As a dialect declares it: hex texts, whose lengths are the lengths on the wire. */
export interface EnvelopeDefinition {
  readonly tpdu?: string
  readonly header?: string
  /** False: an answer carries the request's TPDU as it came. Otherwise its two addresses change places. */
  readonly swapTpdu?: boolean
  readonly trailer?: string
  /** A header of a form that is known says of each message what is true of it, and is not copied. */
  readonly headerForm?: HeaderForm
}

/** TPDU: one byte identifier, two bytes destination, two bytes origin. */
const addressBytes = 2
const tpduBytes = 5

/** Headers whose contents are known: each makes of an envelope one that fills them in. */
const headerForms = { base1: withBase1Header, cups: withCupsHeader } as const

export type HeaderForm = keyof typeof headerForms

/** Compiles an envelope; an empty definition is a message on its own. */
export function createEnvelope(definition: EnvelopeDefinition): Envelope {
  const envelope = plainEnvelope(definition)
  return definition.headerForm === undefined ? envelope : headerForms[definition.headerForm](envelope)
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
  for (let index = 0; index < trailer.length; index++) if (frame[at + index] !== trailer[index]) return false
  return true
}

function fromHex(hex = ''): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'))
}
