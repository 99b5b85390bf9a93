// The meaning of an error to the shell: one line, and an exit code.

import { type ExitCode, exitCode } from '../base/errors.js'
import { reasonOf } from '../base/text/system-words.js'
import { PackError } from '../codec/pack-error.js'
import { UnpackError } from '../codec/unpack-error.js'
import { CryptoError } from '../crypto/crypto-error.js'
import { FrameError } from '../framing/frame-error.js'

export interface Failure {
  readonly text: string
  readonly code: ExitCode
}

/** An error of ours knows its exit code; bytes and messages that do not fit are bad input; the rest is our own fault. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { text: `internal error: ${String(error)}`, code: exitCode.internal }
  const code = (error as { exitCode?: unknown }).exitCode
  if (isExitCode(code)) return { text: error.message, code }
  const isInput =
    error instanceof CryptoError ||
    error instanceof PackError ||
    error instanceof UnpackError ||
    error instanceof FrameError
  if (isInput) return { text: error.message, code: exitCode.usage }
  const help = shortage[(error as NodeJS.ErrnoException).code ?? '']
  if (help !== undefined) return { text: `${reasonOf(error)}: ${help}`, code: exitCode.couldNotStart }
  return { text: `internal error: ${error.message}; --debug shows where`, code: exitCode.internal }
}

/** A machine that is short of something, at a place where nobody asked for it by name: not our fault, and what to do. */
const shortage: Readonly<Record<string, string>> = {
  EMFILE: 'raise its limit (ulimit -n), or let it have fewer connections',
  ENFILE: 'end other programs, or raise the limit of the machine (sysctl fs.file-max)',
  ENOSPC: 'make room, also in the folder for temporary files (TMPDIR)',
  EDQUOT: 'make room, also in the folder for temporary files (TMPDIR)',
}

const isExitCode = (code: unknown): code is ExitCode => Object.values(exitCode).some((known) => known === code)
