// The output of a run for GitHub Actions: its Markdown report in the summary of the job, and an annotation for each failure.

import type { Result } from '../measure/result.js'
import { missedBy, verdictText } from './rows/verdict.js'

/** Bytes of a step's summary; over 1,024 kB GitHub shows nothing of it. */
const maxSummaryBytes = 1_000_000
/** Annotations of a kind that GitHub shows for a step. */
const mostAnnotations = 10

/** Workflow commands for stdout, one a line; none for a run that passed. */
export function githubAnnotations(result: Result): readonly string[] {
  const { passed, reason } = verdictText(result)
  if (passed) return []
  const failed = result.thresholds.filter(({ met }) => !met)
  const title = `title=${property(`isochron: ${result.scenario.name}`)}`
  if (failed.length === 0) return [`::error ${title}::${data(reason)}`]
  return failed.slice(0, mostAnnotations).map((row) => `::error ${title}::${data(missedBy(row))}`)
}

/** `markdown`, cut at a line where it is longer than GitHub takes. */
export function githubSummary(markdown: string): string {
  const bytes = Buffer.from(markdown)
  if (bytes.length <= maxSummaryBytes) return markdown
  const cut = bytes.subarray(0, maxSummaryBytes).toString('utf8')
  return `${cut.slice(0, cut.lastIndexOf('\n'))}\n\nCut here: the whole report is in report.md.\n`
}

const data = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
const property = (text: string) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
