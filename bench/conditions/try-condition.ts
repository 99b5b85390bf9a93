// Runs a condition without remedies, with its own, and with those of the other conditions.

import { StartError, UsageError } from '../../src/base/errors.js'
import { baseline, goalsOf, namedCauses, type RemedyRow, remedyRow } from '../../src/measure/remedies.js'
import type { Result } from '../../src/measure/result.js'
import { runScenario } from '../../src/run/run-scenario.js'
import type { LoadedScenario } from '../../src/scenario/reader.js'
import type { Tried } from './judge.js'
import { type ConditionFile, type Remedy, without, withRemedy } from './read-conditions.js'

export interface ConditionTry {
  readonly clock: 'real' | 'virtual'
  /** Before each run. */
  readonly onRun?: (cause: string, remedy: string) => void
}

/** The only condition that virtual time cannot make: no machine is slow there. */
export const inRealTimeOnly = 'generator'

export async function tryCondition(
  condition: ConditionFile,
  remedies: readonly Remedy[],
  { clock, onRun }: ConditionTry,
): Promise<Tried> {
  const { cause, names, scenario } = condition
  const goals = goalsOf(scenario.thresholds.map(({ threshold }) => threshold))
  const run = async (name: string, loaded: LoadedScenario): Promise<{ row: RemedyRow; result: Result | undefined }> => {
    onRun?.(cause, name)
    const result = await runOnce(loaded, cause === inRealTimeOnly ? 'real' : clock)
    return 'problem' in result
      ? { row: remedyRow(name, undefined, result, goals), result: undefined }
      : { row: remedyRow(name, undefined, result, goals), result }
  }
  const before = await run(baseline, without(condition))
  const own: RemedyRow[] = []
  const foreign: RemedyRow[] = []
  for (const remedy of remedies) {
    const loaded = withRemedy(condition, remedy)
    if (loaded === undefined) continue
    if (remedy.cause === cause) own.push((await run(remedy.name, loaded)).row)
    else foreign.push(...(await ifItFits(run(remedy.name, loaded))))
  }
  const named = before.result === undefined ? [] : namedCauses(before.result)
  return { cause, names, goals, named, before: before.row, own, foreign, alsoHelps: scenario.alsoHelps }
}

/** Some misfits show only when the run is put together. */
async function ifItFits(run: Promise<{ readonly row: RemedyRow }>): Promise<readonly RemedyRow[]> {
  try {
    const { row } = await run
    return row.problem === null ? [row] : []
  } catch (error) {
    if (error instanceof UsageError) return []
    throw error
  }
}

async function runOnce({ scenario, source, remedies }: LoadedScenario, clock: 'real' | 'virtual') {
  try {
    return await runScenario(scenario, { source, remedies, clock })
  } catch (error) {
    if (error instanceof StartError) return { problem: error.message }
    throw error
  }
}
