// Reads the evidence of a run: evidence.jsonl in its folder, line by line.

import { createReadStream, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { UsageError } from '../base/errors.js'
import type { EvidenceLine } from '../measure/evidence.js'

const fileName = 'evidence.jsonl'

/** `result`: a run's folder, or a file in it such as result.json. Throws UsageError where there is no evidence. */
export function evidenceFile(result: string): string {
  const stat = statSync(result, { throwIfNoEntry: false })
  if (stat === undefined)
    throw new UsageError(`${result}: there is no such folder; \`isochron run … --out DIR\` makes one`)
  const folder = stat.isDirectory() ? result : dirname(result)
  const file = join(folder, fileName)
  if (statSync(file, { throwIfNoEntry: false })?.isFile()) return file
  const isRun = statSync(join(folder, 'result.json'), { throwIfNoEntry: false }) !== undefined
  const why = isRun ? 'an earlier version made this run: make it again' : "expected a run's folder, or its result.json"
  throw new UsageError(`${folder}: no ${fileName}: ${why}`)
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
  if (line !== undefined && Array.isArray(line.steps) && typeof line.terminal === 'string') return line
  throw new UsageError('expected a line of evidence as JSON: the file was cut or changed', { where: `${where}:` })
}

function parsed(text: string): EvidenceLine | undefined {
  try {
    const value = JSON.parse(text) as EvidenceLine | null
    return value ?? undefined
  } catch {
    return undefined
  }
}
