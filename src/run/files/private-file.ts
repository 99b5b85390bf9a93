// Files with a secret in them: keys, tokens, the key of a ledger's card hashes. Nobody but their owner may read them.

import { statSync } from 'node:fs'
import { UsageError } from '../../base/errors.js'

/**
 * Throws UsageError, which says what to do, for a file that its group or others may read or change. `secret` is a word such
 * as `keys`. On Windows the mode says nothing of who may read a file.
 */
export function requirePrivate(file: string, secret: string): void {
  if (process.platform === 'win32') return
  const stats = statSync(file)
  const mode = stats.mode & 0o777
  if (!stats.isFile() || (mode & 0o077) === 0) return
  const octal = mode.toString(8).padStart(4, '0')
  throw new UsageError(`mode ${octal} lets others read the ${secret}: run chmod 600 '${file}'`, { where: `${file}:` })
}
