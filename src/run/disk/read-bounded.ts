// Reads a file that a user names, and no more of it than it may be: a device has no size and no end.

import { closeSync, openSync, readSync } from 'node:fs'

const chunkBytes = 65_536

/** Undefined where there are more than `maxBytes`. Throws what the system does. Pipes are files here too. */
export function readBounded(file: string, maxBytes: number): Buffer | undefined {
  const descriptor = openSync(file, 'r')
  try {
    const chunks: Buffer[] = []
    let left = maxBytes + 1
    while (left > 0) {
      const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, left))
      const bytes = readSync(descriptor, chunk)
      if (bytes === 0) return Buffer.concat(chunks)
      chunks.push(chunk.subarray(0, bytes))
      left -= bytes
    }
    return undefined
  } finally {
    closeSync(descriptor)
  }
}
