// A journal of terminals that have come far: their next numbers are nearly the last, after which a batch ends.

import type { Scenario } from '../../src/scenario/schema.js'
import { encodeRecords, journalVersion } from '../../src/terminal/journal/journal-frames.js'
import { createTerminals } from '../../src/terminal/terminal.js'

/** Before every schedule's first day: nothing of it is in the books. */
const day = '20251231'

/** `lastStan`: the last that each terminal has given out. */
export function wornJournal({ terminals, dialect, start }: Scenario, lastStan: number): Uint8Array {
  return encodeRecords([
    { kind: 'journal', version: journalVersion, dialect: dialect.name, day, beganAt: start },
    ...createTerminals(terminals).map(
      ({ id, batch }) => ({ kind: 'numbers', terminal: id, batch, stan: lastStan }) as const,
    ),
  ])
}
