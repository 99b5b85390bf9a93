// The meaning of an error to the shell: one line, and an exit code.

import { type ExitCode, exitCode } from '../base/errors.js'
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
  return { text: `internal error: ${error.message}; --debug shows where`, code: exitCode.internal }
}

const isExitCode = (code: unknown): code is ExitCode => Object.values(exitCode).some((known) => known === code)
