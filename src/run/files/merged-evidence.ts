// evidence.jsonl of all parts as one: in order of time, with the causes that were found over all parts.

import type { CauseVerdict } from '../../measure/causes/cause.js'
import { mergedId } from '../../measure/causes/merge-observations.js'
import type { EvidenceLine } from '../../measure/evidence.js'
import type { ReadPart } from './part-file.js'
import { evidenceFile, readEvidence } from './read-evidence.js'

/** Lines with their line feeds, at most `limit`. */
export async function mergedEvidence(
  parts: readonly ReadPart[],
  verdicts: ReadonlyMap<number, CauseVerdict>,
  limit: number,
): Promise<Iterable<string>> {
  const ordered = [...parts].sort((one, other) => one.share.index - other.share.index)
  const lines: EvidenceLine[] = []
  for (const [index, part] of ordered.entries()) {
    const causeOf = causesByPlace(part, verdicts, { index, of: ordered.length })
    for await (const line of readEvidence(evidenceFile(part.from))) {
      if (lines.length < limit) lines.push({ ...line, cause: causeOf(line) ?? null })
    }
  }
  const at = ({ steps }: EvidenceLine) => steps[0]?.utc ?? ''
  lines.sort((one, other) => (at(one) < at(other) ? -1 : at(one) > at(other) ? 1 : 0))
  return lines.map((line) => `${JSON.stringify(line)}\n`)
}

/** A terminal presents one card at a time: its name and the instant name the transaction. */
function causesByPlace(
  { observations, startedAtWall }: ReadPart,
  verdicts: ReadonlyMap<number, CauseVerdict>,
  place: { readonly index: number; readonly of: number },
): (line: EvidenceLine) => CauseVerdict | undefined {
  const key = (terminal: string, wallMs: number) => `${terminal} ${Math.round(wallMs)}`
  const known = new Map(
    observations.transactions.map(({ id, terminal, intendedAt }) => [
      key(terminal, startedAtWall + intendedAt),
      verdicts.get(mergedId(id, place.index, place.of)),
    ]),
  )
  return ({ terminal, steps }) => known.get(key(terminal, Date.parse(steps[0]?.utc ?? '')))
}
