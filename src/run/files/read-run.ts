// Reads a run back from its folder: result.json, and what stands beside it.

import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { UsageError } from '../../base/errors.js'
import { inSlices } from '../../base/slices.js'
import { reasonOf } from '../../base/text/system-words.js'
import { type IntervalValues, readIntervalLog, readingIntervalLog } from '../../measure/latency/interval-log.js'
import { maxSlowest } from '../../measure/latency/slowest.js'
import type { Result } from '../../measure/result.js'
import { EvidenceTop } from '../../report/evidence/list.js'
import type { SavedRun } from '../../report/saved-run.js'
import { readBounded } from '../disk/read-bounded.js'
import { readEvidence } from './read-evidence.js'
import { checkResult } from './result-shape.js'

/** Bytes of a file of a run: a result of an hour has 1 MB, its interval log 40 MB. */
const maxFileBytes = 256 * 1024 * 1024
const resultName = 'result.json'

/** `place`: a run's folder, or its result.json. Throws UsageError that says what is there instead. */
export async function readRun(place: string): Promise<SavedRun> {
  const file = resultFile(place)
  const folder = dirname(file)
  return {
    result: readResult(file),
    intervals: await inSlices(readingIntervalLog(...intervalsOf(folder))),
    slowest: await readSlowest(folder),
    scenario: readText(join(folder, 'scenario.yaml')) ?? null,
  }
}

/** The response times of a run second by second; none where its folder has no interval log. */
export function readIntervals(folder: string): readonly IntervalValues[] {
  return readIntervalLog(...intervalsOf(folder))
}

function intervalsOf(folder: string) {
  const file = join(folder, 'intervals.hlog')
  return [readText(file) ?? '', 'response', file] as const
}

/** The path of a run's result.json. Throws UsageError. */
export function resultFile(place: string): string {
  const stat = statSync(place, { throwIfNoEntry: false })
  if (stat === undefined)
    throw new UsageError(`${place}: there is no such folder or file; \`isochron run … --out DIR\` makes one`)
  if (!stat.isDirectory()) return place
  const file = join(place, resultName)
  if (existsSync(file)) return file
  const runs = runsIn(place).slice(0, 20)
  const named = runs.length === 0 ? '' : `; name one of those in it: ${runs.join(', ')}`
  throw new UsageError(`${place}: no ${resultName}: expected a run's folder, or its result.json${named}`)
}

/** Names of the folders in `folder` that hold a run, sorted; links to one are left out. */
export function runsIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, resultName)))
    .map(({ name }) => name)
    .sort()
}

/** A result.json. Throws UsageError for a file that is none, and says what is missing. */
export function readResult(file: string): Result {
  const text = readText(file)
  if (text === undefined) throw new UsageError(`${file}: there is no such file`)
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch (cause) {
    throw new UsageError('expected a result as JSON: the file was cut or changed', { where: `${file}:`, cause })
  }
  return checkResult(data, file)
}

async function readSlowest(folder: string): Promise<SavedRun['slowest']> {
  const file = join(folder, 'evidence.jsonl')
  const top = new EvidenceTop('slowest', maxSlowest)
  if (existsSync(file)) for await (const line of readEvidence(file)) top.add(line)
  return top.lines
}

/** Undefined where there is no such file. */
function readText(file: string): string | undefined {
  if (!existsSync(file)) return undefined
  try {
    const text = readBounded(file, maxFileBytes)?.toString('utf8')
    if (text !== undefined) return text
  } catch (cause) {
    throw new UsageError(`cannot be read (${reasonOf(cause)})`, { where: `${file}:`, cause })
  }
  throw new UsageError(`is larger than ${maxFileBytes} bytes`, { where: `${file}:` })
}
