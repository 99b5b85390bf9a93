// The keys of one run, found by name or by what they are for.

import { suggestion } from '../../base/suggest.js'
import { CryptoError } from '../crypto-error.js'
import type { Key, KeyAlgorithm, KeyUsage } from './key.js'

export interface KeySet {
  /** In the order in which they were given. */
  readonly keys: readonly Key[]
  /** The names of test keys among them, for the result: a run with test keys says so. */
  readonly testKeyNames: readonly string[]
  /** @throws CryptoError `key-missing`, naming the nearest name. */
  named(name: string): Key
  /** The first key for that use. @throws CryptoError `key-missing`. */
  forUsage(usage: KeyUsage): Key
  /** The first key for that use, or undefined. */
  find(usage: KeyUsage): Key | undefined
  /** The first key for one of these uses, in their order, of that kind where there is one. */
  findOfKind(usages: readonly KeyUsage[], kind: KeyAlgorithm | undefined): Key | undefined
}

/** A set of these keys. Of two keys of one name the later one counts, so user's keys can follow test keys. */
export function createKeySet(keys: Iterable<Key>): KeySet {
  const byName = new Map<string, Key>()
  for (const key of keys) byName.set(key.name, key)
  const all = [...byName.values()]
  const find = (usage: KeyUsage) => all.find((key) => key.usage === usage)
  return {
    keys: all,
    testKeyNames: all.filter((key) => key.test).map((key) => key.name),
    named: (name) => byName.get(name) ?? missing(`no key is named '${name}'${suggestion(name, [...byName.keys()])}`),
    forUsage: (usage) => find(usage) ?? missing(`no key has usage '${usage}'`),
    find,
    findOfKind(usages, kind) {
      const fitting = usages.flatMap((usage) => all.filter((key) => key.usage === usage))
      return fitting.find(({ algorithm }) => algorithm === kind) ?? fitting[0]
    },
  }
}

function missing(problem: string): never {
  throw new CryptoError('key-missing', `${problem}; add it to the key file`)
}
