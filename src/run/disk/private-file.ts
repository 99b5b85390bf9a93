// Files with a secret in them: keys, tokens, the key of a ledger's card hashes. Who may read and change them is asked first.

import { statSync } from 'node:fs'
import { UsageError } from '../../base/errors.js'

/**
 * For a file that may stand in a repository, where git makes every file readable: throws UsageError for one that others may
 * change, and returns a warning for one that others may read.
 */
export function requireOwn(file: string, secret: string): string | undefined {
  const mode = modeOf(file)
  if (mode === undefined || (mode & 0o077) === 0) return undefined
  if ((mode & 0o022) !== 0)
    throw new UsageError(`mode ${octal(mode)} lets others change the ${secret}: run chmod 600 '${file}'`, {
      where: `${file}:`,
    })
  return `${file}: mode ${octal(mode)} lets others read the ${secret}: fit for test keys alone; chmod 600 '${file}' otherwise`
}

/**
 * Throws UsageError, which says what to do, for a file that its group or others may read or change. `secret` is a word such
 * as `keys`. On Windows the mode says nothing of who may read a file.
 */
export function requirePrivate(file: string, secret: string): void {
  const mode = modeOf(file)
  if (mode === undefined || (mode & 0o077) === 0) return
  throw new UsageError(`mode ${octal(mode)} lets others read the ${secret}: run chmod 600 '${file}'`, {
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
