// The scenario file as JSON Schema, for editors: `isochron schema`.

import { z } from 'zod'
import { formatDuration } from '../base/units.js'
import { keyWords } from './key-words.js'
import { nameConditions } from './name-conditions.js'
import { scenarioSchema } from './schema.js'

/** As editors name it in `# yaml-language-server: $schema=`; it is a name, and nothing is fetched from it. */
const schemaId = 'urn:isochron:scenario'

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
  describeKeys(schema)
  const { $schema, ...rest } = schema
  return { $schema, $id: schemaId, title: 'isochron scenario', ...rest, allOf: nameConditions() }
}

/** Puts words to the keys whose own schemas have none. */
function describeKeys(node: unknown): void {
  if (typeof node !== 'object' || node === null) return
  if (!Array.isArray(node) && 'properties' in node) {
    for (const [key, schema] of Object.entries(node.properties as Record<string, { description?: string }>)) {
      const words = keyWords[key]
      if (schema.description === undefined && words !== undefined) schema.description = words
    }
  }
  for (const inner of Object.values(node)) describeKeys(inner)
}
