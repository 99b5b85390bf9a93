#!/usr/bin/env node
// The program: hands the process to the command line and leaves with its exit code.

import { type ExitCode, exitCode } from '../base/errors.js'
import { version } from '../run/version.js'
import { processIo } from './io.js'

const argv = process.argv.slice(2)

/**
 * These read or ask for as long as somebody gives or answers, so they end when nobody hears them any more. All others end as
 * they would have ended: a run still writes its folder, a host still closes its ledger.
 */
const endsWithReader = ['decode', 'encode', 'diff', 'send', 'watch'].includes(argv[0] ?? '')

let lost: NodeJS.ErrnoException | undefined
const outputLost = (error: NodeJS.ErrnoException): void => {
  if (lost !== undefined) return
  lost = error
  if (error.code !== 'EPIPE')
    process.stderr.write(`stdout cannot be written (${error.code ?? error.message}): the output is incomplete\n`)
  if (endsWithReader) process.exit(codeAfterLoss(error, exitCode.done))
}
process.stdout.on('error', outputLost)
process.stderr.on('error', () => {})

/** The reader of a pipe went away (`| head`): it has what it wanted, so that is no failure. */
const codeAfterLoss = (error: NodeJS.ErrnoException, code: ExitCode): ExitCode =>
  error.code !== 'EPIPE' && weakerCodes.includes(code) ? exitCode.couldNotStart : code
const weakerCodes: readonly ExitCode[] = [exitCode.done, exitCode.notMet, exitCode.books]

/** A version is asked for by scripts, often: it needs no parser. */
async function run(): Promise<ExitCode> {
  if (argv.length === 1 && argv[0] === '--version') {
    process.stdout.write(`${version}\n`)
    return exitCode.done
  }
  const { runProgram } = await import('./program.js')
  return await runProgram(argv, processIo)
}

const code = await run()
// Everything written before has left when this has.
process.stdout.write('', (error) => {
  if (error) outputLost(error)
  process.exit(lost === undefined ? code : codeAfterLoss(lost, code))
})
