import { describe, expect, test } from 'vitest'
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml'
import { UsageError } from '../../../src/base/errors.js'
import { toHex } from '../../../src/crypto/hex.js'
import { type KeyFileEntry, readKeys, variableOf } from '../../../src/crypto/keys/key-file.js'

/** The parser that a caller brings: YAML and JSON by the failsafe schema, in which a key of decimal digits stays text. */
function parse(text: string, file: string): KeyFileEntry[] {
  const lineCounter = new LineCounter()
  const { contents } = parseDocument(text, { schema: 'failsafe', lineCounter })
  const whereOf = (node: unknown) => {
    const { line, col } = lineCounter.linePos(isScalar(node) ? (node.range?.[0] ?? 0) : 0)
    return `${file}:${line}:${col}`
  }
  if (!isMap(contents)) throw new UsageError('is expected a mapping of names to keys', { where: file })
  return contents.items.map(({ key, value }) => ({
    name: String(key),
    where: whereOf(key),
    fields: isMap(value)
      ? Object.fromEntries(
          value.items.map((item) => [String(item.key), { text: String(item.value), where: whereOf(item.key) }]),
        )
      : undefined,
  }))
}

const hex = '0123456789ABCDEFFEDCBA9876543210'
const read = (text: string, environment: Record<string, string> = {}) =>
  readKeys({ source: { file: 'keys.yaml', text, parse }, environment })

describe('a key file', () => {
  test('in YAML gives its keys in order, with usage, algorithm and checked value', () => {
    const { keys, warnings } = read(`
# keys of the test host
acquirer-tmk: { usage: tmk, key: ${hex}, kcv: 08D7B4FB }
acquirer-mak:
  usage: mak
  key: 5BB5C72CD00B7338
  kcv: AB7153CA
terminal-bdk: { usage: bdk, algorithm: aes, key: ${hex} }
`)
    expect(keys.map(({ name, usage, algorithm, bits }) => [name, usage, algorithm, bits])).toEqual([
      ['acquirer-tmk', 'tmk', 'des', 128],
      ['acquirer-mak', 'mak', 'des', 64],
      ['terminal-bdk', 'bdk', 'aes', 128],
    ])
    expect(toHex(keys[0]!.bytes)).toBe(hex)
    expect(keys.some(({ test: isTest }) => isTest)).toBe(false)
    expect(warnings).toEqual([])
  })

  test('in JSON gives its keys', () => {
    const { keys } = read(JSON.stringify({ host: { usage: 'zpk', key: hex, kcv: '08D7B4' } }))
    expect(keys.map(({ name, usage, kcv }) => [name, usage, kcv])).toEqual([['host', 'zpk', '08D7B4']])
  })

  test('may hold a key of decimal digits alone', () => {
    expect(toHex(read('a: { usage: mak, key: 0123456789012345 }').keys[0]!.bytes)).toBe('0123456789012345')
  })

  test('takes 32 bytes for AES', () => {
    expect(read(`a: { usage: bdk, key: ${hex}${hex} }`).keys[0]?.algorithm).toBe('aes')
  })
})

describe('the environment', () => {
  test('names a variable after a key', () => {
    expect(variableOf('acquirer-tmk.2')).toBe('ISOCHRON_KEY_ACQUIRER_TMK_2')
  })

  test('gives the value that the file leaves out', () => {
    const { keys, warnings } = read('acquirer-tmk: { usage: tmk, kcv: 08D7B4 }', {
      ISOCHRON_KEY_ACQUIRER_TMK: `${hex}\n`,
    })
    expect(keys.map(({ name, kcv }) => [name, kcv])).toEqual([['acquirer-tmk', '08D7B4']])
    expect(warnings).toEqual([])
  })

  test('replaces the value in the file, and says so', () => {
    const { keys, warnings } = read(`a: { usage: tmk, key: ${'EF'.repeat(16)} }`, { ISOCHRON_KEY_A: hex })
    expect(keys.map(({ kcv }) => kcv)).toEqual(['08D7B4'])
    expect(warnings).toEqual(["key 'a': ISOCHRON_KEY_A replaces the value at keys.yaml:1:1"])
  })

  test('gives keys of its own, with or without a file', () => {
    const environment = { ISOCHRON_KEY_TMK: hex, ISOCHRON_KEY_MK_AC_TEST: hex, PATH: '/bin' }
    expect(readKeys({ environment }).keys.map(({ name, usage }) => [name, usage])).toEqual([
      ['tmk', 'tmk'],
      ['mk-ac-test', 'mk-ac'],
    ])
  })
})

describe('warnings, in words', () => {
  const cases = [
    {
      name: 'bytes of even parity',
      key: '0123456789ABCDEE',
      warning: "key 'a' has bytes of even parity: DES ignores it, some key loaders do not",
    },
    {
      name: 'a weak key',
      key: '01010101010101010123456789ABCDEF',
      warning: "key 'a' holds a weak or semi-weak DES key",
    },
    {
      name: 'a doubled key',
      key: '0123456789ABCDEF0123456789ABCDEF',
      warning: "key 'a' repeats a part and is no stronger than single DES",
    },
  ]
  for (const { name, key, warning } of cases) {
    test(name, () => expect(read(`a: { usage: tmk, key: ${key} }`).warnings).toEqual([warning]))
  }
})

describe('a faulty key is refused by name and line, never by value', () => {
  const cases = [
    {
      name: 'no value',
      text: 'a: { usage: tmk }',
      problem: "keys.yaml:1:1 key 'a' has no value: write key: HEX, or set ISOCHRON_KEY_A",
    },
    { name: 'no usage', text: `a: { key: ${hex} }`, problem: "keys.yaml:1:1 key 'a': needs usage: one of tmk," },
    {
      name: 'an unknown usage',
      text: `a: { usage: tmq, key: ${hex} }`,
      problem: "key 'a': has an unknown usage (did you mean 'tmk'?)",
    },
    {
      name: 'an unknown algorithm',
      text: `a: { usage: tmk, algorithm: rc4, key: ${hex} }`,
      problem: "key 'a': has an unknown algorithm",
    },
    {
      name: 'an unknown field',
      text: `a:\n  usage: tmk\n  ucage: tmk\n  key: ${hex}`,
      problem: "keys.yaml:3:3 key 'a' has an unknown field 'ucage' (did you mean 'usage'?)",
    },
    {
      name: 'a key in the place of a field',
      text: `a: { usage: tmk, ${hex}: x }`,
      problem: "keys.yaml:1:18 key 'a' has an unknown field; known are",
    },
    {
      name: 'a key in the place of a name',
      text: `# first\n${hex}: { usage: tmk }`,
      problem: 'keys.yaml:2:1 a key stands where its name should',
    },
    {
      name: 'a key in the place of a usage',
      text: `a: { usage: ${hex}, key: ${hex} }`,
      problem: "key 'a': has an unknown usage: one of",
    },
    { name: 'a value that is no mapping', text: `a: ${hex}`, problem: "keys.yaml:1:1 key 'a' must be a mapping" },
    {
      name: 'an odd number of digits',
      text: `a: { usage: tmk, key: ${hex}0 }`,
      problem: "the value of key 'a' (33 characters) is not hex",
    },
    {
      name: 'a letter that is no hex',
      text: `a: { usage: tmk, key: ${hex.replace('A', 'G')} }`,
      problem: "the value of key 'a' (32 characters) is not hex",
    },
    {
      name: 'a length that DES does not take',
      text: `a: { usage: tmk, key: ${hex.slice(4)} }`,
      problem: "keys.yaml:1:1 key 'a': a DES key has 8, 16 or 24 bytes, this one has 14",
    },
    {
      name: 'another check value',
      text: `b: { usage: tmk, key: ${hex} }\na: { usage: tmk, key: ${hex}, kcv: 123456 }`,
      problem: "keys.yaml:2:1 key 'a' has check value 08D7B4, not the one",
    },
    {
      name: 'a key in the place of a check value',
      text: `a: { usage: tmk, key: ${hex}, kcv: ${hex} }`,
      problem: "key 'a' has check value 08D7B4, not the one",
    },
  ]
  for (const { name, text, problem } of cases) {
    test(name, () => {
      const message = messageOf(() => read(text))
      expect(message).toContain(problem)
      expect(message.toUpperCase()).not.toContain(hex.slice(4, 28))
      expect(message).not.toContain('123456')
    })
  }

  test('a variable that says no usage', () => {
    expect(messageOf(() => readKeys({ environment: { ISOCHRON_KEY_HOST: hex } }))).toMatch(
      /^ISOCHRON_KEY_HOST does not say what the key is for: start the name with one of tmk, /,
    )
  })

  test('a variable that is no hex', () => {
    const message = messageOf(() => readKeys({ environment: { ISOCHRON_KEY_TMK: 'secret!' } }))
    expect(message).toBe("ISOCHRON_KEY_TMK the value of key 'tmk' (7 characters) is not hex of an even length")
  })
})

function messageOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError)
    return (error as UsageError).message
  }
  throw new Error('nothing was refused')
}
