// The flags that several commands share, and the reading of their values.

import { resolve } from 'node:path'
import type { Options } from 'yargs'
import { UsageError } from '../base/errors.js'
import { parseDuration } from '../base/units.js'
import type { Dialect } from '../codec/dialect.js'
import { isLanguage, type Language } from '../report/words/language.js'
import { dialectNamed, isDialectFile } from '../run/files/read-dialect.js'

/** A flag that takes a text, once. */
export function text<Name extends string>(name: Name, describe: string) {
  return { type: 'string', requiresArg: true, describe, coerce: once(name) } as const satisfies Options
}

/** A flag that takes texts, any number of times. */
export function texts(describe: string) {
  return {
    type: 'array',
    string: true,
    requiresArg: true,
    default: [] as string[],
    describe,
  } as const satisfies Options
}

/** What --threshold says of itself. */
export const thresholdWords =
  "condition such as 'timelyRate >= 99%', beside those of the scenario; exit 3 when it is not met; may be repeated"

export function flag(describe: string) {
  return { type: 'boolean', default: false, describe } as const satisfies Options
}

/** yargs makes a list of a flag that stands twice; which one was meant is not ours to guess. */
function once(name: string) {
  return (value: unknown): string | undefined => {
    if (Array.isArray(value)) throw new UsageError(`--${name}: given ${value.length} times`)
    return value === undefined ? undefined : String(value)
  }
}

/** Of every command that speaks or reads messages. */
export const messageOptions = {
  dialect: text(
    'dialect',
    'dialect: a name that `isochron dialects` lists, or a file: jPOS XML, moov JSON or YAML, ours',
  ),
  framing: text(
    'framing',
    'how messages are told apart: binary2, ascii4, bcd2, none, …; left out: as the dialect says',
  ),
  codec: text('codec', 'who packs and unpacks: isochron, or the npm library iso_8583'),
} as const

export type CodecName = 'isochron' | 'iso_8583'

/** The dialect where no flag names one. */
export const defaultDialect = 'cup-pos'

/** Checks what a schema would check. Throws UsageError. */
export function codecNamed(name: string | undefined): CodecName {
  if (name === undefined || name === 'isochron' || name === 'iso_8583') return name ?? 'isochron'
  throw new UsageError(`--codec: expected isochron or iso_8583, got '${name}'`)
}

/** The dialect of a flag: a built-in one or a file's; the usual one when left out. Throws UsageError. */
export function dialectOf(name: string | undefined): Dialect {
  return dialectNamed(name ?? defaultDialect)
}

/** A dialect as a scenario names it: a file does not depend on where the scenario stands. */
export function dialectName(name: string | undefined): string {
  return name !== undefined && isDialectFile(name) ? resolve(name) : (name ?? defaultDialect)
}

/** A whole number in a range. Throws UsageError that names the flag. */
export function wholeNumber(
  name: string,
  value: string | undefined,
  range: { min: number; max: number },
): number | undefined {
  if (value === undefined) return undefined
  const number = Number(value)
  if (/^\d{1,16}$/.test(value) && number >= range.min && number <= range.max) return number
  throw new UsageError(`--${name}: expected a whole number from ${range.min} to ${range.max}, got '${value}'`)
}

/** Throws UsageError for a language that reports do not have. */
export function languageNamed(name: string | undefined): Language {
  if (name === undefined || isLanguage(name)) return name ?? 'en'
  throw new UsageError(`--lang: expected en or zh, got '${name}'`)
}

/** Milliseconds of a duration with its unit. Throws UsageError that names the flag. */
export function durationMs(name: string, value: string): number {
  const ms = parseDuration(value)
  if (ms === undefined) throw new UsageError(`--${name}: expected a duration such as 30s, got '${value}'`)
  return ms
}
