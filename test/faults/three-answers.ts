// Three answers of cup-pos on their way, and what a fault may have made of the second.

import { compile } from '../../src/codec/compile.js'
import { builtInDialect } from '../../src/codec/dialects/index.js'
import type { Fields, Message } from '../../src/codec/message.js'
import { framingNamed } from '../../src/framing/framings.js'
import { createWire } from '../../src/transport/wire/wire.js'

export const codec = compile(builtInDialect('cup-pos'))
export const wire = createWire({ codec, framing: framingNamed('binary2') })
export const address = { host: 'host', port: 8583 }

export const answer = (stan: number, changes: Fields = {}, mti = '0210'): Message => ({
  mti,
  fields: {
    '2': '6225880000000008',
    '3': '000000',
    '4': '000000001234',
    '11': String(stan).padStart(6, '0'),
    '37': '000000000042',
    '39': '00',
    '41': '00000001',
    '64': '0102030405060708',
    ...changes,
  },
})

export function frame(message: Message): Uint8Array {
  const body = codec.pack(message)
  const target = new Uint8Array(wire.overheadBytes + body.length)
  const write = (bytes: Uint8Array, at: number) => {
    bytes.set(body, at)
    return at + body.length
  }
  return target.subarray(0, wire.frame(target, 0, body.length, { write }))
}

export const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
export const [first, hit, last] = [frame(answer(1)), frame(answer(2)), frame(answer(3))]
export const without = (field: string): Message => {
  const { [field]: _gone, ...fields } = answer(2).fields
  return { mti: '0210', fields }
}
export const flipped = (bytes: Uint8Array, at: number, mask: number) => {
  const changed = Uint8Array.from(bytes)
  changed[at] = (changed[at] as number) ^ mask
  return changed
}
export const joined = (...parts: Uint8Array[]) => Uint8Array.from(Buffer.concat(parts))
