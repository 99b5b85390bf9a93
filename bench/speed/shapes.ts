// The shapes of load that are measured, and the sale that all of them carry.

import type { Message } from '../../src/codec/message.js'
import type { Speaker } from '../../src/run/dialect-speaker.js'
import { createSpeaker } from '../../src/run/speaker.js'
import { measuredSale } from '../measured-sale.js'

/** A closed loop: so many connections, and on each so many requests without an answer. */
export interface LoadShape {
  readonly name: string
  readonly connections: number
  readonly inFlight: number
}

export const shapes: readonly LoadShape[] = [
  { name: '1x64', connections: 1, inFlight: 64 },
  { name: '64x1', connections: 64, inFlight: 1 },
  { name: '64x16', connections: 64, inFlight: 16 },
]

export const measuredDialect = 'iso87-ascii'

/** The retrieval reference number, the authorisation code and the response code of an answer. */
const answered = { 37: '632600000042', 38: '000042', 39: '00' }
const leftOut = new Set(['14', '35'])
/** A test card with a right check digit: an acquirer refuses others before it posts anything. */
const card = { 2: '6200000000000005', 35: '6200000000000005=30122010000000000' }

export const measuredSpeaker = (): Speaker => createSpeaker({ dialect: measuredDialect })

/** Request and answer; the answer echoes the request but for the card's track and expiry. */
export function measuredMessages({ dialect }: Speaker): { readonly request: Message; readonly answer: Message } {
  const { mti, fields } = measuredSale(dialect)
  const { 32: _, ...others } = fields
  const request = { ...others, ...card }
  const echoed = Object.fromEntries(Object.entries(request).filter(([field]) => !leftOut.has(field)))
  return { request: { mti, fields: request }, answer: { mti: '0210', fields: { ...echoed, ...answered } } }
}

/** Bytes of both frames on the wire, length prefix included. */
export function frameBytes(speaker: Speaker): { readonly request: number; readonly answer: number } {
  const { request, answer } = measuredMessages(speaker)
  const { codec, wire } = speaker
  return {
    request: codec.pack(request).length + wire.overheadBytes,
    answer: codec.pack(answer).length + wire.overheadBytes,
  }
}
