// A file that what passes is written into. Only its owner may read it. Lines wait in memory while the disk is slow, but not
// without a limit, and the disk is not filled: a file that is full becomes FILE.1, and the oldest part goes.

import {
  createWriteStream,
  fchmodSync,
  fstatSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  type WriteStream,
} from 'node:fs'
import { StartError, UsageError } from '../../base/errors.js'
import { agreeing, counted } from '../../base/text/counted.js'
import { reasonOf } from '../../base/text/system-words.js'
import { olderParts, partName } from '../disk/recording-parts.js'

export interface RecordingFile {
  /** A line of text, or bytes. The first that is written is the head: each part begins with it. */
  write(data: string | Uint8Array): void
  /** Resolves when everything is on disk. Idempotent. */
  close(): Promise<void>
}

export interface RecordingOptions {
  /** Bytes on disk of all parts together; `usualLimitBytes` when left out. */
  readonly limitBytes?: number | undefined
  /** A recording of that name is overwritten. */
  readonly force?: boolean | undefined
  /** A file that is not complete, in a line. */
  readonly onTrouble: (line: string) => void
  /** A part that is full, in a line. */
  readonly onPart: (line: string) => void
}

/** 1 GiB: some minutes of a few thousand messages a second, or months of a single terminal. */
export const usualLimitBytes = 1_073_741_824

/** Bytes of lines that may wait for the disk; further lines are left out, and that is said once. */
const maxWaitingBytes = 67_108_864

/** Rejects with StartError when the file cannot be written, with UsageError when it holds something already. */
export async function openRecording(path: string, options: RecordingOptions): Promise<RecordingFile> {
  if (options.force !== true) refuseOverwriting(path)
  try {
    return createRecording(path, options)
  } catch (cause) {
    throw new StartError(`cannot record into ${path} (${reasonOf(cause)})`, { cause })
  }
}

function createRecording(name: string, options: RecordingOptions): RecordingFile {
  const { limitBytes = usualLimitBytes, onTrouble, onPart } = options
  let isWhole = true
  const lose = (why: string) => {
    if (isWhole) onTrouble(`the recording ${name} is not complete: ${why}`)
    isWhole = false
  }
  const open = new Set<WriteStream>()
  const begin = (): WriteStream => {
    const descriptor = openSync(name, 'w', 0o600)
    // The mode is for a file that was not there; a pipe has none that could be changed.
    if (fstatSync(descriptor).isFile()) fchmodSync(descriptor, 0o600)
    const begun = createWriteStream(name, { fd: descriptor })
    begun.on('error', (error) => lose(error.message)).once('close', () => open.delete(begun))
    open.add(begun)
    return begun
  }
  let stream = begin()
  // A link is followed here, as by whoever opens the file.
  const file = realpathSync(name)
  const isFile = statSync(name).isFile()
  if (isFile) for (const part of partNames(file)) rmSync(part, { force: true })
  const partBytes = isFile ? Math.floor(limitBytes / (olderParts + 1)) : Number.POSITIVE_INFINITY
  let head: string | Uint8Array | undefined
  let written = 0
  let isTurning = true

  const put = (bytes: string | Uint8Array, size: number) => {
    written += size
    stream.write(bytes)
  }
  const waiting = () => {
    let sum = 0
    for (const { writableLength } of open) sum += writableLength
    return sum
  }
  const turn = () => {
    try {
      makeRoom(file)
      const next = begin()
      stream.end()
      stream = next
    } catch (error) {
      isTurning = false
      lose(`no new part of it can be begun (${reasonOf(error)})`)
      return
    }
    onPart(
      `${name} is full (${counted(partBytes, 'byte')}): it is now ${partName(file, 1)}; ${counted(olderParts, 'older part')} ${agreeing(olderParts, 'is', 'are')} kept`,
    )
    written = 0
    if (head !== undefined) put(head, Buffer.byteLength(head))
  }
  let closing: Promise<void> | undefined
  return {
    write(data) {
      const bytes = typeof data === 'string' ? `${data}\n` : data
      head ??= bytes
      const size = Buffer.byteLength(bytes)
      if (written > 0 && isTurning && written + size > partBytes) turn()
      if (waiting() > maxWaitingBytes) lose('the disk is slower than the line')
      else if (isTurning) put(bytes, size)
    },
    close() {
      closing ??= Promise.all([...open].map(ended)).then(() => {})
      return closing
    },
  }
}

const ended = (stream: WriteStream) =>
  new Promise<void>((resolve) => {
    if (stream.closed) return resolve()
    stream.once('close', () => resolve())
    stream.end()
  })

const partNames = (file: string) => Array.from({ length: olderParts }, (_, index) => partName(file, index + 1))

/** FILE becomes FILE.1, FILE.1 becomes FILE.2 …; the oldest is removed. */
function makeRoom(file: string): void {
  rmSync(partName(file, olderParts), { force: true })
  for (let part = olderParts - 1; part >= 0; part--) {
    const older = partName(file, part)
    if (statSync(older, { throwIfNoEntry: false }) !== undefined) renameSync(older, partName(file, part + 1))
  }
}

function refuseOverwriting(path: string): void {
  const found = [path, ...partNames(path)].find((name) => {
    const stats = statSync(name, { throwIfNoEntry: false })
    return stats?.isFile() === true && stats.size > 0
  })
  if (found === undefined) return
  throw new UsageError(`${found} is there already: name another file to record into, or --force to overwrite it`)
}
