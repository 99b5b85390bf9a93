// The keys of the terminals: those of the run, and the working keys that each sign-on brings. They sign requests, encipher
// PINs, and tell whether an answer can be trusted. Rule: no key, no PIN and no MAC leaves this file but inside a message.

import type { Random } from '../../base/random.js'
import type { Codec, Peek } from '../../codec/codec.js'
import type { DialectRules } from '../../codec/dialect.js'
import type { BlockCipher } from '../../crypto/ciphers/block-cipher.js'
import { createDes } from '../../crypto/ciphers/des.js'
import { CryptoError } from '../../crypto/crypto-error.js'
import { fromHex, toHex } from '../../crypto/hex.js'
import { createKey, type Key } from '../../crypto/keys/key.js'
import type { KeySet } from '../../crypto/keys/key-set.js'
import { readSignOnKeys } from '../../crypto/keys/key-wrap.js'
import type { Mac } from '../../crypto/mac/mac.js'
import { encodePinBlock } from '../../crypto/pin/pin-block.js'
import { createMacFields, type MacFields, macOf } from '../../transport/wire/mac-field.js'
import type { Received } from '../../transport/wire/wire.js'
import type { Terminal } from '../terminal.js'
import type { Judgement } from './judgement.js'
import type { MessagePlan } from './message-plan.js'
import type { MessageKeys } from './protected-message.js'

/** Why an answer that was approved or declined is not usable after all. */
export const badMacReason = 'bad MAC'
export const missingMacReason = 'answer without MAC'

/** The PIN of every test card: six digits, as UnionPay's are. */
const testPin = '123456'

/** The protection between a terminal and its host. */
export interface Guard {
  /** The enciphered PIN block for this card, in hex; empty without a key for it. */
  pinBlock(pan: string): string
  /** Puts the MAC into a packed message that ends with `field`. Throws CryptoError without a key. */
  seal(field: number, message: Uint8Array): void
  /** The judgement, or what is wrong with the answer's MAC. */
  trusted(plan: MessagePlan, received: Received, judgement: Judgement): Judgement
}

export interface TerminalKeys extends MessageKeys {
  /** Sign-ons bring working keys, which the run's master key opens. */
  readonly fromSignOn: boolean
  guardOf(terminal: Terminal): Guard
  /** Takes the working keys of a sign-on's answer. Returns what is wrong with them. */
  load(terminal: Terminal, answer: Peek | undefined): string | undefined
  /** Whether the terminal has to sign on before its next transaction, after this response code. */
  wantsSignOn(terminal: Terminal, code: string | undefined): boolean
}

/** `signsOn`: the run signs terminals on, so that working keys come from there. */
export function createTerminalKeys(options: {
  codec: Codec
  keys: KeySet
  signsOn: boolean
  /** Terminals that sign with another key than they were given. */
  hasWrongKey?: ((terminal: Terminal) => boolean) | undefined
  /** The chance that draws the digits with which PIN blocks are filled up. */
  random: Random
}): TerminalKeys {
  const { codec, keys, signsOn, hasWrongKey, random } = options
  const { security } = codec.dialect.rules
  const macFields = createMacFields(codec)
  const masterKey = signsOn && security?.signOnKeys !== undefined ? keys.find('tmk') : undefined
  const standing = {
    mak: security?.mac && keys.find('mak'),
    pik: security?.pin && (keys.find('pik') ?? keys.find('zpk')),
  }
  const sessions = new Map<Terminal, Session>()
  const sessionOf = (terminal: Terminal): Session => {
    const known = sessions.get(terminal)
    if (known !== undefined) return known
    const session = new Session({ codec, macFields, random, isWrong: hasWrongKey?.(terminal) === true }, standing)
    sessions.set(terminal, session)
    return session
  }
  const codes = new Set(security?.signOnAgain)

  return {
    fromSignOn: masterKey !== undefined,
    canSign: security?.mac !== undefined && macFields.numbers.length > 0 && (standing.mak ?? masterKey) !== undefined,
    canEncipherPin: security?.pin !== undefined && (masterKey ?? standing.pik)?.algorithm === 'des',
    issuerKey: keys.find('mk-ac')?.bytes,
    blankMac(field) {
      if (standing.mak !== undefined) macOf(codec.dialect, standing.mak)
      return macFields.blank(field)
    },
    guardOf: sessionOf,
    load(terminal, answer) {
      const { signOnKeys } = security ?? {}
      const text = signOnKeys && answer?.text(signOnKeys.field)
      if (text === undefined || signOnKeys === undefined || keys.keys.length === 0) return undefined
      if (masterKey === undefined) return 'working keys came, and there is no master key (usage tmk) to read them with'
      return sessionOf(terminal).load(masterKey, text)
    },
    wantsSignOn: (terminal, code) =>
      (code !== undefined && codes.has(code)) || (masterKey !== undefined && !sessionOf(terminal).isReady),
  }
}

interface StandingKeys {
  readonly mak: Key | undefined
  readonly pik: Key | undefined
}

interface SessionSetting {
  readonly codec: Codec
  readonly macFields: MacFields
  readonly random: Random
  readonly isWrong: boolean
}

/** One terminal's keys, from one sign-on to the next. */
class Session implements Guard {
  readonly #setting: SessionSetting
  readonly #rules: DialectRules
  #keys: StandingKeys
  #isDelivered = false
  #mac: Mac | undefined
  #pinCipher: BlockCipher | undefined

  constructor(setting: SessionSetting, keys: StandingKeys) {
    this.#setting = setting
    this.#rules = setting.codec.dialect.rules
    this.#keys = keys
  }

  get isReady(): boolean {
    return this.#rules.security?.mac === undefined || this.#keys.mak !== undefined
  }

  load(masterKey: Key, hex: string): string | undefined {
    try {
      const { pik, mak } = readSignOnKeys(masterKey, fromHex(hex, 'sign-on keys'))
      this.#mac = this.#macOf(mak)
      this.#pinCipher = undefined
      this.#keys = { pik, mak }
      this.#isDelivered = true
      return undefined
    } catch (error) {
      if (!(error instanceof CryptoError)) throw error
      // The check values differ from terminal to terminal, and reasons are counted.
      if (error.code !== 'key-check') return error.message
      return `the working keys have another check value: the host wraps them under another master key than ${masterKey.name} (KCV ${masterKey.kcv})`
    }
  }

  pinBlock(pan: string): string {
    const { pik } = this.#keys
    const format = this.#rules.security?.pin?.format
    if (pik === undefined || format === undefined) return ''
    this.#pinCipher ??= createDes(pik.bytes)
    return toHex(this.#pinCipher.encrypt(encodePinBlock({ format, pin: testPin, pan, random: this.#setting.random })))
  }

  seal(field: number, message: Uint8Array): void {
    this.#setting.macFields.sign(this.#requireMac(), field, message)
  }

  trusted(plan: MessagePlan, { peek, body }: Received, judgement: Judgement): Judgement {
    if (plan.macField === undefined || peek === undefined || !this.#isChecked(judgement)) return judgement
    const { macFields } = this.#setting
    const field = macFields.of(peek)
    // A host that gave no keys cannot be asked to know the built-in ones.
    if (field === undefined) return this.#keys.mak?.test && !this.#isDelivered ? judgement : unusable(missingMacReason)
    return macFields.isSigned(this.#requireMac(), field, body) ? judgement : unusable(badMacReason)
  }

  /** A host that could not verify our MAC has no key in common with us, and cannot sign that it says so. */
  #isChecked({ outcome, code }: Judgement): boolean {
    const { codes, security } = this.#rules
    if (outcome === 'failed' || code === codes.macError) return false
    return outcome === 'approved' || security?.mac?.answers === 'all'
  }

  #requireMac(): Mac {
    const { mak } = this.#keys
    if (mak === undefined) throw new CryptoError('key-missing', 'no MAC key: the terminal is not signed on')
    this.#mac ??= this.#macOf(mak)
    return this.#mac
  }

  #macOf(mak: Key): Mac {
    const { codec, isWrong } = this.#setting
    return macOf(codec.dialect, isWrong ? otherKey(mak) : mak)
  }
}

/** Two bits of each byte are others, so that the parity of DES stays. */
const otherKey = ({ name, usage, algorithm, bytes, test }: Key) =>
  createKey({ name: `not ${name}`, usage, algorithm, bytes: bytes.map((byte) => byte ^ 0x06), test })

const unusable = (reason: string): Judgement => ({ outcome: 'failed', code: undefined, retryCode: false, reason })
