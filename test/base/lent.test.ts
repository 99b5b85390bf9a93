// Views that are lent can be used as long as their description says, and no longer: in every test, and in none of a user's runs.

import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { createLender, poison, poisonsViews } from '../../src/base/lent.js'
import { createVirtualClock } from '../../src/base/virtual-clock.js'
import { compile } from '../../src/codec/compile.js'
import { builtInDialect } from '../../src/codec/dialects/index.js'
import { createDeframer } from '../../src/framing/deframer.js'
import { framingNamed } from '../../src/framing/framings.js'
import { createSimulatedNetwork } from '../../src/transport/network/simulated-network.js'
import { createWire } from '../../src/transport/wire/wire.js'

const framing = framingNamed('binary2')
const codec = compile(builtInDialect('iso87-ascii'))
const wire = createWire({ codec, framing })

const bodyOf = (stan: string) => codec.pack({ mti: '0800', fields: { 11: stan } })

/** A frame with a message of this trace number. */
function frameOf(stan: string): Uint8Array {
  const body = bodyOf(stan)
  const target = new Uint8Array(wire.overheadBytes + body.length)
  const write = (bytes: Uint8Array, at: number) => {
    bytes.set(body, at)
    return at + body.length
  }
  return target.subarray(0, wire.frame(target, 0, body.length, { write }))
}

const isSpoilt = (bytes: Uint8Array) => bytes.length > 0 && bytes.every((byte) => byte === poison)

test('the tests spoil views', () => expect(poisonsViews).toBe(true))

test('an object that is lent is taken back when the next one is', () => {
  const lend = createLender<{ readonly name: string; greet(): string }>()
  const named = (name: string) => ({ name, greet: () => `I am ${name}` })
  const [first, second] = [lend(named('a')), lend(named('b'))]
  expect([second.name, second.greet()]).toEqual(['b', 'I am b'])
  expect(() => first.name).toThrow(TypeError)
})

test('a frame is valid until the next push', () => {
  const deframer = createDeframer(framing, { maxFrameBytes: 100 })
  deframer.push(Buffer.from([0, 2, 1, 2, 0, 1, 3]))
  const frames = [deframer.next(), deframer.next()] as Uint8Array[]
  expect(frames.map((frame) => [...frame])).toEqual([[1, 2], [3]])
  const next = Buffer.from([0, 1, 4])
  deframer.push(next)
  expect(frames.every(isSpoilt)).toBe(true)
  expect([...(deframer.next() as Uint8Array)]).toEqual([4])
  expect([...next], 'the bytes of whoever pushed them stay').toEqual([0, 1, 4])
})

test('a message and its bytes are valid until the next one', () => {
  const reader = wire.createReader()
  const stream = Buffer.concat([frameOf('000001'), frameOf('000002')])
  reader.push(stream)
  const first = reader.next()
  const body = first?.body as Uint8Array
  expect(first?.peek?.text(11)).toBe('000001')
  expect(reader.next()?.peek?.text(11)).toBe('000002')
  expect(isSpoilt(body)).toBe(true)
  expect(() => first?.peek).toThrow(TypeError)
})

test('located fields are valid until the next peek', () => {
  const first = codec.peek(bodyOf('000001'))
  expect(first.text(11)).toBe('000001')
  expect(codec.peekOn(bodyOf('000002')).peek.text(11)).toBe('000002')
  expect(() => first.text(11)).toThrow(TypeError)
})

test('what a link hands over is valid during the call, and what was written stays', async () => {
  const clock = createVirtualClock()
  const network = createSimulatedNetwork({ clock })
  const kept: Uint8Array[] = []
  const heard: string[] = []
  const listener = await network.listen({ host: '127.0.0.1', port: 0 }, () => ({
    onData(bytes) {
      heard.push(Buffer.from(bytes).toString())
      kept.push(bytes)
    },
    onClose: () => {},
  }))
  const written = Buffer.from('hello')
  const onOpen = () => link.write(written)
  const ignored = { onData: () => {}, onClose: () => {} }
  const link = network.connect(listener.address, { ...ignored, onOpen }, { connectTimeoutMs: 100 })
  clock.run(10)
  expect(heard).toEqual(['hello'])
  expect(kept.every(isSpoilt)).toBe(true)
  expect(written.toString()).toBe('hello')
})

test('a run of a user spoils nothing', () => {
  const { ISOCHRON_POISON_VIEWS: _, ...env } = process.env
  const lent = new URL('../../dist/base/lent.js', import.meta.url)
  const { stdout } = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', `import { poisonsViews } from '${lent}'; process.stdout.write(String(poisonsViews))`],
    { env, encoding: 'utf8' },
  )
  expect(stdout).toBe('false')
})
