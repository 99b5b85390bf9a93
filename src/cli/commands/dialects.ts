// `isochron dialects`: which there are, what is in one, and a spec file as a dialect file of ours.

import { exitCode, UsageError } from '../../base/errors.js'
import { describeDialect } from '../../codec/describe.js'
import { builtInDialects } from '../../codec/dialects/index.js'
import { alignedColumns } from '../../report/layout/table.js'
import type { Command } from '../command.js'
import { dialectOf, flag } from '../flags/options.js'

const options = { convert: flag('print it as a dialect file of ours (YAML)') } as const

export const dialectsCommand: Command = {
  name: 'dialects',
  flags: Object.keys(options),
  add: (program, choose) =>
    program.command(
      'dialects [name]',
      'list the dialects, show the fields of one, or convert a spec file',
      (command) =>
        command
          .positional('name', {
            type: 'string',
            describe: 'a dialect, or a file: jPOS XML, moov JSON or YAML, ours; left out: all, a line each',
          })
          .options(options)
          .example('$0 dialects cup-pos', 'every field with its format')
          .example(
            '$0 dialects packager.xml --convert > host.yaml',
            'then --dialect host.yaml, and edit it as you like',
          ),
      (args) =>
        choose(async (io) => {
          io.stdout.write(await textFor(args.name, args.convert))
          return exitCode.done
        }),
    ),
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
