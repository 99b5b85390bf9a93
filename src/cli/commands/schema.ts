// `isochron schema`: the JSON Schema of a scenario file, for editors.

import { exitCode } from '../../base/errors.js'
import { scenarioJsonSchema } from '../../scenario/json-schema.js'
import type { Command } from '../command.js'

export const schemaCommand: Command = {
  name: 'schema',
  flags: [],
  add: (program, choose) =>
    program.command(
      'schema',
      'print the JSON Schema of a scenario file',
      (command) => command.example('$0 schema > scenario.schema.json', 'name it in your editor, and it completes keys'),
      () =>
        choose(async (io) => {
          io.stdout.write(`${JSON.stringify(scenarioJsonSchema(), undefined, 2)}\n`)
          return exitCode.done
        }),
    ),
}
