// Application cryptograms of a chip card and the host's answer to them (EMV Book 2 sections 8.1, 8.2 and annex A1;
// PBOC JR/T 0025 for UnionPay). A cryptogram version is a row of a table: session key, padding, kind of answer.

import { createDes, withOddParity } from '../ciphers/des.js'
import { xor } from '../ciphers/xor.js'
import { CryptoError } from '../crypto-error.js'
import { createMacX9_19 } from '../mac/mac-x9-19.js'
import { requirePan } from '../pin/pan.js'

/** Visa CVN 10, Visa CVN 18 (EMV common session key), PBOC CVN 01. */
export type CryptogramVersion = 'visa-cvn10' | 'visa-cvn18' | 'pboc-cvn01'

/** The card's identity: its PAN and its PAN sequence number (tag 5F34), two digits, '00' when it has none. */
export interface CardIdentity {
  readonly pan: string
  readonly sequence?: string
}

export interface Cryptogram {
  /** The cryptogram of 8 bytes (tag 9F26) over `data`, which is the version's list of tags joined, unpadded. */
  arqc(input: { readonly atc: Uint8Array; readonly data: Uint8Array }): Uint8Array
  /**
   * The answer to it. `verdict` is for CVN 10 and 01 the response code (2 bytes; the ARPC has 8 bytes), for CVN 18
   * the card status update (4 bytes, and up to 8 bytes of issuer's data; the ARPC has 4 bytes).
   */
  arpc(input: { readonly atc: Uint8Array; readonly arqc: Uint8Array; readonly verdict: Uint8Array }): Uint8Array
}

/**
 * Cryptograms of one card under an issuer master key of 16 bytes (MK-AC, IMK-AC).
 * @throws CryptoError `key-length`, `pan`, and later `data-length` for an ATC, ARQC or verdict of the wrong size.
 */
export function createCryptogram(version: CryptogramVersion, issuerKey: Uint8Array, card: CardIdentity): Cryptogram {
  const { sessionKey, padding, answer } = versions[version]
  const cardKey = deriveCardKey(issuerKey, card)
  return {
    arqc: ({ atc, data }) => createMacX9_19(sessionKey(cardKey, requireAtc(atc)), padding)(data),
    arpc: ({ atc, arqc, verdict }) => answer(sessionKey(cardKey, requireAtc(atc)), requireArqc(arqc), verdict),
  }
}

/**
 * The card's own key, option A (annex A1.4.1): from the rightmost 16 digits of PAN and sequence number. Odd parity.
 * @throws CryptoError `key-length` or `pan`.
 */
export function deriveCardKey(issuerKey: Uint8Array, { pan, sequence = '00' }: CardIdentity): Uint8Array {
  requireDouble(issuerKey)
  if (!/^\d{2}$/.test(sequence)) throw new CryptoError('pan', 'a PAN sequence number has two digits')
  const digits = (requirePan(pan) + sequence).slice(-16).padStart(16, '0')
  const left = Buffer.from(digits, 'hex')
  return withOddParity(createDes(issuerKey).encrypt(Buffer.concat([left, inverted(left)])))
}

/** The common session key of EMV (annex A1.3.1) for an application cryptogram: from the ATC alone. */
export function deriveEmvSessionKey(cardKey: Uint8Array, atc: Uint8Array): Uint8Array {
  const zeros = [0, 0, 0, 0, 0]
  return createDes(cardKey).encrypt(Uint8Array.from([...atc, 0xf0, ...zeros, ...atc, 0x0f, ...zeros]))
}

/** The session key of PBOC (JR/T 0025): left half from the ATC, right half from the ATC inverted. */
export function derivePbocSessionKey(cardKey: Uint8Array, atc: Uint8Array): Uint8Array {
  const zeros = new Uint8Array(6)
  return createDes(cardKey).encrypt(Buffer.concat([zeros, atc, zeros, inverted(atc)]))
}

interface Version {
  readonly sessionKey: (cardKey: Uint8Array, atc: Uint8Array) => Uint8Array
  /** The padding method of ISO/IEC 9797-1. */
  readonly padding: 1 | 2
  readonly answer: (sessionKey: Uint8Array, arqc: Uint8Array, verdict: Uint8Array) => Uint8Array
}

const versions: Readonly<Record<CryptogramVersion, Version>> = {
  'visa-cvn10': { sessionKey: (cardKey) => cardKey, padding: 1, answer: answerMethod1 },
  'visa-cvn18': { sessionKey: deriveEmvSessionKey, padding: 2, answer: answerMethod2 },
  'pboc-cvn01': { sessionKey: derivePbocSessionKey, padding: 2, answer: answerMethod1 },
}

/** ARPC method 1 (section 8.2.1): the response code folded into the cryptogram, enciphered. */
function answerMethod1(key: Uint8Array, arqc: Uint8Array, verdict: Uint8Array): Uint8Array {
  if (verdict.length !== 2) throw wrongSize('a response code', '2 bytes', verdict)
  return createDes(key).encrypt(xor(arqc, Buffer.concat([verdict, new Uint8Array(6)])))
}

/** ARPC method 2 (section 8.2.2): the first 4 bytes of a MAC over cryptogram, status update and issuer's data. */
function answerMethod2(key: Uint8Array, arqc: Uint8Array, verdict: Uint8Array): Uint8Array {
  if (verdict.length < 4 || verdict.length > 12) throw wrongSize('a card status update', '4 to 12 bytes', verdict)
  return createMacX9_19(key, 2)(Buffer.concat([arqc, verdict])).subarray(0, 4)
}

const inverted = (bytes: Uint8Array): Uint8Array => Uint8Array.from(bytes, (byte) => byte ^ 0xff)

function requireAtc(atc: Uint8Array): Uint8Array {
  if (atc.length !== 2) throw wrongSize('an application transaction counter', '2 bytes', atc)
  return atc
}

function requireArqc(arqc: Uint8Array): Uint8Array {
  if (arqc.length !== 8) throw wrongSize('a cryptogram', '8 bytes', arqc)
  return arqc
}

const wrongSize = (what: string, wanted: string, bytes: Uint8Array): CryptoError =>
  new CryptoError('data-length', `${what} has ${wanted}, this one has ${bytes.length}`)

function requireDouble(key: Uint8Array): void {
  if (key.length === 16) return
  throw new CryptoError('key-length', `an issuer master key has 16 bytes, this one has ${key.length}`)
}
