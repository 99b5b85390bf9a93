// Faults that come and go while connections are busy: nothing hangs, nothing is lost that should not be, order is kept.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRandom } from '../../src/base/random.js'
import { createVirtualClock } from '../../src/base/virtual-clock.js'
import { createFaultChain, type FaultSpec } from '../../src/faults/chain.js'
import { faultyNetwork } from '../../src/faults/engine/faulty-network.js'
import { maxHeldBytes } from '../../src/faults/engine/pipe.js'
import type { Link } from '../../src/transport/network/link.js'
import { createSimulatedNetwork } from '../../src/transport/network/simulated-network.js'
import { bytes, openLine, spec } from './line.js'

/** Faults that delay and cut and lose nothing. */
const harmless: readonly FaultSpec[] = [
  spec('latency', { latency: '40ms', jitter: '30ms' }),
  spec('bandwidth', { rate: '20KB/s' }),
  spec('slicer', { average_size: 7, size_variation: 3, delay: '1ms' }),
  spec('merge', { within: '25ms' }),
  spec('loss', { rate: '10%' }),
  spec('slow_close', { delay: '100ms' }),
  spec('blackhole', { bytes: 100 }),
]

test('whatever harmless faults come and go, every byte arrives once and in order, and the end behind them', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(harmless.length - 1), fc.integer({ min: 1, max: 200 })), { maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 20 }),
      async (switches, sizes) => {
        const line = await openLine([])
        const side = line.connect()
        line.clock.run(0)
        let sent = ''
        for (const [index, size] of sizes.entries()) {
          line.clock.after(index * 10, () => {
            const text = String.fromCharCode(97 + (index % 26)).repeat(size)
            sent += text
            side.link.write(bytes(text))
          })
        }
        line.clock.after(sizes.length * 10, () => side.link.end())
        let at = 0
        for (const [index, gap] of switches) {
          at += gap
          const fault = harmless[index] as FaultSpec
          line.clock.after(at, () => line.chain.remove(fault.name) || line.chain.add(fault))
        }
        line.clock.after(5000, () => line.chain.clear())
        line.clock.run(20_000)
        const heard = line.host.heard.map((entry) => entry.slice(0, entry.lastIndexOf('@')))
        expect(heard.slice(0, -2).join('')).toBe(sent)
        expect(heard.slice(-2)).toEqual(['end', 'closed ended'])
        expect(side.heard.at(-1)).toMatch(/^closed/)
      },
    ),
    { numRuns: 60 },
  ))

describe('a thousand busy connections', () => {
  test('latency is added, changed and removed: every byte comes back', async () => {
    const clock = createVirtualClock()
    const chain = createFaultChain({ clock, random: createRandom(3), startedAt: 0 })
    const plain = createSimulatedNetwork({ clock })
    const network = faultyNetwork(plain, { chain, clock })
    const listener = await plain.listen({ host: 'host', port: 0 }, (link) => ({
      onData: (chunk) => link.write(Uint8Array.from(chunk)),
      onEnd: () => link.end(),
      onClose: () => {},
    }))
    let echoed = 0
    let closed = 0
    const links: Link[] = Array.from({ length: 1000 }, () =>
      network.connect(
        listener.address,
        { onData: (chunk) => (echoed += chunk.length), onClose: () => closed++ },
        { connectTimeoutMs: 1000 },
      ),
    )
    clock.run(1)
    for (let round = 0; round < 10; round++) {
      clock.after(round * 20, () => {
        for (const link of links) link.write(bytes('0123456789'))
      })
    }
    clock.after(30, () => chain.add(spec('latency', { latency: '500ms' })))
    clock.after(70, () => chain.update('latency', { attributes: { latency: 900, jitter: 0, distribution: 'uniform' } }))
    clock.after(150, () => chain.remove('latency'))
    clock.run(250)
    expect(echoed).toBe(1000 * 100)
    for (const link of links) link.end()
    clock.run(2000)
    expect(closed).toBe(1000)
    expect(chain.members).toBe(0)
  })
})

test('taking away timeout closes, because what it swallowed is gone', async () => {
  const line = await openLine([spec('timeout', { timeout: '0s' })])
  const side = line.connect()
  line.clock.after(10, () => side.link.write(bytes('a')))
  line.clock.after(20, () => line.chain.remove('timeout'))
  line.clock.run(100)
  expect(side.heard).toEqual(['open@0', 'end@20', 'closed ended@20'])
})

test('changing a timeout restarts it and closes nothing', async () => {
  const line = await openLine([spec('timeout', { timeout: '100ms' })])
  const side = line.connect()
  line.clock.after(50, () => line.chain.update('timeout', { attributes: { timeout: 200 } }))
  line.clock.run(1000)
  expect(side.heard).toEqual(['open@0', 'end@250', 'closed ended@250'])
})

test('a half-open connection is reset when the far side is back', async () => {
  const line = await openLine([spec('half_open', {}, { from: 10, for: 90 })])
  const side = line.connect()
  line.clock.after(20, () => line.host.link.reset())
  line.clock.run(1000)
  expect(side.heard).toEqual(['open@0', 'closed reset@100'])
})

test('an owner that ends a half-open connection is not left waiting', async () => {
  const line = await openLine([spec('half_open', {}, { from: 10 })])
  const side = line.connect()
  line.clock.after(20, () => line.host.link.reset())
  line.clock.after(50, () => side.link.end())
  line.clock.run(1000)
  expect(side.heard).toEqual(['open@0', 'closed local@50'])
})

test('share: the dice are thrown once for a connection', async () => {
  const line = await openLine([spec('half_open', {}, { share: 0.3 })])
  const sides = Array.from({ length: 200 }, () => line.connect())
  line.clock.run(1)
  for (const side of sides) side.link.write(bytes('ping'))
  line.clock.run(2)
  const [count] = line.chain.counts()
  expect(count?.applied).toBeGreaterThan(40)
  expect(count?.applied).toBeLessThan(140)
})

test('what a fault holds is bounded: the writer has to wait, and hears when it may go on', async () => {
  const line = await openLine([spec('blackhole')])
  const side = line.connect()
  line.clock.run(1)
  const chunk = new Uint8Array(65_536)
  let written = 0
  while (side.link.write(chunk) && written < 10 * maxHeldBytes) written += chunk.length
  expect(written).toBeLessThanOrEqual(maxHeldBytes)
  line.chain.clear()
  line.clock.run(10)
  expect(line.host.heard.length).toBeGreaterThan(0)
})

test('a second fault of the same name is refused', async () => {
  const line = await openLine([spec('latency')])
  expect(() => line.chain.add(spec('latency'))).toThrow("a fault named 'latency' is there already")
  expect(line.chain.remove('other')).toBe(false)
})
