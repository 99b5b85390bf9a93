// A journal's file. It belongs to one process at a time, and to its owner alone: it holds card numbers, as a terminal's
// memory does.

import {
  close,
  closeSync,
  fsync,
  fsyncSync,
  openSync,
  readFileSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { resolve } from 'node:path'
import { StartError } from '../../base/errors.js'
import { reasonOf } from '../../base/text/system-words.js'
import type { JournalStorage, Renewal } from './journal-storage.js'
import { ownerLine, ownerState } from './lock-owner.js'

/** Bytes of a journal that is read: more than a day of a million transactions takes. */
export const maxJournalBytes = 1_073_741_824
/** Bytes of it that are read at a time. */
const pieceBytes = 1_048_576

/** Throws StartError for a file that another process has, or that cannot be read or written. */
export function openJournalFile(name: string): JournalStorage {
  const file = guarded(name, () => fileBehind(name))
  const unlock = lock(file)
  try {
    return openLocked(file, unlock)
  } catch (error) {
    unlock()
    throw error
  }
}

/** The file that a link leads to: a rename would replace the link, and two names of one journal would have two locks. */
function fileBehind(name: string): string {
  const stats = statSync(name, { throwIfNoEntry: false })
  if (stats === undefined) return name
  if (!stats.isFile())
    throw new StartError(`${name} is a folder or a device: a journal is a file, name another with --journal`)
  return realpathSync(name)
}

function openLocked(file: string, unlock: () => void): JournalStorage {
  requireFit(file)
  let descriptor = guarded(file, () => openSync(file, 'a', 0o600))
  return {
    read: () => piecesOf(file),
    append: (bytes) => written(file, () => writeAll(descriptor, bytes)),
    renew: () =>
      renewal(file, (fresh) => {
        closeElsewhere(descriptor)
        descriptor = fresh
      }),
    close() {
      closeSync(descriptor)
      unlock()
    },
  }
}

/** A file beside the journal until it takes its place. Calls `taken` with its descriptor then. */
function renewal(file: string, taken: (descriptor: number) => void): Renewal {
  const next = `${file}.new`
  const fresh = written(file, () => openSync(next, 'w', 0o600))
  let isOver = false
  /** A descriptor that is being synced is closed afterwards. */
  let syncing = 0
  /** A record that was appended since is as safe as what is appended to a journal. */
  let isSynced = false
  const letGo = () => {
    if (isOver && syncing === 0) closeSync(fresh)
  }
  return {
    append: (bytes) => written(file, () => writeAll(fresh, bytes)),
    sync(done) {
      syncing++
      fsync(fresh, (cause) => {
        syncing--
        isSynced ||= cause === null
        letGo()
        done(cause === null ? null : cannotBeWritten(file, cause))
      })
    },
    take() {
      written(file, () => {
        if (!isSynced) fsyncSync(fresh)
        renameSync(next, file)
      })
      taken(fresh)
    },
    drop() {
      if (isOver) return
      isOver = true
      letGo()
      // On a full disk this is tried again with every turn.
      rmSync(next, { force: true })
    },
  }
}

/**
 * The last hold on a file whose name is gone: closing it gives up its pages, 15 ms for 25 MB, in which nothing would be sent. Nobody
 * waits for it, and a failure loses nothing.
 */
function closeElsewhere(descriptor: number): void {
  close(descriptor, () => {})
}

function requireFit(file: string): void {
  const size = guarded(file, () => statSync(file, { throwIfNoEntry: false })?.size ?? 0)
  if (size > maxJournalBytes) throw new StartError(`${file} is larger than ${maxJournalBytes} bytes: it is no journal`)
}

function* piecesOf(file: string): Iterable<Uint8Array> {
  const descriptor = guarded(file, () => openSync(file, 'r'))
  try {
    for (;;) {
      const piece = Buffer.allocUnsafeSlow(pieceBytes)
      const bytes = guarded(file, () => readSync(descriptor, piece))
      if (bytes === 0) return
      yield piece.subarray(0, bytes)
    }
  } finally {
    closeSync(descriptor)
  }
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at)
}

/** A file beside the journal that says whose it is. One that a dead process left behind is taken over. */
function lock(file: string): () => void {
  const path = resolve(file)
  const name = `${file}.lock`
  const take = () => writeFileSync(name, `${ownerLine()}\n`, { flag: 'wx', mode: 0o600 })
  guarded(file, () => {
    try {
      take()
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
      refuseIfHeld(file, readFileSync(name, 'utf8'), held.has(path))
      rmSync(name, { force: true })
      take()
    }
  })
  held.add(path)
  return () => {
    held.delete(path)
    rmSync(name, { force: true })
  }
}

/** In a container a process that is started again has the number of the one that died. */
function refuseIfHeld(file: string, line: string, isHeldHere: boolean): void {
  const state = ownerState(line)
  const [pid, , host] = line.trim().split(' ')
  if (state === 'alive' || (state === 'own' && isHeldHere))
    throw new StartError(
      `the journal ${file} is in use by process ${pid}: wait for it to end, or name another with --journal`,
    )
  if (state === 'elsewhere')
    throw new StartError(
      `the journal ${file} is in use by process ${pid} on ${host}, which cannot be looked for from here: if it has ended, delete ${file}.lock`,
    )
}

/** Journals that this process has open. */
const held = new Set<string>()

function guarded<Value>(file: string, work: () => Value): Value {
  try {
    return work()
  } catch (cause) {
    if (cause instanceof StartError) throw cause
    throw new StartError(`the journal ${file} cannot be used (${reasonOf(cause)})`, { cause })
  }
}

/** Writes to a journal that is open: a full disk is told by the journal's name. */
function written<Value>(file: string, write: () => Value): Value {
  try {
    return write()
  } catch (cause) {
    throw cannotBeWritten(file, cause)
  }
}

const cannotBeWritten = (file: string, cause: unknown) =>
  new StartError(`the journal ${file} cannot be written (${reasonOf(cause)})`, { cause })

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code
