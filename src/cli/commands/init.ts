// `isochron init`: a scenario to begin with, for a host of one's own, and the schema for the editor beside it.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { exitCode, UsageError } from '../../base/errors.js'
import { dialectNamed } from '../../run/files/read-dialect.js'
import { scenarioJsonSchema } from '../../scenario/json-schema.js'
import { parseScenario } from '../../scenario/reader.js'
import type { Command } from '../command.js'
import { type DialectFlags, dialectOf, envelopeFlags, messageOptions, text } from '../flags/options.js'

const options = {
  dialect: text('dialect', 'dialect of the host; cup-pos when left out'),
  tpdu: messageOptions.tpdu,
  header: messageOptions.header,
  target: text('target', 'HOST:PORT of the host; left out: the embedded acquirer'),
} as const

export const initCommand: Command = {
  name: 'init',
  flags: Object.keys(options),
  add: (program, choose) =>
    program.command(
      'init [folder]',
      'write a scenario to begin with, and the schema for your editor',
      (command) =>
        command
          .positional('folder', { type: 'string', default: '.', describe: 'where; made when it is not there' })
          .options(options)
          .example('$0 init', 'scenario.yaml against the embedded acquirer: isochron run scenario.yaml')
          .example('$0 init first --dialect iso87-ascii --target 127.0.0.1:8583', 'against your host'),
      ({ folder, target, ...flags }) =>
        choose(async (io) => {
          const made = scenarioFor(await dialectText(flags), target)
          // A scenario that cannot be read is not written.
          parseScenario(made, 'scenario.yaml', { dialectNamed })
          const [scenario, schema] = [join(folder, 'scenario.yaml'), join(folder, 'scenario.schema.json')]
          for (const file of [scenario, schema])
            if (existsSync(file)) throw new UsageError('is there already: name another folder', { where: `${file}:` })
          mkdirSync(folder, { recursive: true })
          writeFileSync(scenario, made)
          writeFileSync(schema, `${JSON.stringify(scenarioJsonSchema(), undefined, 2)}\n`)
          io.stderr.write(`wrote ${scenario} and ${schema}\nnext: isochron run ${scenario} --out runs/1\n`)
          return exitCode.done
        }),
    ),
}

async function dialectText(flags: DialectFlags): Promise<string> {
  const name = flags.dialect ?? (await dialectOf(flags)).name
  const parts = Object.entries(envelopeFlags(flags)).map(([part, hex]) => `${part}: "${hex}"`)
  return parts.length === 0 ? name : `{ base: ${name}, envelope: { ${parts.join(', ')} } }`
}

const scenarioFor = (dialect: string, target: string | undefined) =>
  `# yaml-language-server: $schema=./scenario.schema.json
name: first
about: a minute of sales, with what must hold at the end
dialect: ${dialect}
terminals:
  count: 20
  ${target === undefined ? '# target: 127.0.0.1:8583     # your host; left out, the embedded acquirer answers' : `target: ${target}`}
  mix: { sale: 8, balance: 2 }
  timeout: 30s
warmup: 2s
load:
  - { ramp: { from: 5/s, to: 20/s, over: 10s } }
  - { hold: { rate: 20/s, for: 50s, arrivals: poisson } }
thresholds: [ "timelyRate >= 99%", "responseTime.p99 < 800ms" ]
`
