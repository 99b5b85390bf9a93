import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type CryptogramVersion,
  createCryptogram,
  deriveCardKey,
  deriveEmvSessionKey,
} from '../../../src/crypto/card/arqc.js'
import { hasOddParity } from '../../../src/crypto/ciphers/des.js'
import { CryptoError } from '../../../src/crypto/crypto-error.js'
import { fromHex, toHex } from '../../../src/crypto/hex.js'
import { kcvDes } from '../../../src/crypto/keys/key-check-value.js'
import { doubleKey, pan } from '../arbitraries.js'

const issuerKey = fromHex('0123456789ABCDEFFEDCBA9876543210')
const visaCard = { pan: '1234567890123456', sequence: '00' }
const visaTags = '00000000400000000000000001248000048000012419110501' + '52BF4585' + '1800' + '001C'

const vectors = [
  {
    name: 'Visa CVN 10, ARPC method 1 (public vector of the pyemv project)',
    version: 'visa-cvn10' as CryptogramVersion,
    issuerKey,
    card: visaCard,
    atc: '001C',
    data: `${visaTags}03A06010`,
    arqc: '29CCA15AE665FA2E',
    verdict: '3030',
    arpc: '28993816AFAE4AEB',
  },
  {
    name: 'Visa CVN 18, ARPC method 2 (public vector of the pyemv project)',
    version: 'visa-cvn18' as CryptogramVersion,
    issuerKey,
    card: visaCard,
    atc: '001C',
    data: `${visaTags}06011203A0B800`,
    arqc: '7A788EA6B8A3E733',
    verdict: '00000000',
    arpc: '9AF514C1',
  },
  {
    name: 'PBOC CVN 01, a published example with response code 01',
    version: 'pboc-cvn01' as CryptogramVersion,
    issuerKey: fromHex('F0C34A8124CEE0A91A0B034AA97D6EAC'),
    card: { pan: '6228000100001', sequence: '01' },
    atc: '0240',
    data: '000000000001000000000000015600800460000156140701001E78EEBC7D00024003A04002',
    arqc: '5D016C91005E7CC2',
    verdict: '3031',
    arpc: '21415243527CE78F',
  },
]

for (const row of vectors) {
  test(`a cryptogram and its answer: ${row.name}`, () => {
    const cryptogram = createCryptogram(row.version, row.issuerKey, row.card)
    const atc = fromHex(row.atc)
    const arqc = cryptogram.arqc({ atc, data: fromHex(row.data) })
    expect(toHex(arqc)).toBe(row.arqc)
    expect(toHex(cryptogram.arpc({ atc, arqc, verdict: fromHex(row.verdict) }))).toBe(row.arpc)
  })
}

const cardKeys = [
  { name: '16 digits, sequence 00', card: visaCard, kcv: 'BAB0' },
  { name: '16 digits, sequence 45', card: { pan: '9901234567890123', sequence: '45' }, kcv: '1DA5' },
  { name: '17 digits, sequence 45', card: { pan: '12345678901234567', sequence: '45' }, kcv: 'FF08' },
]

for (const { name, card, kcv } of cardKeys) {
  test(`the card key by option A (EMV Book 2 A1.4.1) of a PAN of ${name} (public vectors of the pyemv project)`, () => {
    expect(toHex(kcvDes(deriveCardKey(issuerKey, card), 2))).toBe(kcv)
  })
}

test('the common session key (EMV Book 2 A1.3.1) of ATC 001C (public vector of the pyemv project)', () => {
  expect(toHex(kcvDes(deriveEmvSessionKey(deriveCardKey(issuerKey, visaCard), fromHex('001C')), 2))).toBe('22C8')
})

describe('cryptograms', () => {
  test('card keys have odd parity, and a card without sequence number is a card with 00', () => {
    fc.assert(
      fc.property(doubleKey, pan, (key, card) => {
        expect(hasOddParity(deriveCardKey(key, { pan: card }))).toBe(true)
        expect(toHex(deriveCardKey(key, { pan: card }))).toBe(toHex(deriveCardKey(key, { pan: card, sequence: '00' })))
      }),
    )
  })

  const visa18 = createCryptogram('visa-cvn18', issuerKey, visaCard)
  const pboc = createCryptogram('pboc-cvn01', issuerKey, visaCard)
  const [atc, arqc] = [fromHex('001C'), new Uint8Array(8)]
  const refused: readonly [string, () => unknown, RegExp][] = [
    [
      'an issuer key of 8 bytes',
      () => createCryptogram('visa-cvn10', new Uint8Array(8), visaCard),
      /16 bytes, this one has 8/,
    ],
    ['a sequence number of one digit', () => deriveCardKey(issuerKey, { ...visaCard, sequence: '1' }), /two digits/],
    ['an ATC of 3 bytes', () => visa18.arqc({ atc: new Uint8Array(3), data: arqc }), /2 bytes, this one has 3/],
    ['a short cryptogram', () => pboc.arpc({ atc, arqc: new Uint8Array(4), verdict: atc }), /8 bytes, this one has 4/],
    [
      'a response code of 4 bytes',
      () => pboc.arpc({ atc, arqc, verdict: new Uint8Array(4) }),
      /response code has 2 bytes/,
    ],
    ['a status update of 2 bytes', () => visa18.arpc({ atc, arqc, verdict: atc }), /status update has 4 to 12 bytes/],
  ]
  for (const [name, act, message] of refused) {
    test(`refuse ${name}`, () => {
      expect(act).toThrow(CryptoError)
      expect(act).toThrow(message)
    })
  }
})
