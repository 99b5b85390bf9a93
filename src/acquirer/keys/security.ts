// The host's side of keys: it makes working keys at sign-on, checks MACs and PIN blocks of requests, and signs answers.
// Rule: a terminal's keys are those of its last sign-on, else those of the run.

import type { Codec, Peek } from '../../codec/codec.js'
import type { SecurityRules } from '../../codec/rules/security-rules.js'
import type { BlockCipher } from '../../crypto/ciphers/block-cipher.js'
import { createDes } from '../../crypto/ciphers/des.js'
import { CryptoError } from '../../crypto/crypto-error.js'
import { fromHex, toHex } from '../../crypto/hex.js'
import type { Key } from '../../crypto/keys/key.js'
import type { KeySet } from '../../crypto/keys/key-set.js'
import { buildSignOnKeys, wrapKey } from '../../crypto/keys/key-wrap.js'
import { decodePinBlock } from '../../crypto/pin/pin-block.js'
import { createMacFields, macOf } from '../../transport/wire/mac-field.js'
import { isNetworkManagement } from '../answer-mti.js'
import { type Protection, unprotected } from './protection.js'
import { createTerminalKeyStore, type TerminalKeyring } from './terminal-key-store.js'
import { makeWorkingKeys } from './working-keys.js'

/** Counted by request. */
export interface SecurityCounts {
  readonly macs: { readonly valid: number; readonly wrong: number; readonly absent: number }
  readonly pinBlocks: { readonly valid: number; readonly wrong: number }
  /** Sign-ons that were given working keys. */
  readonly keysGiven: number
}

export interface AcquirerSecurity {
  /**
   * The response code for a request that must not be looked at further; undefined when it is in order. `data` says what is
   * wrong with its data, and is asked between MAC and PIN: a PIN block can be read by the right card number only.
   */
  refusal(request: Peek, body: Uint8Array, data?: (request: Peek) => string | undefined): string | undefined
  /** For the answer with this code. `carries` says what its plan has room for. */
  protect(request: Peek, code: string, carries: { readonly mac: boolean; readonly workingKeys: boolean }): Protection
  counts(): SecurityCounts
}

export interface SecuritySetup {
  readonly codec: Codec
  readonly keys: KeySet
  /** New key bytes of this length. */
  readonly makeKey: (length: number) => Uint8Array
}

/** Sign-ons of a terminal that are known when they come again: more than it makes while a copy is on its way. */
const rememberedSignOns = 8

/** Throws UsageError or CryptoError for a key that the dialect's algorithms do not take. */
export function createAcquirerSecurity({ codec, keys, makeKey }: SecuritySetup): AcquirerSecurity {
  const { dialect } = codec
  const { security, codes } = dialect.rules
  if (security === undefined || keys.keys.length === 0) return noSecurity(security)
  const macFields = createMacFields(codec)
  const ringOf = (mak: Key | undefined, pik: Key | undefined): TerminalKeyring => ({
    mac: security.mac === undefined || mak === undefined ? undefined : macOf(dialect, mak),
    pinCipher: security.pin === undefined || pik?.algorithm !== 'des' ? undefined : createDes(pik.bytes),
  })
  const store = createTerminalKeyStore(ringOf(keys.find('mak'), keys.find('pik') ?? keys.find('zpk')))
  const masterKey = security.signOnKeys && keys.find('tmk')
  // A master key that can wrap nothing is found now, and not by the first terminal.
  if (masterKey !== undefined) wrapKey(masterKey, new Uint8Array(16))
  const tally = { valid: 0, wrong: 0, absent: 0, pinValid: 0, pinWrong: 0, keysGiven: 0 }

  const ringFor = (request: Peek) => store.of(request.text(security.terminalField) ?? '')

  const macProblem = (request: Peek, body: Uint8Array): string | undefined => {
    const field = macFields.of(request)
    if (security.mac === undefined || field === undefined) {
      if (!isNetworkManagement(request.mti)) tally.absent++
      return undefined
    }
    const { mac } = ringFor(request)
    const isValid = mac !== undefined && macFields.isSigned(mac, field, body)
    tally[isValid ? 'valid' : 'wrong']++
    return isValid ? undefined : codes.macError
  }

  const pinProblem = (request: Peek): string | undefined => {
    const block = security.pin && request.text(security.pin.field)
    const { pinCipher } = ringFor(request)
    if (block === undefined || security.pin === undefined || pinCipher === undefined) return undefined
    const isValid = isPinBlock(pinCipher, block, security.pin, request)
    tally[isValid ? 'pinValid' : 'pinWrong']++
    return isValid ? undefined : security.pin.formatError
  }

  const giveKeys = (request: Peek, keyScheme: string): string => {
    const terminal = request.text(security.terminalField)
    const lengths = security.signOnKeys?.schemes[keyScheme]
    if (masterKey === undefined || lengths === undefined || terminal === undefined) return ''
    // A copy of a sign-on, which may come after a later one, is told the keys that its terminal has: new ones would make
    // all that is on its way under them fail.
    const stan = request.text(11) ?? ''
    const { given } = store.of(terminal)
    if (given?.scheme === keyScheme && given.stans.includes(stan)) return given.text
    const made = makeWorkingKeys(masterKey, lengths, makeKey)
    const text = toHex(buildSignOnKeys(masterKey, made))
    const stans = [...(given?.stans.slice(1 - rememberedSignOns) ?? []), stan]
    store.put(terminal, { ...ringOf(made.mak, made.pik), given: { stans, scheme: keyScheme, text } })
    tally.keysGiven++
    return text
  }

  return {
    refusal: (request, body, data) => macProblem(request, body) ?? data?.(request) ?? pinProblem(request),
    protect(request, code, { mac: mayCarryMac, workingKeys }) {
      const keyScheme = workingKeys ? schemeOf(request, security) : ''
      const isSigned = mayCarryMac && code !== codes.macError && macFields.of(request) !== undefined
      const { mac } = isSigned ? ringFor(request) : noRing
      return {
        keyScheme,
        workingKeys: workingKeys && code === codes.approved ? giveKeys(request, keyScheme) : '',
        seal: mac && ((field, message) => macFields.sign(mac, field, message)),
      }
    },
    counts: () => {
      const { valid, wrong, absent, pinValid, pinWrong, keysGiven } = tally
      return { macs: { valid, wrong, absent }, pinBlocks: { valid: pinValid, wrong: pinWrong }, keysGiven }
    },
  }
}

const noRing: TerminalKeyring = { mac: undefined, pinCipher: undefined }

function schemeOf(request: Peek, { signOnKeys }: SecurityRules): string {
  const { field, from, to } = signOnKeys?.scheme ?? { field: 0 }
  return request.text(field)?.slice(from, to) ?? ''
}

function isPinBlock(cipher: BlockCipher, hex: string, rules: PinRules, request: Peek): boolean {
  const text = rules.panFrom.map((field) => request.text(field)).find((value) => value !== undefined) ?? ''
  const pan = /^\d*/.exec(text)?.[0] ?? ''
  try {
    decodePinBlock({ format: rules.format, block: cipher.decrypt(fromHex(hex)), pan })
    return true
  } catch (error) {
    if (error instanceof CryptoError) return false
    throw error
  }
}

type PinRules = NonNullable<SecurityRules['pin']>

/** Looks at nothing and protects nothing. */
export const noSecurity = (security: SecurityRules | undefined): AcquirerSecurity => ({
  refusal: (request, _body, data) => data?.(request),
  protect: (request, _code, { workingKeys }) => ({
    ...unprotected,
    keyScheme: workingKeys && security !== undefined ? schemeOf(request, security) : '',
  }),
  counts: () => ({ macs: { valid: 0, wrong: 0, absent: 0 }, pinBlocks: { valid: 0, wrong: 0 }, keysGiven: 0 }),
})
