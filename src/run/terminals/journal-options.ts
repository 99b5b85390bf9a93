// Which journal a run uses, and what it does with one of an earlier business day.

import { join } from 'node:path'
import { StartError, UsageError } from '../../base/errors.js'
import { suggestion } from '../../base/suggest.js'
import { counted } from '../../base/text/counted.js'
import { makeTemporaryFolder } from '../disk/temporary-folder.js'

export const journalStale = ['replay', 'keep', 'discard'] as const
export type JournalStale = (typeof journalStale)[number]

/** The journal owes messages of another business day, and nobody has said what to do with them. */
export class StaleJournalError extends StartError {
  constructor(count: number, day: string) {
    super(
      `the journal owes the host ${counted(count, 'message')} of ${day}, another business day: say --journal-stale replay (send them now), keep (leave them there) or discard`,
    )
  }
}

/** Throws UsageError. */
export function journalStaleNamed(name: string | undefined): JournalStale | undefined {
  const known = journalStale.find((each) => each === name)
  if (known !== undefined || name === undefined) return known
  throw new UsageError(
    `--journal-stale: expected ${journalStale.join(', ')}, got '${name}'${suggestion(name, journalStale)}`,
  )
}

/** A file in a folder of its own, of this user alone. */
export const temporaryJournal = (): string => join(makeTemporaryFolder(), 'journal')
