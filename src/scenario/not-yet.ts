// Keys and flags of the contract whose feature this version does not have: refused by name, never ignored.
// A feature that arrives deletes its lines here.

import type { Problem } from './problems.js'
import type { YamlPath } from './yaml-source.js'

export interface NotYetKey {
  /** Keys from the root; `*` is any key or index. */
  readonly path: readonly string[]
  /** The missing feature, in words. */
  readonly feature: string
  /** Only these values are refused; left out: the key as such. */
  readonly when?: (value: unknown) => boolean
}

export const notYetKeys: readonly NotYetKey[] = []

/** Flag to the feature that is missing. */
export const notYetFlags: Readonly<Record<string, string>> = {
  'find-capacity': 'capacity search',
  metrics: 'metrics endpoint',
  trace: 'traces of messages',
}

/** Command to the feature that is missing. */
export const notYetCommands: Readonly<Record<string, string>> = {}

/** The sentence for one of the above. */
export const notSupported = (feature: string) => `not supported by this version (${feature})`

/** Everything in a scenario's data that this version must refuse. */
export function refusedKeys(data: unknown, keys = notYetKeys): readonly Problem[] {
  return keys.flatMap(({ path, feature, when }) =>
    find(data, path, [])
      .filter(({ value }) => when === undefined || when(value))
      .map(({ at }) => ({ path: at, text: notSupported(feature), atKey: true })),
  )
}

function find(value: unknown, pattern: readonly string[], at: YamlPath): { at: YamlPath; value: unknown }[] {
  const [step, ...rest] = pattern
  if (step === undefined) return [{ at, value }]
  if (typeof value !== 'object' || value === null) return []
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  return entries
    .filter(([key]) => step === '*' || step === key)
    .flatMap(([key, inner]) => find(inner, rest, [...at, key]))
}
