// The keys that a line between two strangers can know: those of the key file, and the working keys that it sees a host
// give a terminal at its sign-on. With them a changed message is signed anew.

import type { Codec, Peek } from '../../codec/codec.js'
import { CryptoError } from '../../crypto/crypto-error.js'
import { type Dukpt, dukptOf } from '../../crypto/dukpt-keys.js'
import { fromHex } from '../../crypto/hex.js'
import type { KeySet } from '../../crypto/keys/key-set.js'
import { readSignOnKeys } from '../../crypto/keys/key-wrap.js'
import type { Mac } from '../../crypto/mac/mac.js'
import type { Remac } from '../../faults/engine/faulty-network.js'
import { createMacFields, macOf } from '../../transport/wire/mac-field.js'
import { isResponse } from '../../transport/wire/match-key.js'
import { isUnderDukpt, transactionKeys } from '../keys/fill-protected.js'

export interface LearnedKeys {
  readonly remac: Remac
  /** To be shown every message: answers to sign-ons bring working keys. */
  readonly learn: (message: Peek) => void
}

/** Terminals whose working keys are kept, the oldest are forgotten: as many as a scenario may have. */
const mostTerminals = 1_000_000

/** Undefined where the dialect has no MACs, or no key could make or bring one. */
export function learnKeys(codec: Codec, keys: KeySet): LearnedKeys | undefined {
  const { security } = codec.dialect.rules
  const macFields = createMacFields(codec)
  const masterKey = security?.signOnKeys && keys.find('tmk')
  const standing = security?.mac && keys.find('mak')
  if (security?.mac === undefined || macFields.numbers.length === 0) return undefined
  const dukpt = security?.dukpt && dukptOf(keys)
  if (masterKey === undefined && standing === undefined && dukpt === undefined) return undefined
  const { signOnKeys, terminalField } = security
  const standingMac = standing && macOf(codec.dialect, standing)
  const macs = new Map<string, Mac>()

  return {
    learn(message) {
      const terminal = message.text(terminalField)
      const wrapped = signOnKeys && message.text(signOnKeys.field)
      if (masterKey === undefined || terminal === undefined || wrapped === undefined || !isSignOnAnswer(message)) return
      const mac = macFrom(codec, () => readSignOnKeys(masterKey, fromHex(wrapped, 'sign-on keys')).mak)
      if (mac === undefined) return
      macs.delete(terminal)
      macs.set(terminal, mac)
      if (macs.size > mostTerminals) macs.delete(macs.keys().next().value as string)
    },
    remac(body) {
      const message = codec.peek(body)
      const field = macFields.of(message)
      const mac = isUnderDukpt(codec.dialect, message)
        ? macUnderDukpt(codec, message, dukpt)
        : (macs.get(message.text(terminalField) ?? '') ?? standingMac)
      if (field === undefined || mac === undefined) return undefined
      const signed = Uint8Array.from(body)
      macFields.sign(mac, field, signed)
      return signed
    },
  }
}

/** The MAC of one transaction, of its request or its answer; undefined without the key that it comes from. */
function macUnderDukpt(codec: Codec, message: Peek, dukpt: Dukpt | undefined): Mac | undefined {
  const transaction = transactionKeys(codec.dialect, message, dukpt)
  if (transaction === undefined) return undefined
  return macFrom(codec, () => (isResponse(message.mti) ? transaction.answerMac : transaction.requestMac))
}

/** The same, but says once that a changed message kept its MAC for want of a key: what comes back is then a MAC failure. */
export function tellingRemac(codec: Codec, remac: Remac | undefined, say: (line: string) => void): Remac {
  const macFields = createMacFields(codec)
  let isSaid = false
  return (body) => {
    const signed = remac?.(body)
    if (signed !== undefined || isSaid || macFields.of(codec.peek(body)) === undefined) return signed
    isSaid = true
    say(
      'a changed message keeps its MAC, because no key is known for it: give --keys FILE before sign-on, or remac: false',
    )
    return undefined
  }
}

/** Network management, and an answer (ISO 8583-1 §4.2: class 8, odd function). */
const isSignOnAnswer = ({ mti }: Peek) => mti[1] === '8' && Number(mti[2]) % 2 === 1

/** Keys under another master key than ours are no concern of a line: what they sign stays as it is. */
function macFrom(codec: Codec, read: () => Parameters<typeof macOf>[1]): Mac | undefined {
  try {
    return macOf(codec.dialect, read())
  } catch (error) {
    if (error instanceof CryptoError) return undefined
    throw error
  }
}
