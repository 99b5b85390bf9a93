// The world outside of a command, in memory.

import type { Io } from '../../src/cli/io.js'
import { runProgram } from '../../src/cli/program.js'

export interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  /** stdout as bytes. */
  readonly bytes: Buffer
}

/** Runs `isochron ARGV` with `stdin` on its standard input. */
export async function isochron(argv: readonly string[], stdin: string | Uint8Array = ''): Promise<Outcome> {
  const out: Buffer[] = []
  const err: string[] = []
  const io: Io = {
    stdin: (async function* () {
      yield Buffer.from(stdin)
    })(),
    stdout: { write: (data) => out.push(Buffer.from(data)) },
    stderr: { write: (data) => err.push(String(data)) },
    onSignal: () => () => {},
    exit: () => {},
  }
  const code = await runProgram(argv, io)
  const bytes = Buffer.concat(out)
  return { code, stdout: bytes.toString('utf8'), stderr: err.join(''), bytes }
}
