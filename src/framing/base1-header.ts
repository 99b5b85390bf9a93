// The header of Visa's BASE I in an envelope: length, addresses and status are made for each message.

import type { Envelope } from './opened-frame.js'

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

export function withBase1Header(plain: Envelope): Envelope {
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
