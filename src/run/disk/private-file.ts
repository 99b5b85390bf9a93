// Files with a secret in them: keys, tokens, the key of a ledger's card hashes. Who may read and change them is asked first.

import { statSync } from 'node:fs'
import { UsageError } from '../../base/errors.js'

/**
 * Throws UsageError, which says what to do, for a file that its group or others may read or change, as ssh refuses it.
 * `secret` is a word such as `keys`. On Windows the mode says nothing of who may read a file.
 */
export function requirePrivate(file: string, secret: string): void {
  const mode = modeOf(file)
  if (mode === undefined || (mode & 0o077) === 0) return
  const may = (mode & 0o022) === 0 ? 'read' : 'change'
  throw new UsageError(`mode ${octal(mode)} lets others ${may} the ${secret}: run chmod 600 '${file}'`, {
    where: `${file}:`,
  })
}

/** Undefined for what is no file of a disk, such as a folder, and where modes say nothing. */
function modeOf(file: string): number | undefined {
  if (process.platform === 'win32') return undefined
  const stats = statSync(file)
  return stats.isFile() ? stats.mode & 0o777 : undefined
}

const octal = (mode: number) => mode.toString(8).padStart(4, '0')
