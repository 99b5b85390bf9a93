// A schedule: what a simulation does, drawn from a seed. Data only, so that it can be printed, cut down and run again.

import { currencyLetters } from '../../src/base/currencies.js'
import { createRandom, type Random } from '../../src/base/random.js'
import { builtInDialect } from '../../src/codec/dialects/index.js'
import { scenarioFromData } from '../../src/scenario/reader.js'
import type { Scenario } from '../../src/scenario/schema.js'
import { drawHostFault, drawRules } from './host-troubles.js'
import { drawHostLie, faultOfLie, type HostLie } from './lying-host.js'

/** `spare`: the second host of a group, in schedules that have one. */
export type TroubledSide = 'terminal' | 'acquirer' | 'spare'

/** Something that goes wrong. Times are ms from the first arrival. */
export type Trouble =
  /** An entry of a scenario's `faults:`. */
  | { readonly kind: 'fault'; readonly entry: Readonly<Record<string, unknown>> }
  /** The process is killed `steps` steps after `at`, and started again on its files `downMs` later. */
  | {
      readonly kind: 'crash'
      readonly who: TroubledSide
      readonly at: number
      readonly steps: number
      readonly downMs: number
      readonly resetsLinks: boolean
      readonly tornShare: number
    }
  /** The shop closes for the day, settles, and opens again as another process: amid whatever goes wrong. */
  | { readonly kind: 'closing'; readonly at: number; readonly patienceMs: number }
  /** The calendar clock of a process is set. */
  | { readonly kind: 'clockJump'; readonly who: TroubledSide; readonly at: number; readonly byMs: number }

export interface TroubleSchedule {
  readonly seed: string
  /** Everything of a scenario but its faults and its load. */
  readonly scenario: Readonly<Record<string, unknown>>
  /** When cards are presented, in ms from the first. */
  readonly arrivals: readonly number[]
  readonly troubles: readonly Trouble[]
  /** The last STAN that every terminal has given out before; left out: none. */
  readonly lastStan?: number
  /** The host lies so, all day; left out: it does not. */
  readonly lie?: HostLie
}

/** Cards are presented for so long, and nothing goes wrong any more after so long, in ms. */
const loadMs = 8000
export const troubleMs = 14_000

const dialects = [
  'cup-pos',
  'cup-pos',
  'cup-pos',
  'iso87-ascii',
  'iso87-binary',
  'iso93-ascii',
  'iso93-binary',
  'iso_8583',
]

const everything = {
  ...{ sale: 60, preauth: 12, completion: 8, void: 12, refund: 10, preauthVoid: 5, completionAdvice: 5, balance: 3 },
}

/** Its faults are those of the troubles, and of a host that lies. Throws UsageError for a schedule that is none. */
export function scenarioOf({ seed, scenario, troubles, lie }: TroubleSchedule): Scenario {
  return scenarioFromData({
    ...scenario,
    seed: createRandom(seed).below(1_000_000_000),
    load: [{ hold: { rate: '1/s', for: '1s' } }],
    faults: [
      ...troubles.flatMap((trouble) => (trouble.kind === 'fault' ? [trouble.entry] : [])),
      ...(lie === undefined ? [] : [faultOfLie(lie)]),
    ],
  }).scenario
}

/** Equal seeds give equal schedules. */
export function drawSchedule(seed: string): TroubleSchedule {
  const random = createRandom(seed).fork('schedule')
  const scenario = drawScenario(seed, random.fork('scenario'))
  const arrivals = drawArrivals(random.fork('arrivals'))
  const group = random.fork('group')
  const isGroup = group.chance(groupShare)
  const hosts = drawHostTroubles(scenario.dialect as string, random.fork('hosts'), isGroup)
  const deceits = drawDeceits(random.fork('deceits'))
  const troubles = [...drawTroubles(random.fork('troubles')), ...hosts, ...deceits]
  const lie = drawHostLie(random.fork('lie of the host'))
  const worn = { ...drawLastStan(random.fork('numbers')), ...(lie !== undefined && { lie }) }
  if (!isGroup) return { seed, scenario, arrivals, troubles, ...worn }
  const spareTroubles = drawSpareTroubles(group)
  return { seed, scenario: inGroup(scenario, group), arrivals, troubles: [...troubles, ...spareTroubles], ...worn }
}

/** The share of schedules with terminals whose numbers begin anew in them. */
const wornShare = 0.15

/** So near the end that a few cards, or a restart that skips some numbers, lead over it. */
function drawLastStan(random: Random): Pick<TroubleSchedule, 'lastStan'> {
  return random.chance(wornShare) ? { lastStan: 999_999 - random.below(random.chance(0.5) ? 12 : 300) } : {}
}

/** The share of schedules with two hosts that share a ledger. */
const groupShare = 0.3

function inGroup({ acquirer, ...scenario }: TroubleSchedule['scenario'], random: Random): TroubleSchedule['scenario'] {
  const failover = {
    ...{ afterFailures: 1 + random.below(3), afterTimeouts: 1 + random.below(3) },
    ...{ probeEvery: ms(100 + random.below(900)), probeTimeout: ms(200 + random.below(1000)) },
    failBackAfter: ms(200 + random.below(2000)),
  }
  const terminals = { ...(scenario.terminals as object), failover }
  return { ...scenario, terminals, acquirers: { acquirer, spare: acquirer } }
}

function drawSpareTroubles(random: Random): readonly Trouble[] {
  const crashes = Array.from({ length: random.below(3) }, (_, index) => drawCrash(random.fork(`crash ${index}`)))
  return crashes.map((crash) => ({ ...crash, who: random.chance(0.7) ? 'spare' : 'acquirer' }))
}

const pick = <Value>(random: Random, values: readonly Value[]): Value => values[random.below(values.length)] as Value
const ms = (value: number) => `${Math.round(value)}ms`

function drawScenario(seed: string, random: Random): TroubleSchedule['scenario'] {
  const dialect = pick(random, dialects)
  const settlement = random.chance(0.3) && drawSettlement(random, currencyOf(dialect))
  return {
    name: `simulation ${seed}`,
    dialect,
    ...(random.chance(0.5) && { keys: 'none' }),
    // Sometimes a few seconds before midnight where the terminals are.
    ...(random.chance(settlement && settlement.cutOff !== undefined ? 1 : 0.3) && {
      // A sale that missed the window of today is paid once a window of tomorrow opens: sales on both sides of midnight.
      start: `2026-01-05T23:59:${settlement && settlement.window !== undefined ? 56 : 52}+08:00`,
    }),
    terminals: {
      count: 1 + random.below(4),
      merchants: 1 + random.below(2),
      connections: pick(random, ['perTerminal', 'perTerminal', 'perTransaction', { shared: 1 }]),
      timeout: ms(pick(random, [500, 1000, 2000])),
      connectTimeout: '1s',
      reconnect: { from: '100ms', to: '1s' },
      reversal: { retries: random.below(3), interval: ms(200 + random.below(800)) },
      lies: {},
      mix: { ...everything, ...(dialect === 'cup-pos' && { completionVoid: 4 }) },
    },
    acquirer: {
      workers: 1 + random.below(4),
      ...(random.chance(0.8) && { serviceTime: { p50: ms(5 + random.below(60)), p99: ms(100 + random.below(900)) } }),
      ...(settlement && { settlement, cardKinds }),
      rules: drawRules(dialect, random.fork('rules')),
    },
  }
}

/** Those of which fees may speak; a message without a card is of none. */
const cardKinds = [
  { kind: 'debit', match: { 2: ['4*', '6*'] } },
  { kind: 'credit', match: { 2: '*' } },
]

function currencyOf(dialect: string): string {
  const { currency } = builtInDialect(dialect).rules
  return currencyLetters(currency) ?? currency
}

/** The calendar's cycles have a cut-off within the schedule, which starts a few seconds before midnight then. */
function drawSettlement(random: Random, currency: string): Readonly<Record<string, unknown>> {
  const drawn = pick(random, ['instant', '2s', 'onSettlement', 'daily', 'T+1'])
  const isSameDay = drawn === 'T+1' && random.fork('same day').chance(0.5)
  const cycle = isSameDay ? 'D+0' : drawn
  const isCalendar = drawn === 'daily' || drawn === 'T+1'
  return {
    cycle,
    // It opens or closes at midnight, within the schedule.
    ...(isSameDay && { window: pick(random.fork('window'), ['00:00-12:00', '12:00-24:00', '00:00-24:00']) }),
    ...(random.fork('kinds').chance(0.4) && {
      fees: {
        debit: { feeRate: '0.5%', feeCap: `0.80 ${currency}` },
        credit: { feeCap: 'none', surcharge: `0.07 ${currency}` },
      },
    }),
    // Odd rates, whose fees have to be rounded.
    feeRate: pick(random, ['0.6%', '0.38%', '1.234567%', '0%']),
    ...(random.chance(0.5) && { feeCap: `${pick(random, ['0.50', '3.00', '13.00'])} ${currency}` }),
    ...(random.fork('fees').chance(0.3) && {
      feeMinimum: `${pick(random.fork('least'), ['0.10', '1.00'])} ${currency}`,
    }),
    ...(random.fork('payout fee').chance(0.3) && {
      payoutFee: `${pick(random.fork('taken'), ['0.50', '2.00'])} ${currency}`,
    }),
    ...drawHold(random.fork('hold')),
    ...(random.chance(0.3) && { surcharge: `${pick(random, ['0.01', '0.30'])} ${currency}` }),
    ...(random.chance(0.4) && { rounding: 'perPayout' }),
    ...(isCalendar && { cutOff: '24:00', payAt: '00:00' }),
    ...drawLimits(random.fork('limits'), currency),
    ...drawAccount(random.fork('account'), currency),
  }
}

/** Accounts of merchants into which money is put, of which issuers take back, that keep a reserve, or that pay. */
function drawAccount(random: Random, currency: string): Readonly<Record<string, unknown>> {
  const some = (share: number, name: string, amounts: readonly string[]) => {
    const own = random.fork(name)
    const count = own.chance(share) ? 1 + own.below(3) : 0
    const draw = () => ({ amount: `${pick(own, amounts)} ${currency}`, at: ms(own.below(loadMs)) })
    return count === 0 ? {} : { [name]: Array.from({ length: count }, draw) }
  }
  return {
    ...some(0.3, 'topUps', ['0.01', '50.00', '2000.00']),
    ...some(0.3, 'chargebacks', ['0.01', '50.00', '700.00']),
    ...(random.fork('reserve').chance(0.15) && {
      reserve: `${pick(random.fork('kept'), ['10.00', '300.00'])} ${currency}`,
    }),
    ...(random.fork('side').chance(0.12) && { side: 'debit' }),
  }
}

/** Some last to the end of all, others end while there is time to pay. */
function drawHold(random: Random): Readonly<Record<string, unknown>> {
  if (!random.chance(0.25)) return {}
  const reason = pick(random, ['risk', 'account', 'quota', 'window', 'returned'])
  return { hold: { reason, ...(random.chance(0.7) && { for: ms(1000 + random.below(6000)) }) } }
}

/** Sales come to 1.00 to 500.00: some are above these limits alone, and some payouts below the minimum. */
function drawLimits(random: Random, currency: string): Readonly<Record<string, string>> {
  const some = (share: number, name: string, amounts: readonly string[]) =>
    random.chance(share) ? { [name]: `${pick(random, amounts)} ${currency}` } : {}
  return {
    ...some(0.3, 'minimum', ['0.50', '150.00', '1500.00']),
    ...some(0.3, 'payoutLimit', ['30.00', '250.00', '900.00']),
    ...some(0.2, 'dayLimit', ['400.00', '3000.00']),
    ...some(0.3, 'balance', ['0.00', '20.00', '800.00']),
  }
}

function drawArrivals(random: Random): readonly number[] {
  const count = 10 + random.below(50)
  return Array.from({ length: count }, () => Math.round(random.between(0, loadMs))).sort((one, other) => one - other)
}

function drawTroubles(random: Random): readonly Trouble[] {
  const faults = Array.from({ length: random.below(6) }, (_, index) => drawFault(random.fork(`fault ${index}`), index))
  const crashes = Array.from({ length: random.below(5) }, (_, index) => drawCrash(random.fork(`crash ${index}`)))
  const jumps = random.chance(0.3) ? [drawJump(random.fork('jump'))] : []
  const closings = Array.from({ length: random.below(3) }, (_, index) => drawClosing(random.fork(`closing ${index}`)))
  return [...faults, ...crashes, ...jumps, ...closings]
}

/** The troubles of hosts that live, and do not do what they should. */
function drawHostTroubles(dialect: string, random: Random, isGroup: boolean): readonly Trouble[] {
  return Array.from({ length: random.below(3) }, (_, index) => {
    const own = random.fork(`fault ${index}`)
    const span = { name: `host fault ${index}`, ...drawSpan(own) }
    const target = isGroup && own.chance(0.7) ? { target: pick(own, ['acquirer', 'spare']) } : {}
    return { kind: 'fault', entry: drawHostFault(dialect, own, { ...span, ...target }) }
  })
}

function drawCrash(random: Random): Trouble & { readonly kind: 'crash' } {
  return {
    kind: 'crash',
    who: random.chance(0.5) ? 'terminal' : 'acquirer',
    at: Math.round(random.between(0, troubleMs - 4000)),
    steps: random.below(40),
    downMs: Math.round(random.exponential(400)) + 1,
    resetsLinks: random.chance(0.6),
    tornShare: Math.round(random.next() * 100) / 100,
  }
}

/** Impatient ones settle while something is owed. */
function drawClosing(random: Random): Trouble {
  return { kind: 'closing', at: Math.round(random.between(500, loadMs)), patienceMs: 200 + random.below(2500) }
}

/** Seconds, hours, or over midnight; forward or back. */
function drawJump(random: Random): Trouble {
  const farMs = pick(random, [5000, 3_600_000, 86_400_000])
  const byMs = Math.round(random.between(-farMs, farMs))
  return { kind: 'clockJump', who: random.chance(0.5) ? 'terminal' : 'acquirer', at: random.below(loadMs), byMs }
}

/** Drops, delays, duplicates, resets, partitions, and answers that cannot be right. */
const faultKinds: readonly ((random: Random) => Record<string, unknown>)[] = [
  (random) => ({ no_answer: {}, direction: 'answer', share: drawShare(random) }),
  (random) => ({ no_answer: {}, direction: 'request', share: drawShare(random) }),
  (random) => ({ no_answer: {}, direction: 'answer', match: { mti: drawMtis(random) }, share: '60%' }),
  (random) => ({
    delay: { delay: ms(300 + random.below(3000)) },
    direction: drawDirection(random),
    share: drawShare(random),
  }),
  (random) => ({
    duplicate: { copies: 1 + random.below(2), gap: ms(random.below(2000)) },
    direction: drawDirection(random),
    share: drawShare(random),
  }),
  (random) => ({ late_answer: { by: ms(random.below(500)) }, share: drawShare(random) }),
  (random) => ({ reorder: {}, direction: drawDirection(random), share: drawShare(random) }),
  (random) => ({ bad_mac: {}, direction: drawDirection(random), share: drawShare(random) }),
  (random) => ({ wrong_amount: {}, direction: 'answer', share: drawShare(random) }),
  (random) => ({
    truncate: { drop: 1 + random.below(20), length: 'fitted' },
    direction: 'answer',
    share: drawShare(random),
  }),
  (random) => ({ close_before: { how: pick(random, ['fin', 'rst']), after: '5ms' }, share: drawShare(random) }),
  (random) => ({ reset_peer: { timeout: ms(random.below(80)) } }),
  (random) => ({ slicer: { average_size: 1 + random.below(60), delay: ms(random.below(20)) } }),
  (random) => ({ latency: { latency: ms(random.below(600)), jitter: ms(random.below(200)) } }),
  () => ({ blackhole: {} }),
  () => ({ half_open: {} }),
  () => ({ down: {} }),
]

const drawShare = (random: Random) => pick(random, ['5%', '20%', '50%', '100%'])
const drawDirection = (random: Random) => pick(random, ['request', 'answer'])
const drawMtis = (random: Random) =>
  pick(random, [
    ['0410', '0430', '1410', '1430'],
    ['0210', '1210', '0230', '1230'],
  ])

/** Answers that terminals must not believe, and whose lies no books may suffer from. */
function drawDeceits(random: Random): readonly Trouble[] {
  if (!random.chance(0.3)) return []
  const kinds = [
    () => ({ approve_reversed: { after: ms(random.below(500)) }, share: drawShare(random) }),
    // No number that a terminal comes to: it would be the answer to another sale.
    () => ({ wrong_stan: { by: 400_000 }, direction: 'answer', share: drawShare(random) }),
  ]
  return [{ kind: 'fault', entry: inSpan('deceit', drawSpan(random), pick(random, kinds)()) }]
}

const inSpan = (name: string, span: ReturnType<typeof drawSpan>, fault: Record<string, unknown>) => ({
  ...{ name, on: 'network', from: ms(span.from), for: ms(span.for) },
  ...fault,
})

function drawFault(random: Random, index: number): Trouble {
  const span = drawSpan(random)
  const entry = inSpan(`fault ${index}`, span, pick(random, faultKinds)(random))
  return { kind: 'fault', entry }
}

/** In ms; over before nothing goes wrong any more. */
const drawSpan = (random: Random) => ({
  from: Math.round(random.between(0, troubleMs - 6000)),
  for: Math.round(random.between(100, 5000)),
})
