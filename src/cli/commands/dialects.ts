// `isochron dialects`: which there are, what is in one, and a spec file as a dialect file of ours.

import { type ExitCode, exitCode, UsageError } from '../../base/errors.js'
import { describeDialect } from '../../codec/describe.js'
import { builtInDialects } from '../../codec/dialects/index.js'
import { alignedColumns } from '../../report/layout/table.js'
import type { Command } from '../command.js'
import { dialectOf, flag } from '../flags/options.js'
import type { Io } from '../io.js'

const options = {
  convert: flag('print it as a dialect file of ours (YAML)'),
  check: flag(
    'pack and unpack every field and message, and say what does not come back; exit 3 when something does not',
  ),
  json: flag('with --check: the result as one JSON object'),
} as const

export const dialectsCommand: Command = {
  name: 'dialects',
  flags: Object.keys(options),
  add: (program, choose) =>
    program.command(
      'dialects [name]',
      'list the dialects, show the fields of one, check or convert a spec file',
      (command) =>
        command
          .positional('name', {
            type: 'string',
            describe: 'a dialect, or a file: jPOS XML, moov JSON or YAML, ours; left out: all, a line each',
          })
          .options(options)
          .example('$0 dialects cup-pos', 'every field with its format')
          .example(
            '$0 dialects --check packager.xml',
            'does every field come back; a sample message, each field underlined',
          )
          .example(
            '$0 dialects packager.xml --convert > host.yaml',
            'then --dialect host.yaml, and edit it as you like',
          ),
      (args) =>
        choose(async (io) => {
          if (args.check) return await check(io, args)
          if (args.json) throw new UsageError('--json: only together with --check')
          io.stdout.write(await textFor(args.name, args.convert))
          return exitCode.done
        }),
    ),
}

async function check(
  io: Io,
  { name, convert, json }: { name: string | undefined; convert: boolean; json: boolean },
): Promise<ExitCode> {
  if (name === undefined) throw new UsageError('--check: expected a dialect or a file to check')
  if (convert) throw new UsageError('--check and --convert: expected one of them')
  const dialect = await dialectOf({ dialect: name })
  const [{ checkDialect }, { checkMessages }, { checkRecord, checkText }] = await Promise.all([
    import('../../codec/checks/check-dialect.js'),
    import('../../run/check-messages.js'),
    import('../dialect-check.js'),
  ])
  const [fields, messages] = [checkDialect(dialect), checkMessages(dialect)]
  const isRight = fields.problems.length === 0 && Object.keys(messages.problems).length === 0
  io.stdout.write(
    json ? `${JSON.stringify(checkRecord(dialect.name, fields, messages))}\n` : checkText(dialect, fields, messages),
  )
  return isRight ? exitCode.done : exitCode.notMet
}

async function textFor(name: string | undefined, convert: boolean): Promise<string> {
  if (name !== undefined) {
    const dialect = await dialectOf({ dialect: name })
    if (!convert) return describeDialect(dialect)
    const { printDialect } = await import('../../codec/importers/isochron/isochron-yaml.js')
    return printDialect(dialect)
  }
  if (convert) throw new UsageError('--convert: expected a dialect or a file to convert')
  const rows = builtInDialects.map(({ name, framing, about }) => [name, framing, about])
  return `${alignedColumns([['name', 'framing', 'about'], ...rows]).join('\n')}\n`
}
