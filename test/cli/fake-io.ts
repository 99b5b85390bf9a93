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

/** A command that serves until it is interrupted. */
interface Served {
  /** Resolves to what the first group of `pattern` finds on stderr, as soon as it is there. */
  said(pattern: RegExp): Promise<string>
}

/**
 * Runs `isochron ARGV` with `stdin` on its standard input. A command that serves is interrupted when `meanwhile` is done.
 */
export async function isochron(
  argv: readonly string[],
  stdin: string | Uint8Array = '',
  meanwhile?: (served: Served) => Promise<unknown>,
): Promise<Outcome> {
  const out: Buffer[] = []
  let err = ''
  const interrupts = new Set<(name: 'SIGINT') => void>()
  const waiting = new Set<() => void>()
  const said = (pattern: RegExp) =>
    new Promise<string>((resolve) => {
      const look = () => {
        const found = pattern.exec(err)?.[1]
        if (found === undefined) return
        waiting.delete(look)
        resolve(found)
      }
      waiting.add(look)
      look()
    })
  const io: Io = {
    stdin: (async function* () {
      yield Buffer.from(stdin)
    })(),
    stdout: { write: (data) => out.push(Buffer.from(data)) },
    stderr: {
      write(data) {
        err += String(data)
        for (const look of waiting) look()
      },
    },
    onSignal(action) {
      interrupts.add(action)
      return () => interrupts.delete(action)
    },
    exit: () => {},
  }
  const running = runProgram(argv, io)
  if (meanwhile !== undefined) {
    await Promise.race([meanwhile({ said }), running])
    for (const interrupt of interrupts) interrupt('SIGINT')
  }
  const code = await running
  const bytes = Buffer.concat(out)
  return { code, stdout: bytes.toString('utf8'), stderr: err, bytes }
}
