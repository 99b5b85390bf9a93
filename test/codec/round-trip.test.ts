// The law of every codec: what was unpacked packs back to the same bytes, and no bytes can do harm. For dialects that use
// every property, and for the built-in ones.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compile } from '../../src/codec/compile.js'
import { builtInDialects } from '../../src/codec/dialects/index.js'
import { readMessage } from '../../src/codec/message-json.js'
import { UnpackError } from '../../src/codec/unpack-error.js'
import { arbitraryMessage } from './arbitrary-message.js'
import { axes } from './axes.js'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

// XML may be written in many ways: test/codec/xml.test.ts.
for (const dialect of [...axes, ...builtInDialects].filter(({ form }) => form === undefined)) {
  describe(`the codec of ${dialect.name}`, () => {
    const codec = compile(dialect)
    const messages = arbitraryMessage(dialect)

    /** Either refused with a typed error, or a message that packs back to the same bytes. */
    const keepsTheLaw = (bytes: Uint8Array) => {
      const before = hex(bytes)
      let message: ReturnType<typeof codec.unpack>
      try {
        message = codec.unpack(bytes)
      } catch (error) {
        expect(error).toBeInstanceOf(UnpackError)
        const found = codec.inspect(bytes)
        expect(found.error).toBeInstanceOf(UnpackError)
        return
      }
      expect(hex(codec.pack(message))).toBe(before)
      expect(hex(codec.pack(readMessage(JSON.parse(JSON.stringify(message)))))).toBe(before)
      expect(codec.inspect(bytes)).toEqual({ message })
    }

    test('packs what it unpacked to the same bytes, and unpacks that to the same message', () => {
      fc.assert(
        fc.property(messages, (message) => {
          const bytes = codec.pack(message)
          const canonical = codec.unpack(bytes)
          expect(Object.keys(canonical.fields)).toEqual(Object.keys(message.fields))
          expect(hex(codec.pack(canonical))).toBe(hex(bytes))
          expect(codec.unpack(codec.pack(canonical))).toEqual(canonical)
        }),
        { numRuns: 100 },
      )
    })

    test('keeps the law for messages of which some bytes were changed', () => {
      const change = fc.tuple(
        fc.nat(),
        fc.oneof(fc.nat(255), fc.constantFrom(0x00, 0x20, 0x30, 0x61, 0xf0, 0xff, 0x0f)),
      )
      fc.assert(
        fc.property(messages, fc.array(change, { minLength: 1, maxLength: 4 }), (message, changes) => {
          const bytes = Buffer.from(codec.pack(message))
          for (const [at, byte] of changes) bytes[at % bytes.length] = byte
          keepsTheLaw(bytes)
        }),
        { numRuns: 100 },
      )
    })

    test('keeps the law for messages that were cut, or go on', () => {
      fc.assert(
        fc.property(messages, fc.nat(), fc.uint8Array({ maxLength: 3 }), (message, cut, tail) => {
          const bytes = Buffer.from(codec.pack(message))
          keepsTheLaw(bytes.subarray(0, cut % (bytes.length + 1)))
          keepsTheLaw(Buffer.concat([bytes, tail]))
        }),
        { numRuns: 100 },
      )
    })

    test('keeps the law for random bytes behind a good start', () => {
      fc.assert(
        fc.property(messages, fc.uint8Array({ maxLength: 120 }), (message, random) => {
          const start = codec.pack({ mti: message.mti, fields: {} })
          const bytes = Buffer.from(codec.pack(message))
          keepsTheLaw(random)
          keepsTheLaw(Buffer.concat([bytes.subarray(0, start.length), random]))
        }),
        { numRuns: 100 },
      )
    })

    test('peeks at what it unpacks', () => {
      fc.assert(
        fc.property(messages, (message) => {
          const bytes = codec.pack(message)
          const { mti, fields } = codec.unpack(bytes)
          const peek = codec.peek(bytes)
          expect(peek.mti).toBe(mti)
          for (let field = 2; field <= 192; field++) {
            expect(peek.has(field)).toBe(fields[field] !== undefined)
            // Zeros in front that are not shown are there to be compared.
            const shown = fields[field]
            if (typeof shown === 'string') expect(peek.text(field)?.replace(/^0*/, '')).toBe(shown.replace(/^0*/, ''))
          }
        }),
        { numRuns: 40 },
      )
    })

    test('a template writes what pack() would', () => {
      fc.assert(
        fc.property(messages, fc.infiniteStream(fc.boolean()), (message, choices) => {
          const slots = Object.keys(message.fields)
            .filter((key) => typeof message.fields[key] === 'string' && choices.next().value === true)
            .map(Number)
            .reverse()
          const template = codec.template(message, slots)
          const target = Buffer.alloc(template.maxBytes + 3)
          const end = template.write(
            target,
            3,
            slots.map((slot) => message.fields[slot] as string),
          )
          expect(hex(target.subarray(3, end))).toBe(hex(codec.pack(message)))
        }),
        { numRuns: 40 },
      )
    })

    test('an answerer copies what is echoed and writes what is set', () => {
      fc.assert(
        fc.property(messages, messages, (request, wanted) => {
          const set = Object.keys(wanted.fields).filter((key) => typeof wanted.fields[key] === 'string')
          const echoed = Object.keys(dialect.fields).filter((_, index) => index % 2 === 0)
          const answerer = codec.answerer({ mti: '0210', echoed: echoed.map(Number), set: set.map(Number) })
          const bytes = codec.pack(request)
          const peek = codec.peek(bytes)
          const target = Buffer.alloc(answerer.maxBytes(bytes.length))
          const values = set.map((key) => wanted.fields[key] as string)
          const end = answerer.write(peek, values, target, 0)
          const copied = Object.entries(request.fields).filter(([key]) => echoed.includes(key))
          const fields = {
            ...Object.fromEntries(copied),
            ...Object.fromEntries(set.map((key) => [key, wanted.fields[key]])),
          }
          expect(hex(target.subarray(0, end))).toBe(
            hex(codec.pack({ mti: '0210', fields: fields as typeof request.fields })),
          )
        }),
        { numRuns: 40 },
      )
    })
  })
}
