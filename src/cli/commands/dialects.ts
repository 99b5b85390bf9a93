// `isochron dialects`: which there are, and what is in one.

import { exitCode } from '../../base/errors.js'
import { describeDialect } from '../../codec/describe.js'
import { builtInDialect, builtInDialects } from '../../codec/dialects/index.js'
import { alignedColumns } from '../../report/table.js'
import type { Command } from '../command.js'
import { dialectName } from '../options.js'

export const dialectsCommand: Command = {
  name: 'dialects',
  flags: [],
  add: (program, choose) =>
    program.command(
      'dialects [name]',
      'list the dialects, or show the fields of one',
      (command) =>
        command
          .positional('name', { type: 'string', describe: 'a dialect; left out: all of them, a line each' })
          .example('$0 dialects cup-pos', 'every field with its format'),
      (args) =>
        choose(async (io) => {
          io.stdout.write(args.name === undefined ? list() : describeDialect(builtInDialect(dialectName(args.name))))
          return exitCode.done
        }),
    ),
}

function list(): string {
  const rows = builtInDialects.map(({ name, framing, about }) => [name, framing, about])
  return `${alignedColumns([['name', 'framing', 'about'], ...rows]).join('\n')}\n`
}
