// Finds the highest open rate at which a host keeps a condition: doubles the rate until it does not, then halves the distance.
// Every rate is a run of its own, with a warm-up, and long enough for the percentile that the condition names.

import { join } from 'node:path'
import { maskTexts } from '../base/mask.js'
import type { PhaseOptions } from '../load/options.js'
import {
  type Capacity,
  type CapacityStep,
  capacityOf,
  mostPerSecond,
  nextRate,
  secondsOf,
  stepOf,
} from '../measure/capacity.js'
import type { Result } from '../measure/result.js'
import { parseThreshold } from '../measure/threshold.js'
import { atTheEnd, type ThresholdRule } from '../measure/threshold-rule.js'
import { capacityCsv } from '../report/capacity.js'
import { writeWhole } from './disk/write-whole.js'
import { makeRunFolder } from './files/run-folder.js'

export interface CapacitySearch {
  /** As a threshold is written. */
  readonly condition: string
  readonly signal: AbortSignal
  /** The folder for capacity.json and capacity.csv. */
  readonly outDir?: string | undefined
  /** Called after each rate, with its step. */
  readonly onStep?: ((step: CapacityStep) => void) | undefined
  /** Called before each rate. */
  readonly onRate?: ((ratePerSecond: number, seconds: number) => void) | undefined
}

const warmupMs = 1000
/** A search begins at this part of the scenario's own highest rate. */
const firstPart = 1 / 8

interface SearchedScenario {
  readonly name: string
  readonly load: readonly PhaseOptions[]
}

/** The sections that take the place of the scenario's own for one rate. */
export interface TriedRate {
  readonly warmup: number
  readonly load: PhaseOptions[]
  readonly thresholds: ThresholdRule[]
}

/** Throws UsageError for a condition that cannot be judged, and what `run` throws. */
export async function findCapacity(
  scenario: SearchedScenario,
  run: (tried: TriedRate) => Promise<Result>,
  { condition, signal, outDir, onStep, onRate }: CapacitySearch,
): Promise<Capacity> {
  parseThreshold(condition)
  if (outDir !== undefined) makeRunFolder(outDir)
  const range = { from: firstRate(scenario), to: mostPerSecond }
  const steps: CapacityStep[] = []
  for (let rate = nextRate(steps, range); rate !== undefined && !signal.aborted; rate = nextRate(steps, range)) {
    const seconds = secondsOf(condition, rate)
    onRate?.(rate, seconds)
    const result = await run(triedRate(scenario, condition, rate, seconds))
    if (signal.aborted || result.interrupted) break
    const step = stepOf(result, rate, seconds)
    steps.push(step)
    onStep?.(step)
  }
  const capacity = maskTexts(capacityOf({ scenario: scenario.name, condition }, steps, signal.aborted)) as Capacity
  if (outDir !== undefined) {
    await writeWhole(join(outDir, 'capacity.json'), [`${JSON.stringify(capacity, null, 2)}\n`])
    await writeWhole(join(outDir, 'capacity.csv'), [capacityCsv(capacity)])
  }
  return capacity
}

function firstRate({ load }: SearchedScenario): number {
  const highest = Math.max(
    0,
    ...load.map((phase) =>
      'hold' in phase ? phase.hold.rate : 'ramp' in phase ? Math.max(phase.ramp.from, phase.ramp.to) : 0,
    ),
  )
  return Math.max(10, Math.round(highest * firstPart))
}

/** The load for one rate: only how arrivals come is left of the scenario's own. */
function triedRate({ load }: SearchedScenario, condition: string, rate: number, seconds: number): TriedRate {
  const isPoisson = load.some((phase) => 'hold' in phase && phase.hold.arrivals === 'poisson')
  const arrivals = isPoisson ? 'poisson' : 'constant'
  return {
    warmup: warmupMs,
    load: [{ hold: { rate, for: warmupMs + seconds * 1000, arrivals } }],
    thresholds: [atTheEnd(condition)],
  }
}
