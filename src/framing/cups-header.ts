// The header of China UnionPay's online interchange (CUPS) in an envelope: length and addresses are made for each message.
//
// Its length 1, flag and version 1, total length 4 (digits), destination 11, source 11 (text), reserved 3, batch 1,
// transaction information 8, user information 1, reject code 5 (digits, zeros where nothing is rejected).

import { counted } from '../base/text/counted.js'
import { FrameError } from './frame-error.js'
import type { Envelope } from './opened-frame.js'

const cups = {
  bytes: 46,
  lengthAt: 2,
  lengthDigits: 4,
  destinationAt: 6,
  sourceAt: 17,
  idBytes: 11,
  rejectAt: 41,
  rejectDigits: 5,
} as const

export function withCupsHeader(plain: Envelope): Envelope {
  const headerAt = plain.frontBytes - cups.bytes
  const rejectCode = (frame: Uint8Array) => {
    const at = headerAt + cups.rejectAt
    return Buffer.from(frame.subarray(at, at + cups.rejectDigits)).toString('latin1')
  }
  return {
    ...plain,
    answerFront(frame) {
      const front = plain.answerFront(frame)
      const [to, from] = [headerAt + cups.destinationAt, headerAt + cups.sourceAt]
      const destination = front.slice(to, to + cups.idBytes)
      front.copyWithin(to, from, from + cups.idBytes)
      front.set(destination, from)
      return front
    },
    seal(target, at, bodyBytes) {
      const total = String(cups.bytes + bodyBytes).padStart(cups.lengthDigits, '0')
      if (total.length > cups.lengthDigits)
        throw new FrameError(
          'NOT_SENDABLE',
          0,
          `a message of ${counted(bodyBytes, 'byte')} is longer than its header can say`,
        )
      target.set(Buffer.from(total, 'latin1'), at + headerAt + cups.lengthAt)
    },
    open(frame) {
      const opened = plain.open(frame)
      if (opened === undefined || frame[headerAt] !== cups.bytes) return undefined
      const code = rejectCode(frame)
      return { ...opened, rejected: /^[1-9A-Z0]{5}$/i.test(code) && code !== '00000' ? code : undefined }
    },
  }
}
