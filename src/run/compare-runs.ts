// The sides of a comparison, read from folders: a run, or a folder of runs that are one side.

import { existsSync, realpathSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parse } from 'yaml'
import { UsageError } from '../base/errors.js'
import { refuseNesting } from '../base/text/nesting.js'
import type { ComparedRun } from '../measure/compare/compare.js'
import type { Result } from '../measure/result.js'
import { judgeRun } from '../measure/verdict.js'
import { readBounded } from './disk/read-bounded.js'
import { readIntervals, readResult, resultFile, runsIn } from './files/read-run.js'

/** Keys that may differ between runs of one scenario: which host, by which dice, judged how. */
const free = new Set(['name', 'about', 'seed', 'thresholds', 'remedies', 'alsoHelps', 'start', 'keys', 'tls'])
const freePaths = new Set(['terminals.target'])
const maxScenarioBytes = 16 * 1024 * 1024

/** `place`: a run's folder, its result.json, or a folder that holds runs. Throws UsageError. */
export function readSide(place: string): readonly ComparedRun[] {
  const isFolder = statSync(place, { throwIfNoEntry: false })?.isDirectory() === true
  if (isFolder && !existsSync(join(place, 'result.json'))) {
    const runs = runsIn(place)
    if (runs.length > 0) return runs.map((name) => readCompared(join(place, name)))
  }
  return [readCompared(place)]
}

function readCompared(place: string): ComparedRun {
  const file = resultFile(place)
  const folder = dirname(file)
  return { name: place, result: readResult(file), intervals: readIntervals(folder), keys: scenarioKeys(folder) }
}

/** The newest run in `folder` of the same scenario that passed and is not `than` itself; undefined where there is none. */
export function latestGood(folder: string, than: string): string | undefined {
  // The run itself may be named by the link `latest`.
  const own = realpathSync(dirname(resultFile(than)))
  const { scenario } = readResult(resultFile(than))
  const isSame = (result: Result) => result.scenario.name === scenario.name && result.scenario.clock === scenario.clock
  const good = runsIn(folder)
    .map((name) => join(folder, name))
    .filter((place) => realpathSync(place) !== own)
    .map((place) => ({ place, result: readable(place) }))
    .filter(({ result }) => result !== undefined && isSame(result) && judgeRun(result).passed)
    .sort((a, b) => ((a.result?.startedAt ?? '') < (b.result?.startedAt ?? '') ? 1 : -1))
  return good[0]?.place
}

/** A damaged run in a folder of many is not the last good one. */
function readable(place: string): Result | undefined {
  try {
    return readResult(resultFile(place))
  } catch (error) {
    if (error instanceof UsageError) return undefined
    throw error
  }
}

/** The values of a scenario by path; null where the folder has no scenario that can be read. */
function scenarioKeys(folder: string): ReadonlyMap<string, string> | null {
  const file = join(folder, 'scenario.yaml')
  if (!existsSync(file)) return null
  try {
    const text = readBounded(file, maxScenarioBytes)?.toString('utf8') ?? ''
    refuseNesting(text, file)
    const data: unknown = parse(text, { maxAliasCount: 100 })
    const keys = new Map<string, string>()
    collect(data, [], keys)
    return keys
  } catch {
    return null
  }
}

function collect(value: unknown, path: readonly string[], into: Map<string, string>): void {
  const name = path.join('.')
  if (free.has(path[0] ?? '') || freePaths.has(name)) return
  if (typeof value !== 'object' || value === null) into.set(name, JSON.stringify(value))
  else for (const [key, inner] of Object.entries(value)) collect(inner, [...path, key], into)
}
