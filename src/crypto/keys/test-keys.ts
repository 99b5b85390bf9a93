// Keys that come with the product, so that a first run needs no key file. All are published and protect nothing.

import { fromHex } from '../hex.js'
import { createKey, type Key, type KeyAlgorithm, type KeyUsage } from './key.js'
import { createKeySet, type KeySet } from './key-set.js'

/** The built-in test keys. Every name starts with `test-`, and every key has `test: true`. */
export function testKeys(): KeySet {
  made ??= createKeySet(rows.map(toKey))
  return made
}

let made: KeySet | undefined

type Row = readonly [name: string, usage: KeyUsage, algorithm: KeyAlgorithm, hex: string]

const rows: readonly Row[] = [
  ['test-tmk', 'tmk', 'des', 'CA5D92598DCA48CE8A4C76361A9269E9'],
  ['test-pik', 'pik', 'des', '807A23AD32B36D457AE91FDF927570EA'],
  ['test-mak', 'mak', 'des', '5BB5C72CD00B7338'],
  ['test-zpk', 'zpk', 'des', 'FEDCBA98765432100123456789ABCDEF'],
  ['test-bdk', 'bdk', 'des', '0123456789ABCDEFFEDCBA9876543210'],
  ['test-bdk-aes', 'bdk', 'aes', 'FEDCBA9876543210F1F1F1F1F1F1F1F1'],
  ['test-mk-ac', 'mk-ac', 'des', '2315208C9110AD402315208C9110AD40'],
]

function toKey([name, usage, algorithm, hex]: Row): Key {
  return createKey({ name, usage, algorithm, bytes: fromHex(hex), test: true })
}
