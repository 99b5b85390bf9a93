// The flags that say how much peers may cost a listener.

import { UsageError } from '../../base/errors.js'
import { parseRate } from '../../base/units.js'
import { durationMs, text, wholeNumber } from './options.js'

/** The options of every command that listens. */
export const peerOptions = {
  'max-connections': text('max-connections', 'connections at a time; further ones are turned away'),
  'max-per-address': text('max-per-address', 'connections of one IP address at a time'),
  'handshake-timeout': text('handshake-timeout', 'how long a peer may take for its TLS handshake; left out: 10s'),
  'idle-timeout': text('idle-timeout', 'a connection on which nothing comes for so long is closed; left out: never'),
} as const

/** The options of the acquirer, which tells messages apart. */
export const messagePeerOptions = {
  ...peerOptions,
  'peer-rate': text('peer-rate', 'messages a second of one IP address, such as 500/s; what is above waits'),
} as const

type PeerFlags = { readonly [Name in keyof typeof messagePeerOptions]?: string | undefined }

/** The limits of a scenario's `acquirer.peers` that flags give, and no others. Throws UsageError. */
export function peerLimitsOf(flags: PeerFlags): {
  readonly connections?: number
  readonly perAddress?: number
  readonly handshake?: number
  readonly idle?: number
  readonly rate?: number
} {
  const count = (name: 'max-connections' | 'max-per-address') =>
    wholeNumber(name, flags[name], { min: 1, max: 1_000_000 })
  const time = (name: 'handshake-timeout' | 'idle-timeout') => {
    const value = flags[name]
    return value === undefined ? undefined : durationMs(name, value)
  }
  const given = {
    connections: count('max-connections'),
    perAddress: count('max-per-address'),
    handshake: time('handshake-timeout'),
    idle: time('idle-timeout'),
    rate: perSecond(flags['peer-rate']),
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

function perSecond(value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  const rate = parseRate(value)
  if (rate !== undefined && rate > 0) return rate
  throw new UsageError(`--peer-rate: expected a rate such as 500/s, got '${value}'`)
}
