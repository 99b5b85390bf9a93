// The arguments of programs, whose languages may check no types: looked at before anything is done with them.

import { isUint8Array } from 'node:util/types'
import { UsageError } from '../../base/errors.js'
import { maskText } from '../../base/mask.js'
import { suggestion } from '../../base/suggest.js'
import { printable } from '../../base/text/shown-text.js'

/** Throws UsageError that names the place and what was expected there. */
export type Check = (place: string, value: unknown) => void

const expecting =
  (words: string, fits: (value: unknown) => boolean): Check =>
  (place, value) => {
    if (!fits(value)) throw new UsageError(`${place}: expected ${words}, got ${kindOf(value)}`)
  }

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const inPorts = (value: number) => value >= 0 && value <= 65_535

/** The kinds of values, by name. */
export const kind = {
  text: expecting('text', (value) => typeof value === 'string'),
  flag: expecting('true or false', (value) => typeof value === 'boolean'),
  call: expecting('a function', (value) => typeof value === 'function'),
  anyObject: expecting('an object', isObject),
  list: expecting('a list', Array.isArray),
  bytes: expecting('bytes (a Uint8Array)', isUint8Array),
  /** Milliseconds, counts and the like. */
  amount: expecting('a number from 0', (value) => typeof value === 'number' && value >= 0),
  whole: expecting('a whole number from 0', (value) => Number.isSafeInteger(value) && Number(value) >= 0),
  port: expecting('a port from 0 to 65535', (value) => Number.isInteger(value) && inPorts(Number(value))),
  abortSignal: expecting('an AbortSignal', (value) => isObject(value) && typeof value.addEventListener === 'function'),
}

export const oneOfTexts = (...values: readonly string[]): Check =>
  expecting(`one of ${values.join(', ')}`, (value) => values.includes(value as string))
/** `words` say both kinds: the check of `isFirst` decides which of the two is meant. */
export const textOr =
  (words: string, other: Check): Check =>
  (place, value) => {
    if (typeof value === 'string') return
    if (!isObject(value)) throw new UsageError(`${place}: expected ${words}, got ${kindOf(value)}`)
    other(place, value)
  }

/** An object of these keys and no others. A key may be left out, or undefined, unless it is among those needed. */
export const objectOf =
  (members: Readonly<Record<string, Check>>, needed: readonly string[] = []): Check =>
  (place, value) => {
    kind.anyObject(place, value)
    const given = value as Record<string, unknown>
    requireKnown(place, given, Object.keys(members))
    for (const [key, check] of Object.entries(members))
      if (given[key] !== undefined || needed.includes(key)) check(`${place}.${key}`, given[key])
  }

/** Lists of one kind. */
export const listOf =
  (check: Check): Check =>
  (place, value) => {
    kind.list(place, value)
    for (const [index, item] of (value as unknown[]).entries()) check(`${place}[${index}]`, item)
  }

/** A misspelt key would do nothing, and say nothing. */
function requireKnown(place: string, given: object, known: readonly string[]): void {
  const wrong = Object.keys(given).find((key) => !known.includes(key))
  if (wrong === undefined) return
  throw new UsageError(`${place}.${wrong}: unknown key '${wrong}'${suggestion(wrong, known)}`)
}

/** The kind of a value, in words: a text itself where it is short, masked. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (Number.isNaN(value) || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return value.length > 40 ? 'text' : printable(maskText(JSON.stringify(value)))
  if (typeof value === 'number') return `the number ${value}`
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
