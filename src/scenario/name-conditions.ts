// The names that one value of a scenario allows another: what a network, a message of the mix may be called. JSON Schema.

import type { Dialect } from '../codec/dialect.js'
import { builtInDialects } from '../codec/dialects/index.js'
import { networkProfiles } from '../faults/profiles.js'
import { framings } from '../framing/framings.js'
import { defaultDialect } from './default-dialect.js'
import { dialectNamePattern } from './schema.js'

/** Conditions on a scenario file, for its `allOf`. A name that the file itself may declare is left to the reader. */
export function nameConditions(): readonly object[] {
  const base = { properties: { dialect: { properties: { base: { pattern: dialectNamePattern } } } } }
  return [base, wrongSetup(), networks(), ...builtInDialects.map(mixOf)]
}

const wrongSetup = () => {
  const dialect = { enum: builtInDialects.map(({ name }) => name) }
  const framing = { enum: framings.map(({ name }) => name) }
  return inTerminals({ wrongSetup: { properties: { dialect, framing } } })
}

const networks = () => {
  const network = { enum: Object.keys(networkProfiles) }
  return where(leftOut('profiles'), inTerminals({ network, routes: { items: { properties: { network } } } }))
}

const mixOf = ({ name, messages }: Dialect) => {
  const dialect = {
    properties: { dialect: { const: name } },
    ...(name !== defaultDialect && { required: ['dialect'] }),
  }
  const mix = { propertyNames: { enum: Object.keys(messages) } }
  return where({ allOf: [dialect, leftOut('messages')] }, inTerminals({ mix }))
}

const inTerminals = (properties: object) => ({ properties: { terminals: { properties } } })
const leftOut = (key: string) => ({ not: { required: [key] } })
/** An object with a key `then` would be taken for a promise by whoever awaits it. */
const where = (condition: object, consequence: object): object =>
  Object.fromEntries([
    ['if', condition],
    ['then', consequence],
  ])
