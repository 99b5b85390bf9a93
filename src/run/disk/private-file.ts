// Files with a secret in them: keys, tokens, the key of a ledger's card hashes. Who may read and change them is asked first.

import { statSync } from 'node:fs'
import { UsageError } from '../../base/errors.js'

/**
 * Throws UsageError, which says what to do, for a file that its group or others may read or change, as ssh refuses it.
 * `secret` is a word such as `keys`. On Windows the mode says nothing of who may read a file.
 */
export function requirePrivate(file: string, secret: string): void {
  const fault = faultOf(file, secret)
  if (fault !== undefined) throw new UsageError(fault.words, { where: `${file}:` })
}

/** For what only looks at a message: words to warn of a file that others may read. Throws UsageError for one that they may change. */
export function warningIfOpen(file: string, secret: string): string | undefined {
  const fault = faultOf(file, secret)
  if (fault?.may === 'change') throw new UsageError(fault.words, { where: `${file}:` })
  return fault && `${file}: ${fault.words}`
}

function faultOf(
  file: string,
  secret: string,
): { readonly may: 'read' | 'change'; readonly words: string } | undefined {
  const mode = modeOf(file)
  if (mode === undefined || (mode & 0o077) === 0) return undefined
  const may = (mode & 0o022) === 0 ? 'read' : 'change'
  return { may, words: `mode ${octal(mode)} lets others ${may} the ${secret}: run chmod 600 '${file}'` }
}

/** Undefined for what is no file of a disk, such as a folder, and where modes say nothing. */
function modeOf(file: string): number | undefined {
  if (process.platform === 'win32') return undefined
  const stats = statSync(file)
  return stats.isFile() ? stats.mode & 0o777 : undefined
}

const octal = (mode: number) => mode.toString(8).padStart(4, '0')
