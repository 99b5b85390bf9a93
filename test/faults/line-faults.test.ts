// Each line fault on a connection in virtual time: exactly what arrives, exactly when.

import { describe, expect, test } from 'vitest'
import type { FaultSpec } from '../../src/faults/chain.js'
import { bytes, openLine, spec } from './line.js'

interface Case {
  readonly name: string
  readonly fault: FaultSpec
  /** Time and text; `end` and `reset` are calls. */
  readonly sends?: readonly (readonly [number, string])[]
  readonly answers?: readonly (readonly [number, string])[]
  readonly host?: readonly string[]
  readonly client?: readonly string[]
}

const request = { direction: 'request' } as const
const answer = { direction: 'answer' } as const

const cases: readonly Case[] = [
  {
    name: 'latency delays every chunk, the connect and the end',
    fault: spec('latency', { latency: '50ms' }, request),
    sends: [
      [100, 'a'],
      [110, 'b'],
      [120, 'end'],
    ],
    host: ['a@150', 'b@160', 'end@170', 'closed ended@170'],
    client: ['open@50', 'end@170', 'closed local@170'],
  },
  {
    name: 'latency of the answers leaves requests alone',
    fault: spec('latency', { latency: '50ms' }, answer),
    sends: [[100, 'a']],
    answers: [[100, 'b']],
    host: ['a@100'],
    client: ['open@50', 'b@150'],
  },
  {
    name: 'bandwidth lets 1 byte a millisecond pass, in pieces of 100 ms',
    fault: spec('bandwidth', { rate: '1KB/s' }, request),
    sends: [
      [0, 'x'.repeat(150)],
      [10, 'yy'],
    ],
    host: [`${'x'.repeat(100)}@100`, `${'x'.repeat(50)}@150`, 'yy@152'],
  },
  {
    name: 'idle_drop swallows what comes after a pause, and all behind it',
    fault: spec('idle_drop', { after: '1s' }, request),
    sends: [
      [100, 'a'],
      [900, 'b'],
      [1950, 'c'],
      [1960, 'd'],
    ],
    host: ['a@100', 'b@900'],
  },
  {
    name: 'slow_close delays the end and nothing else',
    fault: spec('slow_close', { delay: '1s' }, request),
    sends: [
      [5, 'a'],
      [6, 'end'],
    ],
    host: ['a@5', 'end@1006', 'closed ended@1006'],
  },
  {
    name: 'timeout swallows, then closes',
    fault: spec('timeout', { timeout: '500ms' }, request),
    sends: [[100, 'a']],
    host: ['end@500', 'closed ended@500'],
    client: ['open@0', 'end@500', 'closed ended@500'],
  },
  {
    name: 'reset_peer resets after the first data',
    fault: spec('reset_peer', { timeout: '20ms' }, request),
    sends: [
      [100, 'a'],
      [110, 'b'],
    ],
    host: ['closed reset@120'],
    client: ['open@0', 'closed reset@120'],
  },
  {
    name: 'reset_peer that is taken away in time has taken nothing',
    fault: spec('reset_peer', { timeout: '20ms' }, { ...request, from: 1, for: 100 }),
    sends: [
      [90, 'a'],
      [110, 'b'],
    ],
    host: ['a@101', 'b@110'],
  },
  {
    name: 'slicer cuts into pieces, apart by the delay',
    fault: spec('slicer', { average_size: 2, delay: '10ms' }, request),
    sends: [[0, 'abcdefgh']],
    host: ['ab@0', 'cd@10', 'ef@20', 'gh@30'],
  },
  {
    name: 'limit_data lets so many bytes pass, then closes',
    fault: spec('limit_data', { bytes: 5 }, request),
    sends: [
      [1, 'abc'],
      [2, 'defgh'],
    ],
    host: ['abc@1', 'de@2', 'end@2', 'closed ended@2'],
    client: ['open@0', 'end@2', 'closed ended@2'],
  },
  {
    name: 'packet_loss of 100 % drops everything and tells nobody',
    fault: spec('packet_loss', { loss_rate: '100%' }, request),
    sends: [[1, 'a']],
    host: [],
  },
  {
    name: 'loss of 100 % stalls for 2^8-1 timeouts, and a SYN for 2^6-1 seconds',
    fault: spec('loss', { rate: '100%', rtt: '300ms' }, { ...request, from: 1, for: 100 }),
    sends: [
      [10, 'a'],
      [2000, 'b'],
    ],
    // 600 ms · (2^8 - 1) would be 153 s, but the window ends after 100 ms: TCP gets through.
    host: ['a@101', 'b@2000'],
  },
  {
    name: 'corrupt flips bits',
    fault: spec('corrupt', { bits: 1 }, request),
    sends: [[0, '\0']],
  },
  {
    name: 'half_open is silent both ways and never closes',
    fault: spec('half_open', {}, { from: 10 }),
    sends: [
      [5, 'a'],
      [20, 'b'],
    ],
    answers: [
      [6, 'c'],
      [21, 'd'],
      [30, 'end'],
    ],
    host: ['a@5'],
    client: ['open@0', 'c@6'],
  },
  {
    name: 'blackhole holds what comes after so many bytes',
    fault: spec('blackhole', { bytes: 2 }, { ...request, from: 0, for: 1000 }),
    sends: [[10, 'abcd']],
    host: ['ab@10', 'cd@1000'],
  },
  {
    name: 'merge lets what was sent within a time arrive together',
    fault: spec('merge', { within: '50ms' }, request),
    sends: [
      [0, 'a'],
      [20, 'b'],
      [60, 'c'],
    ],
    host: ['ab@50', 'c@110'],
  },
  {
    name: 'down closes what is open',
    fault: spec('down', {}, { from: 100, for: 50 }),
    sends: [[50, 'a']],
    host: ['a@50', 'end@100', 'closed ended@100'],
    client: ['open@0', 'end@100', 'closed ended@100'],
  },
  {
    name: 'flap resets when the line goes down',
    fault: spec('flap', { up: '200ms', down: '50ms' }),
    sends: [[199, 'a']],
    host: ['a@199', 'closed reset@200'],
    client: ['open@0', 'closed reset@200'],
  },
  {
    name: 'attach delays the connection once',
    fault: spec('attach', { time: '2s' }),
    client: ['open@2000'],
  },
  {
    name: 'an instant takes the connections that are open then',
    fault: spec('reset_peer', {}, { at: 100 }),
    sends: [
      [50, 'a'],
      [150, 'b'],
    ],
    host: ['a@50', 'closed reset@150'],
  },
]

describe('line faults', () => {
  for (const { name, fault, sends = [], answers = [], host, client } of cases) {
    test(name, async () => {
      const line = await openLine([fault])
      const side = line.connect()
      for (const [time, text] of sends) line.clock.after(time, () => say(side.link, text))
      for (const [time, text] of answers) line.clock.after(time, () => say(line.host.link, text))
      line.clock.run(10_000)
      if (host !== undefined) expect(line.host.heard.slice(0, host.length + 1)).toEqual(host)
      if (client !== undefined) expect(side.heard.slice(0, client.length + 1)).toEqual(client)
    })
  }
})

function say(link: { write(chunk: Uint8Array): boolean; end(): void }, text: string): void {
  if (text === 'end') link.end()
  else link.write(bytes(text))
}

describe('attempts to connect', () => {
  const attempts = [
    { name: 'refuse refuses', fault: spec('refuse', { after: '20ms' }), heard: ['closed refused@20'] },
    { name: 'down refuses', fault: spec('down'), heard: ['closed refused@0'] },
    {
      name: 'flap refuses while it is down',
      fault: spec('flap', { up: '1ms', down: '10s' }),
      at: 5,
      heard: ['closed refused@5'],
    },
    {
      name: 'six lost SYNs are longer than the timeout of 30 s',
      fault: spec('loss', { rate: '100%' }, request),
      heard: ['closed connectTimeout@30000'],
    },
    {
      name: 'a latency longer than the timeout is no connection',
      fault: spec('latency', { latency: '31s' }, request),
      heard: ['closed connectTimeout@30000'],
    },
  ]
  for (const { name, fault, at = 0, heard } of attempts) {
    test(name, async () => {
      const line = await openLine([fault])
      line.clock.run(at)
      const side = line.connect()
      line.clock.run(100_000)
      expect(side.heard).toEqual(heard)
    })
  }
})

test('a lost segment costs 200 ms, two in a row 600 ms', async () => {
  const seen = new Set<number>()
  for (let seed = 0; seed < 60; seed++) {
    const line = await openLine([spec('loss', { rate: '40%' }, { ...request, from: 1 })], { seed })
    const side = line.connect()
    line.clock.after(10, () => side.link.write(bytes('a')))
    line.clock.run(60_000)
    seen.add(Number(line.host.heard[0]?.split('@')[1]) - 10)
  }
  expect([...seen].sort((a, b) => a - b).slice(0, 4)).toEqual([0, 200, 600, 1400])
})

test('corrupt flips exactly as many bits as it says', async () => {
  const line = await openLine([spec('corrupt', { bits: 1 }, request)])
  const side = line.connect()
  line.clock.after(1, () => side.link.write(new Uint8Array(8)))
  line.clock.run(100)
  const [heard = ''] = line.host.heard
  const flipped = [...Buffer.from(heard.split('@')[0] as string, 'latin1')].map((byte) => byte.toString(2)).join('')
  expect(flipped.replaceAll('0', '')).toBe('1')
})
