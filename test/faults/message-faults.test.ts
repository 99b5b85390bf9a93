// Each message fault against a strict host that sends three answers on one connection: what arrives is what the fault
// says, byte for byte, and the neighbours of the answer that is hit are untouched.

import { describe, expect, test } from 'vitest'
import { createRandom } from '../../src/base/random.js'
import { createVirtualClock } from '../../src/base/virtual-clock.js'
import type { Message } from '../../src/codec/message.js'
import { messageFaults } from '../../src/faults/catalogue.js'
import { createFaultChain, type FaultSpec } from '../../src/faults/chain.js'
import { faultyNetwork } from '../../src/faults/engine/faulty-network.js'
import type { FaultEvent } from '../../src/faults/fault.js'
import type { Selector } from '../../src/faults/selector.js'
import type { Link } from '../../src/transport/network/link.js'
import { createSimulatedNetwork } from '../../src/transport/network/simulated-network.js'
import { spec } from './line.js'
import { address, answer, first, flipped, frame, hex, hit, joined, last, wire, without } from './three-answers.js'

interface Case {
  readonly name: string
  readonly type: string
  readonly attributes?: Record<string, unknown>
  /** The arrivals: bytes at a time in ms. The three answers are sent at 0, 10 and 20 ms. */
  readonly arrives: readonly (readonly [Uint8Array, number] | 'end' | 'reset')[]
}

const neighbours = (...between: Case['arrives']) => [[first, 0], ...between, [last, 20]] as Case['arrives']

const cases: readonly Case[] = [
  { name: 'vanishes', type: 'no_answer', arrives: neighbours() },
  {
    name: 'is late, and the next overtakes it',
    type: 'delay',
    attributes: { delay: '50ms' },
    arrives: [
      [first, 0],
      [last, 20],
      [hit, 60],
    ],
  },
  {
    name: 'comes again, and once more',
    type: 'duplicate',
    attributes: { copies: 2, gap: '100ms' },
    arrives: [
      [first, 0],
      [hit, 10],
      [last, 20],
      [hit, 110],
      [hit, 210],
    ],
  },
  {
    name: 'comes behind the next one',
    type: 'reorder',
    arrives: [
      [first, 0],
      [joined(last, hit), 20],
    ],
  },
  {
    name: 'goes alone when no other comes in time',
    type: 'reorder',
    attributes: { within: '5ms' },
    arrives: [
      [first, 0],
      [hit, 15],
      [last, 20],
    ],
  },
  {
    name: "comes after the terminal's timer",
    type: 'late_answer',
    arrives: [
      [first, 0],
      [last, 20],
      [hit, 31_010],
    ],
  },
  { name: 'has another trace number', type: 'wrong_stan', arrives: neighbours([frame(answer(3)), 10]) },
  {
    name: 'has a trace number that starts again at the end',
    type: 'wrong_stan',
    attributes: { by: 999_998 },
    arrives: neighbours([frame(answer(0)), 10]),
  },
  { name: 'has another RRN', type: 'wrong_rrn', arrives: neighbours([frame(answer(2, { '37': '000000000043' })), 10]) },
  { name: 'is another kind of message', type: 'wrong_mti', arrives: neighbours([frame(answer(2, {}, '0230')), 10]) },
  {
    name: 'is the kind asked for',
    type: 'wrong_mti',
    attributes: { mti: '0410' },
    arrives: neighbours([frame(answer(2, {}, '0410')), 10]),
  },
  {
    name: 'has another amount',
    type: 'wrong_amount',
    attributes: { by: -34 },
    arrives: neighbours([frame(answer(2, { '4': '000000001200' })), 10]),
  },
  {
    name: 'has other fields',
    type: 'change_field',
    attributes: { fields: { '37': 'X00000000001', '38': '123456' } },
    arrives: neighbours([frame(answer(2, { '37': 'X00000000001', '38': '123456' })), 10]),
  },
  {
    name: 'lacks a field',
    type: 'remove_field',
    attributes: { fields: [37] },
    arrives: neighbours([frame(without('37')), 10]),
  },
  {
    name: 'says something else',
    type: 'response_code',
    attributes: { code: '51' },
    arrives: neighbours([frame(answer(2, { '39': '51' })), 10]),
  },
  // Prefix 2, TPDU 5, header 6, MTI 2: the bit of field 38 is in the fifth byte of the bitmap.
  {
    name: 'promises a field that is not there',
    type: 'corrupt_bitmap',
    attributes: { field: 38 },
    arrives: neighbours([flipped(hit, 19, 0x04), 10]),
  },
  { name: 'ends early', type: 'truncate', attributes: { drop: 3 }, arrives: neighbours([hit.subarray(0, -3), 10]) },
  {
    name: 'ends early and its length says so',
    type: 'truncate',
    attributes: { drop: 8, length: 'fitted' },
    arrives: neighbours([joined(Uint8Array.of(0, hit.length - 10), hit.subarray(2, -8)), 10]),
  },
  {
    name: 'has a wrong length in front',
    type: 'wrong_length',
    attributes: { by: -4 },
    arrives: neighbours([joined(Uint8Array.of(0, hit.length - 6), hit.subarray(2)), 10]),
  },
  {
    name: 'has bytes in front that belong to nothing',
    type: 'garbage',
    attributes: { hex: 'DEADBEEF' },
    arrives: neighbours([joined(Uint8Array.of(0xde, 0xad, 0xbe, 0xef), hit), 10]),
  },
  {
    name: 'has a MAC that proves nothing',
    type: 'bad_mac',
    arrives: neighbours([flipped(hit, hit.length - 1, 1), 10]),
  },
  {
    name: 'comes behind one that nobody asked for',
    type: 'unsolicited',
    arrives: neighbours([joined(frame(answer(500_002)), hit), 10]),
  },
  {
    name: 'comes behind a message of the user',
    type: 'unsolicited',
    attributes: { message: { mti: '0800', fields: { '11': '000009' } } },
    arrives: neighbours([joined(frame({ mti: '0800', fields: { '11': '000009' } }), hit), 10]),
  },
  { name: 'stays where it is while there is one connection', type: 'misroute', arrives: neighbours([hit, 10]) },
  { name: 'never comes: the connection ends', type: 'close_before', arrives: [[first, 0], 'end'] },
  {
    name: 'never comes: the connection is reset',
    type: 'close_before',
    attributes: { how: 'rst' },
    arrives: [[first, 0], 'reset'],
  },
  {
    name: 'is cut in its middle',
    type: 'close_in_answer',
    attributes: { after: 20 },
    arrives: [[first, 0], [hit.subarray(0, 20), 10], 'end'],
  },
  { name: 'waits for a reversal that never comes', type: 'approve_reversed', arrives: neighbours() },
  { name: 'stays as it is where it has no verdict on totals', type: 'wrong_verdict', arrives: neighbours([hit, 10]) },
]

/** A client behind faults, and the host's link. */
async function connected(
  faults: readonly FaultSpec[],
  more: { remac?: (body: Uint8Array) => Uint8Array; onApplied?: (event: FaultEvent) => void } = {},
) {
  const clock = createVirtualClock()
  const { remac, onApplied } = more
  const chain = createFaultChain({
    clock,
    random: createRandom(5),
    faults,
    startedAt: 0,
    ...(onApplied && { onApplied }),
  })
  const plain = createSimulatedNetwork({ clock })
  const network = faultyNetwork(plain, { chain, clock, wire, remac, peerTimeoutMs: 30_000 })
  const hosts: Link[] = []
  await plain.listen(address, (link) => {
    hosts.push(link)
    return { onData: () => {}, onEnd: () => link.end(), onClose: () => {} }
  })
  const connect = () => {
    const arrived: string[] = []
    const told = (what: string) => arrived.push(`${what}@${Math.round(clock.now())}`)
    network.connect(
      address,
      {
        onData: (bytes) => told(hex(bytes)),
        onEnd: () => told('end'),
        onClose: (reason) => reason === 'reset' && told('reset'),
      },
      { connectTimeoutMs: 1000 },
    )
    clock.run(clock.now())
    return arrived
  }
  return { clock, chain, hosts, connect }
}

const second: Selector = { match: { '11': '000002' } }

describe('the second of three answers', () => {
  for (const { name, type, attributes, arrives } of cases) {
    test(`${type}: ${name}`, async () => {
      const { clock, hosts, connect } = await connected([spec(type, attributes, second)])
      const arrived = connect()
      for (const [index, bytes] of [first, hit, last].entries()) {
        clock.after(index * 10, () => hosts[0]?.write(bytes))
      }
      clock.run(60_000)
      expect(arrived.filter((line) => !/^(end|reset)/.test(line))).toEqual(
        arrives.flatMap((each) => (typeof each === 'string' ? [] : [`${hex(each[0])}@${each[1]}`])),
      )
      expect(arrived.some((line) => /^(end|reset)/.test(line))).toBe(arrives.some((each) => typeof each === 'string'))
    })
  }

  test('every message fault of the catalogue stands in this table', () => {
    expect(new Set(cases.map(({ type }) => type))).toEqual(new Set(messageFaults.map(({ type }) => type)))
  })
})

test('misroute: the answer arrives on the other connection, and is in neither twice', async () => {
  const { clock, hosts, connect } = await connected([spec('misroute', {}, second)])
  const [one, other] = [connect(), connect()]
  for (const bytes of [first, hit, last]) hosts[0]?.write(bytes)
  clock.run(1000)
  expect(one.map((line) => line.split('@')[0])).toEqual([hex(first), hex(last)])
  expect(other.map((line) => line.split('@')[0])).toEqual([hex(hit)])
})

describe('a changed message and its MAC', () => {
  const remac = (body: Uint8Array) => {
    const signed = Uint8Array.from(body)
    signed.fill(0xaa, signed.length - 8)
    return signed
  }
  const changed = (mac: string) => hex(frame(answer(2, { '39': '51', '64': mac })))
  for (const [name, fault, expected] of [
    [
      'is signed anew where the keys are at hand',
      spec('response_code', { code: '51' }, second),
      changed('AA'.repeat(8)),
    ],
    [
      'keeps its MAC with remac: false',
      { ...spec('response_code', { code: '51' }, second), remac: false },
      changed('0102030405060708'),
    ],
  ] as const) {
    test(name, async () => {
      const { clock, hosts, connect } = await connected([fault], { remac })
      const arrived = connect()
      hosts[0]?.write(hit)
      clock.run(100)
      expect(arrived[0]?.split('@')[0]).toBe(expected)
    })
  }
})

test('an application is counted and told, with the message as it was, masked', async () => {
  const events: { fault: string; message: Message | undefined }[] = []
  const onApplied = (event: FaultEvent) => events.push({ fault: event.fault, message: event.masked() })
  const { clock, chain, hosts, connect } = await connected([spec('response_code', { code: '51' }, second, 'decline')], {
    onApplied,
  })
  connect()
  for (const bytes of [first, hit, last]) hosts[0]?.write(bytes)
  clock.run(100)
  expect(chain.counts()).toEqual([{ name: 'decline', on: 'network', kind: 'response_code', applied: 1 }])
  expect(events[0]?.fault).toBe('decline')
  expect(events[0]?.message?.fields['2']).toBe('622588******0008')
  expect(events[0]?.message?.fields['39']).toBe('00')
})

describe('however the bytes arrive', () => {
  const stream = joined(first, hit, last)
  for (const size of [1, 5, 64, stream.length]) {
    test(`in pieces of ${size}, the same messages come out`, async () => {
      const { clock, hosts, connect } = await connected([spec('no_answer', {}, second)])
      const arrived = connect()
      for (let at = 0; at < stream.length; at += size) hosts[0]?.write(stream.subarray(at, at + size))
      clock.run(100)
      expect(arrived.map((line) => line.split('@')[0]).join('')).toBe(hex(joined(first, last)))
    })
  }

  test('bytes that are no frames pass as they came', async () => {
    const { clock, hosts, connect } = await connected([spec('no_answer', {}, second)])
    const arrived = connect()
    const garbage = joined(first, Uint8Array.of(0, 3, 1, 2, 3), hit)
    hosts[0]?.write(garbage)
    clock.run(100)
    expect(arrived.map((line) => line.split('@')[0]).join('')).toBe(hex(joined(first, Uint8Array.of(0, 3, 1, 2, 3))))
  })

  test('the beginning of a frame that never ends passes when the sender ends', async () => {
    const { clock, hosts, connect } = await connected([spec('no_answer', {}, second)])
    const arrived = connect()
    hosts[0]?.write(hit.subarray(0, 30))
    hosts[0]?.end()
    clock.run(100)
    expect(arrived.map((line) => line.split('@')[0])).toEqual([hex(hit.subarray(0, 30)), 'end'])
  })

  test('a fault that is added inside a frame begins with the next one', async () => {
    const { clock, chain, hosts, connect } = await connected([])
    const arrived = connect()
    hosts[0]?.write(hit.subarray(0, 30))
    clock.run(10)
    chain.add(spec('no_answer'))
    hosts[0]?.write(joined(hit.subarray(30), last))
    clock.run(100)
    expect(arrived.map((line) => line.split('@')[0]).join('')).toBe(hex(hit))
  })

  test('a late answer goes at once when its fault is taken away', async () => {
    const { clock, chain, hosts, connect } = await connected([spec('delay', { delay: '10s' }, second)])
    const arrived = connect()
    hosts[0]?.write(hit)
    clock.run(50)
    chain.remove('delay')
    clock.run(100)
    expect(arrived).toEqual([`${hex(hit)}@50`])
  })
})

describe('which messages', () => {
  const many = Array.from({ length: 10 }, (_, index) => frame(answer(index + 1)))
  const stansOf = (arrived: readonly string[]) =>
    [...arrived.join('').matchAll(/000000000000001234(\d{6})/g)].map((match) => Number(match[1]))
  const selectors: readonly [string, Selector, readonly number[]][] = [
    ['first: the first two', { first: 2 }, [3, 4, 5, 6, 7, 8, 9, 10]],
    ['nth: the third', { nth: 3 }, [1, 2, 4, 5, 6, 7, 8, 9, 10]],
    ['nth: a list', { nth: [1, 10] }, [2, 3, 4, 5, 6, 7, 8, 9]],
    ['from, for: those of a window', { from: 15, for: 30 }, [1, 2, 6, 7, 8, 9, 10]],
    ['every: those of windows', { from: 0, for: 10, every: 40 }, [2, 3, 4, 6, 7, 8, 10]],
    ['at: the next one', { at: 25 }, [1, 2, 3, 5, 6, 7, 8, 9, 10]],
    ['at, every: one each time', { at: 5, every: 40 }, [1, 3, 4, 5, 7, 8, 9]],
    ['match: a range', { match: { '11': '000003..000008' } }, [1, 2, 9, 10]],
    ['match: a list and a prefix', { match: { mti: '02*', '11': ['000001', '00001*'] } }, [2, 3, 4, 5, 6, 7, 8, 9]],
    ['match: another terminal', { match: { terminal: '00000002' } }, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
    ['direction: requests only', { direction: 'request' }, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
  ]
  for (const [name, selector, left] of selectors) {
    test(name, async () => {
      const { clock, hosts, connect } = await connected([spec('no_answer', {}, selector)])
      const arrived = connect()
      for (const [index, bytes] of many.entries()) clock.after(index * 10, () => hosts[0]?.write(bytes))
      clock.run(1000)
      expect(stansOf(arrived)).toEqual(left)
    })
  }

  test('before the load has begun no message is hit', async () => {
    const clock = createVirtualClock()
    const chain = createFaultChain({ clock, random: createRandom(1), faults: [spec('no_answer')] })
    expect(chain.entries[0]?.isDue(clock.now())).toBe(false)
    chain.start(100)
    clock.run(100)
    expect(chain.entries[0]?.isDue(clock.now())).toBe(true)
  })
})
