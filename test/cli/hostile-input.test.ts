// Files and words that mean harm: nothing of them acts on a terminal, and each is one clear line.

import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { htmlText, printable, printableJson, printableLines } from '../../src/base/text/shown-text.js'
import { markdownText } from '../../src/report/layout/table.js'
import { makeTemporaryFolder } from '../../src/run/disk/temporary-folder.js'
import { readToken } from '../../src/run/proxy/control-token.js'
import { isochron } from './fake-io.js'

const folder = mkdtempSync(join(tmpdir(), 'hostile-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const file = (name: string, text: string) => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

describe('a scenario', () => {
  const deep: readonly (readonly [name: string, text: string])[] = [
    ['open brackets', `name: ${'['.repeat(100_000)}`],
    ['maps in maps', '{a: '.repeat(100_000)],
    ['lists in lists', '- '.repeat(100_000)],
    ['lines further and further in', Array.from({ length: 1000 }, (_, level) => `${' '.repeat(level)}a:`).join('\n')],
  ]
  for (const [name, text] of deep) {
    test(`of ${name} is one line`, async () => {
      const { code, stderr } = await isochron(['validate', file('deep.yaml', text)])
      expect(code).toBe(2)
      expect(stderr).toMatch(/^\S+deep\.yaml:\d+:\d+ nested deeper than 100 levels\n$/)
    })
  }

  test('with the key __proto__ is refused where it stands', async () => {
    const { code, stderr } = await isochron(['validate', file('proto.yaml', 'name: x\nprofiles:\n  __proto__: {}\n')])
    expect(code).toBe(2)
    expect(stderr).toMatch(/proto\.yaml:3:3 the key __proto__ is refused/)
  })

  test('with a card number or an escape sequence for a key shows neither', async () => {
    const text = 'name: x\n"x4111111111111111": 1\n"\\e[31mred\\u202e": 2\n"0123456789ABCDEFFEDCBA9876543210": 3\n'
    const { stderr } = await isochron(['validate', file('keys.yaml', text)])
    expect(stderr).not.toMatch(/1{9}|0123456789ABCDEF|\p{Cc}(?<!\n)|\u202e/u)
    expect(stderr).toContain('·[31mred·')
  })
})

test('a message with the key __proto__ is refused', async () => {
  const { code, stderr } = await isochron(['encode'], '{"mti":"0800","fields":{"__proto__":"1"}}')
  expect(code).toBe(2)
  expect(stderr).toContain('__proto__ is refused')
})

test('a wrong command shows no escape sequence and no card number', async () => {
  const { stderr } = await isochron(['\u001b[2J4111111111111111'])
  expect(stderr).toMatch(/unknown command '·\[2J411111\*{6}1111'/)
})

test('a token that others may read is refused', () => {
  const path = file('token', 'a token that is long enough\n')
  chmodSync(path, 0o644)
  expect(() => readToken(path)).toThrow(/lets others read the token: run chmod 600/)
  chmodSync(path, 0o600)
  expect(readToken(path)).toBe('a token that is long enough')
})

test('texts of others lose what acts on a terminal, on Markdown and on HTML', () => {
  expect(printable('a\u001b[31m\u202eb\u200b\n')).toBe('a·[31m·b··')
  expect(printableLines('a\n\tb\u009b')).toBe('a\n\tb·')
  expect(JSON.parse(printableJson(JSON.stringify({ a: '\u202e\u009b' })))).toEqual({ a: '\u202e\u009b' })
  expect(printableJson('"\u202e"')).toBe('"\\u202e"')
  expect(htmlText(`<b a="'">&\u202e`)).toBe('&lt;b a=&quot;&#39;&quot;&gt;&amp;·')
  expect(markdownText('|<b>\u202e')).toBe('\\|\\<b\\>·')
})

test('temporary folders of processes that are no more are removed, others stay', () => {
  const forsaken = join(folder, 'isochron-forsaken')
  const living = makeTemporaryFolder(folder)
  mkdirSync(forsaken)
  writeFileSync(join(forsaken, 'owner'), JSON.stringify({ pid: 2 ** 30, start: '1', host: '' }))
  writeFileSync(join(forsaken, 'journal'), 'owed')
  mkdirSync(join(folder, 'isochron-unknown'))
  makeTemporaryFolder(folder)
  const left = readdirSync(folder).filter((name) => name.startsWith('isochron-'))
  expect(left).not.toContain('isochron-forsaken')
  expect(left).toContain('isochron-unknown')
  expect(left.map((name) => join(folder, name))).toContain(living)
})
