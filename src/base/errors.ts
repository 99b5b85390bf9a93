// Errors that end a command. Each is one line that says what is wrong, where, and what to do; each knows its exit code.

/** Exit codes of the command line, as the contract fixes them. */
export const exitCode = {
  done: 0,
  internal: 1,
  usage: 2,
  notMet: 3,
  books: 4,
  couldNotStart: 5,
  interrupted: 130,
  terminated: 143,
} as const

export type ExitCode = (typeof exitCode)[keyof typeof exitCode]

/** Bad usage or a bad input file: exit 2. `where` is `file:line:column` or a field path, when there is one. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly exitCode = exitCode.usage

  constructor(problem: string, options: { where?: string; cause?: unknown } = {}) {
    super(options.where === undefined ? problem : `${options.where} ${problem}`, { cause: options.cause })
  }
}

/** The run could not start (port in use, target refused, file not writable): exit 5. */
export class StartError extends Error {
  override readonly name = 'StartError'
  readonly exitCode = exitCode.couldNotStart
}
