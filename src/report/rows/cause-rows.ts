// Why transactions were not timely, as rows and as sentences: the same in every report.

import { accused, type CauseRow } from '../../measure/causes/diagnose.js'
import type { Result } from '../../measure/result.js'
import { formatCount, formatShare } from '../layout/figures.js'
import type { Row } from '../layout/table.js'
import { causeRemedy, confidenceOf } from '../words/causes.js'
import type { Language } from '../words/language.js'

export const causeHead: Row = ['cause', 'transactions', 'share', 'confidence', 'what helps']

/** The most frequent first; none for a run in which all was timely. */
export function causeRows({ causes }: Result, language: Language = 'en'): readonly Row[] {
  return (causes ?? []).map((row) => [
    row.cause,
    formatCount(row.count),
    formatShare(row.share),
    formatShare(confidenceOf(row)),
    language === 'en' ? row.remedy : (causeRemedy(row.cause, language) ?? row.remedy),
  ])
}

/** Each cause that the run is accused of, with its evidence; of one that is but a guess nothing. */
export function causeLines({ causes, offered }: Result): readonly string[] {
  const rows = causes ?? []
  const named = new Set<string>(accused(rows, offered))
  return rows.filter(({ cause }) => named.has(cause)).map(sentence)
}

const sentence = ({ cause, evidence }: CauseRow) => `${cause}: ${evidence.join('; ')}`
