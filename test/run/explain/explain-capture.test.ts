// Someone else's traffic: what is read out of a capture, and which cause it is given.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UsageError } from '../../../src/base/errors.js'
import { createZone } from '../../../src/base/zone.js'
import { cupPos } from '../../../src/codec/dialects/cup-pos.js'
import { type ExplainOptions, explainCapture } from '../../../src/run/explain/explain-capture.js'
import { type Line, startedAt, Traffic } from './traffic.js'

const usual: ExplainOptions = {
  // Guessing is tested once; it takes most of the time.
  ...{ dialect: cupPos, framing: 'binary2' },
  ...{ timelyMs: 3000, timeoutMs: 30_000, zone: createZone('Asia/Shanghai') },
}
const explain = (traffic: Traffic, options: Partial<ExplainOptions> = {}) =>
  explainCapture(traffic.file(), 'shop.pcap', { ...usual, ...options })

/** Twelve terminals with a connection each, a sale and an echo in turn for a minute; `ms` says how long each takes. */
function shops(ms: (kind: 'sale' | 'echo', at: number) => number | undefined, rttMs = 1): Traffic {
  const traffic = new Traffic()
  let stan = 0
  for (let terminal = 0; terminal < 12; terminal++) {
    const line = traffic.connect(terminal * 10, rttMs)
    for (let at = 1000 + terminal * 400; at < 60_000; at += 5000) {
      line.echo(at, ms('echo', at))
      // The next begins when the last is over: one at a time, as terminals do.
      line.sale(at + 2500, ++stan, { ms: ms('sale', at + 2500), terminal: String(terminal + 1).padStart(8, '0') })
    }
  }
  return traffic
}

/** A connection that is opened now and then and closed again, so that connecting is seen all the time. */
function freshConnects(traffic: Traffic, rttMs: (at: number) => number): Traffic {
  for (let at = 500; at < 60_000; at += 2000) traffic.connect(at, rttMs(at)).close(at + rttMs(at) + 1)
  return traffic
}

describe('a healthy capture', () => {
  test('has no cause, and every transaction in it', () => {
    const found = explain(
      shops((kind) => (kind === 'echo' ? 2 : 40)),
      { dialect: undefined, framing: undefined },
    )
    expect(found).toMatchObject({ dialect: 'cup-pos', target: '10.0.0.1:8583', connections: 12, echoes: 142 })
    expect(found).toMatchObject({ transactions: 142, timely: 142, causes: [], lines: [], notes: [] })
  })

  test('gives the times of a sale that was a little late, masked', () => {
    const traffic = new Traffic()
    const line = traffic.connect(undefined)
    line.sale(1000, 1, { ms: 40 })
    line.sale(5000, 2, { ms: 3500.25 })
    const [late] = explain(traffic).lines
    expect(late).toMatchObject({
      stan: '000002',
      rrn: '000000000002',
      batch: '000001',
      amount: '12.34 CNY',
      type: 'sale',
    })
    expect(late).toMatchObject({ outcome: 'approved', code: '00', responseMs: 3500.25, timelyResponse: false })
    expect(late?.steps.map(({ step }) => step)).toEqual(['written', 'answered'])
    expect(Date.parse(late?.steps[0]?.utc ?? '')).toBe(startedAt + 5000)
    expect(late?.steps[0]?.local).toBe('2026-01-05T09:00:05.000+08:00')
    expect(JSON.stringify(late)).not.toContain('6200000000000005')
  })

  test('says when the host had the request, by its TCP, where the answer came later', () => {
    const traffic = new Traffic()
    const line = traffic.connect(0)
    line.sale(5000, 1, { ms: undefined })
    line.acknowledge(5000.5)
    line.echo(16_000, 2)
    const [late] = explain(traffic, { timeoutMs: 10_000 }).lines
    expect(late?.steps.map(({ step, afterMs }) => [step, Math.round(afterMs * 10) / 10])).toEqual([
      ['written', 0],
      ['delivered', 0.5],
      ['gaveUp', 10_000],
    ])
  })
})

describe('the cause is', () => {
  const named = (traffic: Traffic) => explain(traffic).causes[0]?.cause

  test('the host that is slow, where echoes are quick', () => {
    const found = explain(
      freshConnects(
        shops((kind, at) => (kind === 'echo' ? 2 : at > 20_000 ? 4200 : 40)),
        () => 1,
      ),
    )
    expect(found.causes[0]?.cause).toBe('host-slow')
    expect(found.causes[0]?.count).toBe(found.lines.length)
    expect(found.lines[0]?.cause?.cause).toBe('host-slow')
  })

  test('the network that is slow, where echoes and connects are slow too', () => {
    expect(
      named(
        freshConnects(
          shops((kind) => (kind === 'echo' ? 3400 : 3500), 1700),
          () => 1700,
        ),
      ),
    ).toBe('network-slow')
  })

  test('the host that says that it is down', () => {
    const traffic = freshConnects(
      shops((kind) => (kind === 'echo' ? 2 : 40)),
      () => 1,
    )
    const line = traffic.connect(5)
    for (let index = 0; index < 40; index++)
      line.sale(20_000 + 100 * index, 900 + index, { ms: 30, code: '91', terminal: String(index + 1).padStart(8, '0') })
    expect(named(traffic)).toBe('host-down')
  })

  test('the host that refuses connections', () => {
    const traffic = shops((kind, at) => (at > 20_000 && at < 40_000 ? undefined : kind === 'echo' ? 2 : 40))
    for (let at = 20_500; at < 40_000; at += 250) traffic.tryToConnect(at, 1)
    expect(named(traffic)).toBe('host-down')
  })

  test('the network that breaks connections', () => {
    const traffic = freshConnects(
      shops((kind) => (kind === 'echo' ? 2 : 40)),
      (at) => (at % 6000 < 2000 ? 1000 : 1),
    )
    for (let at = 3000; at < 55_000; at += 1300) {
      const line: Line = traffic.connect(at)
      line.sale(at + 10, 500 + at / 100, { ms: 30, terminal: '00000077' })
      line.sale(at + 500, 501 + at / 100, { terminal: '00000077' })
      line.reset(at + 1200)
    }
    expect(named(traffic)).toBe('network-unstable')
  })
})

describe('what has no answer', () => {
  const lastOf = (given: (line: Line, traffic: Traffic) => void, options: Partial<ExplainOptions> = {}) => {
    const traffic = new Traffic()
    const line = traffic.connect(undefined)
    line.sale(0, 1, { ms: 40 })
    given(line, traffic)
    line.echo(60_000, 2)
    return explain(traffic, options).lines.at(-1)
  }

  test('has timed out when the terminals wait no longer', () => {
    expect(lastOf((line) => line.sale(1000, 2, {}))).toMatchObject({ outcome: 'timedOut', responseMs: 30_000 })
    expect(lastOf((line) => line.sale(1000, 2, {}), { timeoutMs: 8000 })).toMatchObject({ responseMs: 8000 })
  })

  test('has failed when the host ended the connection', () => {
    const traffic = new Traffic()
    const line = traffic.connect(undefined)
    line.sale(0, 1, { ms: 40 })
    line.sale(1000, 2, {})
    line.reset(1500)
    traffic.connect(20_000).echo(20_100, 2)
    expect(explain(traffic).lines).toMatchObject([{ outcome: 'failed', reason: 'ECONNRESET', responseMs: null }])
  })

  test('is nobody’s fault when the capture ends at once', () => {
    const traffic = new Traffic()
    const line = traffic.connect(undefined)
    line.sale(0, 1, { ms: 40 })
    line.sale(1000, 2, {})
    line.echo(2000, 2)
    expect(explain(traffic)).toMatchObject({ transactions: 1, timely: 1, lines: [] })
  })

  test('counts from the card where a connection is opened for it', () => {
    const traffic = new Traffic()
    for (let index = 0; index < 3; index++) {
      const line = traffic.connect(index * 10_000, 2500)
      line.sale(index * 10_000 + 2600, index + 1, { ms: 1000 })
      line.close(index * 10_000 + 4000)
    }
    const [late] = explain(traffic).lines
    expect(late).toMatchObject({
      responseMs: 3600,
      steps: [{ step: 'presented' }, { step: 'written', afterMs: 2600 }, {}],
    })
  })
})

test.each([
  { name: 'opened quickly', rttMs: 1, idleMs: 300 },
  { name: 'whose SYN had to be sent again', rttMs: 3000, idleMs: 1500 },
])('never from the SYN of a connection that stood idle: one $name', ({ rttMs, idleMs }) => {
  const traffic = new Traffic()
  for (let index = 0; index < 6; index++) {
    const line = traffic.connect(index * 10_000, rttMs)
    line.sale(index * 10_000 + rttMs + idleMs, index + 1, { ms: 40 })
    line.close(index * 10_000 + rttMs + idleMs + 60)
  }
  expect(explain(traffic)).toMatchObject({ transactions: 6, timely: 6, lines: [] })
})

describe('said is', () => {
  test('that a capture ends inside a packet, and what was open before it', () => {
    const traffic = new Traffic()
    const line = traffic.connect(undefined)
    for (let index = 0; index < 8; index++) line.sale(index * 1000, index + 1, { ms: 40 })
    const file = traffic.file()
    const { notes } = explainCapture(file.subarray(0, file.length - 20), 'cut.pcap', usual)
    expect(notes).toContain('the capture file ends inside a packet')
    expect(notes).toContain('1 of 1 connection was open before the capture began: no connect time is known of it')
    expect(notes.join()).toContain('there is no echo message in the capture')
  })

  test('that answers belong to no request, when the capture began behind it', () => {
    const traffic = new Traffic()
    const line = traffic.connect(undefined)
    for (let index = 0; index < 5; index++) line.sale(index * 1000, index + 1, { ms: 500 })
    const found = explainCapture(traffic.file(100), 'a.pcap', usual)
    expect(found).toMatchObject({ transactions: 4, timely: 4 })
    expect(found.notes).toContain('1 answer belongs to no request of the capture')
  })

  test('that nobody took a connection, where the capture holds nothing else', () => {
    const traffic = new Traffic()
    traffic.tryToConnect(0, 1)
    traffic.tryToConnect(1000, 1)
    traffic.tryToConnect(2000)
    expect(() => explain(traffic)).toThrow(
      'shop.pcap: no TCP data: 3 attempts to connect: 2 refused: the host was down (host-down), 1 never answered',
    )
  })

  test('what to do where nothing can be read', () => {
    const traffic = new Traffic()
    traffic.connect(0)
    expect(() => explain(traffic)).toThrow('shop.pcap: no TCP data')
    expect(() =>
      explain(
        shops(() => 2),
        { port: 99 },
      ),
    ).toThrow('shop.pcap: no TCP data to port 99')
    expect(() =>
      explain(
        shops(() => 2),
        { framing: 'ascii4' },
      ),
    ).toThrow(/cannot be read with .*framing ascii4: `isochron doctor/)
  })
})

test('a capture with any bytes changed, cut anywhere, is explained or refused, and never breaks it', () => {
  const traffic = new Traffic()
  const line = traffic.connect(0)
  for (let index = 0; index < 6; index++) {
    line.echo(1000 + index * 1000, 2)
    line.sale(1500 + index * 1000, index + 1, { ms: index % 2 === 0 ? 40 : undefined })
  }
  line.reset(9000)
  const file = traffic.file()
  const at = fc.nat(file.length - 1)
  const changes = fc.array(fc.tuple(at, fc.nat(255)), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(changes, fc.integer({ min: 24, max: file.length }), (bytes, end) => {
      const changed = Buffer.from(file)
      for (const [index, value] of bytes) changed[index] = value
      try {
        const found = explainCapture(changed.subarray(0, end), 'x.pcap', usual)
        expect(found.timely).toBeLessThanOrEqual(found.transactions)
      } catch (error) {
        expect(error).toBeInstanceOf(UsageError)
      }
    }),
    { numRuns: 25 },
  )
})
