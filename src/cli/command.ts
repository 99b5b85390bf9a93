// The interface of a command: how it is written, and what it does. Parsing and doing are two steps, so that both can be tested.

import type { Argv } from 'yargs'
import type { ExitCode } from '../base/errors.js'
import type { Io } from './io.js'

/** The action that a parsed command line asks for. Resolves to its exit code; throws what failureOf() understands. */
export type CommandAction = (io: Io) => Promise<ExitCode>

export interface Command {
  readonly name: string
  /** Flags that it takes, for "did you mean". */
  readonly flags: readonly string[]
  /** Adds it to the program, which calls `choose` when the command line names it. */
  add(program: Argv, choose: (action: CommandAction) => void): Argv
}
