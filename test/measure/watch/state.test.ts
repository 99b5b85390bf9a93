// The state of a live host over a sliding window: when it is bad, and whether the network or the host is to blame.

import { describe, expect, test } from 'vitest'
import type { DialSeen, LossSeen, ProbeSeen } from '../../../src/measure/watch/probes.js'
import { WatchedHost, type WatchLimits } from '../../../src/measure/watch/state.js'
import { explainTls } from '../../../src/transport/network/tls-detail.js'

const limits: WatchLimits = { windowMs: 60_000, timelyMs: 3000, timeoutMs: 10_000, timelyRate: 0.99 }

function probe(at: number, given: Partial<ProbeSeen> & { ms?: number } = {}): ProbeSeen {
  const { ms = 5, ...rest } = given
  const answer = { answered: true, decided: true, code: '00', codeClass: undefined, reason: undefined }
  return { kind: 'echo', at, writtenAt: at, endedAt: at + ms, ...answer, ...rest }
}
const silent = (at: number) => probe(at, { ms: 10_000, answered: false, decided: false, code: undefined })
const dial = (at: number, ms = 1, result: DialSeen['result'] = 'open'): DialSeen => ({
  ...{ at, ms, result },
  reason: result === 'open' ? undefined : 'ETIMEDOUT',
})

function unknownName(at: number): DialSeen {
  return { at, ms: 3, result: 'failed', reason: 'ENOTFOUND' }
}

function stateAt(now: number, seen: { probes?: ProbeSeen[]; dials?: DialSeen[]; losses?: LossSeen[] }, isLast = false) {
  const state = new WatchedHost(limits)
  for (const each of seen.dials ?? []) state.dial(each)
  for (const each of seen.losses ?? []) state.loss(each)
  for (const each of seen.probes ?? []) state.probe(each)
  return state.at(now, isLast)
}

const unknownCa = explainTls({ name: '', message: '', code: 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA' }, { own: 'CN=shop' })

describe('the verdict is', () => {
  const good = [probe(0), probe(5000), probe(10_000)]
  const cases = [
    { name: 'starting before the first probe', probes: [], is: 'starting' },
    { name: 'good after a timely one', probes: [probe(0)], is: 'good' },
    { name: 'good with one late among many', probes: [...good, probe(15_000, { ms: 3001 })], is: 'good' },
    { name: 'bad with two', probes: [...good, probe(15_000, { ms: 3001 }), silent(20_000)], is: 'bad' },
    {
      name: 'bad with two in a row that are older than the window when they end',
      probes: [probe(0), silent(100_000), silent(200_000)],
      is: 'bad',
    },
    { name: 'starting after a single late one', probes: [silent(0)], is: 'starting' },
    { name: 'bad after a single late one that stays the only one', probes: [silent(0)], isLast: true, is: 'bad' },
    {
      name: 'good again when the late ones lie before the window',
      probes: [silent(0), silent(1), probe(61_000)],
      is: 'good',
    },
  ]
  for (const { name, probes, isLast, is } of cases) {
    const now = (probes.at(-1)?.at ?? 0) + 100
    test(name, () => expect(stateAt(now, { probes }, isLast).verdict).toBe(is))
  }
})

describe('the cause of late probes is', () => {
  const late = [probe(10_000, { ms: 4000 }), probe(20_000, { ms: 4200 })]
  const down = { code: '91', decided: false, codeClass: 'down' } as const
  const setup = { code: 'A0', decided: false, codeClass: 'setup' } as const
  const cases = [
    { name: 'nobody’s while there are none', seen: { probes: [probe(0)] }, is: undefined },
    {
      name: 'the host where connects are refused',
      seen: { probes: [silent(0)], dials: [dial(1, 1, 'refused')] },
      is: 'host-down',
    },
    {
      name: 'the host where the last connect is refused, whatever the inquiries beside it look like',
      seen: {
        probes: ['echo', 'balance'].map((kind) =>
          probe(0, {
            ...{ kind: kind as ProbeSeen['kind'], writtenAt: undefined },
            ...{ answered: false, decided: false, reason: 'ECONNREFUSED' },
          }),
        ),
        dials: [dial(0, 1, 'refused'), dial(1, 1, 'refused')],
      },
      is: 'host-down',
    },
    {
      name: 'the host where it is silent and connects succeed',
      seen: { probes: [silent(0)], dials: [dial(1)] },
      is: 'host-down',
    },
    { name: 'the host where it says so', seen: { probes: [probe(0, down)], dials: [dial(1)] }, is: 'host-down' },
    { name: 'the host where connects are quick', seen: { probes: late, dials: [dial(1), dial(2)] }, is: 'host-slow' },
    {
      name: 'the network where connects are slow too',
      seen: { probes: late, dials: [dial(1, 2000)] },
      is: 'network-slow',
    },
    {
      name: 'the network where connects fail',
      seen: { probes: [silent(0)], dials: [dial(1, 9, 'timeout')] },
      is: 'network-unstable',
    },
    {
      name: 'the terminal where no host has the name',
      seen: { probes: [silent(0)], dials: [unknownName(1)] },
      is: 'terminal-setup',
    },
    {
      name: 'the network where the connection is lost',
      seen: { probes: [silent(0)], dials: [dial(1)], losses: [{ at: 3, reason: 'ECONNRESET' }] },
      is: 'network-unstable',
    },
    {
      name: 'the terminal where TLS lets it in nowhere, though connections open',
      seen: { probes: [silent(0)], dials: [dial(1)], losses: [{ at: 3, reason: unknownCa }] },
      is: 'terminal-setup',
    },
    {
      name: 'a certificate that lapsed where TLS let it in before',
      seen: { probes: [probe(0), { ...silent(9), reason: unknownCa }], dials: [dial(1)] },
      is: 'sign-on',
    },
    { name: 'the terminal where the host refuses it', seen: { probes: [probe(0, setup)] }, is: 'terminal-setup' },
    {
      name: 'the terminal where answers cannot be read',
      seen: { probes: [probe(0, { decided: false, code: undefined, reason: 'answer that cannot be read' })] },
      is: 'terminal-setup',
    },
  ]
  for (const { name, seen, is } of cases) {
    test(name, () => expect(stateAt(30_000, seen).trouble?.cause).toBe(is))
  }

  test('found by the cause files where there are balance inquiries to compare echoes with', () => {
    const probes = Array.from({ length: 11 }, (_, index) => index * 5000).flatMap((at) => [
      probe(at),
      probe(at + 10, { kind: 'balance', ms: at < 20_000 ? 20 : 4500 }),
    ])
    const { trouble } = stateAt(56_000, { probes, dials: [dial(1), dial(30_000), dial(45_000)] })
    expect(trouble?.cause).toBe('host-slow')
    expect(trouble?.evidence.join(' ')).toMatch(/echoes took/)
  })
})

test('figures are of the window, and the last connect stays', () => {
  const probes = [
    probe(0, { ms: 500 }),
    probe(65_000, { ms: 7 }),
    probe(70_000, { ms: 7 }),
    probe(75_000, { kind: 'balance', ms: 30, code: '51' }),
  ]
  const state = stateAt(80_000, { probes, dials: [dial(0, 2)], losses: [{ at: 0, reason: 'ECONNRESET' }] })
  expect(state).toMatchObject({ probes: 3, timely: 3, echoMs: 7, answerMs: 30, connectMs: 2, lostConnections: 0 })
  expect(state.codes).toEqual({ '00': 2, '51': 1 })
})
