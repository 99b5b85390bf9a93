// `isochron validate`: checks a scenario without running it.

import { exitCode } from '../../base/errors.js'
import { maskText } from '../../base/mask.js'
import { counted } from '../../base/text/counted.js'
import { formatDuration } from '../../base/units.js'
import type { Dialect } from '../../codec/dialect.js'
import { lackLine } from '../../codec/rules/lack-line.js'
import { dialectNamed } from '../../run/files/read-dialect.js'
import { loadDuration } from '../../scenario/checks.js'
import { type ScenarioParts, takeApart } from '../../scenario/parts.js'
import { loadScenario } from '../../scenario/reader.js'
import type { Command } from '../command.js'
import { texts } from '../flags/options.js'
import { readScenarioText } from '../input/scenario-text.js'
import { placing } from '../placing.js'

const options = { set: texts('PATH=VALUE: change the scenario before it is checked') } as const

export const validateCommand: Command = {
  name: 'validate',
  flags: Object.keys(options),
  add: (program, choose) =>
    program.command(
      'validate <scenario>',
      'check a scenario, and the files that it names, without running it',
      (command) =>
        command
          .positional('scenario', {
            type: 'string',
            demandOption: true,
            describe: 'scenario file, or the name of one that ships; -: stdin',
          })
          .options(options)
          .example('$0 validate scenarios/quickstart.yaml', 'one line when it is right, one line per problem when not'),
      (args) =>
        choose(async (io) => {
          const { name, text } = await readScenarioText(io, args.scenario)
          const loaded = loadScenario(text, name, { set: args.set, dialectNamed })
          const { scenario } = loaded
          const { checkRun } = await import('../../run/check-run.js')
          for (const warning of await placing(loaded, () => checkRun(scenario))) io.stderr.write(`${warning}\n`)
          io.stdout.write(`${maskText(`${name}: ${describe(takeApart(scenario))}\n${lackLines(scenario.dialect)}`)}`)
          return exitCode.done
        }),
    ),
}

/** The rules that an imported spec cannot hold, so that nobody waits for them. */
function lackLines(dialect: Dialect): string {
  const lines = Object.entries(dialect.lacks ?? {}).map(([name, reason]) => `  ${lackLine(name, reason)}`)
  return lines.length === 0 ? '' : `dialect ${dialect.name} goes without:\n${lines.join('\n')}\n`
}

/** How long a recording is, only its file says. */
const lengthOf = (ms: number) => (Number.isFinite(ms) ? ` in ${formatDuration(ms)}` : '')

type DescribedParts = Pick<ScenarioParts, 'name' | 'speech' | 'load' | 'goals'>

function describe({ name, speech, load: { phases }, goals }: DescribedParts): string {
  const { length } = goals.thresholds
  const parts = [`${counted(phases.length, 'phase')}${lengthOf(loadDuration(phases))}`, counted(length, 'threshold')]
  return `ok: ${name}, dialect ${speech.dialect.name}, ${parts.join(', ')}`
}
