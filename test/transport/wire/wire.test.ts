import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FrameError } from '../../../src/framing/frame-error.js'
import { framingNamed, framings } from '../../../src/framing/framings.js'
import { createWire } from '../../../src/transport/wire/wire.js'
import { byteByByte, bytes, hex } from '../../framing/feeding.js'
import { tinyCodec } from '../tiny-codec.js'

const message = Buffer.from('020011=000001;')
const writer = {
  write(target: Uint8Array, at: number) {
    target.set(message, at)
    return at + message.length
  },
}
const envelope = { tpdu: '6000030000', header: '603210320072' }

describe('a wire', () => {
  const wire = createWire({ codec: tinyCodec(envelope), framing: framingNamed('binary2') })

  test('writes length, TPDU, header and message in place', () => {
    const target = new Uint8Array(4 + wire.overheadBytes + message.length)
    const end = wire.frame(target, 4, message.length, writer)
    expect(end).toBe(target.length)
    expect(hex(target)).toBe(`00000000 0019 6000030000 603210320072 ${hex(message)}`.replaceAll(' ', ''))
  })

  test('reads it back, and answers with the addresses swapped', () => {
    const target = new Uint8Array(wire.overheadBytes + message.length)
    wire.frame(target, 0, message.length, writer, bytes('6000120034 613100310001'))
    const reader = wire.createReader()
    reader.push(target)
    const received = reader.next()
    if (received === undefined) throw new Error('nothing received')
    expect(received.peek?.text(11)).toBe('000001')
    expect([received.tpdu, received.header, received.body].map((part) => part && hex(part))).toEqual([
      '6000120034',
      '613100310001',
      hex(message),
    ])
    expect(hex(wire.answerFront(received))).toBe('6000340012613100310001')
    expect(reader.next()).toBeUndefined()
  })

  test('a message that cannot be read does not hurt the next one', () => {
    const plain = createWire({ codec: tinyCodec(), framing: framingNamed('ascii4') })
    const reader = plain.createReader()
    reader.push(Buffer.from('0003bad0004020000040800'))
    const read = () => {
      const received = reader.next()
      return received?.peek?.mti ?? received?.error?.message
    }
    expect([read(), read(), read(), read()]).toEqual(['not a tiny message', '0200', '0800', undefined])
  })

  test('a frame too short for the envelope is a bad message, not a bad frame', () => {
    const reader = wire.createReader()
    reader.push(bytes('0003 600003'))
    expect(reader.next()?.error?.message).toBe(
      'a frame of 3 bytes does not hold TPDU and header of 11 bytes of dialect tiny',
    )
  })

  test('refuses a message that outgrows the room that it asked for', () => {
    expect(() => wire.frame(new Uint8Array(200), 0, 5, writer)).toThrow(FrameError)
  })
})

test('every framing carries messages in an envelope, however they are cut', () => {
  // A message that holds an ETX cannot end with one, and XML is no bytes.
  for (const framing of framings.filter(({ name }) => !['none', 'etx', 'xml'].includes(name))) {
    const wire = createWire({ codec: tinyCodec(), framing, envelope: { ...envelope, trailer: '03' } })
    const target = new Uint8Array(wire.overheadBytes + message.length)
    const frame = target.subarray(0, wire.frame(target, 0, message.length, writer))
    const reader = wire.createReader()
    const found: (string | undefined)[] = []
    for (const chunk of byteByByte(Buffer.concat([frame, frame]))) {
      reader.push(chunk)
      for (let received = reader.next(); received !== undefined; received = reader.next())
        found.push(received.peek?.text(11))
    }
    expect([framing.name, ...found]).toEqual([framing.name, '000001', '000001'])
  }
})

test('random bytes never do more than end in a FrameError', () => {
  const wire = createWire({ codec: tinyCodec(envelope), framing: framingNamed('binary2') })
  const property = fc.property(fc.array(fc.uint8Array({ maxLength: 200 })), (chunks) => {
    const reader = wire.createReader()
    try {
      for (const chunk of chunks) {
        reader.push(chunk)
        while (reader.next() !== undefined);
      }
    } catch (error) {
      expect(error).toBeInstanceOf(FrameError)
    }
  })
  fc.assert(property)
})
