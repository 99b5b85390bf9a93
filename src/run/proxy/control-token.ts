// The token of the control API, from a file: on the command line every user of the machine could read it.

import { UsageError } from '../../base/errors.js'
import { reasonOf } from '../../base/text/system-words.js'
import { requirePrivate } from '../disk/private-file.js'
import { readBounded } from '../disk/read-bounded.js'

/** Shorter ones are guessed. */
const fewestCharacters = 16
const maxFileBytes = 65_536

/** The file's first line. Throws UsageError for a file that cannot be read, and for a token that is too short. */
export function readToken(file: string): string {
  const token = firstLine(file)
  if (token.length >= fewestCharacters) return token
  throw new UsageError(`expected a token of at least ${fewestCharacters} characters`, { where: `${file}:1:` })
}

function firstLine(file: string): string {
  try {
    requirePrivate(file, 'token')
    const text = readBounded(file, maxFileBytes)?.toString('utf8')
    if (text === undefined) throw new UsageError(`larger than ${maxFileBytes} bytes: no token`, { where: `${file}:` })
    return text.split('\n', 1)[0]?.trim() ?? ''
  } catch (cause) {
    if (cause instanceof UsageError) throw cause
    throw new UsageError(`cannot be read (${reasonOf(cause)})`, { where: `${file}:`, cause })
  }
}
