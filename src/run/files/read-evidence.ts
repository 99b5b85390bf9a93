// Reads the evidence of a run: evidence.jsonl in its folder, line by line.

import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { UsageError } from '../../base/errors.js'
import { type EvidenceLine, stepNames } from '../../measure/evidence.js'

const fileName = 'evidence.jsonl'
/** Folders that an error names: a baseline and its remedies. */
const mostNamed = 20

/** `result`: a run's folder, or a file in it such as result.json. Throws UsageError where there is no evidence. */
export function evidenceFile(result: string): string {
  const stat = statSync(result, { throwIfNoEntry: false })
  if (stat === undefined)
    throw new UsageError(`${result}: there is no such folder; \`isochron run … --out DIR\` makes one`)
  const folder = stat.isDirectory() ? result : dirname(result)
  const file = join(folder, fileName)
  if (statSync(file, { throwIfNoEntry: false })?.isFile()) return file
  throw new UsageError(`${result}: no ${fileName}: ${whyNone(folder)}`)
}

function whyNone(folder: string): string {
  if (existsSync(join(folder, 'result.json'))) return 'an earlier version made this run: make it again'
  const runs = readdirSync(folder).filter((name) => existsSync(join(folder, name, fileName)))
  const named = runs.length === 0 ? '' : `; name one of those in it: ${runs.slice(0, mostNamed).join(', ')}`
  return `expected a run's folder, or its result.json${named}`
}

/** Every line, in the order in which the transactions ended. Throws UsageError that names the line. */
export async function* readEvidence(file: string): AsyncGenerator<EvidenceLine> {
  let number = 0
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    number++
    if (text !== '') yield parseLine(text, `${file}:${number}`)
  }
}

function parseLine(text: string, where: string): EvidenceLine {
  const line = parsed(text)
  if (line !== undefined && isLine(line)) return line
  throw new UsageError('expected a line of evidence as JSON: the file was cut or changed', { where: `${where}:` })
}

/** Whether it has what a sheet is made of: somebody may have edited the file. */
function isLine(line: EvidenceLine): boolean {
  const { terminal, responseMs, withinMs, steps, request, answer, lateAnswer } = line
  return (
    typeof terminal === 'string' &&
    (responseMs === null || typeof responseMs === 'number') &&
    typeof withinMs === 'number' &&
    Array.isArray(steps) &&
    steps.every((step) => step !== null && isStep(step)) &&
    [request, answer, lateAnswer].every((message) => message === null || typeof message === 'object')
  )
}

const isStep = ({ step, utc, local, afterMs }: EvidenceLine['steps'][number]) =>
  stepNames.includes(step) && typeof utc === 'string' && typeof local === 'string' && typeof afterMs === 'number'

function parsed(text: string): EvidenceLine | undefined {
  try {
    const value = JSON.parse(text) as EvidenceLine | null
    return value ?? undefined
  } catch {
    return undefined
  }
}
