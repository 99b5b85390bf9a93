// Templates, peeks and answers: what they do beside being as fast as they are. Their bytes are checked in round-trip.test.ts.

import { describe, expect, test } from 'vitest'
import type { Peek } from '../../src/codec/codec.js'
import { compile } from '../../src/codec/compile.js'
import { PackError } from '../../src/codec/pack-error.js'
import { binaryEncodings, dialectOf } from './axes.js'

const codec = compile(
  dialectOf('hot', binaryEncodings, {
    2: { name: 'pan', format: 'n..19' },
    4: { name: 'amount', format: 'n 12' },
    11: { name: 'stan', format: 'n 6' },
    39: { name: 'code', format: 'an 2' },
    41: { name: 'terminal', format: 'ans 8' },
    70: { name: 'network', format: 'n 3' },
  }),
)
const request = { mti: '0200', fields: { 2: '4111111111111111', 4: '000000000100', 11: '000001', 41: 'T1' } }

/** The request with so many digits in field 2, which takes 19. */
function ahead(digits: number): Uint8Array {
  const wide = compile(
    dialectOf('wide', binaryEncodings, {
      2: { name: 'pan', format: 'n..30' },
      4: { name: 'amount', format: 'n 12' },
      11: { name: 'stan', format: 'n 6' },
      41: { name: 'terminal', format: 'ans 8' },
    }),
  )
  return wide.pack({ ...request, fields: { ...request.fields, 2: '4'.repeat(digits) } })
}

function errorOf(work: () => unknown): unknown {
  try {
    work()
    return undefined
  } catch (error) {
    return error
  }
}

describe('a template', () => {
  test('may be written again and again, to different places of one buffer', () => {
    const template = codec.template(request, [11, 4])
    const target = Buffer.alloc(3 * template.maxBytes)
    let at = 0
    for (const stan of ['1', '22', '333333']) at = template.write(target, at, [stan, '7'])
    const packed = ['000001', '000022', '333333'].map((stan) =>
      codec.pack({ ...request, fields: { ...request.fields, 4: '000000000007', 11: stan } }),
    )
    expect(target.subarray(0, at)).toEqual(Buffer.concat(packed))
  })

  test('writes a text that stood there already, and what comes after one that could not be written', () => {
    const template = codec.template(request, [11, 4])
    const write = (stan: string, amount: string) => {
      const target = Buffer.alloc(template.maxBytes)
      return target.subarray(0, template.write(target, 0, [stan, amount])).toString('latin1')
    }
    const first = write('000001', '000000000100')
    expect(write('000002', '000000000100')).not.toBe(first)
    expect(write('000001', '000000000100')).toBe(first)
    expect(() => write('00000x', '000000000100')).toThrow(PackError)
    expect(write('000001', '000000000100')).toBe(first)
  })
  test('names slots that its message does not have', () => {
    const template = codec.template({ mti: '0200', fields: {} }, [2])
    const target = Buffer.alloc(template.maxBytes)
    const end = template.write(target, 0, ['4111'])
    expect(target.subarray(0, end)).toEqual(codec.pack({ mti: '0200', fields: { 2: '4111' } }))
  })

  test('refuses a value that does not fit, a slot that is no field, and a message that cannot be packed', () => {
    const template = codec.template(request, [11])
    expect(() => template.write(Buffer.alloc(template.maxBytes), 0, ['1234567'])).toThrow(PackError)
    expect(() => template.write(Buffer.alloc(template.maxBytes), 0, [])).toThrow(PackError)
    expect(() => codec.template(request, [12])).toThrow('field 12: expected a field of dialect hot')
    expect(() => codec.template({ mti: '02', fields: {} }, [])).toThrow(PackError)
    expect(() => codec.template({ mti: '0200', fields: { 4: 'x' } }, [])).toThrow(PackError)
  })
})

describe('a peek', () => {
  test('forgets the message before', () => {
    codec.peek(codec.pack(request))
    const peek = codec.peek(codec.pack({ mti: '0800', fields: { 70: '301' } }))
    expect([peek.mti, peek.has(2), peek.text(2), peek.raw(2)]).toEqual(['0800', false, undefined, undefined])
    expect([peek.has(70), peek.text(70)]).toEqual([true, '301'])
  })

  test('that reads on says why a message cannot be read, and has what stands before and behind what is wrong', () => {
    const packed = codec.pack(request)
    const whole = codec.peekOn(packed)
    expect([whole.error, whole.peek.text(2), whole.peek.text(41)]).toEqual([undefined, '4111111111111111', 'T1'])
    const cut = codec.peekOn(packed.subarray(0, packed.length - 4))
    expect([cut.peek.mti, cut.peek.text(11), cut.peek.has(41)]).toEqual(['0200', '000001', false])
    expect(cut.error).toEqual(errorOf(() => codec.peek(packed.subarray(0, packed.length - 4))))
    const tooLong = ahead(20)
    const on = codec.peekOn(tooLong)
    expect([on.peek.text(11), on.peek.text(41)]).toEqual(['000001', 'T1'])
    expect(on.error).toEqual(errorOf(() => codec.peek(tooLong)))
  })

  test('that reads on never throws, and has the fields that inspect has', () => {
    const packed = codec.pack(request)
    for (let at = 0; at < packed.length; at++) {
      for (const value of [0, 0x20, 0x99, 0xff]) {
        const bytes = Uint8Array.from(packed)
        bytes[at] = value
        const { peek } = codec.peekOn(bytes)
        const { message } = codec.inspect(bytes)
        const found = [2, 4, 11, 39, 41, 70].filter((field) => peek.has(field))
        expect(found.map(String), `byte ${at} is ${value}`).toEqual(
          Object.keys(message.fields).filter((name) => found.includes(Number(name))),
        )
        expect(found).toHaveLength(Object.keys(message.fields).length)
      }
    }
  })

  test('is not disturbed by unpack()', () => {
    const peek = codec.peek(codec.pack(request))
    codec.unpack(codec.pack({ mti: '0800', fields: { 70: '301' } }))
    expect([peek.mti, peek.text(11)]).toEqual(['0200', '000001'])
  })

  test('forgets a message that could not be read', () => {
    codec.peek(codec.pack(request))
    expect(() => codec.peek(Buffer.from('0800FF', 'hex'))).toThrow()
    const peek = codec.peek(codec.pack({ mti: '0800', fields: { 70: '301' } }))
    expect([peek.has(2), peek.has(4), peek.has(70)]).toEqual([false, false, true])
  })

  test('gives the bytes of a field with its length', () => {
    expect(codec.peek(codec.pack(request)).raw(2)).toEqual(Buffer.from('164111111111111111', 'hex'))
  })

  test('knows no field beyond the last', () => {
    const peek = codec.peek(codec.pack(request))
    expect([peek.has(0), peek.has(500), peek.text(-1), peek.raw(193)]).toEqual([false, false, undefined, undefined])
  })
})

describe('an answerer', () => {
  const answerer = codec.answerer({ mti: '0210', echoed: [2, 4, 11, 41, 70], set: [39, 4] })
  const answer = (peek: Peek, values: readonly (string | undefined)[]) => {
    const target = Buffer.alloc(answerer.maxBytes(200))
    return codec.unpack(target.subarray(0, answerer.write(peek, values, target, 0)))
  }

  test('echoes what the request has and sets the rest, a set value before an echoed one', () => {
    const fields = { ...request.fields, 4: '000000000005', 39: '00' }
    expect(answer(codec.peek(codec.pack(request)), ['00', '5'])).toEqual({ mti: '0210', fields })
  })

  test('leaves out what is undefined, even where the request has it', () => {
    const { 4: _amount, ...fields } = request.fields
    expect(answer(codec.peek(codec.pack(request)), [undefined, undefined])).toEqual({ mti: '0210', fields })
  })

  test('has a second bitmap only where it is needed', () => {
    expect(answer(codec.peek(codec.pack({ mti: '0800', fields: { 70: '301' } })), ['00', undefined])).toEqual({
      mti: '0210',
      fields: { 39: '00', 70: '301' },
    })
  })

  test('takes the peek of another codec of the same dialect', () => {
    const own = codec.peek(codec.pack(request))
    const foreign: Peek = {
      mti: own.mti,
      has: (field) => own.has(field),
      text: (field) => own.text(field),
      raw: (field) => own.raw(field),
    }
    expect(answer(foreign, ['00', '5'])).toEqual(answer(own, ['00', '5']))
  })

  test('refuses a field that the dialect has not', () => {
    expect(() => codec.answerer({ mti: '0210', echoed: [3], set: [] })).toThrow(PackError)
    expect(() => codec.answerer({ mti: '210', echoed: [], set: [] })).toThrow(PackError)
  })
})
