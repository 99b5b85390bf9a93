#!/usr/bin/env node
// The program: hands the process to the command line and leaves with its exit code.

import { exitCode } from '../base/errors.js'
import { version } from '../run/version.js'
import { processIo } from './io.js'

// The reader of a pipe went away (`| head`): it has what it wanted, so that is no failure.
const outputLost = (error: NodeJS.ErrnoException): never => {
  if (error.code === 'EPIPE') process.exit(exitCode.done)
  process.stderr.write(`stdout cannot be written (${error.code ?? error.message}): the output is incomplete\n`)
  process.exit(exitCode.couldNotStart)
}
process.stdout.on('error', outputLost)
process.stderr.on('error', () => {})

/** A version is asked for by scripts, often: it needs no parser. */
async function run(argv: readonly string[]): Promise<number> {
  if (argv.length === 1 && argv[0] === '--version') {
    process.stdout.write(`${version}\n`)
    return exitCode.done
  }
  const { runProgram } = await import('./program.js')
  return await runProgram(argv, processIo)
}

const code = await run(process.argv.slice(2))
// Everything written before has left when this has.
process.stdout.write('', (error) => (error ? outputLost(error) : process.exit(code)))
