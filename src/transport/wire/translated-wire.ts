// The wire of a terminal that is set to another dialect than the one it was programmed for: its messages leave as the
// other dialect writes them, field by field, and what arrives is read as such.

import type { Codec } from '../../codec/codec.js'
import type { FieldValue, Message } from '../../codec/message.js'
import type { BodyWriter, Wire } from './wire.js'

/**
 * Bytes that a message may grow by: text in the place of packed digits doubles it, and a terminal's message is some hundred
 * bytes. A longer one cannot be sent.
 */
const mostGrowth = 8192

/** `spoken`: what the terminal's messages are written in. `wire`: what leaves. Fields that it cannot carry are left out. */
export function translatedWire(spoken: Codec, wire: Wire): Wire {
  const { codec } = wire
  const canCarry = (mti: string, field: string, value: FieldValue) => {
    try {
      codec.pack({ mti, fields: { [field]: value } })
      return true
    } catch {
      return false
    }
  }
  const translate = (body: Uint8Array): Uint8Array => {
    const { mti, fields } = spoken.unpack(body)
    const carried = Object.entries(fields).filter(([field, value]) => canCarry(mti, field, value))
    return codec.pack({ mti, fields: Object.fromEntries(carried) } as Message)
  }
  const translator = (writer: BodyWriter, maxBodyBytes: number): BodyWriter => ({
    write(target, at) {
      const scratch = new Uint8Array(maxBodyBytes)
      const body = translate(scratch.subarray(0, writer.write(scratch, 0)))
      target.set(body, at)
      return at + body.length
    },
  })

  return {
    ...wire,
    overheadBytes: wire.overheadBytes + mostGrowth,
    frame: (target, at, maxBodyBytes, writer, front) =>
      wire.frame(target, at, maxBodyBytes + mostGrowth, translator(writer, maxBodyBytes), front),
  }
}
