// A dialect tried out: every field packed and unpacked at full, odd and short length, and what does not come back.

import type { Codec } from '../codec.js'
import { compile } from '../compile.js'
import type { Dialect, FieldDefinition, Inside } from '../dialect.js'
import type { FieldValue, Message } from '../message.js'
import { isVerbatim } from '../message.js'
import { PackError } from '../pack-error.js'
import { UnpackError } from '../unpack-error.js'
import { type Trial, trialsOf } from './trial-values.js'

/** A value that did not come back as it went. */
export interface RoundTripProblem {
  /** `48` or `48.2`. */
  readonly field: string
  readonly name: string
  /** `full`, `odd`, `short`. */
  readonly size: string
  readonly problem: string
}

export interface DialectCheck {
  readonly fields: number
  readonly trials: number
  readonly problems: readonly RoundTripProblem[]
}

/** Throws UsageError for a dialect that does not compile. */
export function checkDialect(dialect: Dialect): DialectCheck {
  const codec = compile(dialect)
  // A third bitmap is no value of its own: fields above 128 bring it along.
  const third = String(dialect.encodings.bitmap.thirdIn ?? '')
  const mti = dialect.messages.sale?.mti ?? Object.values(dialect.messages)[0]?.mti ?? '0200'
  const problems: RoundTripProblem[] = []
  let trials = 0
  for (const [number, definition] of Object.entries(dialect.fields).filter(([key]) => key !== third)) {
    for (const trial of trialsOf(definition)) {
      const problem = problemOf(codec, { mti, fields: { [number]: trial.value } }, definition)
      if (problem === tooMuchInside) continue
      trials++
      if (problem !== undefined) problems.push(described(number, definition, trial, problem))
    }
  }
  return { fields: Object.keys(dialect.fields).length, trials, problems }
}

function described(number: string, definition: FieldDefinition, trial: Trial, problem: string): RoundTripProblem {
  const inner = trial.only === undefined ? undefined : subfieldsOf(definition.inside)[trial.only]
  return {
    field: trial.only === undefined ? number : `${number}.${trial.only}`,
    name: inner?.name ?? definition.name,
    size: trial.size,
    problem,
  }
}

const subfieldsOf = (inside: Inside | undefined): Readonly<Record<string, FieldDefinition>> =>
  inside !== undefined && 'fields' in inside ? (inside.fields ?? {}) : {}

/** The sub-fields at their longest are more than the field takes: no fault of the table, which bounds each by itself. */
const tooMuchInside = Symbol('too much inside')

function isTooMuchInside({ code, path }: PackError, definition: FieldDefinition): boolean {
  if (code !== 'TOO_LONG') return false
  let inside = definition.inside
  for (const key of path.slice(1)) inside = subfieldsOf(inside)[key]?.inside
  return inside !== undefined
}

/** Why the message is not the same after it was packed and unpacked; undefined where it is. */
function problemOf(
  codec: Codec,
  message: Message,
  definition: FieldDefinition,
): string | typeof tooMuchInside | undefined {
  const [number = ''] = Object.keys(message.fields)
  try {
    const bytes = Buffer.from(codec.pack(message))
    const back = codec.unpack(bytes)
    if (!bytes.equals(codec.pack(back))) return 'the unpacked message packs to other bytes'
    const lost = difference(message.fields[number] as FieldValue, back.fields[number], definition)
    return lost === undefined ? undefined : `comes back as another value${lost}`
  } catch (error) {
    if (error instanceof PackError && isTooMuchInside(error, definition)) return tooMuchInside
    if (error instanceof PackError) return `cannot be packed: ${error.message}`
    if (error instanceof UnpackError) return `cannot be unpacked: ${error.message}`
    throw error
  }
}

/** Where two values differ in more than what fills a field: a place such as ` at 2`; undefined where they do not. */
function difference(given: FieldValue, back: FieldValue | undefined, definition: FieldDefinition): string | undefined {
  if (back === undefined) return ': none'
  if (typeof given === 'string') {
    if (typeof back === 'string') return isSame(given, back, definition) ? undefined : ''
    // Bytes that are shown as they stand carry the value all the same.
    return typeof back === 'object' && !Array.isArray(back) && isVerbatim(back) ? undefined : ''
  }
  if (typeof back !== 'object' || typeof given !== 'object' || isVerbatim(back) || Array.isArray(back)) return ''
  const inner = subfieldsOf(definition.inside)
  for (const [key, value] of Object.entries(given)) {
    const lost = difference(value, (back as Record<string, FieldValue>)[key], inner[key] ?? definition)
    if (lost !== undefined) return ` at ${key}${lost}`
  }
  return undefined
}

function isSame(given: string, back: string, { pad }: FieldDefinition): boolean {
  const fill = [...new Set(['0', ' ', pad?.with ?? ''])].join('')
  const bare = (text: string) => text.replace(new RegExp(`^[${fill}]+|[${fill}]+$`, 'g'), '')
  return given === back || bare(given) === bare(back)
}
