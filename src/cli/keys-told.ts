// The keys of a command, and what is to be warned of.

import type { KeySet } from '../crypto/keys/key-set.js'
import type { IfOpen } from '../run/keys/key-file.js'
import { readRunKeys } from '../run/keys/run-keys.js'
import type { Io } from './io.js'

/** The keys of a file, or those that stand in for it; what is to be warned of is told. Throws UsageError. */
export function keysToldOf(io: Io, file: string | undefined, ifOpen: IfOpen = 'refuse'): KeySet {
  const { set, warnings } = readRunKeys(file, process.env, ifOpen)
  for (const warning of warnings) io.stderr.write(`warning: ${warning}\n`)
  return set
}
