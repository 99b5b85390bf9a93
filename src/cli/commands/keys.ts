// `isochron keys check`: what is in a key file, by check values. Never a key.

import { exitCode, UsageError } from '../../base/errors.js'
import { alignedColumns } from '../../report/layout/table.js'
import { readRunKeys } from '../../run/keys/run-keys.js'
import type { Command } from '../command.js'

export const keysCommand: Command = {
  name: 'keys',
  flags: [],
  add: (program, choose) =>
    program.command(
      'keys <action> [file]',
      'check a key file: names, uses and key check values, never a key',
      (command) =>
        command
          .positional('action', { type: 'string', demandOption: true, describe: 'check' })
          .positional('file', {
            type: 'string',
            describe: 'key file; left out: the keys of the environment (ISOCHRON_KEY_*), or the built-in test keys',
          })
          .example('$0 keys check host-keys.yaml', 'compare the check values with those of the host'),
      (args) =>
        choose(async (io) => {
          if (args.action !== 'check')
            throw new UsageError(`keys ${args.action}: expected keys check FILE; --help explains it`)
          const { source, set, warnings } = readRunKeys(args.file)
          const rows = set.keys.map(({ name, usage, algorithm, bits, kcv }) => [
            name,
            usage,
            `${algorithm} ${bits}`,
            kcv,
          ])
          io.stdout.write(`${alignedColumns([['name', 'usage', 'algorithm', 'KCV'], ...rows]).join('\n')}\n`)
          for (const warning of warnings) io.stderr.write(`warning: ${warning}\n`)
          if (args.file === undefined) io.stderr.write(`these are the keys of: ${source}\n`)
          return exitCode.done
        }),
    ),
}
