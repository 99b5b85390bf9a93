// A journal that another process has written, read for its books: nothing in it is changed.

import { readFileSync, realpathSync, statSync } from 'node:fs'
import { StartError, UsageError } from '../../base/errors.js'
import { reasonOf } from '../../base/text/system-words.js'
import type { BookRow } from '../../measure/money/books.js'
import type { Spill } from '../../measure/money/spill.js'
import { maxJournalBytes } from '../../terminal/journal/journal-file.js'
import { ownerState } from '../../terminal/journal/lock-owner.js'
import { recoverPieces, requireWholeJournal, rowOf } from '../../terminal/journal/recover.js'
import { readBounded } from '../disk/read-bounded.js'

export interface ReadJournal {
  readonly file: string
  readonly dialect: string
  /** Epoch ms; undefined in a journal of the first version. */
  readonly beganAt: number | undefined
  readonly size: number
  /** Transactions of which nobody knows whether they were charged. */
  readonly owed: number
  /** More ended than a journal keeps. */
  readonly rowsLost: boolean
  /** A process writes it now. */
  readonly isInUse: boolean
  rows(): Iterable<BookRow>
}

/** Each once. Throws UsageError for a file that is named twice, StartError for one that is no journal or is damaged. */
export function readJournals(files: readonly string[], spill: Spill): readonly ReadJournal[] {
  const seen = new Map<string, string>()
  return files.map((file) => {
    const read = readJournal(file, spill)
    const path = realpathSync(file)
    const other = seen.get(path)
    if (other !== undefined) throw new UsageError(`${file} is the same journal as ${other}: name each once`)
    seen.set(path, file)
    return read
  })
}

function readJournal(file: string, spill: Spill): ReadJournal {
  const bytes = bytesOf(file)
  if (bytes.length === 0) throw new StartError(`${file} is empty: it is no journal`)
  const found = recoverPieces([bytes], spill)
  requireWholeJournal(file, found)
  const { dialect = '', beganAt, rows, owed, rowsLost } = found
  return {
    ...{ file, dialect, beganAt, rowsLost },
    size: rows.length + owed.length,
    owed: owed.length,
    isInUse: isHeld(file),
    *rows() {
      yield* rows
      for (const [, record] of owed) yield rowOf(record, 'unknown')
    },
  }
}

function bytesOf(file: string): Uint8Array {
  try {
    if (!statSync(file).isFile()) throw new StartError(`${file} is a folder or a device: name the file of a journal`)
    const bytes = readBounded(file, maxJournalBytes)
    if (bytes !== undefined) return bytes
  } catch (cause) {
    if (cause instanceof StartError) throw cause
    throw new StartError(`the journal ${file} cannot be read (${reasonOf(cause)})`, { cause })
  }
  throw new StartError(`${file} is larger than ${maxJournalBytes} bytes: it is no journal`)
}

function isHeld(file: string): boolean {
  try {
    const state = ownerState(readFileSync(`${file}.lock`, 'utf8'))
    return state === 'alive' || state === 'own' || state === 'elsewhere'
  } catch {
    return false
  }
}
