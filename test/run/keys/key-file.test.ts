// Key files on disk: who may read them, and errors that name the place and never the key.

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keysFromData, keysToData, readRunKeys } from '../../../src/run/keys/run-keys.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'isochron-keys-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const secret = '0123456789ABCDEFFEDCBA9876543210'

function file(text: string, mode = 0o600): string {
  const name = join(folder, `keys-${text.length}-${mode}.yaml`)
  writeFileSync(name, text)
  chmodSync(name, mode)
  return name
}

const problemOf = (name: string, environment = {}): string => {
  try {
    readRunKeys(name, environment)
    return ''
  } catch (error) {
    return (error as Error).message
  }
}

test('a file gives its keys, with the environment over them', () => {
  const name = file(`tmk: { usage: tmk, key: ${secret}, kcv: 08D7B4 }\nmak: { usage: mak }\n`)
  const { source, set, warnings } = readRunKeys(name, { ISOCHRON_KEY_MAK: '5BB5C72CD00B7338' })
  expect(source).toBe(name)
  expect(set.keys.map(({ name: each, kcv }) => [each, kcv])).toEqual([
    ['tmk', '08D7B4'],
    ['mak', 'AB7153'],
  ])
  expect(warnings).toEqual([])
})

describe.runIf(process.platform !== 'win32')('a file that is open to others', () => {
  const text = `tmk: { usage: tmk, key: ${secret} }`

  test.each([0o666, 0o620, 0o602])('mode %o is refused with the command that mends it', (mode) => {
    const name = file(text, mode)
    expect(problemOf(name)).toContain(`lets others change the keys: run chmod 600 '${name}'`)
  })

  test.each([0o644, 0o640, 0o444])('mode %o, as git makes it, is refused in the same way', (mode) => {
    const name = file(text, mode)
    expect(problemOf(name)).toContain(`lets others read the keys: run chmod 600 '${name}'`)
  })
})

describe('an error names the place and never the key', () => {
  const cases = [
    { name: 'no YAML', text: `tmk: { usage: tmk, key: ${secret}\nb: [`, says: /:2:1 not YAML/ },
    { name: 'a list', text: `- ${secret}`, says: /expected a mapping of names to keys/ },
    {
      name: 'a name twice',
      text: `a: { usage: mak }\na: { usage: mak, key: ${secret} }`,
      says: /:2:1 the same name stands here twice/,
    },
    {
      name: 'a wrong check value',
      text: `a: { usage: mak, key: ${secret}, kcv: 000000 }`,
      says: /:1:1 key 'a' has check value 08D7B4/,
    },
    {
      name: 'a name that JavaScript takes for something else',
      text: `a: { usage: mak, key: ${secret} }\n__proto__: { usage: mak, key: ${secret} }`,
      says: /:2:1 the name __proto__ is refused/,
    },
    { name: 'brackets without end', text: `${'['.repeat(20_000)}`, says: /nested deeper than 100 levels/ },
  ]
  test.each(cases)('$name', ({ text, says }) => {
    const problem = problemOf(file(text))
    expect(problem).toMatch(says)
    expect(problem).not.toContain(secret)
  })

  test('a file that is not there', () => {
    expect(problemOf(join(folder, 'missing.yaml'))).toMatch(
      /missing\.yaml: cannot be read \(ENOENT: there is no such file\)/,
    )
  })
})

test('without a file the environment counts, and without that the test keys', () => {
  expect(readRunKeys(undefined, { ISOCHRON_KEY_TMK: secret })).toMatchObject({ source: 'environment' })
  expect(readRunKeys(undefined, {}).set.testKeyNames).toContain('test-tmk')
  expect(readRunKeys('none', { ISOCHRON_KEY_TMK: secret }).set.keys).toEqual([])
})

test('keys reach a thread as data, and are the same there', () => {
  const { set } = readRunKeys(undefined, {})
  const there = keysFromData(structuredClone(keysToData(set)))
  expect(there.keys.map(({ name, kcv, test: isTest }) => [name, kcv, isTest])).toEqual(
    set.keys.map(({ name, kcv, test: isTest }) => [name, kcv, isTest]),
  )
})
