// Conditions on messages, as scenarios and dialects write them: compiled once, asked for every message.

import { UsageError } from '../base/errors.js'
import type { Peek } from './codec.js'
import type { MatchDefinition } from './dialect.js'

/**
 * `mti` and field numbers; a value is exact, 'prefix*' ('*': present), 'from..to' (digits of equal length) or a list of
 * these; all keys must hold. Throws UsageError for a key or a value of another form.
 */
export function compileMatch(definition: MatchDefinition): (message: Peek) => boolean {
  const conditions = Object.entries(definition).map(([key, value]) => condition(key, value))
  return (message) => conditions.every((holds) => holds(message))
}

function condition(key: string, value: string | readonly string[]): (message: Peek) => boolean {
  const tests = (typeof value === 'string' ? [value] : value).map((text) => valueTest(key, text))
  const fits = (text: string) => tests.some((test) => test(text))
  if (key === 'mti') return (message) => fits(message.mti)
  const field = Number(key)
  if (!/^\d{1,3}$/.test(key) || field < 2 || field > 192) {
    throw new UsageError(`'${key}' is neither mti nor a field number from 2 to 192`)
  }
  // A field that is no text (chip data) can only be asked for its presence.
  return (message) => message.has(field) && fits(message.text(field) ?? '')
}

function valueTest(key: string, text: string): (value: string) => boolean {
  const range = /^(\d+)\.\.(\d+)$/.exec(text)
  if (range !== null) return rangeTest(key, range[1] as string, range[2] as string)
  if (text.slice(0, -1).includes('*')) {
    throw new UsageError(`field ${key}: a * stands only at the end of a prefix`)
  }
  if (!text.endsWith('*')) return (value) => value === text
  const prefix = text.slice(0, -1)
  return (value) => value.startsWith(prefix)
}

function rangeTest(key: string, from: string, to: string): (value: string) => boolean {
  if (from.length !== to.length || from > to) {
    throw new UsageError(`field ${key}: a range needs two numbers of the same length, the smaller first`)
  }
  return (value) => value.length === from.length && value >= from && value <= to
}
