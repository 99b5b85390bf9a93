// Makes one result of the folders of parts that ran apart, on one machine or on many.

import { inSlices } from '../base/slices.js'
import { checkParts, missingParts } from '../cluster/merge.js'
import { maxEvidence } from '../measure/evidence.js'
import { intervalLog } from '../measure/latency/hlog.js'
import type { Result } from '../measure/result.js'
import type { Allowances } from '../measure/verdict.js'
import { takeApart } from '../scenario/parts.js'
import { loadScenario } from '../scenario/reader.js'
import { mergedEvidence } from './files/merged-evidence.js'
import { type ReadPart, readPart, scenarioOfPart } from './files/part-file.js'
import { planOfParts } from './files/plan-of-parts.js'
import { dialectNamed } from './files/read-dialect.js'
import { makeRunFolder, writeRunFolder } from './files/run-folder.js'
import { assemblingResult } from './result/assemble-result.js'
import { createSpeaker } from './speaker.js'

/**
 * Reads part.json and scenario.yaml of each folder and writes one run's folder to `outDir`. Parts that are missing are
 * counted as lost. Throws UsageError for folders that are not parts of one run; where `mixed` allows some of it, the result says so.
 */
export async function mergePartFolders(
  folders: readonly string[],
  outDir: string | undefined,
  { mixed = false, ...allowances }: Allowances & { readonly mixed?: boolean | undefined } = {},
): Promise<Result> {
  const parts = folders.map(readPart)
  const differences = checkParts(parts, { mixed })
  if (outDir !== undefined) makeRunFolder(outDir)
  const [first] = parts as [ReadPart]
  const source = scenarioOfPart(first.from)
  const { scenario } = loadScenario(source, `${first.from}/scenario.yaml`, { dialectNamed })
  const planOf = planOfParts(scenario.load, createSpeaker(scenario).codec, first.scenario.seed)
  const made = await inSlices(
    assemblingResult({ whole: parts, lost: missingParts(parts), planOf, ...allowances }, takeApart(scenario)),
  )
  const { verdicts, tally } = made
  const result = differences.length === 0 ? made.result : { ...made.result, mixed: differences }
  if (outDir !== undefined) {
    const startedAt = Date.parse(result.startedAt)
    await writeRunFolder(outDir, {
      result,
      scenario: source,
      intervals: intervalLog(tally.timeline, startedAt),
      evidence: await mergedEvidence(parts, verdicts, maxEvidence),
    })
  }
  return result
}
