// A file that what passes is written into. Only its owner may read it. Lines wait in memory while the disk is slow, but not without a limit.

import { createWriteStream, fchmodSync, fstatSync } from 'node:fs'
import { StartError } from '../../base/errors.js'

export interface RecordingFile {
  /** A line of text, or bytes. */
  write(data: string | Uint8Array): void
  /** Resolves when everything is on disk. Idempotent. */
  close(): Promise<void>
}

/** Bytes of lines that may wait for the disk; further lines are left out, and that is said once. */
const maxWaitingBytes = 67_108_864

/** Rejects with StartError when the file cannot be written. */
export async function openRecording(path: string, onTrouble: (line: string) => void): Promise<RecordingFile> {
  const stream = createWriteStream(path, { mode: 0o600 })
  await new Promise<void>((resolve, reject) => {
    stream.once('open', (descriptor: number) => {
      // The mode above is for a file that was not there; a pipe has none that could be changed.
      if (fstatSync(descriptor).isFile()) fchmodSync(descriptor, 0o600)
      resolve()
    })
    stream.once('error', (cause) => reject(new StartError(`cannot record into ${path}: ${cause.message}`, { cause })))
  })
  let isWhole = true
  const lose = (why: string) => {
    if (isWhole) onTrouble(`the recording ${path} is not complete: ${why}`)
    isWhole = false
  }
  stream.on('error', (error) => lose(error.message))
  let closing: Promise<void> | undefined
  return {
    write(data) {
      if (stream.writableLength > maxWaitingBytes) lose('the disk is slower than the line')
      else stream.write(typeof data === 'string' ? `${data}\n` : data)
    },
    close() {
      closing ??= new Promise((resolve) => (stream.destroyed ? resolve() : stream.end(resolve)))
      return closing
    },
  }
}
