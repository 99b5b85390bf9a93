// `isochron cards`: what is listed, what is written, and what is refused.

import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { outcomeOf } from '../../src/base/cards/outcomes.js'
import { readCards } from '../../src/run/files/read-cards.js'
import { isochron } from './fake-io.js'

const folder = mkdtempSync(join(tmpdir(), 'isochron-cards-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('lists brands, and the codes of a dialect', async () => {
  const { code, stdout } = await isochron(['cards', '--dialect', 'iso93-ascii'])
  expect(code).toBe(0)
  expect(stdout).toMatch(/^mastercard +51-55 2221-2720 +16 +101, 201 +55555555/m)
  expect(stdout).toMatch(/^lost +41 +208 +lost card, pick up$/m)
})

test('writes cards that a scenario reads, for their owner alone', async () => {
  const file = join(folder, 'lost.csv')
  const { code, stdout, stderr } = await isochron([
    'cards',
    'diners',
    '--out',
    file,
    '--count',
    '20',
    '--outcome',
    'lost',
    '--stripe',
  ])
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: `wrote ${file}\n` })
  const cards = readCards(file)
  expect(cards.map(({ pan, serviceCode }) => [pan.length, outcomeOf(pan), serviceCode])).toEqual(
    Array.from({ length: 20 }, () => [14, 'lost', '101']),
  )
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600)
  const again = await isochron(['cards', 'diners', '--out', file])
  expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('is there already')])
  const twin = join(folder, 'twin.csv')
  await isochron(['cards', 'diners', '--out', twin, '--count', '20', '--outcome', 'lost', '--stripe'])
  expect(readFileSync(twin, 'utf8')).toBe(readFileSync(file, 'utf8'))
})

const refused = [
  [['cards', 'viza'], "did you mean 'visa'"],
  [['cards', '--out', 'x.csv'], '--out: expected a card set'],
  [['cards', 'visa', '--count', '5'], '--count: only together with --out'],
  [['cards', 'visa', '--out', 'x.csv', '--count', '0'], '--count: expected a whole number'],
  [['cards', 'visa', '--out', 'x.csv', '--outcome', 'lots'], "--outcome: 'lots' is none"],
  [['cards', 'visa', '--out', '/no/such/folder/x.csv'], 'cannot be written'],
] as const
for (const [argv, words] of refused) {
  test(`refuses ${argv.slice(1).join(' ')}`, async () => {
    const { code, stderr } = await isochron(argv)
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(words) })
  })
}
