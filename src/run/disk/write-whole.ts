// Writes a file whole or not at all: under a temporary name beside it, and then under its own. A reader never sees half of one.

import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { StartError } from '../../base/errors.js'
import { inOneGo, inSlices, type Slices } from '../../base/slices.js'

/** Characters that are written at a time. */
const pieceLength = 65_536

/** Throws StartError that names the file and the cause; nothing is left behind then, and an older file of that name stays. `open` is given by tests. */
export async function writeWhole(file: string, pieces: Iterable<string>, open = openNew): Promise<void> {
  await inSlices(writing(file, pieces, open))
}

/** The same for a small file that is in memory, without a pause. */
export function writeWholeNow(file: string, text: string): void {
  inOneGo(writing(file, [text], openNew))
}

/** May be interrupted after each piece, as making one can take long; small pieces are put together, so that there are few writes. */
function* writing(file: string, pieces: Iterable<string>, open: (file: string) => number): Slices<void> {
  const temporary = temporaryName(file)
  let opened: number | undefined
  try {
    opened = open(temporary)
    let waiting = ''
    for (const piece of pieces) {
      waiting += piece
      if (waiting.length >= pieceLength) {
        writeAll(opened, waiting)
        waiting = ''
      }
      yield
    }
    writeAll(opened, waiting)
    fsyncSync(opened)
    closeSync(opened)
    opened = undefined
    renameSync(temporary, file)
  } catch (cause) {
    if (opened !== undefined) closeSync(opened)
    rmSync(temporary, { force: true })
    throw cannotWrite(file, cause)
  }
}

/**
 * Opens a new file. A file left by a killed process of the same number, or a link that somebody put there, is removed,
 * never written into.
 */
function openNew(file: string): number {
  rmSync(file, { force: true })
  return openSync(file, 'wx')
}

const temporaryName = (file: string) => `${file}.${process.pid}.tmp`

/** A disk that is nearly full takes less than it was given. */
function writeAll(opened: number, text: string): void {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; ) at += writeSync(opened, bytes, at)
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: make room, or name another folder',
  EDQUOT: 'the quota of this user is used up: make room, or name another folder',
  EMFILE: 'this process has no descriptor left: raise ulimit -n',
  ENFILE: 'this machine has no descriptor left',
  EROFS: 'the file system is read-only',
  EACCES: 'this user may not write there',
  EFBIG: 'the file is larger than this user may write (ulimit -f)',
  EIO: 'the disk has failed',
}

/** The sentence for a file that cannot be written. */
export function cannotWrite(file: string, cause: unknown): StartError {
  const { code = 'unknown reason', message } = cause as NodeJS.ErrnoException
  const why = reasons[code]
  return new StartError(`cannot write ${file}: ${why === undefined ? message : `${why} (${code})`}`, { cause })
}
