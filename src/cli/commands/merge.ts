// `isochron merge`: the folders of parts in, one result out.

import { UsageError } from '../../base/errors.js'
import { printSummary } from '../../report/summary.js'
import { outFolder } from '../../run/files/out-folder.js'
import type { Command } from '../command.js'
import { exitCodeOf } from '../exit-codes.js'
import { flag, text, wholeNumber } from '../flags/options.js'
import { screenOf } from '../io.js'
import { writeEnded } from '../write-ended.js'

const options = {
  out: text('out', 'folder for the result of the whole run; left out: only the summary on stdout'),
  force: flag('--out may name a folder that holds a run: it is overwritten'),
  'allow-mixed': flag(
    'parts whose scenario, seed, remedies or version differ are merged; the result says in which way',
  ),
  'allow-lost': text('allow-lost', 'so many missing parts do not make the exit code 3'),
  'allow-saturated': flag('a generator that was the bottleneck does not make the exit code 3'),
} as const

export const mergeCommand: Command = {
  name: 'merge',
  flags: Object.keys(options),
  add: (program, choose) =>
    program.command(
      'merge <parts..>',
      'make one result of the folders that `run --part` wrote',
      (command) =>
        command
          .positional('parts', { type: 'string', array: true, demandOption: true, describe: 'folders of the parts' })
          .options(options)
          .example('$0 merge part-1 part-2 --out runs/whole', 'percentiles are those of one generator, to the last bit')
          .example('$0 merge part-* --allow-lost 1', 'a part that is missing counts as unsent; its absence is allowed')
          .epilogue('Exit codes: 0 done, 2 not parts of one run, 3 a threshold not met or a part missing, 4 books'),
      (args) =>
        choose(async (io) => {
          const { mergePartFolders } = await import('../../run/merge-parts.js')
          const allowLost = wholeNumber('allow-lost', args['allow-lost'], { min: 0, max: 1000 })
          if (args.out !== undefined && args.parts.includes(args.out))
            throw new UsageError(`--out ${args.out} is one of the parts: name another folder`)
          const out = outFolder(args.out, args)
          const allowances = { allowSaturated: args['allow-saturated'], allowLost }
          const result = await mergePartFolders(args.parts, out, { ...allowances, mixed: args['allow-mixed'] })
          const exit = exitCodeOf(result)
          writeEnded(io.stdout, printSummary(result, { ...screenOf(io.stdout), exit }), exit)
          if (out !== undefined) io.stderr.write(`wrote ${out}/report.html, result.json, junit.xml and more\n`)
          return exit
        }),
    ),
}
