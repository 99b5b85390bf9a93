// The file of a spill: of this user alone, in a folder that goes away with the run, or with the next one after `kill -9`.

import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StartError } from '../../base/errors.js'
import { reasonOf } from '../../base/text/system-words.js'
import type { Spill } from '../../measure/money/spill.js'
import { makeTemporaryFolder } from './temporary-folder.js'
import { cannotWrite } from './write-whole.js'

export interface SpillFile extends Spill {
  /** Removes the file. Idempotent; what is asked of it afterwards begins another one. */
  close(): void
}

/** Nothing is made before there is something to write. `parent`: the folder of temporary files. */
export function createSpillFile(parent = tmpdir()): SpillFile {
  let file: { readonly folder: string; readonly name: string; readonly opened: number } | undefined
  let end = 0
  const open = () => {
    const folder = named(parent, () => makeTemporaryFolder(parent))
    const name = join(folder, 'books')
    try {
      return { folder, name, opened: named(name, () => openSync(name, 'wx+', 0o600)) }
    } catch (error) {
      rmSync(folder, { recursive: true, force: true })
      throw error
    }
  }
  const write = (place: number, bytes: Uint8Array) => {
    file ??= open()
    const { name, opened } = file
    named(name, () => {
      for (let at = 0; at < bytes.length; ) at += writeSync(opened, bytes, at, bytes.length - at, place + at)
    })
  }
  return {
    append(bytes) {
      const place = end
      write(place, bytes)
      end += bytes.length
      return place
    },
    write,
    read(place, into) {
      if (file === undefined) throw new StartError('nothing was written yet')
      const { name, opened } = file
      for (let at = 0; at < into.length; ) at += readSome(name, opened, { place: place + at, into: into.subarray(at) })
    },
    close() {
      if (file === undefined) return
      closeSync(file.opened)
      rmSync(file.folder, { recursive: true, force: true })
      file = undefined
      end = 0
    },
  }
}

function readSome(
  name: string,
  opened: number,
  { place, into }: { readonly place: number; readonly into: Uint8Array },
): number {
  let bytes: number
  try {
    bytes = readSync(opened, into, 0, into.length, place)
  } catch (cause) {
    throw new StartError(`cannot read ${name} (${reasonOf(cause)})`, { cause })
  }
  if (bytes === 0) throw new StartError(`cannot read ${name}: it was cut off`)
  return bytes
}

/** A full disk, or none at all, is told by name. */
function named<Value>(name: string, work: () => Value): Value {
  try {
    return work()
  } catch (cause) {
    throw cannotWrite(name, cause)
  }
}
