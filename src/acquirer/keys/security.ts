// The host's side of keys: it makes working keys at sign-on, checks MACs and PIN blocks of requests, and signs answers.
// Rule: a terminal's keys are those of its last sign-on, else those of the run.

import type { Codec, Peek } from '../../codec/codec.js'
import type { SecurityRules } from '../../codec/rules/security-rules.js'
import { toHex } from '../../crypto/hex.js'
import { createKey, type Key } from '../../crypto/keys/key.js'
import type { KeySet } from '../../crypto/keys/key-set.js'
import { buildSignOnKeys, wrapKey } from '../../crypto/keys/key-wrap.js'
import { createPinCipher, pinAlgorithm } from '../../crypto/pin/pin-cipher.js'
import { createMacFields, type MacFields, macOf } from '../../transport/wire/mac-field.js'
import { isNetworkManagement } from '../answer-mti.js'
import { type CardCheck, createCardCheck } from './card-check.js'
import { createDukptRing, type DukptRing } from './dukpt-ring.js'
import { isPinBlock } from './pin-check.js'
import { type Protection, unprotected } from './protection.js'
import { createTerminalKeyStore, type TerminalKeyring, type TerminalKeyStore } from './terminal-key-store.js'
import { makeWorkingKeys } from './working-keys.js'

/** Counted by request. */
export interface SecurityCounts {
  readonly macs: { readonly valid: number; readonly wrong: number; readonly absent: number }
  readonly pinBlocks: { readonly valid: number; readonly wrong: number }
  /** Requests with a card verification value. */
  readonly cards: { readonly valid: number; readonly wrong: number }
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
  /** Another process of this host has given a terminal its keys. */
  take(given: GivenKeys): void
}

/** The working keys of a terminal, as one process of a host tells the others. */
export interface GivenKeys {
  readonly terminal: string
  readonly mak: GivenKey
  readonly pik: GivenKey
  readonly given: NonNullable<TerminalKeyring['given']>
}

type GivenKey = Pick<Key, 'algorithm' | 'bytes' | 'test'>

export interface SecuritySetup {
  /** Hears of keys before the answer that gives them is written; left out: nobody else needs them. */
  readonly onGiven?: ((given: GivenKeys) => void) | undefined
  readonly codec: Codec
  readonly keys: KeySet
  /** New key bytes of this length. */
  readonly makeKey: (length: number) => Uint8Array
}

/** Sign-ons of a terminal that are known when they come again: more than it makes while a copy is on its way. */
const rememberedSignOns = 8

/** Throws UsageError or CryptoError for a key that the dialect's algorithms do not take. */
export function createAcquirerSecurity(setup: SecuritySetup): AcquirerSecurity {
  const { security } = setup.codec.dialect.rules
  return security === undefined || setup.keys.keys.length === 0 ? noSecurity(security) : new HostKeys(setup, security)
}

/** The keys of one host, and what it has counted. */
class HostKeys implements AcquirerSecurity {
  readonly #setup: SecuritySetup
  readonly #rules: SecurityRules
  readonly #macFields: MacFields
  readonly #store: TerminalKeyStore
  readonly #masterKey: Key | undefined
  readonly #dukptRing: DukptRing | undefined
  readonly #checkCard: CardCheck | undefined
  readonly #tally = {
    valid: 0,
    wrong: 0,
    absent: 0,
    pinValid: 0,
    pinWrong: 0,
    cardsValid: 0,
    cardsWrong: 0,
    keysGiven: 0,
  }

  constructor(setup: SecuritySetup, rules: SecurityRules) {
    const { codec, keys } = setup
    this.#setup = setup
    this.#rules = rules
    this.#macFields = createMacFields(codec)
    const pinKind = rules.pin && pinAlgorithm(rules.pin.format)
    this.#store = createTerminalKeyStore(this.#ringOf(keys.find('mak'), keys.findOfKind(['pik', 'zpk'], pinKind)))
    this.#masterKey = rules.signOnKeys && keys.find('tmk')
    // A master key that can wrap nothing is found now, and not by the first terminal.
    if (this.#masterKey !== undefined) wrapKey(this.#masterKey, new Uint8Array(16))
    this.#dukptRing = createDukptRing(codec.dialect, keys)
    const cvk = keys.find('cvk')
    this.#checkCard = rules.cardCheck && cvk && createCardCheck(rules.cardCheck, cvk.bytes)
  }

  refusal(request: Peek, body: Uint8Array, data?: (request: Peek) => string | undefined): string | undefined {
    return this.#macProblem(request, body) ?? data?.(request) ?? this.#pinProblem(request) ?? this.#cardProblem(request)
  }

  protect(
    request: Peek,
    code: string,
    { mac: mayCarryMac, workingKeys }: { readonly mac: boolean; readonly workingKeys: boolean },
  ): Protection {
    if (!workingKeys && !mayCarryMac) return unprotected
    const { codes } = this.#setup.codec.dialect.rules
    const keyScheme = workingKeys ? schemeOf(request, this.#rules) : ''
    const isSigned = mayCarryMac && code !== codes.macError && this.#macFields.of(request) !== undefined
    const { mac: requestMac, answerMac } = isSigned ? this.#ringFor(request) : noRing
    const mac = answerMac ?? requestMac
    if (mac === undefined && !workingKeys) return unprotected
    return {
      keyScheme,
      workingKeys: workingKeys && code === codes.approved ? this.#giveKeys(request, keyScheme) : '',
      seal: mac && ((field, message) => this.#macFields.sign(mac, field, message)),
    }
  }

  counts(): SecurityCounts {
    const { valid, wrong, absent, pinValid, pinWrong, cardsValid, cardsWrong, keysGiven } = this.#tally
    return {
      macs: { valid, wrong, absent },
      pinBlocks: { valid: pinValid, wrong: pinWrong },
      cards: { valid: cardsValid, wrong: cardsWrong },
      keysGiven,
    }
  }

  #ringOf(mak: Key | undefined, pik: Key | undefined): TerminalKeyring {
    const { mac, pin } = this.#rules
    const isPinKey = pin !== undefined && pik?.algorithm === pinAlgorithm(pin.format)
    return {
      mac: mac === undefined || mak === undefined ? undefined : macOf(this.#setup.codec.dialect, mak),
      pinCipher: isPinKey ? createPinCipher(pik as Key, pin.format) : undefined,
    }
  }

  #ringFor(request: Peek): TerminalKeyring {
    return this.#dukptRing?.(request) ?? this.#store.of(request.text(this.#rules.terminalField) ?? '')
  }

  #macProblem(request: Peek, body: Uint8Array): string | undefined {
    const field = this.#macFields.of(request)
    if (this.#rules.mac === undefined || field === undefined) {
      if (!isNetworkManagement(request.mti)) this.#tally.absent++
      return undefined
    }
    const { mac } = this.#ringFor(request)
    const isValid = mac !== undefined && this.#macFields.isSigned(mac, field, body)
    this.#tally[isValid ? 'valid' : 'wrong']++
    return isValid ? undefined : this.#setup.codec.dialect.rules.codes.macError
  }

  #pinProblem(request: Peek): string | undefined {
    const { pin } = this.#rules
    const block = pin && request.text(pin.field)
    if (pin === undefined || block === undefined) return undefined
    const { pinCipher } = this.#ringFor(request)
    if (pinCipher === undefined) return undefined
    const isValid = isPinBlock(pinCipher, block, pin, request)
    this.#tally[isValid ? 'pinValid' : 'pinWrong']++
    return isValid ? undefined : pin.formatError
  }

  #cardProblem(request: Peek): string | undefined {
    const verdict = this.#checkCard?.(request)
    if (verdict === undefined) return undefined
    this.#tally[verdict === 'valid' ? 'cardsValid' : 'cardsWrong']++
    return verdict === 'valid' ? undefined : this.#rules.cardCheck?.wrong
  }

  #giveKeys(request: Peek, keyScheme: string): string {
    const terminal = request.text(this.#rules.terminalField)
    const lengths = this.#rules.signOnKeys?.schemes[keyScheme]
    if (this.#masterKey === undefined || lengths === undefined || terminal === undefined) return ''
    // A copy of a sign-on, which may come after a later one, is told the keys that its terminal has: new ones would make
    // all that is on its way under them fail.
    const stan = request.text(11) ?? ''
    const { given } = this.#store.of(terminal)
    if (given?.scheme === keyScheme && given.stans.includes(stan)) return given.text
    const made = makeWorkingKeys(this.#masterKey, lengths, this.#setup.makeKey)
    const text = toHex(buildSignOnKeys(this.#masterKey, made))
    const stans = [...(given?.stans.slice(1 - rememberedSignOns) ?? []), stan]
    const told = { stans, scheme: keyScheme, text }
    this.#store.put(terminal, { ...this.#ringOf(made.mak, made.pik), given: told })
    this.#tally.keysGiven++
    this.#setup.onGiven?.({ terminal, mak: dataOf(made.mak), pik: dataOf(made.pik), given: told })
    return text
  }

  take({ terminal, mak, pik, given }: GivenKeys): void {
    const key = (usage: 'mak' | 'pik', data: GivenKey) => createKey({ ...data, name: usage, usage })
    this.#store.put(terminal, { ...this.#ringOf(key('mak', mak), key('pik', pik)), given })
  }
}

/** The bytes of a key are in no copy of it. */
const dataOf = ({ algorithm, bytes, test }: Key): GivenKey => ({ algorithm, bytes, test })

const noRing: TerminalKeyring = { mac: undefined, pinCipher: undefined }

function schemeOf(request: Peek, { signOnKeys }: SecurityRules): string {
  const { field, from, to } = signOnKeys?.scheme ?? { field: 0 }
  return request.text(field)?.slice(from, to) ?? ''
}

/** Looks at nothing and protects nothing. */
export const noSecurity = (security: SecurityRules | undefined): AcquirerSecurity => ({
  refusal: (request, _body, data) => data?.(request),
  protect: (request, _code, { workingKeys }) =>
    workingKeys && security !== undefined ? { ...unprotected, keyScheme: schemeOf(request, security) } : unprotected,
  counts: () => ({
    macs: { valid: 0, wrong: 0, absent: 0 },
    pinBlocks: { valid: 0, wrong: 0 },
    cards: { valid: 0, wrong: 0 },
    keysGiven: 0,
  }),
  take() {},
})
