// The codec of a program: a dialect and messages are looked at whole before anything is packed or read.

import type { Codec } from '../../codec/codec.js'
import { compile } from '../../codec/compile.js'
import type { Dialect, DialectRules } from '../../codec/dialect.js'
import { builtInDialect } from '../../codec/dialects/index.js'
import { dialectFileSchema, dialectRulesSchema } from '../../codec/importers/isochron/dialect-schema.js'
import { readMessage } from '../../codec/message-json.js'
import { refuseData } from '../../scenario/reader.js'
import { readDialect } from '../files/read-dialect.js'
import { type Check, kind, listOf, objectOf, textOr } from './arguments.js'

const { anyObject, bytes, text, whole } = kind

/** As a dialect file says it, but nothing is left out. */
const wholeDialect = objectOf(
  {
    ...{ name: text, about: text, framing: text, form: text, lacks: anyObject },
    ...{ envelope: anyObject, encodings: anyObject, fields: anyObject, rules: anyObject, messages: anyObject },
  } satisfies Record<keyof Dialect, Check>,
  ['name', 'about', 'framing', 'envelope', 'encodings', 'fields', 'rules', 'messages'] satisfies (keyof Dialect)[],
)
const neededRules = [
  ...(['matchBy', 'mustEqual', 'responseCode', 'approved', 'retry', 'codes', 'answers'] as const),
  ...(['reversal', 'currency'] as const),
] satisfies (keyof DialectRules)[]

/** Throws UsageError with one line per problem, each with its place. */
export const dialectData: Check = (place, value) => {
  wholeDialect(place, value)
  const { rules, lacks: _lacks, ...table } = value as Dialect
  refuseData(table, dialectFileSchema, place)
  refuseData(rules, dialectRulesSchema, `${place}.rules`)
  const missing = neededRules.find((key) => rules[key] === undefined)
  if (missing !== undefined) anyObject(`${place}.rules.${missing}`, undefined)
}

/** A name, the name of a file, or a dialect. */
export const dialectChoice = textOr('the name of a dialect or of its file, or a dialect', dialectData)

export const messageData: Check = (place, value) => void readMessage(value, `${place}:`)

/**
 * Checks the whole dialect. Throws UsageError that names the dialect, the field and what is wrong with it. The methods of
 * the codec throw UsageError for what is no message, and for what is not bytes.
 */
export function compileChecked(dialect: Dialect): Codec {
  dialectData('compile: dialect', dialect)
  const codec = compile(dialect)
  const { measure } = codec
  const reading =
    <Read>(name: string, read: (given: Uint8Array) => Read) =>
    (given: Uint8Array): Read => {
      bytes(name, given)
      return read(given)
    }
  return {
    ...codec,
    pack(message) {
      messageData('pack', message)
      return codec.pack(message)
    },
    template(message, slots) {
      messageData('template', message)
      listOf(whole)('template: slots', slots)
      return codec.template(message, slots)
    },
    answerer(plan) {
      answerPlan('answerer', plan)
      return codec.answerer(plan)
    },
    unpack: reading('unpack', codec.unpack),
    inspect: reading('inspect', codec.inspect),
    peek: reading('peek', codec.peek),
    peekOn: reading('peekOn', codec.peekOn),
    ...(measure === undefined ? {} : { measure: reading('measure', measure) }),
  }
}

const answerPlan = objectOf({ mti: text, echoed: listOf(whole), set: listOf(whole) }, ['mti', 'echoed', 'set'])

/** The built-in dialect of that name. Throws UsageError, with the nearest name, when there is none. */
export function dialectByName(name: string): Dialect {
  text('builtInDialect: name', name)
  return builtInDialect(name)
}

/**
 * The dialect in a file; a file of ours may name a spec file beside it. Throws UsageError naming file, line and field for
 * what cannot be read or imported.
 */
export function dialectOfFile(file: string): Dialect {
  text('readDialect: file', file)
  return readDialect(file)
}
