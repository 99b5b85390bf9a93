// The scenario file as JSON Schema, for editors: `isochron schema`.

import { z } from 'zod'
import { formatDuration } from '../base/units.js'
import { scenarioSchema } from './schema.js'

/** JSON Schema (draft 2020-12) of a scenario file as a person writes it: durations and rates are texts with units. */
export function scenarioJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(scenarioSchema, {
    io: 'input',
    // A default may be kept as it is used, in ms, which zod leaves out here; the file spells it with its unit.
    override: ({ zodSchema, jsonSchema }) => {
      const isDuration = zodSchema instanceof z.ZodDefault && jsonSchema.type === 'string'
      const value = isDuration ? zodSchema.def.defaultValue : undefined
      if (typeof value === 'number') jsonSchema.default = formatDuration(value)
    },
  })
  return { title: 'isochron scenario', ...schema }
}
