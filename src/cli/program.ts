// The command line: parses it, runs the command that it names, and turns every error into one line and an exit code.

import type { Argv } from 'yargs'
import createYargs from 'yargs'
import { type ExitCode, exitCode, UsageError } from '../base/errors.js'
import { suggestion } from '../base/suggest.js'
import { version } from '../run/version.js'
import { notSupported, notYetCommands, notYetFlags } from '../scenario/not-yet.js'
import type { Command, CommandAction } from './command.js'
import { commandNames, loadCommands } from './command-table.js'
import { failureOf } from './failure.js'
import { withTraceStyle } from './flags/trace-flag.js'
import type { Io } from './io.js'
import { safeIo } from './safe-output.js'

/** Flags of every command. */
const commonFlags = ['help', 'version', 'debug']

/** Columns of the help. */
const helpWidth = 110

/** Runs one command line. Never rejects: what goes wrong is a line on stderr and the exit code. */
export async function runProgram(given: readonly string[], world: Io): Promise<ExitCode> {
  const argv = asFlags(given)
  const io = safeIo(world)
  try {
    const action = await readCommandLine(argv)
    return await action(io)
  } catch (error) {
    const { text, code } = failureOf(error)
    io.stderr.write(`${text}\n`)
    if (argv.includes('--debug') && error instanceof Error) io.stderr.write(`${error.stack ?? ''}\n`)
    return code
  }
}

/** `help` and `version` as words, with the command that help is asked about: as other tools take them. */
function asFlags([first, ...rest]: readonly string[]): readonly string[] {
  if (first === 'help') return [...rest, '--help']
  if (first === 'version') return ['--version']
  return first === undefined ? [] : [first, ...rest]
}

/** The action that a command line asks for. Throws UsageError for one that makes no sense. */
export async function readCommandLine(given: readonly string[]): Promise<CommandAction> {
  const argv = withTraceStyle(given)
  checkCommand(argv[0])
  const commands = await loadCommands(argv[0])
  let help = ''
  const program = createProgram(commands, (action) => {
    throw new Chosen(action)
  })
  program.fail((message, error) => {
    throw explain(message, error, { argv, flags: commands[0]?.flags ?? [] })
  })
  let failure: unknown
  try {
    await program.parseAsync([...argv], {}, (error: unknown, _, output) => {
      failure = error
      help = output
    })
  } catch (thrown) {
    if (thrown instanceof Chosen) return thrown.action
    throw thrown
  }
  if (failure !== undefined && failure !== null) throw failure
  return printing(help)
}

/** Leaves the parser from within: whoever stays has the help of the command rendered, which takes 150 ms and is thrown away. */
class Chosen {
  readonly action: CommandAction

  constructor(action: CommandAction) {
    this.action = action
  }
}

function printing(text: string): CommandAction {
  return async (io) => {
    io.stdout.write(`${text}\n`)
    return exitCode.done
  }
}

function checkCommand(name: string | undefined): void {
  const names = commandNames
  if (name === undefined) throw new UsageError(`expected a command: ${names.join(', ')}; --help explains them`)
  if (name.startsWith('-')) checkCommonFlag(name)
  if (name.startsWith('-') || names.includes(name)) return
  const feature = Object.hasOwn(notYetCommands, name) ? notYetCommands[name] : undefined
  if (feature !== undefined) throw new UsageError(`${name}: ${notSupported(feature)}`)
  throw new UsageError(`unknown command '${name}'${suggestion(name, names)}; known are ${names.join(', ')}`)
}

/** Without a command, only the flags of all commands make sense. */
function checkCommonFlag(name: string): void {
  const known = [...commonFlags.map((flag) => `--${flag}`), '-h']
  if (known.includes(name)) return
  throw new UsageError(`unknown flag ${name}${suggestion(name, known)}; expected a command first: --help lists them`)
}

function createProgram(commands: readonly Command[], choose: (action: CommandAction) => void): Argv {
  const program = createYargs([])
    .scriptName('isochron')
    .usage('isochron: ISO 8583 transaction simulator and load tester\n\nUsage: $0 COMMAND [flags]')
    .parserConfiguration({
      'camel-case-expansion': false,
      'dot-notation': false,
      'boolean-negation': false,
      'greedy-arrays': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .option('debug', { type: 'boolean', describe: 'show where an error came from' })
    .help()
    .alias('help', 'h')
    .version(version)
    .locale('en')
    .wrap(helpWidth)
    .strict()
    .demandCommand(1, 'expected a command; --help lists them')
    .exitProcess(false)
    .showHelpOnFail(false)
    .example('$0 run scenarios/quickstart.yaml', 'drive the embedded acquirer and report')
    .example('$0 evidence runs/1 --rrn 600500000288', 'what a merchant can hand to the bank')
    .example('$0 COMMAND --help', 'flags and examples of one command')
  return commands.reduce((all, command) => command.add(all, choose), program as Argv)
}

interface Called {
  readonly argv: readonly string[]
  /** Flags of the command that was named. */
  readonly flags: readonly string[]
}

/** yargs' complaint in our words: flags of later versions are refused by name, others get a suggestion. */
function explain(message: string | null, error: Error | undefined, called: Called): Error {
  const { argv } = called
  const unknown = /^Unknown arguments?: (.*)$/.exec(message ?? '')?.[1]?.split(', ')[0]
  if (unknown !== undefined) return new UsageError(unknownArgument(unknown, called))
  const missing = /^Missing required arguments?: (.*)$/.exec(message ?? '')?.[1]
  if (missing !== undefined) return new UsageError(`missing --${missing.split(', ').join(', --')}; --help explains it`)
  const lonely = /^Not enough arguments following: (.*)$/.exec(error?.message ?? message ?? '')?.[1]
  if (lonely !== undefined) return new UsageError(`--${lonely}: expected a value after it`)
  if (/^Not enough non-option arguments/.test(message ?? ''))
    return new UsageError(`${argv[0]}: expected a file; --help explains it`)
  return error instanceof UsageError
    ? error
    : new UsageError(message ?? error?.message ?? 'bad usage', { cause: error })
}

function unknownArgument(name: string, { argv, flags }: Called): string {
  const given = argv.find((word) => new RegExp(`^-.*${escapeForPattern(name)}`).test(word))
  if (given === undefined) return `unexpected argument '${name}'`
  const feature = Object.hasOwn(notYetFlags, name) ? notYetFlags[name] : undefined
  if (feature !== undefined) return `--${name}: ${notSupported(feature)}`
  const known = [...flags, ...commonFlags]
  return `unknown flag --${name}${suggestion(
    `--${name}`,
    known.map((flag) => `--${flag}`),
  )}`
}

const escapeForPattern = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
