// The problems that a schema found, in a person's words: the path, what was expected, what stands there.

import type { z } from 'zod'
import { maskText } from '../base/mask.js'
import { suggestion } from '../base/suggest.js'
import { counted } from '../base/text/counted.js'
import { printable } from '../base/text/shown-text.js'
import { keysAt } from './schema-keys.js'
import type { YamlPath } from './yaml-source.js'

export interface Problem {
  readonly path: YamlPath
  readonly text: string
  /** The key itself is wrong, not its value. */
  readonly atKey?: boolean
}

interface Context {
  readonly schema: z.core.$ZodType
  readonly data: unknown
}

type Issue = z.core.$ZodIssue

/** Everything that `schema` refuses in `data`, as problems. `issues` are those of its safeParse. */
export function problemsOf(context: Context, issues: readonly Issue[]): readonly Problem[] {
  return issues.flatMap((issue) => problemsOfIssue(context, issue, []))
}

function problemsOfIssue(context: Context, issue: Issue, base: YamlPath): readonly Problem[] {
  const path = [...base, ...(issue.path as YamlPath)]
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(context, path, key))
  if (issue.code === 'invalid_union') return problemsOfUnion(context, issue.errors, path)
  if (issue.code === 'invalid_key') return [{ path, text: issue.issues[0]?.message ?? issue.message, atKey: true }]
  // A sentence of a check of its own says everything; only what begins with 'expected' wants to be completed.
  if (issue.code === 'custom' && !issue.message.startsWith('expected ')) return [{ path, text: issue.message }]
  return [{ path, text: expected(expectation(issue), valueAt(context.data, path)) }]
}

function unknownKey(context: Context, path: YamlPath, key: string): Problem {
  const known = keysAt(context.schema, path)
  // Each is right by itself, in another of the alternatives.
  if (known.includes(key)) {
    const others = Object.keys(valueAt(context.data, path) as object).filter((each) => each !== key)
    return {
      path: [...path, key],
      text: `'${quoted(key)}' does not stand beside ${others.map(quoted).join(', ')}`,
      atKey: true,
    }
  }
  const near = suggestion(key, known)
  const text = `unknown key '${quoted(key)}'${near === '' && known.length > 0 ? `; known are ${known.join(', ')}` : near}`
  return { path: [...path, key], text, atKey: true }
}

/** The alternative that was meant, when one is nearer than all others; else what the alternatives have to offer. */
function problemsOfUnion(
  context: Context,
  branches: readonly (readonly Issue[])[],
  path: YamlPath,
): readonly Problem[] {
  const value = valueAt(context.data, path)
  const ranked = branches.map((issues) => ({ issues, misfits: misfits(issues, value) }))
  ranked.sort((a, b) => a.misfits - b.misfits)
  const [first, second] = ranked
  if (first !== undefined && (first.misfits === 0 || (isMap(value) && first.misfits < (second?.misfits ?? Infinity))))
    return first.issues.flatMap((issue) => problemsOfIssue(context, issue, path))
  if (isMap(value)) return mixedMap(context, branches, path, value)
  const options = branches.flatMap((issues) => issues.slice(0, 1).map(expectation))
  return [{ path, text: expected([...new Set(options)].join(' or '), value) }]
}

/** How many of an alternative's complaints are about the kind of thing, not about something inside it. */
function misfits(issues: readonly Issue[], value: unknown): number {
  const count = (issue: Issue): number => {
    if (issue.path.length === 0) return issue.code === 'unrecognized_keys' ? issue.keys.length : 100
    return issue.path.length === 1 && isMap(value) && !(String(issue.path[0]) in value) ? 1 : 0
  }
  return issues.reduce((sum, issue) => sum + count(issue), 0)
}

function mixedMap(
  context: Context,
  branches: readonly (readonly Issue[])[],
  path: YamlPath,
  value: Record<string, unknown>,
): readonly Problem[] {
  const unknownTo = (issues: readonly Issue[]) =>
    issues.flatMap((issue) => (issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : []))
  const unknown = Object.keys(value).filter((key) => branches.every((issues) => unknownTo(issues).includes(key)))
  if (unknown.length > 0) return unknown.map((key) => unknownKey(context, path, key))
  const inBranches = branches.flatMap((issues) => [
    ...unknownTo(issues),
    ...issues.flatMap(({ path: [key, ...rest] }) => (key === undefined || rest.length > 0 ? [] : [String(key)])),
  ])
  const keys = keysAt(context.schema, path).filter((key) => inBranches.includes(key))
  return [{ path, text: `expected exactly one of the keys ${keys.join(', ')}` }]
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a map of keys',
  record: 'a map of keys',
  array: 'a list',
}

/** The expectation at that place: 'a whole number', 'constant or poisson', 'a rate such as 500/s'. */
function expectation(issue: Issue): string {
  const own = /^expected (.*?)(?:, got .*)?$/s.exec(issue.message)?.[1]
  if (own !== undefined) return own
  switch (issue.code) {
    case 'invalid_type':
      return kinds[issue.expected] ?? issue.expected
    case 'invalid_value':
      return issue.values.map(String).join(' or ')
    case 'too_small':
      return `${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${unitOf(issue.origin)}`
    case 'too_big':
      return `${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}${unitOf(issue.origin)}`
    default:
      return issue.message
  }
}

const unitOf = (origin: string) => (origin === 'array' ? ' entries' : origin === 'string' ? ' characters' : '')

function expected(what: string, value: unknown): string {
  if (value === undefined) return `missing: expected ${what}`
  return `expected ${what}, got ${shown(value)}${hint(what, value)}`
}

function hint(what: string, value: unknown): string {
  if (typeof value === 'string') {
    const words = what.split(' or ')
    return words.length > 1 ? suggestion(value, words) : ''
  }
  if (typeof value !== 'number' && typeof value !== 'boolean') return ''
  if (/^a (duration|rate|share)|^an amount/.test(what)) return '; write the unit'
  return /^a text|in quotes/.test(what) ? '; put it in quotes' : ''
}

/** A value in an error: short, and never a run of digits that could be a card. */
function shown(value: unknown): string {
  if (value === null) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (isMap(value)) return 'a map'
  const text = JSON.stringify(value) ?? String(value)
  return quoted(text)
}

/** At most this many characters of a file are repeated in an error. */
const longestShown = 60

/** `text` cut to a line's worth, with whatever could be a card or a key hidden. */
export function quoted(text: string): string {
  const safe = printable(maskText(text.replace(/\d{13,}/g, (digits) => `(${counted(digits.length, 'digit')})`)))
  return safe.length > longestShown ? `${safe.slice(0, longestShown)}…` : safe
}

function valueAt(data: unknown, path: YamlPath): unknown {
  return path.reduce<unknown>((at, step) => {
    if (Array.isArray(at)) return at[Number(step)]
    return isMap(at) && Object.hasOwn(at, step) ? at[step] : undefined
  }, data)
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
