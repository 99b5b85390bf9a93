// `isochron keys check`: what is in a key file, by check values. Never a key.

import { exitCode, UsageError } from '../../base/errors.js'
import { alignedColumns } from '../../report/layout/table.js'
import { loadDialect } from '../../run/files/load-dialect.js'
import { keyUsesOf, requireUsed, useOf } from '../../run/keys/key-uses.js'
import { readRunKeys } from '../../run/keys/run-keys.js'
import type { Command } from '../command.js'
import { text } from '../flags/options.js'

const options = {
  dialect: text('dialect', 'dialect, or a file of one: also what it does with each key, and which usages it lacks'),
} as const

export const keysCommand: Command = {
  name: 'keys',
  flags: Object.keys(options),
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
          .options(options)
          .example('$0 keys check host-keys.yaml', 'compare the check values with those of the host')
          .example('$0 keys check host-keys.yaml --dialect iso93-ascii', 'also what each key is for there'),
      (args) =>
        choose(async (io) => {
          if (args.action !== 'check')
            throw new UsageError(`keys ${args.action}: expected keys check FILE; --help explains it`)
          const keys = readRunKeys(args.file)
          const { source, set, warnings } = keys
          const dialect = args.dialect === undefined ? undefined : await loadDialect(args.dialect)
          const uses = dialect && keyUsesOf(dialect)
          const rows = set.keys.map((key) => [
            ...[key.name, key.usage, `${key.algorithm} ${key.bits}`, key.kcv],
            ...(uses === undefined ? [] : [useOf(key, uses)?.about ?? 'no use']),
          ])
          const head = ['name', 'usage', 'algorithm', 'KCV', ...(dialect === undefined ? [] : [`in ${dialect.name}`])]
          io.stdout.write(`${alignedColumns([head, ...rows]).join('\n')}\n`)
          if (dialect !== undefined) requireUsed(keys, dialect)
          for (const warning of warnings) io.stderr.write(`warning: ${warning}\n`)
          if (args.file === undefined) io.stderr.write(`these are the keys of: ${source}\n`)
          return exitCode.done
        }),
    ),
}
