// Framings as their peers speak them: streams cut anywhere, polls, headers that are made for each message.

import { describe, expect, test } from 'vitest'
import { compile } from '../../src/codec/compile.js'
import { builtInDialect } from '../../src/codec/dialects/index.js'
import { createDeframer } from '../../src/framing/deframer.js'
import { createEnvelope } from '../../src/framing/envelope.js'
import { framingNamed } from '../../src/framing/framings.js'
import { otherProtocol } from '../../src/framing/misfit.js'
import { createWire } from '../../src/transport/wire/wire.js'

const bytes = (hex: string) => Buffer.from(hex, 'hex')
const hexOf = (from: Uint8Array) => Buffer.from(from).toString('hex')

/** All frames of the stream, handed in so many bytes at a time. */
function framesOf(name: string, stream: string, step: number): string[] {
  const deframer = createDeframer(framingNamed(name), { maxFrameBytes: 1000 })
  const frames: string[] = []
  const all = bytes(stream)
  for (let at = 0; at < all.length; at += step) {
    deframer.push(Uint8Array.from(all.subarray(at, at + step)))
    for (let frame = deframer.next(); frame !== undefined; frame = deframer.next()) frames.push(hexOf(frame))
  }
  deframer.end()
  return frames
}

describe('a stream is cut at the ends of its messages:', () => {
  const cases = [
    ['etx', '30383030033038313003', ['30383030', '30383130']],
    ['cmf', '000002ABCD000000000001EF', ['abcd', 'ef']],
    ['rbp', 'D04A00020000ABCD', ['abcd']],
    // Bytes behind the length that are not zero are the network's own.
    ['vap', '00020100ABCD00000000', ['abcd']],
    // The vectors of moov's own tests of its network headers: BCD2Bytes and ASCII4Bytes of 115, Hex4Bytes and Binary2Bytes of
    // 319, and VMLH of 15 in a message for session control.
    ['bcd2', `0115${'ab'.repeat(115)}`, ['ab'.repeat(115)]],
    ['ascii4', `30313135${'ab'.repeat(115)}`, ['ab'.repeat(115)]],
    ['hex4', `30313346${'ab'.repeat(319)}`, ['ab'.repeat(319)]],
    ['binary2', `013F${'ab'.repeat(319)}`, ['ab'.repeat(319)]],
    ['vap', `000F0020${'ab'.repeat(15)}`, ['ab'.repeat(15)]],
  ] as const
  for (const [name, stream, frames] of cases) {
    test.each([1, 3, 100])(`${name}, %i bytes at a time`, (step) => {
      expect(framesOf(name, stream, step)).toEqual(frames)
    })
  }
})

describe('without any framing', () => {
  const codec = compile(builtInDialect('iso87-binary'))
  const wire = createWire({ codec, framing: framingNamed('none'), envelope: { tpdu: '6000010002' } })
  const body = codec.pack({ mti: '0800', fields: { 11: '000001', 41: 'T0000001', 48: 'some text' } })
  const frame = Buffer.concat([bytes('6000010002'), body])

  test.each([1, 7, 1000])('a message ends where its last field ends, %i bytes at a time', (step) => {
    const reader = wire.createReader()
    const stream = Buffer.concat([frame, frame, frame])
    let count = 0
    for (let at = 0; at < stream.length; at += step) {
      reader.push(Uint8Array.from(stream.subarray(at, at + step)))
      for (let received = reader.next(); received !== undefined; received = reader.next()) {
        expect(hexOf(received.body)).toBe(hexOf(body))
        count++
      }
    }
    expect(count).toBe(3)
  })

  test('bytes that are no message are handed on, to be told what is wrong', () => {
    const reader = wire.createReader()
    reader.push(bytes('6000010002FFFFFFFFFFFFFFFFFFFFFFFF'))
    expect(reader.next()?.error).toBeInstanceOf(Error)
  })
})

describe('polls', () => {
  test.each([
    ['vap', '00000000'],
    ['cmf', '000000'],
    ['base24', '0000'],
    ['amex', '0000'],
  ])('of framing %s come back as they were, and are counted', (name, poll) => {
    const wire = createWire({ codec: compile(builtInDialect('iso87-ascii')), framing: framingNamed(name) })
    const reader = wire.createReader()
    reader.push(bytes(poll + poll))
    expect(reader.next()).toBeUndefined()
    expect([reader.takePolls(), reader.takePolls()]).toEqual([2, 0])
    expect(hexOf(wire.poll as Uint8Array)).toBe(poll)
  })

  test('are skipped where the framing says so', () => {
    expect(framingNamed('vap,polls=skip').polls).toBeUndefined()
    expect(framingNamed('binary2,polls=echo').polls).toBe('echo')
    expect(() => framingNamed('vap,polls=maybe')).toThrow(/polls=echo or polls=skip/)
  })
})

describe('the header of BASE I', () => {
  const header = `160102${'0000'}${'123456'}${'654321'}00${'0000'}${'000001'}00${'000000'}00`
  const envelope = createEnvelope({ header, headerForm: 'base1' })

  test('says how long the message is', () => {
    const codec = compile(builtInDialect('iso87-ascii'))
    const wire = createWire({ codec, framing: framingNamed('vap'), envelope: { header, headerForm: 'base1' } })
    const body = codec.pack({ mti: '0800', fields: { 11: '000001' } })
    const target = new Uint8Array(200)
    const end = wire.frame(target, 0, 100, {
      write(to, at) {
        to.set(body, at)
        return at + body.length
      },
    })
    expect(hexOf(target.subarray(7, 9))).toBe((22 + body.length).toString(16).padStart(4, '0'))
    expect(end).toBe(4 + 22 + body.length)
  })

  test('of an answer has the addresses changed over, and no status of the request', () => {
    const front = envelope.answerFront(bytes(`${header}0200`))
    expect(hexOf(front.subarray(5, 11))).toBe('654321123456')
    expect(hexOf(front.subarray(14, 17))).toBe('000000')
  })

  test('of a message that the network rejects names the code, and the message behind it is read', () => {
    const reject = `1A81${header.slice(4)}${'8000'}${'0540'}`
    const opened = envelope.open(bytes(`${reject}${header}0200`))
    expect([opened?.rejected, hexOf(opened?.body as Uint8Array)]).toEqual(['0540', '0200'])
  })

  test('of a session control message is told apart', () => {
    expect(envelope.isControl?.(bytes(`160103${header.slice(6)}`))).toBe(true)
    expect(envelope.isControl?.(bytes(header))).toBe(false)
  })

  test('that is cut off opens nothing', () => {
    for (const hex of ['', '16', header.slice(0, 40), `1A81${header.slice(4)}`])
      expect(envelope.open(bytes(hex))).toBeUndefined()
  })
})

test.each([
  ['SSH-2.0-OpenSSH_9.2\r\n', /^this is SSH/],
  ['HTTP/1.1 400 Bad Request\r\n', /^this is HTTP/],
  ['\u0015\u0003\u0001\u0000\u0002\u0002F', /^this is a TLS alert: try --tls/],
  ['220 mail.example ESMTP ready\r\n', /^this is text for people/],
])('%j is named as another protocol', (text, says) => {
  expect(otherProtocol(Buffer.from(text, 'latin1'))).toMatch(says)
})

test.each(['0800822000000000000004000000000000001126101500000123301', 'ISO0150000770800822'])('%s is none', (text) => {
  expect(otherProtocol(Buffer.from(text, 'latin1'))).toBeUndefined()
})
