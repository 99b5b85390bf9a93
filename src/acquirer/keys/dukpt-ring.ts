// The host's keys for one transaction under DUKPT, found by the key serial number that the request names.

import type { Peek } from '../../codec/codec.js'
import type { Dialect } from '../../codec/dialect.js'
import { CryptoError } from '../../crypto/crypto-error.js'
import { dukptOf } from '../../crypto/dukpt-keys.js'
import { fromHex } from '../../crypto/hex.js'
import type { KeySet } from '../../crypto/keys/key-set.js'
import { createPinCipher, pinAlgorithm } from '../../crypto/pin/pin-cipher.js'
import { macOf } from '../../transport/wire/mac-field.js'
import type { TerminalKeyring } from './terminal-key-store.js'

/** Undefined for a request that names no key serial number. */
export type DukptRing = (request: Pick<Peek, 'text'>) => TerminalKeyring | undefined

/** A ring whose keys fit nothing: for a key serial number for which there is no key. */
const wrongRing: TerminalKeyring = {
  mac: undefined,
  pinCipher: {
    encipher: () => noKeyThere(),
    decipher: () => noKeyThere(),
  },
}

function noKeyThere(): never {
  throw new CryptoError('key-missing', 'no base derivation key for this key serial number')
}

/** The keys of one transaction, for a request that names its key serial number. Undefined where the dialect or the keys know no DUKPT. */
export function createDukptRing(dialect: Dialect, keys: KeySet): DukptRing | undefined {
  const { dukpt: rule, mac, pin } = dialect.rules.security ?? {}
  const dukpt = dukptOf(keys)
  if (rule === undefined || dukpt === undefined) return undefined
  return (request) => {
    const ksn = request.text(rule.field)
    if (ksn === undefined) return undefined
    try {
      const { requestMac, answerMac, ...derived } = dukpt.keysOf(fromHex(ksn, 'key serial number'))
      return {
        mac: mac?.algorithm[requestMac.algorithm] === undefined ? undefined : macOf(dialect, requestMac),
        answerMac: mac?.algorithm[answerMac.algorithm] === undefined ? undefined : macOf(dialect, answerMac),
        pinCipher: pin && createPinCipher(derived.pin(pinAlgorithm(pin.format)), pin.format),
      }
    } catch (error) {
      if (error instanceof CryptoError) return wrongRing
      throw error
    }
  }
}
