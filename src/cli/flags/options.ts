// The flags that several commands share, and the reading of their values.

import { resolve } from 'node:path'
import type { Options } from 'yargs'
import { UsageError } from '../../base/errors.js'
import { counted } from '../../base/text/counted.js'
import { parseDuration } from '../../base/units.js'
import type { Dialect } from '../../codec/dialect.js'
import { isDialectFile } from '../../codec/importers/dialect-file-name.js'
import { layEnvelope } from '../../codec/lay-envelope.js'
import { isLanguage, type Language } from '../../report/words/language.js'
import { loadDialect } from '../../run/files/load-dialect.js'
import { defaultDialect } from '../../scenario/default-dialect.js'

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

/** The help text of --threshold. */
export const thresholdWords =
  "condition such as 'timelyRate >= 99%', beside those of the scenario; exit 3 when it is not met; may be repeated"

/** The options of commands whose runs are judged. */
export const abortOptions = {
  'abort-on-fail': texts(
    "condition such as 'timelyRate >= 90%' that ends the run as soon as it is not met, with exit 3; may be repeated",
  ),
  'delay-abort-eval': text(
    'delay-abort-eval',
    'how long after the warm-up --abort-on-fail may first end the run; 10s when left out',
  ),
} as const

/** The thresholds of the flags as a scenario states them, each with the flag that it came from. Throws UsageError. */
export function thresholdsOf(flags: {
  readonly threshold?: readonly string[] | undefined
  readonly 'abort-on-fail'?: readonly string[] | undefined
  readonly 'delay-abort-eval'?: string | undefined
}): readonly { readonly flag: string; readonly rule: unknown }[] {
  const { threshold = [], 'abort-on-fail': aborting = [], 'delay-abort-eval': delay } = flags
  if (delay !== undefined && aborting.length === 0)
    throw new UsageError('--delay-abort-eval: says when --abort-on-fail may end the run; give that too')
  if (delay !== undefined) durationMs('delay-abort-eval', delay)
  const late = delay === undefined ? {} : { delayAbortEval: delay }
  return [
    ...threshold.map((rule) => ({ flag: `--threshold '${rule}'`, rule })),
    ...aborting.map((each) => ({
      flag: `--abort-on-fail '${each}'`,
      rule: { threshold: each, abortOnFail: true, ...late },
    })),
  ]
}

export function flag(describe: string) {
  return { type: 'boolean', default: false, describe } as const satisfies Options
}

/** yargs makes a list of a flag that stands twice; which one was meant is not ours to guess. */
function once(name: string) {
  return (value: unknown): string | undefined => {
    if (Array.isArray(value)) throw new UsageError(`--${name}: given ${counted(value.length, 'time')}`)
    return value === undefined ? undefined : String(value)
  }
}

/** The options of every command that speaks or reads messages. */
export const messageOptions = {
  dialect: text(
    'dialect',
    'dialect: a name that `isochron dialects` lists, or a spec file: of jPOS, moov, j8583, pyiso8583 or iso_8583, or ours',
  ),
  framing: text(
    'framing',
    'how messages are told apart: binary2, ascii4, bcd2, none, …; left out: as the dialect says',
  ),
  codec: text('codec', 'who packs and unpacks: isochron, or the npm library iso_8583'),
  tpdu: text(
    'tpdu',
    "10 hex digits in front of every message, such as 6000000000; none: no TPDU; left out: the dialect's",
  ),
  header: text('header', "hex of a header between TPDU and message; none: no header; left out: the dialect's"),
} as const

/** The flags that name and change the dialect. */
export interface DialectFlags {
  readonly dialect: string | undefined
  readonly tpdu?: string | undefined
  readonly header?: string | undefined
}

/** Bytes of a header: the longest in use have fewer than a hundred. */
const mostHeaderBytes = 255

/** The envelope that the flags lay over the dialect's; an empty text takes a part away. Throws UsageError that names the flag. */
export function envelopeFlags({ tpdu, header }: DialectFlags): { readonly tpdu?: string; readonly header?: string } {
  if (tpdu !== undefined && tpdu !== 'none' && !/^[0-9a-f]{10}$/i.test(tpdu))
    throw new UsageError(`--tpdu: expected 10 hex digits such as 6000000000, or none, got '${tpdu}'`)
  const isHex = /^([0-9a-f]{2})+$/i.test(header ?? '00') && (header ?? '').length <= 2 * mostHeaderBytes
  if (header !== 'none' && !isHex)
    throw new UsageError(`--header: expected hex of 1 to ${mostHeaderBytes} bytes, or none, got '${header}'`)
  const hex = (text: string) => (text === 'none' ? '' : text.toUpperCase())
  return {
    ...(tpdu !== undefined && { tpdu: hex(tpdu) }),
    ...(header !== undefined && { header: hex(header) }),
  }
}

export type CodecName = 'isochron' | 'iso_8583'

/** Checks what a schema would check. Throws UsageError. */
export function codecNamed(name: string | undefined): CodecName {
  if (name === undefined || name === 'isochron' || name === 'iso_8583') return name ?? 'isochron'
  throw new UsageError(`--codec: expected isochron or iso_8583, got '${name}'`)
}

/** The dialect of the flags: a built-in one or a file's, with its envelope; the usual one when left out. Rejects with UsageError. */
export async function dialectOf(flags: DialectFlags): Promise<Dialect> {
  const dialect = await loadDialect(flags.dialect ?? defaultDialect)
  return { ...dialect, envelope: layEnvelope(dialect.envelope, envelopeFlags(flags)) }
}

/** A dialect as a scenario names it: a file does not depend on where the scenario stands. */
export function dialectName(name: string | undefined): string {
  return name !== undefined && isDialectFile(name) ? resolve(name) : (name ?? defaultDialect)
}

/** The option of commands whose terminals sign on. */
export const signOnOption = {
  'no-sign-on': flag('terminals do not sign on, also where the dialect has a sign-on'),
} as const

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
