// The keys of the terminals: those of the run, and the working keys that each sign-on brings. They sign requests, encipher
// PINs, and tell whether an answer can be trusted. Rule: no key, no PIN and no MAC leaves this file but inside a message.

import type { Random } from '../../base/random.js'
import type { Codec, Peek } from '../../codec/codec.js'
import type { DialectRules } from '../../codec/dialect.js'
import { CryptoError } from '../../crypto/crypto-error.js'
import {
  baseKeyOf,
  createDukpt,
  createKeySerials,
  type DerivedKey,
  type KeySerials,
  type TransactionKeys,
} from '../../crypto/dukpt-keys.js'
import { fromHex, toHex } from '../../crypto/hex.js'
import type { Key } from '../../crypto/keys/key.js'
import type { KeySet } from '../../crypto/keys/key-set.js'
import { readSignOnKeys } from '../../crypto/keys/key-wrap.js'
import type { Mac } from '../../crypto/mac/mac.js'
import { createPinCipher, type PinCipher, pinAlgorithm, testPin } from '../../crypto/pin/pin-cipher.js'
import { createMacFields, type MacFields, macOf } from '../../transport/wire/mac-field.js'
import type { Received } from '../../transport/wire/wire.js'
import type { Judgement } from '../judgement.js'
import type { Terminal } from '../terminal.js'
import { checkAnswerMac } from './answer-check.js'
import type { Guard, GuardedPlan } from './guard.js'
import type { MessageKeys } from './protected-message.js'

export interface TerminalKeys extends MessageKeys {
  /** Sign-ons bring working keys, which the run's master key opens. */
  readonly fromSignOn: boolean
  /** `values`: those of a request that was made before, whose keys are used again. */
  guardOf(terminal: Terminal, plan?: GuardedPlan, values?: readonly string[]): Guard
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
    pik: security?.pin && keys.findOfKind(['pik', 'zpk'], pinAlgorithm(security.pin.format)),
  }
  const sessions = new Map<Terminal, Session>()
  const sessionOf = (terminal: Terminal): Session => {
    const known = sessions.get(terminal)
    if (known !== undefined) return known
    const session = new Session(
      terminal,
      { codec, macFields, random, isWrong: hasWrongKey?.(terminal) === true },
      standing,
    )
    sessions.set(terminal, session)
    return session
  }
  const codes = new Set(security?.signOnAgain)
  const pinKind = security?.pin && pinAlgorithm(security.pin.format)
  const hasMacs = security?.mac !== undefined && macFields.numbers.length > 0
  const bdk = security?.dukpt && baseKeyOf(keys, security.pin?.format)
  const dukpt = bdk && createDukpt([bdk])

  return {
    fromSignOn: masterKey !== undefined,
    canSign: hasMacs && (standing.mak ?? masterKey) !== undefined,
    canEncipherPin: pinKind !== undefined && (masterKey ?? standing.pik)?.algorithm === pinKind,
    underDukpt: bdk && {
      canSign: hasMacs && security?.mac?.algorithm[bdk.algorithm] !== undefined,
      canEncipherPin: pinKind !== undefined && (pinKind === 'des' || bdk.algorithm === 'aes'),
    },
    canVerifyCards: security?.cardCheck !== undefined && keys.find('cvk') !== undefined,
    issuerKey: keys.find('mk-ac')?.bytes,
    blankMac(field) {
      if (standing.mak !== undefined) macOf(codec.dialect, standing.mak)
      return macFields.blank(field)
    },
    guardOf(terminal, plan, values) {
      const session = sessionOf(terminal)
      if (plan?.ksnField === undefined || bdk === undefined || dukpt === undefined) return session
      const again = values && plan.valueOf(plan.ksnField, values)
      const ksn = again === undefined ? session.nextSerial(bdk) : fromHex(again, 'key serial number')
      return new DukptGuard({ codec, macFields, random, isWrong: hasWrongKey?.(terminal) === true }, dukpt.keysOf(ksn))
    },
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
  readonly ksn = undefined
  readonly #terminal: Terminal
  readonly #setting: SessionSetting
  readonly #rules: DialectRules
  #keys: StandingKeys
  #isDelivered = false
  #mac: Mac | undefined
  #pinCipher: PinCipher | undefined
  #serials: KeySerials | undefined

  constructor(terminal: Terminal, setting: SessionSetting, keys: StandingKeys) {
    this.#terminal = terminal
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
      // A dialect without MACs is given a key for them all the same.
      this.#mac = this.#rules.security?.mac === undefined ? undefined : this.#macOf(mak)
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
    this.#pinCipher ??= createPinCipher(pik, format)
    return toHex(this.#pinCipher.encipher(testPin, pan, this.#setting.random))
  }

  seal(field: number, message: Uint8Array): void {
    this.#setting.macFields.sign(this.#requireMac(), field, message)
  }

  trusted(plan: GuardedPlan, received: Received, judgement: Judgement): Judgement {
    return plan.macField === undefined ? judgement : this.#checked(plan, received, judgement)
  }

  #checked(plan: GuardedPlan, received: Received, judgement: Judgement): Judgement {
    return checkAnswerMac(this.#setting, { plan, received, judgement }, () => this.#requireMac(), {
      isAskedFor: !this.#keys.mak?.test || this.#isDelivered,
    })
  }

  nextSerial(bdk: Key): Uint8Array {
    this.#serials ??= createKeySerials(bdk, this.#terminal.number)
    return this.#serials.next()
  }

  #requireMac(): Mac {
    const { mak } = this.#keys
    if (mak === undefined) throw new CryptoError('key-missing', 'no MAC key: the terminal is not signed on')
    this.#mac ??= this.#macOf(mak)
    return this.#mac
  }

  #macOf(mak: Key): Mac {
    return sessionMac(this.#setting, mak)
  }
}

/** The keys of one transaction under DUKPT. */
class DukptGuard implements Guard {
  readonly ksn: string
  readonly #setting: SessionSetting
  readonly #keys: TransactionKeys

  constructor(setting: SessionSetting, keys: TransactionKeys) {
    this.ksn = keys.ksn
    this.#setting = setting
    this.#keys = keys
  }

  pinBlock(pan: string): string {
    const format = this.#setting.codec.dialect.rules.security?.pin?.format
    if (format === undefined) return ''
    const cipher = createPinCipher(this.#keys.pin(pinAlgorithm(format)), format)
    return toHex(cipher.encipher(testPin, pan, this.#setting.random))
  }

  seal(field: number, message: Uint8Array): void {
    this.#setting.macFields.sign(sessionMac(this.#setting, this.#keys.requestMac), field, message)
  }

  trusted(plan: GuardedPlan, received: Received, judgement: Judgement): Judgement {
    const { answerMac } = this.#keys
    return checkAnswerMac(this.#setting, { plan, received, judgement }, () => sessionMac(this.#setting, answerMac), {
      isAskedFor: !answerMac.test,
    })
  }
}

const sessionMac = ({ codec, isWrong }: SessionSetting, key: DerivedKey): Mac =>
  macOf(codec.dialect, isWrong ? otherKey(key) : key)

/** Two bits of each byte are others, so that the parity of DES stays. */
const otherKey = ({ name, algorithm, bytes, test }: DerivedKey): DerivedKey => ({
  ...{ name: `not ${name}`, algorithm, bytes: bytes.map((byte) => byte ^ 0x06), test },
})
