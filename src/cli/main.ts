#!/usr/bin/env node
// The program: hands the process to the command line and leaves with its exit code.

import { exitCode } from '../base/errors.js'
import { processIo } from './io.js'
import { runProgram } from './program.js'

// The reader of a pipe went away (`| head`): it has what it wanted, so that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? exitCode.done : exitCode.internal)
})
process.stderr.on('error', () => {})

const code = await runProgram(process.argv.slice(2), processIo)
// Everything written before has left when this has.
process.stdout.write('', () => process.exit(code))
