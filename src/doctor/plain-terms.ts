// A network's dialect that fits, in terms of a plainer one: the changes of that one which read the same messages. A host
// that is like the network and not quite it gets its own dialect file from them.

import type { Dialect, Encodings, FieldDefinition } from '../codec/dialect.js'
import { compileIfPossible, dataOf } from './change.js'
import { bodyIn, isOwn } from './envelopes.js'
import { readingsOf, scoreOf, type WireGuess } from './guess.js'
import { trimmedTo } from './trimmed.js'

export interface PlainTerms {
  readonly plain: Dialect
  /** `encodings.length: binary`, `fields.49.data: bcd`: the lines of a dialect file on this base. */
  readonly properties: readonly string[]
}

/** A dialect that differs in more is another one, and a list of its changes no help. */
const mostTerms = 8
/** Frames that decide whether a change is needed. */
const triedFrames = 6
/** Dialects of which the changes are looked for: those that differ least. */
const dialectsTried = 2

/** A property that differs. */
interface Term {
  readonly property: string
  apply(dialect: Dialect): Dialect
}

/** The fewest changes that make one of `plain` read what the guess read; undefined where that takes too many. */
export function plainTermsOf(guess: WireGuess, plain: readonly Dialect[]): PlainTerms | undefined {
  if (plain.includes(guess.dialect)) return undefined
  const named = fieldsOf(guess)
  const nearest = plain
    .map((dialect) => ({ dialect, terms: differences(dialect, guess.dialect, named) }))
    .sort((a, b) => a.terms.length - b.terms.length)
    .slice(0, dialectsTried)
  const found = nearest.flatMap(({ dialect, terms }) => {
    const needed = neededOf(guess, dialect, terms)
    return needed === undefined || needed.length > mostTerms ? [] : [{ plain: dialect, needed }]
  })
  const [best] = found.sort((a, b) => a.needed.length - b.needed.length)
  if (best === undefined || best.needed.length === 0) return undefined
  const properties = best.needed.map(({ property }) => property)
  const [ofFields, ofAll] = [true, false].map((wanted) =>
    properties.filter((property) => property.startsWith('fields.') === wanted),
  ) as [string[], string[]]
  return { plain: best.plain, properties: [...frontOf(guess, best.plain), ...ofAll, ...ofFields] }
}

/** The bytes in front of the messages, which the plain dialect has not. */
function frontOf({ candidate: { shape }, envelope }: WireGuess, plain: Dialect): readonly string[] {
  const { tpdu, header } = envelope
  if (isOwn(plain, shape)) return []
  return [
    ...(tpdu === undefined ? [] : [`envelope.tpdu: '${tpdu}'`]),
    ...(header === undefined ? [] : [`envelope.header: '${header}'`]),
  ]
}

function fieldsOf({ candidate: { cut, shape, codec } }: WireGuess): readonly string[] {
  const readings = readingsOf({ cut, shape, codec }, triedFrames)
  return [...new Set(readings.flatMap(({ message }) => Object.keys(message.fields)))]
}

const defaults = ['mti', 'length', 'digits', 'track', 'text', 'bytes'] as const

/** Everything in which the dialect that fits reads these fields otherwise. */
function differences(plain: Dialect, fit: Dialect, fields: readonly string[]): readonly Term[] {
  return [
    ...fields.flatMap((number) => fieldTerms(number, plain.fields[number], fit)),
    ...defaults.flatMap((name) => (plain.encodings[name] === fit.encodings[name] ? [] : [defaultTerm(name, fit)])),
    ...structures(plain, fit),
  ]
}

const defaultTerm = (name: (typeof defaults)[number], { encodings }: Dialect): Term => ({
  property: `encodings.${name}: ${encodings[name]}`,
  apply: withEncodings({ [name]: encodings[name] }),
})

const withEncodings = (changed: Partial<Encodings>) => (dialect: Dialect) => ({
  ...dialect,
  encodings: { ...dialect.encodings, ...changed },
})

function structures({ encodings: now }: Dialect, { encodings }: Dialect): readonly Term[] {
  return (['bitmap', 'oddFixed', 'oddVariable'] as const).flatMap((name) =>
    flow(now[name]) === flow(encodings[name])
      ? []
      : [
          {
            property: `encodings.${name}: ${flow(encodings[name])}`,
            apply: withEncodings({ [name]: encodings[name] }),
          },
        ],
  )
}

/** YAML on one line. */
const flow = (value: object) =>
  `{ ${Object.entries(value)
    .map(([key, part]) => `${key}: ${part === '0' || part === 'F' ? `'${part}'` : part}`)
    .join(', ')} }`

/** One for each property, so that those which the messages do not need fall away. */
function fieldTerms(number: string, plain: FieldDefinition | undefined, fit: Dialect): readonly Term[] {
  const field = fit.fields[number]
  if (field === undefined) return []
  const { name, format, prefix, odd } = field
  const data = dataOf(field, fit)
  if (plain === undefined) {
    const whole = { name, format, data, ...(prefix === undefined ? {} : { prefix }) }
    const { prefix: _, ...shown } = whole
    const prefixText = prefix === undefined ? '' : `, prefix: ${flow(prefix)}`
    const text = `{ ${Object.entries(shown)
      .map((entry) => entry.join(': '))
      .join(', ')}${prefixText} }`
    return [fieldTerm(number, '', text, whole)]
  }
  const old = dataOf(plain, fit)
  return [
    ...(plain.format === format ? [] : [fieldTerm(number, '.format', format, { format })]),
    ...(prefix === undefined || flow(prefix) === flow(plain.prefix ?? {})
      ? []
      : [fieldTerm(number, '.prefix', flow(prefix), { prefix })]),
    ...(odd === undefined || flow(odd) === flow(plain.odd ?? {})
      ? []
      : [fieldTerm(number, '.odd', flow(odd), { odd })]),
    ...(old === data ? [] : [fieldTerm(number, '.data', data, { data })]),
  ]
}

const fieldTerm = (number: string, at: string, text: string, changed: Partial<FieldDefinition>): Term => ({
  property: `fields.${number}${at}: ${text}`,
  apply: (dialect) => {
    const { inside: _, ...kept } = (dialect.fields[number] ?? {}) as FieldDefinition
    return { ...dialect, fields: { ...dialect.fields, [number]: { ...kept, ...changed } } }
  },
})

/** Terms are dropped one after another as long as the messages are read as well; undefined where all do not help. */
function neededOf(guess: WireGuess, plain: Dialect, terms: readonly Term[]): readonly Term[] | undefined {
  const best = worthOf(guess, plain, terms)
  if (best === undefined) return undefined
  let needed = terms
  for (const term of terms) {
    const without = needed.filter((other) => other !== term)
    const worth = worthOf(guess, plain, without)
    if (worth !== undefined && worth >= best) needed = without
  }
  return needed
}

/** Undefined where a message is not read whole. */
function worthOf({ candidate }: WireGuess, plain: Dialect, terms: readonly Term[]): number | undefined {
  const { cut, shape } = candidate
  const frames = cut.frames.slice(0, triedFrames)
  const bodies = frames.flatMap((frame) => bodyIn(frame, shape) ?? [])
  const changed = trimmedTo(
    bodies,
    terms.reduce((dialect, { apply }) => apply(dialect), plain),
  )
  const codec = changed && compileIfPossible(changed)
  if (codec === undefined) return undefined
  const tried = { cut: { ...cut, frames }, shape, codec }
  const readings = readingsOf(tried)
  return readings.length > 0 && readings.every(({ isWhole }) => isWhole) ? scoreOf(readings, tried) : undefined
}
