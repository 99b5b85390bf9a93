#!/usr/bin/env node
// The program: hands the process to the command line and leaves with its exit code.

import { exitCode } from '../base/errors.js'
import { processIo } from './io.js'
import { runProgram } from './program.js'

// The reader of a pipe went away (`| head`): it has what it wanted, so that is no failure.
const outputLost = (error: NodeJS.ErrnoException): never => {
  if (error.code === 'EPIPE') process.exit(exitCode.done)
  process.stderr.write(`stdout cannot be written (${error.code ?? error.message}): the output is not whole\n`)
  process.exit(exitCode.couldNotStart)
}
process.stdout.on('error', outputLost)
process.stderr.on('error', () => {})

const code = await runProgram(process.argv.slice(2), processIo)
// Everything written before has left when this has.
process.stdout.write('', (error) => (error ? outputLost(error) : process.exit(code)))
