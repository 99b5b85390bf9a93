// One blind trial: a shop, what befalls it, and what the run itself says of the causes.
//
// Rule: a condition counts only where it has hit somebody, which is found out without any diagnosis: the same run is made
// without it, and more transactions must then be timely. What hits nobody is drawn again.

import { StartError } from '../../src/base/errors.js'
import { createRandom, type Random } from '../../src/base/random.js'
import type { CauseId } from '../../src/measure/causes/cause.js'
import { accused } from '../../src/measure/causes/diagnose.js'
import type { Result } from '../../src/measure/result.js'
import { runScenario } from '../../src/run/run-scenario.js'
import { scenarioFromData } from '../../src/scenario/reader.js'
import { lay, oneOf, type ScenarioData } from '../trial-data.js'
import { healthyShop, type TrialPace, type TrialShop } from './base.js'
import { type CauseCondition, drawCondition, type Seeded } from './conditions.js'
import type { ConditionSpan } from './way.js'

export interface CauseTrial {
  readonly seed: string
  /** The true trouble; empty: there was none. */
  readonly expected: readonly Seeded[]
  /** The causes that the run was accused of. */
  readonly named: readonly CauseId[]
  readonly how: string
  readonly dialect: string
  readonly redrawn: number
  readonly untimely: number
  readonly causes: Result['causes']
}

/** The spans of a pair: each has a part of the run of its own. */
const spans: readonly [ConditionSpan, ConditionSpan] = [
  { from: 0.12, to: 0.45 },
  { from: 0.58, to: 0.88 },
]
const aloneSpan: ConditionSpan = { from: 0.25, to: 0.7 }

/**
 * Pairs that can be told apart at all: each hits transactions that the other leaves alone. A line that is slow all the time
 * hides what happens on it and at the host, and a host that is slow for long hides a surge.
 */
const pairs: readonly (readonly [Seeded, Seeded])[] = [
  ['host-slow', 'host-down'],
  ['host-slow', 'network-unstable'],
  ['host-slow', 'data-error'],
  ['host-down', 'network-unstable'],
  ['host-down', 'data-error'],
  ['network-unstable', 'data-error'],
  ['host-slow', 'merchant-balance'],
  ['network-unstable', 'parameters'],
  ['host-down', 'parameters'],
  ['data-error', 'merchant-balance'],
  ['terminal-setup', 'network-unstable'],
  ['terminal-setup', 'data-error'],
  ['terminal-setup', 'host-down'],
]

/** Draws of one trial before it is given up, and of those for one shop. */
const mostDraws = 80
const drawsOfShop = 4
/** Transactions that a condition must have made untimely: so many, this share of all, and of all that are untimely. */
const leastHit = { count: 6, ofOffered: 0.015, ofUntimely: 0.12 }
/** A shop is healthy when fewer are untimely. */
const healthyShare = 0.003

export const healthyTrial = (seed: string, pace: TrialPace): Promise<CauseTrial> => draw(seed, pace, () => [])
export const singleTrial = (seed: string, cause: Seeded, pace: TrialPace): Promise<CauseTrial> =>
  draw(seed, pace, () => [cause])
export const doubleTrial = (seed: string, pace: TrialPace): Promise<CauseTrial> =>
  draw(seed, pace, (random) => oneOf(random, pairs))

async function draw(
  seed: string,
  pace: TrialPace,
  causesOf: (random: Random) => readonly Seeded[],
): Promise<CauseTrial> {
  const random = createRandom(seed)
  const wanted = causesOf(random.fork('causes'))
  for (let drawn = 0; drawn < mostDraws; drawn++) {
    // Some shops cannot be hit by what is wanted, whatever its severity.
    const { shop, healthy } = await drawShop(random.fork(`shop ${Math.floor(drawn / drawsOfShop)}`), pace)
    const conditions = drawAll(wanted, random.fork(`draw ${drawn}`), shop)
    // Whom it hits is found out in virtual time, which costs little; in real time there is one run, and it counts.
    const drawnAs = await runOrRefuse(shop, conditions, 'virtual')
    if (drawnAs === undefined || !(await allHit(drawnAs, shop, { conditions, healthy }))) continue
    const result = pace === 'virtual' ? drawnAs : await runOrRefuse(shop, conditions, pace)
    if (result === undefined) continue
    return {
      ...{ seed, redrawn: drawn, expected: wanted, dialect: shop.dialect, causes: result.causes },
      named: accused(result.causes ?? [], result.offered),
      how: conditions.map(({ how }) => how).join(' + ') || 'healthy',
      untimely: untimelyIn(result),
    }
  }
  throw new Error(`trial ${seed}: no draw of ${wanted.join(' and ')} hits anybody`)
}

/** A shop in which next to all is timely while nothing is the matter. */
async function drawShop(random: Random, pace: TrialPace): Promise<{ shop: TrialShop; healthy: Result }> {
  for (let redrawn = 0; redrawn < mostDraws; redrawn++) {
    const shop = healthyShop(random.fork(`try ${redrawn}`), pace)
    const healthy = await run(shop, [], 'virtual')
    if (untimelyIn(healthy) <= healthyShare * healthy.offered) return { shop, healthy }
  }
  throw new Error('no shop is healthy')
}

function drawAll(wanted: readonly Seeded[], random: Random, shop: TrialShop): readonly CauseCondition[] {
  const places = wanted.length === 2 ? spans : [aloneSpan]
  return wanted.map((cause, index) => drawCondition(cause, random.fork(cause), shop, places[index] as ConditionSpan))
}

/** Whether more were timely without each of the conditions. Without it the run is made in virtual time, in any case. */
async function allHit(
  result: Result,
  shop: TrialShop,
  { conditions, healthy }: { conditions: readonly CauseCondition[]; healthy: Result },
): Promise<boolean> {
  for (const condition of conditions) {
    const others = conditions.filter((other) => other !== condition)
    const without = others.length === 0 ? healthy : await runOrRefuse(shop, others, 'virtual')
    if (without === undefined) return false
    const count = isOfMoney(condition.cause) ? lateInMoney : lateInAnswer
    const hit = count(result) - count(without)
    const isEnough = hit >= leastHit.count && hit >= leastHit.ofOffered * result.offered
    if (!isEnough || hit < leastHit.ofUntimely * untimelyIn(result)) return false
  }
  return true
}

/** Undefined where nobody could even sign on: such a run has no transactions to judge. */
async function runOrRefuse(
  shop: TrialShop,
  conditions: readonly CauseCondition[],
  pace: TrialPace,
): Promise<Result | undefined> {
  try {
    return await run(shop, conditions, pace)
  } catch (error) {
    if (error instanceof StartError) return undefined
    throw error
  }
}

function run(shop: TrialShop, conditions: readonly CauseCondition[], pace: TrialPace): Promise<Result> {
  const data = conditions.reduce<ScenarioData>((joined, { over }) => lay(joined, over), shop.data)
  const { scenario, source } = scenarioFromData(data)
  return runScenario(scenario, { source, clock: pace })
}

const isOfMoney = (cause: Seeded) => cause === 'merchant-balance' || cause === 'parameters'
const lateInAnswer = ({ offered, timeliness }: Result) => Math.round(offered * (1 - (timeliness.timelyRate ?? 1)))
const lateInMoney = (result: Result) => untimelyIn(result) - lateInAnswer(result)

/** Transactions that were not timely, in their answer or in their money: a count, which no diagnosis changes. */
const untimelyIn = ({ causes }: Result): number => (causes ?? []).reduce((sum, { count }) => sum + count, 0)
