// Sales as the fastest client makes them: it stamps a trace number and a terminal into a message that is packed once.

import type { Reader } from '../../src/transport/wire/wire.js'
import { measuredMessages, measuredSpeaker } from './shapes.js'

const largestStan = 999_999

export interface RawSales {
  /** Frames of the next so many sales, each another terminal's in turn. */
  next(count: number): Uint8Array
}

/** `terminals` of them take turns, from number `first` on. */
export function createRawSales(first: number, terminals: number): RawSales {
  const speaker = measuredSpeaker()
  const { codec, wire } = speaker
  const template = codec.template(measuredMessages(speaker).request, [11, 41])
  const frameBytes = wire.overheadBytes + template.maxBytes
  const names = Array.from({ length: terminals }, (_, index) => String(first + index).padStart(8, '0'))
  const values = ['', '']
  const writer = { write: (target: Uint8Array, at: number) => template.write(target, at, values) }
  let sent = 0
  return {
    next(count) {
      const bytes = Buffer.allocUnsafe(count * frameBytes)
      let end = 0
      for (let frame = 0; frame < count; frame++) {
        const stan = (Math.floor(sent / terminals) % largestStan) + 1
        values[0] = String(stan).padStart(6, '0')
        values[1] = names[sent % terminals] as string
        end = wire.frame(bytes, end, template.maxBytes, writer)
        sent++
      }
      return bytes.subarray(0, end)
    },
  }
}

/** Answers that the reader holds. Throws for one that approves nothing: its host has done less than it should. */
export function countApproved(reader: Reader): number {
  let answered = 0
  for (let received = reader.next(); received !== undefined; received = reader.next()) {
    const code = received.peek?.text(39)
    if (code !== '00') throw new Error(`a sale was answered with code ${code}`)
    answered++
  }
  return answered
}
