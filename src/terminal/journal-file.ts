// A journal's file. It belongs to one process at a time, and to its owner alone: it holds card numbers, as a terminal's
// memory does.

import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { resolve } from 'node:path'
import { StartError } from '../base/errors.js'
import type { JournalStorage } from './journal.js'

/** Bytes of a journal that is read: more than a day of a million transactions takes. */
const maxFileBytes = 1_073_741_824

/** Throws StartError for a file that another process has, or that cannot be read or written. */
export function openJournalFile(file: string): JournalStorage {
  const unlock = lock(file)
  try {
    return openLocked(file, unlock)
  } catch (error) {
    unlock()
    throw error
  }
}

function openLocked(file: string, unlock: () => void): JournalStorage {
  const found = readAll(file)
  let descriptor = guarded(file, () => openSync(file, 'a', 0o600))
  return {
    read: () => found,
    append: (bytes) => writeAll(descriptor, bytes),
    replace(bytes) {
      const next = `${file}.new`
      guarded(file, () => {
        const fresh = openSync(next, 'w', 0o600)
        writeAll(fresh, bytes)
        fsyncSync(fresh)
        renameSync(next, file)
        closeSync(descriptor)
        descriptor = fresh
      })
    },
    close() {
      closeSync(descriptor)
      unlock()
    },
  }
}

function readAll(file: string): Uint8Array {
  return guarded(file, () => {
    const size = statSync(file, { throwIfNoEntry: false })?.size
    if (size === undefined) return new Uint8Array()
    if (size > maxFileBytes) throw new StartError(`${file} is larger than ${maxFileBytes} bytes: it is no journal`)
    return readFileSync(file)
  })
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at)
}

/** A file beside the journal that holds the number of its process. One that a dead process left behind is taken over. */
function lock(file: string): () => void {
  const path = resolve(file)
  const name = `${file}.lock`
  const take = () => writeFileSync(name, `${process.pid}\n`, { flag: 'wx', mode: 0o600 })
  guarded(file, () => {
    try {
      take()
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
      const owner = Number.parseInt(readFileSync(name, 'utf8'), 10)
      // In a container a process that is started again has the number of the one that died.
      if (owner === process.pid ? held.has(path) : isRunning(owner)) {
        throw new StartError(
          `the journal ${file} is in use by process ${owner}: wait for it to end, or name another with --journal`,
        )
      }
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

/** Journals that this process has open. */
const held = new Set<string>()

function isRunning(processId: number): boolean {
  if (!(processId > 0)) return false
  try {
    process.kill(processId, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

function guarded<Value>(file: string, work: () => Value): Value {
  try {
    return work()
  } catch (cause) {
    if (cause instanceof StartError) throw cause
    throw new StartError(`the journal ${file} cannot be used (${codeOf(cause) ?? 'unknown error'})`, { cause })
  }
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code
