// An error on its way from one thread or process to another: it keeps its kind, and with it the exit code.

import { StartError, UsageError } from '../errors.js'

export interface ToldFailure {
  readonly because: 'usage' | 'start' | 'fault'
  readonly message: string
}

export function toldFailure(error: unknown): ToldFailure {
  return {
    because: error instanceof UsageError ? 'usage' : error instanceof StartError ? 'start' : 'fault',
    message: error instanceof Error ? error.message : String(error),
  }
}

/** The error that was told. A fault of the program itself stays one. */
export function untold({ because, message }: ToldFailure): Error {
  if (because === 'usage') return new UsageError(message)
  return because === 'start' ? new StartError(message) : new Error(message)
}
