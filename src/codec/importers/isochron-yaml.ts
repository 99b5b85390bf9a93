// Our own dialect files: read, checked with line and column, and printed. A file may instead name a spec file beside it.

import { Document, isMap, isScalar, type Node, visit } from 'yaml'
import { compile } from '../compile.js'
import type { Dialect, DialectRules, MessageDefinition } from '../dialect.js'
import { besideFileSchema, type DeclaredRules, dialectFileSchema } from './dialect-schema.js'
import { completeDialect, dialectName } from './iso-defaults.js'
import { refuse } from './spec-error.js'
import { checked, type SpecDocument } from './spec-yaml.js'

/** What both forms of file may say. */
interface Declared {
  readonly name?: string | undefined
  readonly about?: string | undefined
  readonly framing?: string | undefined
  readonly envelope?: Dialect['envelope'] | undefined
  readonly dialectRules?: DeclaredRules | undefined
  readonly messages?: Readonly<Record<string, MessageDefinition>> | undefined
}

/** `readSpec` imports the file that `spec:` names. Throws UsageError naming line and column. */
export function importIsochronYaml(document: SpecDocument, file: string, readSpec: (name: string) => Dialect): Dialect {
  if (isBeside(document.value)) {
    const { spec, ...declared } = checked(document, besideFileSchema)
    const base = readSpec(spec)
    const messages = { ...base.messages, ...declared.messages }
    return declare(base, { ...declared, name: declared.name ?? dialectName(file), messages }, document)
  }
  const { encodings, fields, ...declared } = checked(document, dialectFileSchema)
  for (const key of Object.keys(fields)) {
    if (!/^[1-9]\d{0,2}$/.test(key) || Number(key) > 192) {
      refuse(document.at(['fields', key]), `'${key.slice(0, 20)}' is not a field number from 1 to 192`)
    }
  }
  const complete = completeDialect({ file, format: 'dialect file', encodings, fields, envelope: {}, notes: [] })
  // A dialect in full that has meanings or messages has all of them; without any it takes those of its version.
  const { meanings: _meanings, ...rules } = complete.rules
  const base = declared.dialectRules?.answers === undefined ? complete : { ...complete, rules }
  return declare(base, declared, document)
}

const isBeside = (value: unknown) => typeof value === 'object' && value !== null && Object.hasOwn(value, 'spec')

/** Lays what is declared over the defaults. */
function declare(base: Dialect, declared: Declared, document: SpecDocument): Dialect {
  const messages = declared.messages ?? base.messages
  const dialect: Dialect = {
    ...base,
    name: declared.name ?? base.name,
    about: declared.about ?? base.about,
    framing: declared.framing ?? base.framing,
    envelope: { ...base.envelope, ...declared.envelope },
    rules: rulesOf(withoutMissing(base.rules, messages), declared.dialectRules ?? {}),
    messages,
  }
  for (const key of ['signOn', 'echo'] as const) {
    const name = dialect.rules[key]
    if (name !== undefined && !Object.hasOwn(messages, name)) {
      refuse(
        document.at(['dialectRules', key]),
        `${key}: '${name.slice(0, 40)}' is not the name of a message; there are ${Object.keys(messages).join(', ')}`,
      )
    }
  }
  return dialect
}

/** A default echo is none where the file has its own messages and no such one. */
function withoutMissing(rules: DialectRules, messages: Dialect['messages']): DialectRules {
  const { echo, ...others } = rules
  return echo === undefined || Object.hasOwn(messages, echo) ? rules : others
}

function rulesOf(base: DialectRules, { echoed, codes, meanings, ...declared }: DeclaredRules): DialectRules {
  const answers = declared.answers ?? base.answers
  return {
    ...base,
    ...declared,
    codes: { ...base.codes, ...codes },
    ...(base.meanings === undefined && meanings === undefined ? {} : { meanings: { ...base.meanings, ...meanings } }),
    answers:
      echoed === undefined
        ? answers
        : answers.map((rule) => ({ ...rule, echoed: echoed.filter((field) => rule.set[field] === undefined) })),
  } as DialectRules
}

/** The dialect as a file that importIsochronYaml reads back to the same. Throws UsageError for one that cannot compile. */
export function printDialect(dialect: Dialect): string {
  compile(dialect)
  const { name, about, framing, envelope, encodings, fields, rules, messages } = dialect
  const document = new Document(
    { name, about, framing, envelope, encodings, fields, dialectRules: rules, messages },
    { aliasDuplicateObjects: false },
  )
  visit(document, {
    Map(_, node) {
      for (const pair of node.items) {
        // Field numbers without quotes; anything that is not a plain number stays text.
        if (isScalar(pair.key) && typeof pair.key.value === 'string' && /^(0|[1-9]\d{0,2})$/.test(pair.key.value)) {
          pair.key.value = Number(pair.key.value)
        }
      }
      if (isLine(node)) node.flow = true
    },
    Seq(_, node) {
      if (node.items.every((item) => isScalar(item) || (isMap(item) && isLine(item)))) node.flow = true
    },
  })
  return document.toString({ lineWidth: 0, singleQuote: true })
}

/** One field, prefix or condition: small enough for one line. */
function isLine(node: Node): boolean {
  if (!isMap(node)) return false
  return (
    node.items.every(
      ({ value }) =>
        isScalar(value) ||
        (isMap(value) && value.items.length <= 4 && value.items.every((inner) => isScalar(inner.value))),
    ) && node.items.length <= 8
  )
}
