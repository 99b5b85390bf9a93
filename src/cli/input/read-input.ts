// Reads a whole file or stdin, up to a limit.

import { UsageError } from '../../base/errors.js'
import { reasonOf } from '../../base/text/system-words.js'
import { type Io, isStdin, openInput } from '../io.js'

/** Bytes of one input: tens of thousands of messages; a file named by mistake does not fill the memory. */
export const maxInputBytes = 16_777_216

/** Name of an input in errors. */
export const inputName = (file: string | undefined) => (isStdin(file) ? 'stdin' : (file as string))

/** All bytes of `file`, of stdin for '-' or nothing. Throws UsageError for what cannot be read or is too large. */
export async function readInput(io: Io, file: string | undefined): Promise<Uint8Array> {
  const { bytes, isCut } = await readBeginning(io, file)
  if (isCut) throw new UsageError(`larger than ${maxInputBytes} bytes`, { where: `${inputName(file)}:` })
  return bytes
}

/** As readInput, but of what is too large the beginning, about `most` bytes. */
export async function readBeginning(
  io: Io,
  file: string | undefined,
  most: number = maxInputBytes,
): Promise<{ bytes: Uint8Array; isCut: boolean }> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const chunk of openInput(io, file)) {
      chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)
      bytes += chunk.length
      if (bytes > most) break
    }
  } catch (cause) {
    throw new UsageError(`cannot be read (${reasonOf(cause)})`, {
      where: `${inputName(file)}:`,
      cause,
    })
  }
  return { bytes: Buffer.concat(chunks), isCut: bytes > most }
}

/** As readInput, as text. */
export async function readInputText(io: Io, file: string | undefined): Promise<string> {
  return Buffer.from(await readInput(io, file)).toString('utf8')
}
