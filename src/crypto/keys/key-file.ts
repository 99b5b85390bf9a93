// A key file's text to keys: a mapping of names to hex, usage and expected check value. Errors name the key and its
// line, never a value. YAML or JSON is parsed by what the caller brings, so that this folder depends on no parser.
//
//     acquirer-tmk: { usage: tmk, key: 0123456789ABCDEFFEDCBA9876543210, kcv: 08D7B4 }
//     acquirer-mak: { usage: mak }        # its value is in ISOCHRON_KEY_ACQUIRER_MAK
//     pin-bdk: { usage: bdk, key: …, ksn: FFFF9876543210E00000 }   # the first terminal's key serial number

import { UsageError } from '../../base/errors.js'
import { suggestion } from '../../base/suggest.js'
import { counted } from '../../base/text/counted.js'
import { hasOddParity, hasWeakPart, isSingleInDisguise } from '../ciphers/des.js'
import { CryptoError } from '../crypto-error.js'
import { fromHex } from '../hex.js'
import { createKey, type Key, type KeyAlgorithm, type KeyUsage, keyAlgorithms, keyUsages, requireKcv } from './key.js'

/** One scalar of the file, as it is written: a key of decimal digits is no number (YAML's failsafe schema). */
export interface KeyFileScalar {
  readonly text: string
  /** `file:line:column`. */
  readonly where: string
}

/** One entry at the top of the file. `fields` is undefined when its value is no mapping of names to scalars. */
export interface KeyFileEntry {
  readonly name: string
  /** `file:line:column`. */
  readonly where: string
  readonly fields: Readonly<Record<string, KeyFileScalar>> | undefined
}

export interface KeyFileInput {
  /** Left out when all keys come from the environment. */
  readonly source?: {
    /** The name of the file in messages. */
    readonly file: string
    readonly text: string
    /** Text to the entries at its top. Throws UsageError where the text is no YAML or JSON mapping. */
    readonly parse: (text: string, file: string) => readonly KeyFileEntry[]
  }
  /** `process.env`, or what stands for it. Only names that start with ISOCHRON_KEY_ are looked at. */
  readonly environment?: Readonly<Record<string, string | undefined>>
}

export interface KeyFileKeys {
  readonly keys: readonly Key[]
  /** In words, each naming its key: parity, weak keys, replaced values. */
  readonly warnings: readonly string[]
}

/** Keys of one file: a master key for each of some thousand terminals fits, and a mistaken file does not fill the memory. */
const mostKeys = 10_000

/**
 * The keys of a file and of the environment. A variable `ISOCHRON_KEY_<NAME>` (upper case, `_` for everything that is
 * no letter or digit) gives the value of the entry of that name, or replaces it; where the file has no such entry it is
 * a key of its own, whose name starts with its usage (`ISOCHRON_KEY_TMK`, `ISOCHRON_KEY_MK_AC_TEST`).
 * @throws UsageError with file and line.
 */
export function readKeys({ source, environment = {} }: KeyFileInput): KeyFileKeys {
  const variables = keyVariables(environment)
  const warnings: string[] = []
  const entries = source === undefined ? [] : source.parse(source.text, source.file)
  if (entries.length > mostKeys)
    throw new UsageError(`more than ${mostKeys} keys; split the file`, { where: source?.file ?? '' })
  const keys = entries.map((entry) => readEntry({ entry, variables, warnings }))
  for (const [variable, hex] of variables) keys.push(readVariable(variable, hex))
  for (const key of keys) warnings.push(...weaknessesOf(key))
  return { keys, warnings }
}

/** The environment variable for a key of this name. */
export const variableOf = (name: string): string => `${prefix}${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`

const prefix = 'ISOCHRON_KEY_'
const fieldNames = ['usage', 'key', 'kcv', 'algorithm', 'ksn'] as const

interface EntryContext {
  readonly entry: KeyFileEntry
  /** Variables that no entry has taken yet. */
  readonly variables: Map<string, string>
  readonly warnings: string[]
}

function readEntry(context: EntryContext): Key {
  const { entry } = context
  const { where } = entry
  if (/^[0-9A-F]{16,}$/i.test(entry.name)) {
    throw new UsageError('a key stands where its name should: write NAME: { usage: tmk, key: HEX }', { where })
  }
  if (entry.fields === undefined) {
    throw new UsageError(`key '${entry.name}' must be a mapping such as { usage: tmk, key: HEX }`, { where })
  }
  for (const [field, scalar] of Object.entries(entry.fields)) refuseUnknown(field, entry.name, scalar.where)
  const { usage, algorithm, kcv, ksn } = entry.fields
  const hex = hexOf(context)
  return describeAt(where, entry.name, () => {
    const bytes = fromHex(hex, `value of key '${entry.name}'`)
    const key = createKey({
      name: entry.name,
      usage: oneOf(keyUsages, 'usage', usage?.text),
      algorithm: algorithm === undefined ? guessAlgorithm(bytes) : oneOf(keyAlgorithms, 'algorithm', algorithm.text),
      bytes,
      ksn: ksn?.text.toUpperCase(),
    })
    if (ksn !== undefined) requireSerial(key)
    if (kcv !== undefined) requireKcv(key, kcv.text)
    return key
  })
}

function refuseUnknown(field: string, key: string, where: string): void {
  if ((fieldNames as readonly string[]).includes(field)) return
  // A field that is none may be a key put in the wrong place, so only a short plain word is quoted.
  const shown = /^[a-z]{1,12}$/i.test(field) ? ` '${field}'${suggestion(field, fieldNames)}` : ''
  throw new UsageError(`key '${key}' has an unknown field${shown}; known are ${fieldNames.join(', ')}`, { where })
}

function hexOf({ entry, variables, warnings }: EntryContext): string {
  const variable = variableOf(entry.name)
  const fromEnvironment = variables.get(variable)
  const written = entry.fields?.key?.text
  variables.delete(variable)
  if (fromEnvironment !== undefined) {
    if (written !== undefined) warnings.push(`key '${entry.name}': ${variable} replaces the value at ${entry.where}`)
    return fromEnvironment
  }
  if (written !== undefined) return written
  throw new UsageError(`key '${entry.name}' has no value: write key: HEX, or set ${variable}`, {
    where: entry.where,
  })
}

function readVariable(variable: string, hex: string): Key {
  const name = variable.slice(prefix.length).toLowerCase().replaceAll('_', '-')
  const usage = keyUsages.find((known) => name === known || name.startsWith(`${known}-`))
  if (usage === undefined) {
    const advice = `start the name with one of ${keyUsages.join(', ')}, or give it a usage in a key file`
    throw new UsageError(`does not say what the key is for: ${advice}`, { where: variable })
  }
  return describeAt(variable, name, () => {
    const bytes = fromHex(hex, `value of key '${name}'`)
    return createKey({ name, usage, algorithm: guessAlgorithm(bytes), bytes })
  })
}

function keyVariables(environment: Readonly<Record<string, string | undefined>>): Map<string, string> {
  const found = new Map<string, string>()
  for (const [name, value] of Object.entries(environment)) {
    if (name.startsWith(prefix) && value !== undefined) found.set(name, value.trim())
  }
  return found
}

/** 32 bytes are AES; 8, 16 and 24 are DES unless the file says otherwise. */
const guessAlgorithm = (bytes: Uint8Array): KeyAlgorithm => (bytes.length === 32 ? 'aes' : 'des')

function oneOf<Name extends KeyUsage | KeyAlgorithm>(known: readonly Name[], field: string, text?: string): Name {
  const found = known.find((name) => name === text?.toLowerCase())
  if (found !== undefined) return found
  const shown = text !== undefined && text.length <= 5 ? suggestion(text, known) : ''
  throw new CryptoError(
    'data-length',
    `${text === undefined ? 'needs' : 'has an unknown'} ${field}${shown}: one of ${known.join(', ')}`,
  )
}

/** Throws CryptoError. */
function requireSerial({ usage, algorithm, ksn = '' }: Key): void {
  if (usage !== 'bdk') throw new CryptoError('ksn', 'only a base derivation key (usage bdk) has a ksn')
  const bytes = algorithm === 'aes' ? 12 : 10
  if (fromHex(ksn, 'key serial number').length === bytes) return
  throw new CryptoError(
    'ksn',
    `its ksn has ${counted(ksn.length / 2, 'byte')}; ${bytes} are needed for ${algorithm} keys`,
  )
}

/** Puts file and line, and the key's name, before an error of this folder. */
function describeAt<Result>(where: string, name: string, read: () => Result): Result {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof CryptoError)) throw error
    const problem = error.message.includes(`'${name}'`) ? error.message : `key '${name}': ${error.message}`
    throw new UsageError(problem, { where, cause: error })
  }
}

function weaknessesOf(key: Key): string[] {
  if (key.algorithm !== 'des') return []
  const { name, bytes } = key
  const found: string[] = []
  if (!hasOddParity(bytes))
    found.push(`key '${name}' has bytes of even parity: DES ignores it, some key loaders do not`)
  if (hasWeakPart(bytes)) found.push(`key '${name}' holds a weak or semi-weak DES key`)
  if (isSingleInDisguise(bytes)) found.push(`key '${name}' repeats a part and is no stronger than single DES`)
  return found
}
