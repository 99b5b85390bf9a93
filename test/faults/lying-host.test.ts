// Hosts that lie: an approval after the reversal was acknowledged, a verdict that the totals belie, a reversal that undoes nothing.

import { describe, expect, test } from 'vitest'
import { acquirerSchema } from '../../src/acquirer/options.js'
import { createRandom } from '../../src/base/random.js'
import { createVirtualClock } from '../../src/base/virtual-clock.js'
import { compile } from '../../src/codec/compile.js'
import { builtInDialect } from '../../src/codec/dialects/index.js'
import type { Message } from '../../src/codec/message.js'
import { createFaultChain, type FaultSpec } from '../../src/faults/chain.js'
import { faultyNetwork } from '../../src/faults/engine/faulty-network.js'
import { faultsSchema } from '../../src/faults/options.js'
import { framingNamed } from '../../src/framing/framings.js'
import type { Result } from '../../src/measure/result.js'
import { startAcquirer } from '../../src/run/hosts/start-acquirer.js'
import { runScenario } from '../../src/run/run-scenario.js'
import { scenarioFromData } from '../../src/scenario/reader.js'
import type { Link } from '../../src/transport/network/link.js'
import { createSimulatedNetwork } from '../../src/transport/network/simulated-network.js'
import { createWire } from '../../src/transport/wire/wire.js'
import { spec } from './line.js'
import { address } from './three-answers.js'

/** A host of a dialect behind faults: its messages go in, the terminals' arrive as `MTI STAN`, with a field if asked. */
async function hostOf(dialect: string, faults: readonly FaultSpec[]) {
  const codec = compile(builtInDialect(dialect))
  const wire = createWire({ codec, framing: framingNamed('binary2') })
  const clock = createVirtualClock()
  const chain = createFaultChain({ clock, random: createRandom(5), faults, startedAt: 0 })
  const plain = createSimulatedNetwork({ clock })
  const network = faultyNetwork(plain, { chain, clock, wire, peerTimeoutMs: 30_000 })
  const hosts: Link[] = []
  await plain.listen(address, (link) => {
    hosts.push(link)
    return { onData: () => {}, onEnd: () => link.end(), onClose: () => {} }
  })
  const connect = (field = 11) => {
    const arrived: string[] = []
    const reader = wire.createReader()
    const onData = (bytes: Uint8Array) => {
      reader.push(bytes)
      for (let next = reader.next(); next !== undefined; next = reader.next())
        arrived.push(`${next.peek?.mti} ${next.peek?.text(field)}@${Math.round(clock.now())}`)
    }
    network.connect(address, { onData, onEnd: () => {}, onClose: () => {} }, { connectTimeoutMs: 1000 })
    clock.run(clock.now())
    return arrived
  }
  const say = (message: Message, connection = 0) => {
    const body = codec.pack(message)
    const target = new Uint8Array(wire.overheadBytes + body.length)
    const write = (bytes: Uint8Array, at: number) => {
      bytes.set(body, at)
      return at + body.length
    }
    hosts[connection]?.write(target.slice(0, wire.frame(target, 0, body.length, { write })))
  }
  return { clock, chain, connect, say }
}

const answer = (mti: string, stan: number, more: Message['fields'] = {}): Message => ({
  mti,
  fields: { '3': '000000', '11': String(stan).padStart(6, '0'), '39': '00', '41': '00000001', ...more },
})

describe('approve_reversed', () => {
  test('the approval follows the answer to its reversal, on whatever connection that is', async () => {
    const { clock, chain, connect, say } = await hostOf('cup-pos', [spec('approve_reversed', { after: '50ms' })])
    const [one, other] = [connect(), connect()]
    say(answer('0210', 7))
    say(answer('0210', 8, { '39': '51' }))
    clock.run(1000)
    say(answer('0410', 7), 1)
    say(answer('0410', 9), 1)
    clock.run(2000)
    expect(one).toEqual(['0210 000008@0'])
    expect(other).toEqual(['0410 000007@1000', '0410 000009@1000', '0210 000007@1050'])
    expect(chain.counts()[0]?.applied).toBe(1)
  })

  test('a reversal with a number of its own names the original in field 90', async () => {
    const { clock, connect, say } = await hostOf('iso87-ascii', [spec('approve_reversed')])
    const arrived = connect()
    say(answer('0210', 7))
    say(answer('0210', 8))
    say(answer('0410', 9, { '90': '020000000701020304050000000000000000000000' }))
    clock.run(100)
    expect(arrived).toEqual(['0410 000009@0', '0210 000007@0'])
  })

  test('its selector is of approvals: the reversal comes when it will', async () => {
    const selector = { match: { '11': '000007' }, for: 500 }
    const { clock, connect, say } = await hostOf('cup-pos', [spec('approve_reversed', {}, selector)])
    const arrived = connect()
    for (const stan of [6, 7]) say(answer('0210', stan))
    clock.run(60_000)
    for (const stan of [6, 7]) say(answer('0410', stan))
    clock.run(61_000)
    expect(arrived).toEqual(['0210 000006@0', '0410 000006@60000', '0410 000007@60000', '0210 000007@60000'])
  })
})

describe('wrong_verdict', () => {
  const cupTotals = (verdict: string) => `${'000000001000001'}${'0'.repeat(15)}${verdict}${'0'.repeat(31)}`
  for (const [dialect, field, says, before, after] of [
    ['cup-pos', 48, 'opposite', cupTotals('1'), cupTotals('2')],
    ['cup-pos', 48, 'opposite', cupTotals('2'), cupTotals('1')],
    ['cup-pos', 48, 'balanced', cupTotals('1'), cupTotals('1')],
    ['iso87-ascii', 66, 'outOfBalance', '1', '2'],
    ['iso93-ascii', 39, 'opposite', '500', '501'],
    ['iso93-ascii', 39, 'balanced', '501', '500'],
    ['iso93-ascii', 39, 'opposite', '909', '909'],
  ] as const) {
    test(`${dialect}: ${says} of ${before} in field ${field} is ${after}`, async () => {
      const { clock, chain, connect, say } = await hostOf(dialect, [spec('wrong_verdict', { says })])
      const arrived = connect(field)
      const mti = dialect.startsWith('iso93') ? '1510' : '0510'
      say({ mti, fields: { '11': '000001', '41': '00000001', '39': '00', [field]: before } })
      clock.run(100)
      expect(arrived).toEqual([`${mti} ${after}@0`])
      expect(chain.counts()[0]?.applied).toBe(before === after ? 0 : 1)
    })
  }
})

const data = (faults: readonly object[], more: object = {}) => ({
  name: 'lying host',
  dialect: 'cup-pos',
  seed: 7,
  terminals: { count: 10, timeout: '300ms', settle: true, connections: 'perTransaction', ...more },
  load: [{ hold: { rate: '40/s', for: '500ms' } }],
  drain: '5s',
  faults,
})

async function run(clock: 'real' | 'virtual', given: ReturnType<typeof data>): Promise<Result> {
  const { scenario, source } = scenarioFromData(given)
  return await runScenario(scenario, { source, clock })
}

describe('the books of a run', () => {
  test('of a host elsewhere, over sockets: what it kept shows in its totals, and its verdicts are belied by them', async () => {
    const faults = [
      { name: 'approve', on: 'acquirer', approve_reversed: {}, first: 3, match: { mti: '0210' } },
      { name: 'ignore', on: 'acquirer', ignore_reversal: {} },
      { name: 'verdict', on: 'acquirer', wrong_verdict: {} },
    ]
    await using host = await startAcquirer({
      listen: { host: '127.0.0.1', port: 0 },
      acquirer: acquirerSchema.parse({}),
      seed: 1,
      dialect: 'cup-pos',
      faults: faultsSchema.parse(faults),
    })
    host.startFaults(0)
    const target = [`127.0.0.1:${host.address.port}`]
    const result = await run('real', data([], { target, connections: { shared: 2 } }))
    expect(result.reversals).toEqual({ created: 3, acknowledged: 3, pending: 0 })
    // No approval of a reversed sale is a success, whenever it comes.
    expect(result.outcomes).toMatchObject({ approved: 17, timedOut: 3 })
    expect(result.lateAnswers + result.unmatched.count).toBe(3)
    const verdict = (await host.faultCounts()).find(({ name }) => name === 'verdict')
    expect(result.books).toMatchObject({ agree: false, counts: { wrongVerdict: verdict?.applied } })
    expect(
      result.books?.differences.some(({ terminalSays, acquirerSays }) => {
        return (acquirerSays?.amountMinor ?? 0) > (terminalSays?.amountMinor ?? 0)
      }),
    ).toBe(true)
  })

  test('of our own host: each sale that was reversed and kept is named', async () => {
    const ignored = [
      { no_answer: {}, share: '20%' },
      { ignore_reversal: {}, on: 'acquirer' },
    ]
    const { books, reversals } = await run('virtual', data(ignored))
    expect(reversals?.pending).toBe(0)
    expect(books?.agree).toBe(false)
    expect(books?.counts.chargedButNotKnown).toBeGreaterThan(1)
  })

  test('a host that undoes what it says it undid may approve it afterwards: the books agree', async () => {
    const result = await run('virtual', data([{ approve_reversed: {}, share: '20%' }]))
    expect(result.reversals?.acknowledged).toBeGreaterThan(1)
    expect(result.books).toMatchObject({ agree: true })
    expect(result.settlements).toMatchObject({ outOfBalance: 0, unknown: 0 })
  })

  test('approvals of another amount or another number are no approvals', async () => {
    const wrong = [
      { name: 'amount', wrong_amount: {}, nth: 2, match: { mti: '0210', 39: '00' } },
      { name: 'stan', wrong_stan: { by: 500 }, nth: 5, match: { mti: '0210', 39: '00' } },
    ]
    const result = await run('virtual', data(wrong))
    expect(result.faults?.map(({ applied }) => applied)).toEqual([1, 1])
    expect(result.outcomes).toMatchObject({ approved: 18, failed: 1, timedOut: 1 })
    expect(result.reversals).toEqual({ created: 2, acknowledged: 2, pending: 0 })
    expect(result.books).toMatchObject({ agree: true })
  })
})
