// The uses that a dialect has for keys: a file whose keys it has no use for is refused, and what a run lacks is told.

import { UsageError } from '../../base/errors.js'
import type { Dialect } from '../../codec/dialect.js'
import { type Key, type KeyAlgorithm, type KeyUsage, keyAlgorithms } from '../../crypto/keys/key.js'
import { pinAlgorithm } from '../../crypto/pin/pin-cipher.js'
import type { LeftOut } from '../../terminal/keys/protected-message.js'
import { isFromFile, noKeys, type RunKeys } from './run-keys.js'

export interface KeyUse {
  readonly about: string
  /** Algorithms of keys that it takes. */
  readonly takes: readonly KeyAlgorithm[]
}

/** The usages of keys that messages of the dialect can be protected with. PIN blocks of format 4 need AES, others DES. */
export function keyUsesOf({ rules, messages }: Dialect): ReadonlyMap<KeyUsage, KeyUse> {
  const { mac, pin, signOnKeys, dukpt, cardCheck } = rules.security ?? {}
  const ofMac = keyAlgorithms.filter((each) => mac?.algorithm[each] !== undefined)
  const ofPin: readonly KeyAlgorithm[] = pin === undefined ? [] : [pinAlgorithm(pin.format)]
  const uses: readonly (readonly [KeyUsage, boolean, string, (readonly KeyAlgorithm[])?])[] = [
    ['tmk', signOnKeys !== undefined, 'working keys of the sign-on'],
    ['mak', mac !== undefined, 'MACs', ofMac],
    ['pik', pin !== undefined, 'PIN blocks', ofPin],
    ['zpk', pin !== undefined, 'PIN blocks', ofPin],
    ['bdk', dukpt !== undefined, 'PIN blocks and MACs under DUKPT'],
    ['cvk', cardCheck !== undefined, 'card verification values'],
    ['mk-ac', JSON.stringify(messages).includes('{chip.cryptogram}'), 'cryptograms of chips'],
  ]
  return new Map(
    uses.flatMap(([usage, isUsed, about, takes = keyAlgorithms]) =>
      isUsed ? [[usage, { about, takes }] as const] : [],
    ),
  )
}

/** The use for this key; undefined: there is none, or none for a key of this algorithm. */
export function useOf(
  { usage, algorithm }: Pick<Key, 'usage' | 'algorithm'>,
  uses: ReadonlyMap<KeyUsage, KeyUse>,
): KeyUse | undefined {
  const use = uses.get(usage)
  return use?.takes.includes(algorithm) ? use : undefined
}

/** Throws UsageError that names the keys of a file which the dialect has no use for, and the usages that it has. */
export function requireUsed(keys: RunKeys, dialect: Dialect): void {
  if (!isFromFile(keys)) return
  const { source, set } = keys
  const uses = keyUsesOf(dialect)
  const unused = set.keys.filter((key) => useOf(key, uses) === undefined)
  if (unused.length === 0) return
  const names = unused
    .map(({ name, usage, algorithm }) => `'${name}' (usage ${usage}${uses.has(usage) ? `, ${algorithm}` : ''})`)
    .join(', ')
  const lacks = unused.length === set.keys.length ? whatIsLacking(dialect) : ''
  const known =
    uses.size === 0
      ? 'it has no use for keys'
      : `its usages are ${[...uses.keys()].join(', ')}${takenWords(uses, unused)}`
  throw new UsageError(`dialect ${dialect.name} has no use for key ${names}: ${known}${lacks}`, { where: `${source}:` })
}

/** Which algorithms the usages of these keys take, where not all. */
function takenWords(uses: ReadonlyMap<KeyUsage, KeyUse>, keys: readonly Pick<Key, 'usage'>[]): string {
  const usages = [...new Set(keys.map(({ usage }) => usage))]
  return usages
    .map((usage) => {
      const takes = uses.get(usage)?.takes ?? keyAlgorithms
      return takes.length === keyAlgorithms.length ? '' : `; ${usage} takes ${takes.join(' or ')}`
    })
    .join('')
}

const whatIsLacking = (dialect: Dialect) => {
  const { mac, pin } = dialect.rules.security ?? {}
  const lacking = lackWords(dialect, [...(mac ? (['mac'] as const) : []), ...(pin ? (['pin'] as const) : [])])
  return lacking === '' ? '' : `; the file lacks ${lacking} of ${dialect.name}`
}

/** `keys: FILE lacks …`; undefined where nothing was left out, or was meant to be. */
export function lacksLine({ source }: RunKeys, dialect: Dialect, leftOut: readonly LeftOut[]): string | undefined {
  const lacking = source === noKeys ? '' : lackWords(dialect, leftOut)
  return lacking === '' ? undefined : `keys: ${source} lacks ${lacking} of ${dialect.name}: messages go without`
}

/** Only for what the dialect has a rule: what it has none for is no matter of keys. */
function lackWords(dialect: Dialect, leftOut: readonly LeftOut[]): string {
  const uses = keyUsesOf(dialect)
  const named = (usages: readonly KeyUsage[], what: string) => {
    const known = usages.filter((usage) => uses.has(usage))
    return known.length === 0 ? [] : [`a key (${known.join(' or ')}) for ${what}`]
  }
  const format = dialect.rules.security?.pin?.format
  const pinOf = format === 'iso-4' ? 'PIN (AES)' : 'PIN'
  return [
    ...(leftOut.includes('mac') ? named(['tmk', 'mak'], 'MAC') : []),
    ...(leftOut.includes('pin') ? named(['tmk', 'pik', 'zpk'], pinOf) : []),
    ...(leftOut.includes('dukpt') ? named(['bdk'], `MAC and ${pinOf} under DUKPT`) : []),
    ...(leftOut.includes('cvv2') ? named(['cvk'], 'the CVV2') : []),
  ].join(' and ')
}
