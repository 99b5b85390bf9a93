// Host faults on the acquirer's workers and its door, exact in virtual time.

import { describe, expect, test } from 'vitest'
import { createServiceModel } from '../../src/acquirer/intake/service-model.js'
import { createRandom } from '../../src/base/random.js'
import { createVirtualClock } from '../../src/base/virtual-clock.js'
import { faultOfType } from '../../src/faults/catalogue.js'
import type { FaultSpec } from '../../src/faults/chain.js'
import { createHostConditions } from '../../src/faults/host/host-conditions.js'
import { gatedNetwork } from '../../src/faults/host/host-gate.js'
import type { Selector } from '../../src/faults/selector.js'
import { createSimulatedNetwork } from '../../src/transport/network/simulated-network.js'

function planned(type: string, attributes: unknown, selector: Selector = {}): FaultSpec {
  const fault = faultOfType(type)
  if (fault?.level !== 'host') throw new Error(`${type} is no host fault`)
  return { name: type, on: 'acquirer', type, attributes: fault.attributes.parse(attributes), selector }
}

function setUp(options: { workers: number; serviceMs?: number; queueLimit?: number }) {
  const clock = createVirtualClock()
  const host = createHostConditions({ clock, random: createRandom(1), startedAt: 0 })
  const done: [number, number][] = []
  const { serviceMs } = options
  const service = createServiceModel<number>({
    workers: options.workers,
    queueLimit: options.queueLimit ?? 1000,
    serviceMs: serviceMs === undefined ? undefined : () => serviceMs,
    clock,
    complete: (request) => done.push([request, clock.now()]),
    condition: () => host.state(),
  })
  host.onChange(() => service.changed())
  const arrive = (at: number, request: number) => clock.after(at, () => service.submit(request))
  return { clock, host, service, done, arrive }
}

describe('workers under host faults', () => {
  test('a stall stops what is under way, and it goes on where it was', () => {
    const { clock, host, done, arrive } = setUp({ workers: 1, serviceMs: 100 })
    host.add(planned('stall', { for: '2s' }, { at: 50 }))
    arrive(0, 1)
    arrive(10, 2)
    clock.run()
    expect(done).toEqual([
      [1, 2100],
      [2, 2200],
    ])
    expect(host.counts()).toEqual([{ name: 'stall', on: 'acquirer', kind: 'stall', applied: 1 }])
  })

  test('a stall holds requests that would be served at once, and lets them go together', () => {
    const { clock, host, done, arrive } = setUp({ workers: 4 })
    host.add(planned('stall', {}, { from: 10, for: 90 }))
    for (const [request, at] of [0, 20, 30, 120].entries()) arrive(at, request)
    clock.run()
    expect(done.map(([, at]) => at)).toEqual([0, 100, 100, 120])
  })

  test('a stall comes back every so often', () => {
    const { clock, host } = setUp({ workers: 1, serviceMs: 1 })
    host.add(planned('stall', { for: '2s' }, { at: 1000, every: 10_000 }))
    const stalledAt = (at: number) => {
      clock.run(at)
      return host.state().stalled === true
    }
    expect([500, 1500, 2999, 3001, 11_500, 13_500].map(stalledAt)).toEqual([false, true, true, false, true, false])
  })

  test('slow multiplies service times of what begins while it lasts', () => {
    const { clock, host, done, arrive } = setUp({ workers: 10, serviceMs: 10 })
    host.add(planned('slow', { times: 5 }, { from: 100, for: 100 }))
    arrive(0, 1)
    arrive(150, 2)
    arrive(250, 3)
    clock.run()
    expect(done).toEqual([
      [1, 10],
      [2, 200],
      [3, 260],
    ])
  })

  test('leak makes it slower with time', () => {
    const { clock, host } = setUp({ workers: 1, serviceMs: 10 })
    host.add(planned('leak', { perMinute: 2 }, { from: 0 }))
    clock.run(30_000)
    expect(host.state().slowdown).toBe(2)
    clock.run(60_000)
    expect(host.state().slowdown).toBe(3)
  })

  test('capacity takes workers away, and brings them back to a line that has grown', () => {
    const { clock, host, done, arrive } = setUp({ workers: 2, serviceMs: 100 })
    host.add(planned('capacity', { minus: 1 }, { from: 0, for: 150 }))
    for (const request of [1, 2, 3]) arrive(10, request)
    clock.run()
    expect(done).toEqual([
      [1, 110],
      [2, 210],
      [3, 250],
    ])
  })

  test('a queue limit refuses one more than may wait', () => {
    const { clock, host, service } = setUp({ workers: 1, serviceMs: 100 })
    host.add(planned('queue_limit', { limit: 1, whenFull: 'close' }))
    expect([1, 2, 3].map((request) => service.submit(request))).toEqual([true, true, false])
    expect(host.state().whenFull).toBe('close')
    host.remove('queue_limit')
    expect(service.submit(4)).toBe(true)
    clock.run()
  })

  test('a crash loses the line and what is at work', () => {
    const { clock, host, service, done, arrive } = setUp({ workers: 1, serviceMs: 100 })
    const lost: number[] = []
    host.onChange((begun) => {
      if (begun.some(({ losesLine }) => losesLine === true)) lost.push(...service.lose())
    })
    host.add(planned('crash', { restart: '1s' }, { at: 50 }))
    arrive(0, 1)
    arrive(10, 2)
    arrive(2000, 3)
    clock.run()
    expect(lost).toEqual([1, 2])
    expect(done).toEqual([[3, 2100]])
  })

  test('a fault without a time acts from the beginning of a load that is still to come', () => {
    const clock = createVirtualClock()
    const slow = planned('slow', { times: 2 })
    const host = createHostConditions({ clock, random: createRandom(1), faults: [slow] })
    host.start(100)
    clock.run(99)
    expect(host.state()).toEqual({})
    clock.run(100)
    expect(host.state()).toEqual({ slowdown: 2 })
    expect(host.counts()).toMatchObject([{ applied: 1 }])
    host.close()
  })

  test('faults at work together: times multiply, workers add up, the last code counts', () => {
    const { host } = setUp({ workers: 1 })
    host.add(planned('slow', { times: 2 }))
    host.add({ ...planned('slow', { times: 3 }), name: 'slower' })
    host.add(planned('maintenance', {}))
    host.add(planned('cut_over', {}))
    expect(host.state()).toEqual({ slowdown: 6, outage: 'answer', code: '90' })
    host.close()
    expect(host.state()).toEqual({})
  })
})

describe('the door of a host', () => {
  test('an outage refuses connects, cuts links, and gives the same port back', async () => {
    const clock = createVirtualClock()
    const host = createHostConditions({ clock, random: createRandom(1), startedAt: 0 })
    const inside = createSimulatedNetwork({ clock })
    const trouble: string[] = []
    const network = gatedNetwork({ network: inside, host, onTrouble: (line) => trouble.push(line) })
    const listener = await network.listen({ host: 'host', port: 0 }, () => ({ onData: () => {}, onClose: () => {} }))
    const closes: string[] = []
    const dial = () =>
      network.connect(
        listener.address,
        { onData: () => {}, onClose: (reason) => closes.push(reason) },
        { connectTimeoutMs: 1000 },
      )
    dial()
    clock.run(10)
    expect(inside.openLinks).toBe(2)
    host.add(planned('outage', { how: 'refuse' }))
    await Promise.resolve()
    clock.run(20)
    await Promise.resolve()
    expect(closes).toEqual(['reset'])
    dial()
    clock.run(30)
    expect(closes).toEqual(['reset', 'refused'])
    host.remove('outage')
    for (let turn = 0; turn < 10; turn++) await Promise.resolve()
    dial()
    clock.run(40)
    expect(closes).toHaveLength(2)
    expect(inside.openLinks).toBe(2)
    expect(trouble).toEqual([])
    await listener.close()
  })
})
