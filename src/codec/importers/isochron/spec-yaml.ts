// YAML and JSON with their lines: a value is checked by a schema, and what does not fit is named by line and column.

import { type Document, isAlias, isMap, isNode, isPair, isScalar, isSeq, LineCounter, type Node, visit } from 'yaml'
import type { z } from 'zod'
import { UsageError } from '../../../base/errors.js'
import { suggestion } from '../../../base/suggest.js'
import { refuseNesting } from '../../../base/text/nesting.js'
import { objectsOfMaps } from '../../../base/written-order.js'
import { refuseSpec, type SpecPlace } from '../spec-error.js'
import { parseUntilWrong } from './yaml-until-wrong.js'

/** A parsed file; `at` finds the place of a key, or of the nearest thing above it. */
export interface SpecDocument {
  readonly value: unknown
  at(path: readonly PropertyKey[]): SpecPlace
}

/** Aliases that may be expanded: a person writes a few, an attack thousands. */
const maxAliases = 100

/** Reads YAML, of which JSON is a part. Throws UsageError naming line and column. */
export function readSpecYaml(text: string, file: string): SpecDocument {
  // Tabs indent JSON and may not indent YAML; no string of JSON spans lines, so that these are never inside one.
  const source = /^\uFEFF?\s*\{/.test(text) ? text.replace(/^\t+/gm, (tabs) => ' '.repeat(tabs.length)) : text
  refuseNesting(text, file)
  const lines = new LineCounter()
  const placeOf = (offset: number, path = ''): SpecPlace => {
    const { line, col } = lines.linePos(offset)
    return { file, line: Math.max(1, line), column: Math.max(1, col), path }
  }
  const document = guarded(
    () =>
      parseUntilWrong(source, lines, (offset, message) =>
        refuseSpec(placeOf(offset), `is not valid YAML: ${message.slice(0, 200)}`),
      ),
    placeOf(0),
  )
  refuseKeys(document, placeOf)
  const value: unknown = guarded(
    () => objectsOfMaps(document.toJS({ maxAliasCount: maxAliases, mapAsMap: true })),
    placeOf(0),
  )
  const root = document.contents
  return { value, at: (path) => placeOf(isNode(root) ? offsetOf(root, path) : 0, fieldPath(path)) }
}

type PlaceOf = (offset: number) => SpecPlace

/** The parser\'s own check takes the square of the number of keys, and lets a name pass that JavaScript takes for something else. */
function refuseKeys(document: Document, placeOf: PlaceOf): void {
  visit(document, {
    Map(_, { items }) {
      const seen = new Set<unknown>()
      for (const { key } of items) {
        if (isAlias(key)) continue
        if (!isScalar(key)) refuseSpec(placeOf(isNode(key) ? (key.range?.[0] ?? 0) : 0), 'has a list or a map as a key')
        const name = String(key.value)
        if (name === '__proto__') refuseSpec(placeOf(key.range?.[0] ?? 0), 'has the key __proto__: choose another name')
        if (seen.has(name)) refuseSpec(placeOf(key.range?.[0] ?? 0), `has the key '${name.slice(0, 40)}' twice`)
        seen.add(name)
      }
    },
  })
}

/** The parser's own exceptions (nesting too deep for its stack, too many aliases) as one line. */
function guarded<T>(work: () => T, place: SpecPlace): T {
  try {
    return work()
  } catch (cause) {
    if (cause instanceof UsageError) throw cause
    refuseSpec(place, `cannot be read: ${(cause as Error).message.split('\n')[0]}`)
  }
}

/** Where the value under the path begins, or the last thing on the way to it. */
function offsetOf(root: Node, path: readonly PropertyKey[]): number {
  let node: unknown = root
  let offset = root.range?.[0] ?? 0
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key))
      if (!isPair(pair)) return offset
      if (isScalar(pair.key)) offset = pair.key.range?.[0] ?? offset
      node = pair.value
    } else if (isSeq(node)) {
      node = node.items[Number(key)]
      if (isNode(node)) offset = node.range?.[0] ?? offset
    } else {
      return offset
    }
    if (isAlias(node)) return offset
  }
  return offset
}

/** `fields` 48 `inside` `fields` 2 is 48.2; anything else is its keys. */
function fieldPath(path: readonly PropertyKey[]): string {
  if (path[0] !== 'fields' || path.length < 2) return ''
  return path.filter((key) => /^\d|^[0-9A-F]{2,}$/.test(String(key))).join('.')
}

/** The value in the schema's form. Throws UsageError for the first thing that does not fit. */
export function checked<Schema extends z.ZodType>(document: SpecDocument, schema: Schema): z.output<Schema> {
  const result = schema.safeParse(document.value)
  if (result.success) return result.data
  const issue = deepest(result.error.issues)
  if (issue === undefined) refuseSpec(document.at([]), 'does not fit')
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? ''
    const near = suggestion(key, knownKeys(schema, issue.path))
    refuseSpec(document.at([...issue.path, key]), `has an unknown key '${key.slice(0, 40)}'${near}`)
  }
  const where = issue.path.length === 0 ? '' : `${String(issue.path.at(-1)).slice(0, 40)}: `
  refuseSpec(document.at(issue.path), `${where}${issue.message}`)
}

type Issue = z.core.$ZodIssue

/** The deepest issue: in a union, the branch that came furthest shows what was meant. */
function deepest(issues: readonly Issue[]): Issue | undefined {
  const first = issues[0]
  if (first?.code !== 'invalid_union' || first.errors.length === 0) return first
  const branches = first.errors.map((errors) => deepest(errors)).filter((issue) => issue !== undefined)
  const best = branches.sort((a, b) => b.path.length - a.path.length)[0]
  if (best === undefined || best.path.length === 0) return first
  return { ...best, path: [...first.path, ...best.path] }
}

/** Keys of the object that the schema wants at the path, as far as it can be followed. */
function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  let current: unknown = schema
  for (const key of path) current = childSchema(unwrapped(current), String(key))
  const shape = (unwrapped(current) as { shape?: Record<string, unknown> } | undefined)?.shape
  return shape === undefined ? [] : Object.keys(shape)
}

function unwrapped(schema: unknown): unknown {
  const definition = (schema as { def?: { innerType?: unknown; in?: unknown; getter?: () => unknown } } | undefined)
    ?.def
  const inner = definition?.innerType ?? definition?.in ?? definition?.getter?.()
  return inner === undefined ? schema : unwrapped(inner)
}

function childSchema(schema: unknown, key: string): unknown {
  const { shape, def } = (schema ?? {}) as { shape?: Record<string, unknown>; def?: { valueType?: unknown } }
  return shape?.[key] ?? def?.valueType
}
