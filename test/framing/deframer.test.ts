import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createDeframer } from '../../src/framing/deframer.js'
import { FrameError } from '../../src/framing/frame-error.js'
import { maxFrameBytes } from '../../src/framing/framing.js'
import { framingNamed, framings } from '../../src/framing/framings.js'
import { createPrefix } from '../../src/framing/prefix.js'
import { byteByByte, bytes, cutAt, framesOf, hex } from './feeding.js'

// Message ABCD (two bytes) in every framing, as the channel descriptions give it.
const wires = [
  { framing: 'binary1', wire: '02 ABCD' },
  { framing: 'binary2', wire: '0002 ABCD' },
  { framing: 'binary2-inclusive', wire: '0004 ABCD' },
  { framing: 'binary4', wire: '00000002 ABCD' },
  { framing: 'binary4-inclusive', wire: '00000006 ABCD' },
  { framing: 'ascii2', wire: '3032 ABCD' },
  { framing: 'ascii3', wire: '303032 ABCD' },
  { framing: 'ascii4', wire: '30303032 ABCD' },
  { framing: 'ascii4-inclusive', wire: '30303036 ABCD' },
  { framing: 'ascii5', wire: '3030303032 ABCD' },
  { framing: 'ascii6', wire: '303030303032 ABCD' },
  { framing: 'hex4', wire: '30303032 ABCD' },
  { framing: 'bcd2', wire: '0002 ABCD' },
  { framing: 'bcd2-inclusive', wire: '0004 ABCD' },
  { framing: 'vap', wire: '0002 0000 ABCD' },
  { framing: 'cs', wire: '0002 0000 ABCD' },
  { framing: 'gicc', wire: '0000 0002 ABCD' },
  { framing: 'amex', wire: '0004 ABCD' },
  { framing: 'base24', wire: '0003 ABCD 03' },
  { framing: 'cmf', wire: '000002 ABCD' },
  { framing: 'rbp', wire: 'D04A 0002 0000 ABCD' },
]

test('the table holds every framing with a length', () => {
  expect(wires.map(({ framing }) => framing).sort()).toEqual(
    framings
      .map(({ name }) => name)
      .filter((name) => name !== 'none' && name !== 'etx' && name !== 'xml')
      .sort(),
  )
})

for (const { framing: name, wire } of wires) {
  describe(`framing ${name}`, () => {
    const framing = framingNamed(name)
    const stream = bytes(wire)
    const merged = bytes(wire + wire + wire)

    test('finds a message that arrives whole', () => expect(framesOf(framing, [stream])).toEqual(['ABCD']))
    test('waits until the last byte', () => {
      const chunks = byteByByte(stream)
      expect(framesOf(framing, chunks.slice(0, -1))).toEqual([])
      expect(framesOf(framing, chunks)).toEqual(['ABCD'])
    })
    test('parts messages that arrive together', () =>
      expect(framesOf(framing, [merged])).toEqual(['ABCD', 'ABCD', 'ABCD']))
    test('leaves a tail for later', () => {
      expect(framesOf(framing, [bytes(`${wire}${wire.slice(0, 2)}`), bytes(wire.slice(2))])).toEqual(['ABCD', 'ABCD'])
    })
    test('writes what it reads', () => {
      const prefix = createPrefix(framing)
      const target = new Uint8Array(stream.length)
      target.set(bytes('ABCD'), prefix.bytes)
      target.set(prefix.trailer, prefix.bytes + 2)
      prefix.write(target, 0, 2 + prefix.trailer.length)
      expect(hex(target)).toBe(hex(stream))
    })
    test('refuses to announce more than its length can say', () => {
      const prefix = createPrefix(framing)
      expect(() => prefix.write(new Uint8Array(16), 0, prefix.maxBytes + 1)).toThrow(/does not fit framing/)
    })
  })
}

test('any cutting of any messages gives the same frames', () => {
  const message = fc.uint8Array({ minLength: 1, maxLength: 90 })
  const property = fc.property(
    fc.constantFrom(...wires.map(({ framing }) => framing)),
    fc.array(message, { minLength: 1, maxLength: 8 }),
    fc.array(fc.nat(), { maxLength: 12 }),
    (name, messages, places) => {
      const prefix = createPrefix(framingNamed(name))
      const stream = Buffer.concat(
        messages.map((body) => {
          const frame = Buffer.concat([new Uint8Array(prefix.bytes), body, prefix.trailer])
          prefix.write(frame, 0, body.length + prefix.trailer.length)
          return frame
        }),
      )
      expect(framesOf(framingNamed(name), cutAt(stream, places))).toEqual(messages.map(hex))
    },
  )
  fc.assert(property, { numRuns: 300 })
})

test('frames of one push stay valid until the next push', () => {
  const deframer = createDeframer(framingNamed('binary2'), { maxFrameBytes })
  deframer.push(bytes('0003 AA'))
  expect(deframer.next()).toBeUndefined()
  deframer.push(bytes('BBCC 0002 DDEE 0005 11'))
  const first = deframer.next() as Uint8Array
  const second = deframer.next() as Uint8Array
  expect(deframer.next()).toBeUndefined()
  expect([hex(first), hex(second)]).toEqual(['AABBCC', 'DDEE'])
})

test('a push before the last one was read to its end loses nothing', () => {
  const deframer = createDeframer(framingNamed('binary2'), { maxFrameBytes })
  deframer.push(bytes('0001 AA 0001 BB 00'))
  expect(hex(deframer.next() as Uint8Array)).toBe('AA')
  deframer.push(bytes('01 CC'))
  expect(hex(deframer.next() as Uint8Array)).toBe('BB')
  expect(hex(deframer.next() as Uint8Array)).toBe('CC')
})

for (const { framing, wire } of [
  { framing: 'binary2', wire: '0000' },
  { framing: 'ascii4', wire: '30303030' },
  { framing: 'binary2-inclusive', wire: '0002' },
  { framing: 'binary2-inclusive', wire: '0000' },
  { framing: 'base24', wire: '0001 03' },
]) {
  test(`${framing} skips and counts the keepalive ${wire}`, () => {
    const deframer = createDeframer(framingNamed(framing), { maxFrameBytes })
    deframer.push(bytes(wire + wire))
    expect(deframer.next()).toBeUndefined()
    expect(deframer.keepalives).toBe(2)
  })
}

// The errors that a user sees who chose the wrong framing. Each is also fed byte by byte: the error is the same, perhaps less precise.
const misfits = [
  {
    name: 'ASCII digits read as binary4',
    framing: 'binary4',
    wire: '30303936',
    says: 'a length of 808466742 bytes is over the limit of 65535: the length bytes 30303936 are ASCII digits: try --framing ascii4',
  },
  { name: 'binary2 read as ascii4', framing: 'ascii4', wire: '00603038', says: 'try --framing binary2' },
  { name: 'binary4 read as ascii4', framing: 'ascii4', wire: '00000060', says: 'try --framing binary4' },
  { name: 'binary2 read as bcd2', framing: 'bcd2', wire: '006A6000', says: 'try --framing binary2' },
  { name: 'a TPDU read as binary4', framing: 'binary4', wire: '6000030000', says: 'looks like a TPDU' },
  { name: 'a literal header', framing: 'binary4', wire: '49534F3031', says: 'begins with the text ISO' },
  { name: 'a TLS client', framing: 'binary4', wire: '1603010200', says: 'try --tls' },
  { name: 'a browser', framing: 'ascii4', wire: '474554202F', says: 'this is HTTP' },
  {
    name: 'an inclusive length that does not count itself',
    framing: 'binary2-inclusive',
    wire: '0001AA',
    says: 'does not even count itself',
  },
  { name: 'another filler', framing: 'cs', wire: '00020201ABCD', says: 'does not have the fixed bytes of framing cs' },
  { name: 'a missing ETX', framing: 'base24', wire: '0002ABCD', says: 'does not end with 03' },
  {
    name: 'exactly one frame of another framing',
    framing: 'binary4',
    wire: '0004ABCDEF01',
    says: 'try --framing binary2',
  },
]

for (const { name, framing, wire, says } of misfits) {
  test(`explains ${name}`, () => {
    expect(() => framesOf(framingNamed(framing), [bytes(wire)])).toThrow(says)
    expect(() => framesOf(framingNamed(framing), byteByByte(bytes(wire)))).toThrow(FrameError)
  })
}

test('the error names the place in the stream and is thrown from then on', () => {
  const deframer = createDeframer(framingNamed('ascii4'), { maxFrameBytes })
  deframer.push(bytes('30303031 AA 3030583A'))
  expect(hex(deframer.next() as Uint8Array)).toBe('AA')
  const failure = () => deframer.next()
  expect(failure).toThrow('frame at byte 5 of the stream: the length 3030583A is not a number')
  expect(failure).toThrow(expect.objectContaining({ code: 'BAD_LENGTH', offset: 5, fault: 'remote' }))
})

test('a length over the limit is refused before anything is kept for it', () => {
  expect(() => framesOf(framingNamed('binary2'), [bytes('0101')], 256)).toThrow(
    'a length of 257 bytes is over the limit of 256',
  )
})

test('an end inside a frame is an error, an end between frames is none', () => {
  const deframer = createDeframer(framingNamed('binary2'), { maxFrameBytes })
  deframer.push(bytes('0001 AA'))
  deframer.next()
  deframer.next()
  expect(() => deframer.end()).not.toThrow()
  deframer.push(bytes('0004 AABB'))
  deframer.next()
  expect(() => deframer.end()).toThrow('the length counts itself, choose an inclusive framing')
})

test('without a length every push is one message', () => {
  expect(framesOf(framingNamed('none'), [bytes('AABB'), bytes('CC'), new Uint8Array(0)])).toEqual(['AABB', 'CC'])
  expect(() => framesOf(framingNamed('none'), [bytes('AABBCC')], 2)).toThrow('over the limit of 2')
})

test('random bytes give frames or a FrameError, and never more bytes than came in', () => {
  const property = fc.property(
    fc.constantFrom(...framings.map(({ name }) => name)),
    fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }),
    (name, chunks) => {
      try {
        const frames = framesOf(framingNamed(name), chunks)
        const total = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
        expect(frames.join('').length / 2).toBeLessThanOrEqual(total)
      } catch (error) {
        expect(error).toBeInstanceOf(FrameError)
      }
    },
  )
  fc.assert(property, { numRuns: 500 })
})

test('an unknown framing is refused with the nearest name', () => {
  expect(() => framingNamed('binary-2')).toThrow("unknown framing 'binary-2' (did you mean 'binary2'?)")
})
