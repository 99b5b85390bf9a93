// One trial: a kind with parameters drawn by chance, the run that terminals make of it, the capture that the world itself
// wrote meanwhile, and a watch of the same host; each with what it says of the causes.
//
// Rule: the truth is fixed before anything runs. A kind counts only where it has hit somebody, which no diagnosis decides.

import { StartError } from '../../src/base/errors.js'
import { createRandom, type Random } from '../../src/base/random.js'
import { createZone } from '../../src/base/zone.js'
import { builtInDialect } from '../../src/codec/dialects/index.js'
import { accused, type CauseRow } from '../../src/measure/causes/diagnose.js'
import type { Result } from '../../src/measure/result.js'
import { explainCapture } from '../../src/run/explain/explain-capture.js'
import { runScenario } from '../../src/run/run-scenario.js'
import { realWorld } from '../../src/run/world.js'
import { scenarioFromData } from '../../src/scenario/reader.js'
import { oneOf } from '../trial-data.js'
import type { OutsideKind, Truth } from './kind.js'
import { startOverSockets } from './over-sockets.js'
import { drawShop, type OutsidePace, type OutsideWorld, worldOf } from './shop.js'
import { watchWorld } from './watch-world.js'
import { createOutsideHost } from './world/host.js'
import { createLine, type Line } from './world/line.js'
import { captureFile, type PacketSeen } from './world/packet.js'

export interface TrialVerdict {
  /** Causes that are named in public; empty: nobody is accused. */
  readonly named: readonly string[]
  readonly causes: readonly CauseRow[]
  readonly untimely: number
  readonly offered: number
}

export interface OutsideTrial {
  readonly seed: string
  readonly kind: string
  readonly truth: Truth
  readonly pace: OutsidePace
  readonly how: string
  readonly run: TrialVerdict
  /** Undefined where no capture was made, or it shows something else. */
  readonly explain: TrialVerdict | undefined
  /** Undefined where chance decides what a watch meets. */
  readonly watch: { readonly wanted: 'good' | 'bad'; readonly found: string; readonly cause: string | null } | undefined
  readonly redrawn: number
}

/** Draws of one trial before it is given up: in real time each takes seconds. */
const mostDraws = { virtual: 25, short: 25, real: 4 }
/** The same draw is made so often again where this machine itself stood still: then the trial's truth is not the whole truth. */
const mostDisturbed = 3
/** A share of the timely time: event loops that are later at the 99th percentile make somebody late themselves. */
const mostLoopDelay = 0.08
/** Transactions that a kind must have made untimely: so many, and this share of all. */
const leastHit = { count: 6, share: 0.015 }
/** A run of which nothing is the matter may have so many. */
const healthyShare = 0.004

/** Undefined where no draw hits anybody as the kind should. */
export async function makeTrial(kind: OutsideKind, seed: string, pace: OutsidePace): Promise<OutsideTrial | undefined> {
  let disturbed = 0
  for (let redrawn = 0; redrawn < mostDraws[pace]; ) {
    const random = createRandom(seed).fork(`draw ${redrawn}`)
    const found = await drawTrial(kind, random, pace)
    if (found !== undefined && found !== 'disturbed') return { ...found, seed, redrawn }
    if (found === undefined) redrawn++
    else if (++disturbed > mostDisturbed) return undefined
  }
  return undefined
}

async function drawTrial(
  kind: OutsideKind,
  random: Random,
  pace: OutsidePace,
): Promise<Omit<OutsideTrial, 'seed' | 'redrawn'> | 'disturbed' | undefined> {
  const shop = drawShop(random.fork('shop'), pace, kind.wish?.(random.fork('wish')) ?? {})
  const tap = oneOf(random.fork('tap'), kind.tap === undefined ? (['client', 'host'] as const) : [kind.tap])
  const draw = () => worldOf(shop, kind.make(random.fork('kind'), shop), random.fork('world'), tap)
  const made = await runIn(draw(), random, pace)
  if (made === undefined) return undefined
  if (pace === 'real' && isDisturbed(made.result, shop)) return 'disturbed'
  if (!isHit(kind, made.result)) return undefined
  const { result, packets, how } = made
  const causes = result.causes ?? []
  const ofRun = {
    named: accused(causes, result.offered),
    causes,
    untimely: untimelyIn(result),
    offered: result.offered,
  }
  return {
    ...{ kind: kind.name, truth: kind.truth, pace, how, run: ofRun },
    explain: kind.explain === 'never' ? undefined : shown(kind, explained(packets, shop)),
    watch:
      kind.watch === undefined || !isWatched(kind, shop, pace)
        ? undefined
        : await watchWorld(draw(), random, kind.watch),
  }
}

/** A watch keeps its connection: a line that is slow for who opens one for each transaction may be quick enough for it. */
const isWatched = ({ truth }: OutsideKind, { connections }: OutsideWorld['shop'], pace: OutsidePace) =>
  pace === 'virtual' && !(truth === 'network-slow' && connections === 'perTransaction')

/** A capture counts where it shows that somebody was hit: what was never sent is in no capture. */
function shown({ truth }: OutsideKind, verdict: TrialVerdict): TrialVerdict | undefined {
  const least = Math.max(leastHit.count, leastHit.share * verdict.offered)
  return truth === 'healthy' || verdict.untimely >= least ? verdict : undefined
}

function isHit({ truth }: OutsideKind, result: Result): boolean {
  const untimely = untimelyIn(result)
  if (truth === 'healthy') return untimely <= Math.max(2, healthyShare * result.offered)
  return untimely >= Math.max(leastHit.count, leastHit.share * result.offered)
}

/** Terminals, relay and host of a trial over TCP share one event loop. */
const isDisturbed = ({ generator }: Result, { timelyMs }: OutsideWorld['shop']): boolean =>
  (generator?.eventLoopDelayMs.p99 ?? 0) > mostLoopDelay * timelyMs

interface Made {
  readonly result: Result
  readonly packets: readonly PacketSeen[]
  readonly how: string
}

/** Undefined where nobody could even sign on: such a run has nothing to judge. */
async function runIn(world: OutsideWorld, random: Random, pace: OutsidePace): Promise<Made | undefined> {
  try {
    return pace === 'real' ? await runOverSockets(world, random) : await runVirtually(world, random)
  } catch (error) {
    if (error instanceof StartError) return undefined
    throw error
  }
}

async function runVirtually(world: OutsideWorld, random: Random): Promise<Made> {
  const { scenario, source } = scenarioFromData(world.scenario)
  let line: Line | undefined
  const result = await runScenario(scenario, {
    ...{ source, clock: 'virtual' },
    networkOn: (clock) => {
      const host = createOutsideHost(world.host, clock, random.fork('host'), () => 0)
      line = createLine({ clock, random: random.fork('line'), plan: world.line, host })
      return line
    },
  })
  return { result, packets: line?.packets ?? [], how: world.how }
}

async function runOverSockets(world: OutsideWorld, random: Random): Promise<Made> {
  await using place = await startOverSockets(world, random)
  const target = [`127.0.0.1:${place.port}`]
  const terminals = { ...(world.scenario.terminals as object), target }
  const { scenario, source } = scenarioFromData({ ...world.scenario, terminals })
  const real = realWorld()
  const result = await runScenario(scenario, {
    ...{ source, clock: 'real' },
    world: { ...real, network: place.over(real.network) },
  })
  return { result, packets: place.packets(), how: world.how }
}

function explained(packets: readonly PacketSeen[], { timelyMs, timeoutMs, wire }: OutsideWorld['shop']): TrialVerdict {
  const { causes, transactions, timely } = explainCapture(captureFile(packets), 'outside.pcap', {
    ...{ timelyMs, timeoutMs, zone: createZone('Asia/Shanghai') },
    ...{ dialect: builtInDialect(wire.name), framing: 'binary2' },
  })
  return { named: accused(causes, transactions), causes, untimely: transactions - timely, offered: transactions }
}

/** Transactions that were not timely: a count, which no diagnosis changes. */
const untimelyIn = ({ causes }: Result): number => (causes ?? []).reduce((sum, { count }) => sum + count, 0)
