// Our own dialect files: read, checked with line and column, and printed. A file may instead be laid over another dialect.

import { Document, isMap, isScalar, type Node, visit } from 'yaml'
import { UsageError } from '../../../base/errors.js'
import { compile } from '../../compile.js'
import type { Dialect, DialectRules, FieldDefinition } from '../../dialect.js'
import { compact } from '../compact.js'
import { completeDialect, dialectNameOfFile } from '../iso-defaults.js'
import { refuseSpec } from '../spec-error.js'
import { dialectFileSchema, layersFileSchema } from './dialect-schema.js'
import { type DialectLayers, layDialect } from './lay-dialect.js'
import { checked, type SpecDocument } from './spec-yaml.js'

/** `readBase` finds the dialect that `base:` names. Throws UsageError naming line and column. */
export function importIsochronYaml(document: SpecDocument, file: string, readBase: (name: string) => Dialect): Dialect {
  if (hasBase(document.value)) {
    const { base: named, spec, ...declared } = checked(document, layersFileSchema)
    const base = baseAt(document, named ?? spec ?? '', readBase)
    const messages = { ...base.messages, ...declared.messages }
    return declare(base, { ...declared, name: declared.name ?? dialectNameOfFile(file), messages }, document)
  }
  const { encodings, fields, ...declared } = checked(document, dialectFileSchema)
  for (const key of Object.keys(fields)) {
    if (!/^[1-9]\d{0,2}$/.test(key) || Number(key) > 192) {
      refuseSpec(document.at(['fields', key]), `'${key.slice(0, 20)}' is not a field number from 1 to 192`)
    }
  }
  const complete = completeDialect({ file, format: 'dialect file', encodings, fields, envelope: {}, notes: [] })
  // A dialect in full that has meanings or messages has all of them; without any it takes those of its version.
  const { meanings: _meanings, ...rules } = complete.rules
  const { lacks: _lacks, ...whole } = complete
  const own = declared.messages === undefined ? complete : whole
  const base = declared.dialectRules?.answers === undefined ? own : { ...own, rules }
  return declare(base, declared, document)
}

const hasBase = (value: unknown) =>
  typeof value === 'object' && value !== null && (Object.hasOwn(value, 'base') || Object.hasOwn(value, 'spec'))

/** Reads the base. An error about the base names the line that names the base. */
function baseAt(document: SpecDocument, name: string, readBase: (name: string) => Dialect): Dialect {
  try {
    return readBase(name)
  } catch (cause) {
    if (!(cause instanceof UsageError) || !cause.message.startsWith('unknown dialect')) throw cause
    refuseSpec(document.at(['base']), cause.message)
  }
}

/** Lays what is declared over the defaults. */
function declare(base: Dialect, declared: DialectLayers, document: SpecDocument): Dialect {
  return layDialect(base, declared, (path, problem) => refuseSpec(document.at(path), problem))
}

/** The dialect as a file that importIsochronYaml reads back to the same. Throws UsageError for one that cannot compile. */
export function printDialect(dialect: Dialect): string {
  compile(dialect)
  const { name, about, framing, envelope, form, encodings, fields, rules, messages } = dialect
  const document = new Document(
    {
      name,
      about,
      framing,
      envelope,
      ...(form !== undefined && { form }),
      encodings,
      fields: fieldsInOrder(fields),
      dialectRules: inOrder(rules),
      messages: messagesInOrder(messages),
    },
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

const messagesInOrder = (messages: Dialect['messages']): Record<string, object> =>
  Object.fromEntries(
    Object.entries(messages).map(([name, { about, mti, fields, money }]) => [
      name,
      compact({ about, mti, fields, money }),
    ]),
  )

/** The keys of every field as the schema has them, wherever it comes from. */
function fieldsInOrder(fields: Readonly<Record<string, FieldDefinition>>): Record<string, object> {
  const ordered = Object.entries(fields).map(
    ([number, { inside, mask, layout, filled, terminator, rest, sign, ...first }]) => {
      const { name, format, data, prefix, odd, pad } = first
      const all = { name, format, data, prefix, odd, pad, mask, layout, filled, terminator, rest, sign, inside }
      const isNested = inside !== undefined && 'fields' in inside && inside.fields !== undefined
      const nested = isNested ? { ...inside, fields: fieldsInOrder(inside.fields ?? {}) } : inside
      return [number, compact({ ...all, inside: nested })] as const
    },
  )
  return Object.fromEntries(ordered)
}

const firstRules: readonly (keyof DialectRules)[] = [
  ...(['matchBy', 'mustEqual', 'responseCode', 'approved', 'retry', 'codes', 'meanings'] as const),
  ...(['answers', 'signOn', 'echo', 'reversal'] as const),
]

/** The same rules in the same order, wherever they come from: what is converted twice shall not differ. */
function inOrder(rules: DialectRules): Partial<DialectRules> {
  const others = (Object.keys(rules) as (keyof DialectRules)[]).filter((key) => !firstRules.includes(key)).sort()
  const keys = [...firstRules, ...others].filter((key) => rules[key] !== undefined)
  return Object.fromEntries(keys.map((key) => [key, rules[key]]))
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
