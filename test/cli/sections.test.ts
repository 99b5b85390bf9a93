// Files of which one section is read: a section that is misspelt is refused, and the words are those of people.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isochron } from './fake-io.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'isochron-sections-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const file = (text: string) => {
  const name = join(folder, 'x.yaml')
  writeFileSync(name, text)
  return name
}

test('acquirer --config refuses a misspelt section', async () => {
  const { code, stderr } = await isochron([
    'acquirer',
    '--listen',
    ':0',
    '--config',
    file('acquirerr: {}\nfault: []\n'),
  ])
  expect(stderr).toMatch(/x\.yaml:1:1 acquirerr: unknown section \(did you mean 'acquirer'\?\); known are name, /)
  expect(stderr).toMatch(/x\.yaml:2:1 fault: unknown section \(did you mean 'faults'\?\)/)
  expect(code).toBe(2)
})

test('proxy --faults refuses a misspelt section', async () => {
  const { code, stderr } = await isochron([
    'proxy',
    '--listen',
    ':0',
    '--upstream',
    ':1',
    '--faults',
    file('fault: []\n'),
  ])
  expect([code, stderr]).toEqual([2, expect.stringMatching(/did you mean 'faults'/)])
})

const wrong: readonly [text: string, says: RegExp][] = [
  ['name: x\nload: [1\n', /x\.yaml:3:1 something is missing here: .* a bracket/],
  ['name: "x\n', /closing quote/],
  ['name: x\n\tload: 1\n', /a tab stands at the beginning of this line/],
  ['name: a: b\n', /two colons stand on one line/],
  ['name: x\nname: y\n', /the same key stands here twice/],
  ['name: @x\n', /put it in quotes/],
  ['name: x\n---\nname: y\n', /a file holds one/],
]
test.each(wrong)('%j is explained in words', async (text, says) => {
  const { code, stderr } = await isochron(['validate', file(text)])
  expect(stderr).toMatch(says)
  expect(stderr).not.toMatch(/flow|scalar|implicit|token|mapping/i)
  expect(code).toBe(2)
})
