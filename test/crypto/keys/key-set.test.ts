import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { CryptoError } from '../../../src/crypto/crypto-error.js'
import { fromHex, toHex } from '../../../src/crypto/hex.js'
import { createKey, requireKcv } from '../../../src/crypto/keys/key.js'
import { kcvAesLegacy } from '../../../src/crypto/keys/key-check-value.js'
import { createKeySet } from '../../../src/crypto/keys/key-set.js'
import { testKeys } from '../../../src/crypto/keys/test-keys.js'

const hex = '0123456789ABCDEFFEDCBA9876543210'
const key = createKey({ name: 'acquirer-tmk', usage: 'tmk', algorithm: 'des', bytes: fromHex(hex) })
const aes = createKey({ name: 'terminal-bdk', usage: 'bdk', algorithm: 'aes', bytes: fromHex(hex) })

describe('a key never prints itself', () => {
  // Every way in which bytes show: hex, decimal lists, base64, single bytes of a dump.
  const traces = [/0123456789abcdef/i, /1,\s*35,\s*69/, /ASNFZ4mrze/, /01 23 45/]
  const holder = { keys: [key], set: createKeySet([key]), map: new Map([['key', key]]) }
  const ways: readonly [string, () => string][] = [
    ['util.inspect', () => inspect(holder, { depth: 10 })],
    ['util.inspect with hidden values', () => inspect(holder, { depth: 10, showHidden: true })],
    [
      'util.inspect with hidden values and without custom printing',
      () => inspect(key, { showHidden: true, customInspect: false }),
    ],
    ['JSON', () => JSON.stringify(holder)],
    ['text', () => `${key}`],
    ['a copy of its properties', () => JSON.stringify({ ...key }) + inspect({ ...key })],
    ['a console format', () => inspect(Object.entries(key))],
  ]
  for (const [name, print] of ways) {
    test(`not in ${name}`, () => {
      for (const trace of traces) expect(print()).not.toMatch(trace)
    })
  }

  test('but says which key it is', () => {
    expect(inspect(key)).toBe('[key KCV=08D7B4]')
    expect(JSON.parse(JSON.stringify(key))).toEqual({
      kind: 'key',
      name: 'acquirer-tmk',
      usage: 'tmk',
      algorithm: 'des',
      bits: 128,
      kcv: '08D7B4',
      test: false,
    })
  })

  test('and still has its bytes, a copy of what it was made from', () => {
    const bytes = fromHex(hex)
    const copied = createKey({ name: 'copy', usage: 'mak', algorithm: 'des', bytes })
    bytes.fill(0)
    expect(toHex(copied.bytes)).toBe(hex)
  })
})

describe('a check value', () => {
  const agreeing = ['08D7', '08D7B4', '08d7b4fb', '08D7B4FB629D0885']
  for (const kcv of agreeing) test(`${kcv} of ${kcv.length / 2} bytes agrees`, () => requireKcv(key, kcv))

  test('of an AES key agrees in either kind', () => {
    requireKcv(aes, aes.kcv)
    requireKcv(aes, toHex(kcvAesLegacy(aes.bytes)))
  })

  for (const kcv of ['08D7B5', '08', '08D7B4FB629D088500']) {
    test(`${kcv} does not agree and is not quoted`, () => {
      expect(() => requireKcv(key, kcv)).toThrow(
        new CryptoError(
          'key-check',
          "key 'acquirer-tmk' has check value 08D7B4, not the one that was announced: it is another key, or another master key wrapped it",
        ),
      )
    })
  }

  test('that is no hex is named, not quoted', () => {
    expect(() => requireKcv(key, 'zzz')).toThrow("the check value of key 'acquirer-tmk' (3 characters) is not hex")
  })
})

describe('a key set', () => {
  const set = createKeySet([...testKeys().keys, key, aes])

  test('finds keys by name and by usage', () => {
    expect(set.named('acquirer-tmk')).toBe(key)
    expect(set.forUsage('tmk').name).toBe('test-tmk')
    expect(createKeySet([key]).find('pik')).toBeUndefined()
  })

  test('lets the later of two keys of one name count', () => {
    const later = createKey({ name: 'acquirer-tmk', usage: 'pik', algorithm: 'des', bytes: fromHex(hex) })
    expect(createKeySet([key, later]).keys).toEqual([later])
  })

  test('names the nearest name, or the usage, that it lacks', () => {
    expect(() => set.named('aquirer-tmk')).toThrow("no key is named 'aquirer-tmk' (did you mean 'acquirer-tmk'?)")
    expect(() => createKeySet([]).forUsage('mak')).toThrow("no key has usage 'mak'; add it to the key file")
    expect(() => createKeySet([]).named('mak')).toThrow(CryptoError)
  })

  test('says which of its keys are test keys', () => {
    expect(set.testKeyNames).toEqual(testKeys().keys.map(({ name }) => name))
    expect(testKeys().keys.every(({ name, test: isTest }) => isTest && name.startsWith('test-'))).toBe(true)
  })
})

test('the check values of the test keys are the published ones', () => {
  const kcvs = Object.fromEntries(testKeys().keys.map(({ name, kcv }) => [name, kcv]))
  expect(kcvs).toMatchObject({ 'test-pik': '8D0A74', 'test-mak': 'AB7153', 'test-bdk': '08D7B4', 'test-zpk': '7B8358' })
})
