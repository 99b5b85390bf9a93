// The file that a proxy records into. Lines wait in memory while the disk is slow, but not without a limit.

import { createWriteStream } from 'node:fs'
import { StartError } from '../../base/errors.js'

export interface RecordingFile {
  write(line: string): void
  /** Resolves when everything is on disk. Idempotent. */
  close(): Promise<void>
}

/** Bytes of lines that may wait for the disk; further lines are left out, and that is said once. */
const maxWaitingBytes = 67_108_864

/** Rejects with StartError when the file cannot be written. */
export async function openRecording(path: string, onTrouble: (line: string) => void): Promise<RecordingFile> {
  const stream = createWriteStream(path, { mode: 0o600 })
  await new Promise<void>((resolve, reject) => {
    stream.once('open', () => resolve())
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
    write(line) {
      if (stream.writableLength > maxWaitingBytes) lose('the disk is slower than the line')
      else stream.write(`${line}\n`)
    },
    close() {
      closing ??= new Promise((resolve) => (stream.destroyed ? resolve() : stream.end(resolve)))
      return closing
    },
  }
}
