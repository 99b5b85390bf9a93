// The scenario file as JSON Schema, for editors: `isochron schema`.

import { z } from 'zod'
import { formatDuration } from '../base/units.js'
import type { Dialect } from '../codec/dialect.js'
import { builtInDialects } from '../codec/dialects/index.js'
import { builtInProfiles } from '../faults/options.js'
import { framings } from '../framing/framings.js'
import { defaultDialect } from './default-dialect.js'
import { keyWords } from './key-words.js'
import { dialectNamePattern, scenarioSchema } from './schema.js'

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

/** Conditions on a scenario file, for its `allOf`. A name that the file itself may declare is left to the reader. */
function nameConditions(): readonly object[] {
  const base = { properties: { dialect: { properties: { base: { pattern: dialectNamePattern } } } } }
  return [base, wrongSetup(), networks(), ...builtInDialects.map(mixOf)]
}

const wrongSetup = () => {
  const dialect = { enum: builtInDialects.map(({ name }) => name) }
  const framing = { enum: framings.map(({ name }) => name) }
  return inTerminals({ wrongSetup: { properties: { dialect, framing } } })
}

const networks = () => {
  const network = { enum: builtInProfiles }
  return where(declaresNone('profiles'), inTerminals({ network, routes: { items: { properties: { network } } } }))
}

const mixOf = ({ name, messages }: Dialect) => {
  const dialect = {
    properties: { dialect: { const: name } },
    ...(name !== defaultDialect && { required: ['dialect'] }),
  }
  const mix = { propertyNames: { enum: Object.keys(messages) } }
  return where({ allOf: [dialect, declaresNone('messages')] }, inTerminals({ mix }))
}

const inTerminals = (properties: object) => ({ properties: { terminals: { properties } } })
/** The section is left out, or empty. */
const declaresNone = (section: string) => ({ properties: { [section]: { maxProperties: 0 } } })
/** An object with a key `then` would be taken for a promise by whoever awaits it. */
const where = (condition: object, consequence: object): object =>
  Object.fromEntries([
    ['if', condition],
    ['then', consequence],
  ])
