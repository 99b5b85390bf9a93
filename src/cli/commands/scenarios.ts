// `isochron scenarios`: what ships with the program, to run as it is or to begin with.

import { readFileSync } from 'node:fs'
import { exitCode } from '../../base/errors.js'
import { alignedColumns } from '../../report/layout/table.js'
import { shippedScenario, shippedScenarios } from '../../run/files/shipped-scenarios.js'
import type { Command } from '../command.js'
import { unknownScenario } from '../input/scenario-text.js'

export const scenariosCommand: Command = {
  name: 'scenarios',
  flags: [],
  add: (program, choose) =>
    program.command(
      'scenarios [name]',
      'list the scenarios that come with isochron, or print one',
      (command) =>
        command
          .positional('name', { type: 'string', describe: 'such as quickstart or host-slow' })
          .example('$0 scenarios', 'what there is')
          .example('$0 scenarios host-slow > mine.yaml', 'a copy to change')
          .example('$0 run quickstart', 'run takes their names, too'),
      ({ name }) =>
        choose(async (io) => {
          io.stdout.write(name === undefined ? list() : readFileSync(fileOf(name), 'utf8'))
          return exitCode.done
        }),
    ),
}

const list = () => `${alignedColumns(shippedScenarios().map(({ name, about }) => [name, about])).join('\n')}\n`

function fileOf(name: string): string {
  const file = shippedScenario(name)
  if (file !== undefined) return file
  throw unknownScenario(name)
}
