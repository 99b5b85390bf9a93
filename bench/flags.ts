// Flags of the proof scripts. Rule: a flag that is not understood ends the script (exit 2) before anything is measured: a
// typing error must not turn a proof into one of something else.

import { parseArgs } from 'node:util'
import { exitCode, UsageError } from '../src/base/errors.js'

/** A whole number, where nothing is said `usual`; or one of some words; or a file's name; or any word, such as a seed. */
type Flag =
  | { readonly usual: number; readonly least: number }
  | { readonly usual: string; readonly oneOf: readonly string[] }
  | 'file'
  | 'word'

type Value<Kind extends Flag> = Kind extends { usual: number }
  ? number
  : Kind extends { usual: string }
    ? string
    : string | undefined

export type Values<Flags extends Record<string, Flag>> = { readonly [Name in keyof Flags]: Value<Flags[Name]> }

/** Throws UsageError with a sentence that says what to do. */
export function parseFlags<const Flags extends Record<string, Flag>>(
  args: readonly string[],
  flags: Flags,
): Values<Flags> {
  const names = Object.keys(flags)
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string', multiple: true } as const]))
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true })
  const given = new Map<string, string>()
  for (const token of tokens) {
    const list = names.map((name) => `--${name}`).join(', ')
    if (token.kind !== 'option') throw new UsageError(`${args[token.index]} is no flag: this script takes ${list}`)
    if (!names.includes(token.name)) throw new UsageError(`${token.rawName} is no flag: this script takes ${list}`)
    if (given.has(token.name)) throw new UsageError(`--${token.name} was given twice: give it once`)
    given.set(token.name, token.value ?? '')
  }
  return Object.fromEntries(names.map((name) => [name, readValue(name, flags[name] as Flag, given.get(name))])) as never
}

function readValue(name: string, flag: Flag, text: string | undefined): number | string | undefined {
  if (flag === 'file' || flag === 'word') {
    const missing = flag === 'file' ? 'the name of a file' : 'a word'
    if (text === '' || text?.startsWith('-')) throw new UsageError(`--${name} needs ${missing}`)
    return text
  }
  if (text === undefined) return flag.usual
  if ('oneOf' in flag) {
    if (flag.oneOf.includes(text)) return text
    throw new UsageError(`--${name} must be one of ${flag.oneOf.join(', ')}, not '${text}'`)
  }
  const value = Number(text)
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= flag.least) return value
  throw new UsageError(`--${name} must be a whole number from ${flag.least} on, not '${text}'`)
}

/** The flags of this process. Prints what is wrong and ends it where a flag is not understood. */
export function readFlags<const Flags extends Record<string, Flag>>(flags: Flags): Values<Flags> {
  try {
    return parseFlags(process.argv.slice(2), flags)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(exitCode.usage)
  }
}
