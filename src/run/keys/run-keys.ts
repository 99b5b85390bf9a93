// The keys of a run: a user's key file, the environment, the built-in test keys, or none.

import { createKey, type Key } from '../../crypto/keys/key.js'
import { readKeys } from '../../crypto/keys/key-file.js'
import { createKeySet, type KeySet } from '../../crypto/keys/key-set.js'
import { testKeys } from '../../crypto/keys/test-keys.js'
import type { Result } from '../../measure/result.js'
import { type IfOpen, readKeyFile } from './key-file.js'

export interface RunKeys {
  /** The file's name, or one of the sources below. */
  readonly source: string
  readonly set: KeySet
  /** In words, each naming its key. */
  readonly warnings: readonly string[]
}

/** Where a file's name may stand: keys off. */
export const noKeys = 'none'
export const testKeySource = 'test keys'
const environmentSource = 'environment'

/** Whether the keys come from a file of the user's. */
export const isFromFile = ({ source }: RunKeys) =>
  source !== noKeys && source !== testKeySource && source !== environmentSource

/**
 * `file` is a name, `none`, or left out: then the keys of the environment (ISOCHRON_KEY_…), or else the test keys.
 * Throws UsageError that names file and line, never a value.
 */
export function readRunKeys(
  file: string | undefined,
  environment: NodeJS.ProcessEnv = process.env,
  ifOpen: IfOpen = 'refuse',
): RunKeys {
  if (file === noKeys) return { source: noKeys, set: createKeySet([]), warnings: [] }
  if (file !== undefined) {
    const { keys, warnings } = readKeyFile(file, environment, ifOpen)
    return { source: file, set: createKeySet(keys), warnings }
  }
  const { keys, warnings } = readKeys({ environment })
  if (keys.length > 0) return { source: environmentSource, set: createKeySet(keys), warnings }
  return { source: testKeySource, set: testKeys(), warnings: [] }
}

/** A key as data that a thread can be handed: a key itself does not survive being copied, on purpose. */
export type KeyData = Pick<Key, 'name' | 'usage' | 'algorithm' | 'bytes' | 'ksn' | 'test'>

export const keysToData = ({ keys }: KeySet): readonly KeyData[] =>
  keys.map(({ name, usage, algorithm, bytes, ksn, test }) => ({ name, usage, algorithm, bytes, ksn, test }))

export const keysFromData = (keys: readonly KeyData[]): KeySet => createKeySet(keys.map(createKey))

/** Names and check values, as results show them. */
export function describeKeys({ source, set }: RunKeys): NonNullable<Result['keys']> {
  return { source, names: set.keys.map(({ name }) => name), kcvs: set.keys.map(({ kcv }) => kcv) }
}
