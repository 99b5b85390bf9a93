// Probing a host over the simulated network: what is sent, how often, and when it stops.

import { describe, expect, test } from 'vitest'
import { compile } from '../../../src/codec/compile.js'
import type { Dialect } from '../../../src/codec/dialect.js'
import { cupPos } from '../../../src/codec/dialects/cup-pos.js'
import { builtInDialects } from '../../../src/codec/dialects/index.js'
import { iso87Ascii } from '../../../src/codec/dialects/iso87-ascii.js'
import { iso87Binary } from '../../../src/codec/dialects/iso87-binary.js'
import { answerMti } from '../../../src/codec/head/mti.js'
import { framingNamed } from '../../../src/framing/framings.js'
import { mostProbes, nextProbe, probeHost } from '../../../src/run/watch/probe-host.js'
import { virtualWorld } from '../../../src/run/world.js'
import type { Link, LinkHandlers } from '../../../src/transport/network/link.js'
import { createWire } from '../../../src/transport/wire/wire.js'

const target = { host: '127.0.0.1', port: 8583 }

type Host = (link: Link, seen: Buffer[]) => LinkHandlers

/** Collects what arrives, a buffer for each connection, and answers as `reply` says. */
const host =
  (reply: (link: Link, bytes: Uint8Array) => void): Host =>
  (link, seen) => {
    const index = seen.push(Buffer.alloc(0)) - 1
    return {
      onData(bytes) {
        seen[index] = Buffer.concat([seen[index] as Buffer, bytes])
        reply(link, bytes)
      },
      onClose() {},
    }
  }

/** A host that speaks one dialect on one framing, and waits for more when it cannot read. */
function speaking(dialect: Dialect, framing: string): Host {
  const codec = compile(dialect)
  const wire = createWire({ codec, framing: framingNamed(framing) })
  return (link, seen) => {
    const reader = wire.createReader()
    return host((_, bytes) => {
      try {
        reader.push(bytes)
        const message = reader.next()
        if (message?.peek === undefined) return
        const body = codec.pack({ ...codec.unpack(message.body), mti: answerMti(message.peek.mti) })
        const frame = new Uint8Array(wire.overheadBytes + body.length)
        const write = (target: Uint8Array, at: number) => {
          target.set(body, at)
          return at + body.length
        }
        link.write(frame.subarray(0, wire.frame(frame, 0, body.length, { write }, wire.answerFront(message))))
      } catch {
        link.reset()
      }
    })(link, seen)
  }
}

async function probe(answering: Host, dialects: readonly Dialect[] = builtInDialects) {
  const world = virtualWorld(Date.UTC(2026, 2, 14))
  const seen: Buffer[] = []
  await world.network.listen(target, (link) => answering(link, seen))
  const { clock, network } = world
  const probes = await world.until(probeHost({ target, dialects, timeoutMs: 500, network, clock }))
  return { probes, seen }
}

describe('a probe', () => {
  const cases = [
    { dialect: cupPos, framing: 'binary2' },
    { dialect: iso87Ascii, framing: 'binary2' },
    { dialect: iso87Binary, framing: 'binary2' },
  ]
  for (const { dialect, framing } of cases) {
    test(`finds ${dialect.name} with framing ${framing}, and stops there`, async () => {
      const { probes, seen } = await probe(speaking(dialect, framing))
      expect(probes.at(-1)).toMatchObject({ dialect: { name: dialect.name }, framing, outcome: 'understood' })
      expect(probes.slice(0, -1).every(({ received }) => received.length === 0)).toBe(true)
      expect(seen.length).toBe(probes.length)
    })
  }

  test('of one dialect tries other framings', async () => {
    const { probes } = await probe(speaking(iso87Ascii, 'ascii4'), [iso87Ascii])
    expect(probes.at(-1)).toMatchObject({ framing: 'ascii4', outcome: 'understood' })
  })

  test.each([
    { dialect: iso87Ascii, framing: 'ascii4' },
    { dialect: cupPos, framing: 'ascii4' },
    { dialect: iso87Binary, framing: 'ascii4' },
  ])(
    'finds $dialect.name with framing $framing, at the last of the probes that are allowed',
    async ({ dialect, framing }) => {
      const closing = await probe(speaking(dialect, framing))
      expect(closing.probes.at(-1)).toMatchObject({ dialect: { name: dialect.name }, framing, outcome: 'understood' })
      expect(closing.probes.length).toBeLessThanOrEqual(mostProbes)
    },
  )

  test('learns from a close that the framing is wrong', () => {
    const first = nextProbe(builtInDialects, [])
    if (first === undefined) throw new Error('nothing to try')
    expect(first.framing).toBe('binary2')
    expect(nextProbe(builtInDialects, [{ ...first, outcome: 'silent' }])?.framing).toBe('binary2')
    expect(nextProbe(builtInDialects, [{ ...first, outcome: 'closed' }])?.framing).toBe('ascii4')
  })

  test('sends one echo message on each of at most eight connections to a silent host', async () => {
    const { probes, seen } = await probe(host(() => {}))
    expect(probes.length).toBe(mostProbes)
    expect(probes.every(({ outcome }) => outcome === 'silent')).toBe(true)
    for (const [index, { dialect, framing }] of probes.entries()) {
      const wire = createWire({ codec: compile(dialect), framing: framingNamed(framing) })
      const reader = wire.createReader()
      reader.push(seen[index] as Buffer)
      const peek = reader.next()?.peek
      expect(peek?.mti[1]).toBe('8')
      expect([2, 14, 34, 35, 36, 45, 48, 52, 55, 62].filter((field) => peek?.has(field))).toEqual([])
      expect(reader.next()).toBeUndefined()
    }
  })

  test('stops at the first bytes, whatever they are', async () => {
    const { probes } = await probe(host((link) => void link.write(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'))))
    expect(probes.length).toBe(1)
    expect(probes[0]).toMatchObject({ outcome: 'answered' })
    expect(Buffer.from(probes[0]?.received ?? []).toString()).toMatch(/^HTTP/)
  })

  test('goes on when the host closes', async () => {
    const { probes } = await probe(
      host((link) => link.end()),
      [cupPos],
    )
    expect(probes.map(({ outcome }) => outcome)).toEqual(Array.from({ length: probes.length }, () => 'closed'))
    expect(probes.length).toBeGreaterThan(1)
  })

  test('of a dialect whose echo carries card data is refused', async () => {
    const echo = { mti: '0800', fields: { '2': '{card.pan}', '70': '301' } }
    const bad = { ...iso87Ascii, messages: { ...iso87Ascii.messages, echo } }
    await expect(
      probe(
        host(() => {}),
        [bad],
      ),
    ).rejects.toThrow(/carries field 2: only a network management message/)
  })

  test('of a dialect whose echo moves money is refused', async () => {
    const bad = {
      ...iso87Ascii,
      messages: { ...iso87Ascii.messages, echo: { mti: '0200', fields: { '4': '000000000001' } } },
    }
    await expect(
      probe(
        host(() => {}),
        [bad],
      ),
    ).rejects.toThrow(/has type 0200/)
  })

  test('of a host that cannot be reached fails at once', async () => {
    const { clock, network, until } = virtualWorld(0)
    const probing = probeHost({
      target: { host: '127.0.0.1', port: 1 },
      dialects: [cupPos],
      timeoutMs: 500,
      network,
      clock,
    })
    await expect(until(probing)).rejects.toThrow(/^127.0.0.1:1: /)
  })
})
