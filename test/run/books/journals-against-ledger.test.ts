// `isochron books`: journals that outlived their processes against a ledger that did.

import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runScenario } from '../../../src/run/run-scenario.js'
import { parseScenario } from '../../../src/scenario/reader.js'
import { isochron } from '../../cli/fake-io.js'

const home = mkdtempSync(join(tmpdir(), 'isochron-test-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))
const at = (name: string) => join(home, name)

/** A run of a business day of its own, into the one ledger, with a journal of its own. */
async function run(day: string): Promise<string> {
  const source = `{ name: books, seed: 5, dialect: iso87-ascii, start: ${day}T10:00:00Z, terminals: { count: 4, mix: { sale: 1 } },
    load: [ { hold: { rate: 20/s, for: 2s } } ] }`
  const journal = at(`${day}.journal`)
  await runScenario(parseScenario(source, 's.yaml'), { source, clock: 'virtual', ledger: at('ledger.sqlite'), journal })
  return journal
}

let first: string
let second: string
beforeAll(async () => {
  first = await run('2026-11-26')
  second = await run('2026-11-27')
})

let copies = 0
/** A copy of the ledger that somebody changed. */
function changed(sql: string): string {
  const file = at(`changed${++copies}.sqlite`)
  copyFileSync(at('ledger.sqlite'), file)
  const database = new DatabaseSync(file)
  database.exec(sql)
  database.close()
  return file
}

const books = (ledger: string, ...argv: string[]) => isochron(['books', '--ledger', ledger, ...argv])

test('journals of two runs agree with the ledger of both, which stays as it is', async () => {
  const before = readFileSync(at('ledger.sqlite'))
  const { code, stdout, stderr } = await books(at('ledger.sqlite'), first, second)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^books: agree \(80 transactions\)\n\n +transactions +charged/)
  expect(readFileSync(at('ledger.sqlite')).equals(before)).toBe(true)
})

test('what is older than the journal is left out and told, and --since begin compares it', async () => {
  const { code, stderr } = await books(at('ledger.sqlite'), second)
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: 'left out: 40 transactions of the ledger that are older than what is compared\n',
  })
  const all = await books(at('ledger.sqlite'), second, '--since', 'begin')
  expect(all.code).toBe(4)
  expect(all.stdout).toContain('books: DO NOT AGREE: 40 charged but not known to the terminal')
})

test('a posting that was taken back is named with what both sides say, exit 4', async () => {
  const ledger = changed("UPDATE entry SET state = 'reversed' WHERE id = 7")
  const { code, stdout } = await books(ledger, first, second)
  expect(code).toBe(4)
  expect(stdout).toContain('DO NOT AGREE: 1 known to the terminal but not charged')
  expect(stdout).toMatch(
    /\n0000000\d +\d{10} +00000\d +sale +charged \d+ +nothing +known to the terminal but not charged\n/,
  )
  const json = JSON.parse((await books(ledger, first, second, '--json')).stdout)
  expect(json.books).toMatchObject({ agree: false, counts: { knownButNotCharged: 1 } })
})

test('terminals that no journal knows are left out where --own-terminals says so', async () => {
  const ledger = changed("UPDATE terminal SET terminal = '99999999' WHERE id = 1; UPDATE entry SET state = 'reversed'")
  const { code, stderr } = await books(ledger, first, second, '--own-terminals')
  expect(code).toBe(4)
  expect(stderr).toMatch(/left out: \d+ transactions of terminals that no journal knows/)
})

test('without the journal of a part it cannot be known, exit 3; with a part that is wrong, exit 4', async () => {
  const part = at('pos.part-2-of-2.journal')
  copyFileSync(second, part)
  const ledger = at('ledger.sqlite')
  const { code, stdout } = await books(ledger, part, '--since', 'begin')
  expect(code).toBe(3)
  expect(stdout).toContain(
    'books: not known, no journal of part 1 was named; 40 transactions are in the ledger alone (40 transactions)',
  )
  expect((await books(changed("UPDATE entry SET state = 'reversed' WHERE id = 77"), part)).code).toBe(4)
})

test('refuses what cannot be compared, in words', async () => {
  writeFileSync(at('other.txt'), 'something else entirely')
  writeFileSync(at('empty.journal'), '')
  const ledger = at('ledger.sqlite')
  const cases: readonly (readonly [argv: readonly string[], code: number, words: string])[] = [
    [[ledger, first, first], 2, 'is the same journal as'],
    [[ledger, first, '--since', 'today'], 2, '--since: expected an instant with its zone such as'],
    [[ledger, first, '--ledger-password', at('other.txt')], 2, '--ledger-password is for a ledger in a database'],
    [[changed("UPDATE ledger SET dialect = 'cup-pos'"), first], 2, 'is of dialect iso87-ascii, and ledger'],
    [[at('nowhere.sqlite'), first], 5, 'there is no ledger'],
    [[at('other.txt'), first], 5, 'is no ledger'],
    [[ledger, at('other.txt')], 5, 'is no journal of isochron'],
    [[ledger, at('empty.journal')], 5, 'is empty: it is no journal'],
    [[ledger, at('nowhere.journal')], 5, 'cannot be read (ENOENT: there is no such file)'],
    [[ledger, home], 5, 'is a folder or a device'],
    [[changed('UPDATE ledger SET version = 1'), first], 5, 'has version 1, and this program reads'],
  ]
  for (const [argv, code, words] of cases) {
    const [place = '', ...journals] = argv
    const outcome = await books(place, ...journals)
    expect({ argv, code: outcome.code, stderr: outcome.stderr }).toMatchObject({
      code,
      stderr: expect.stringContaining(words),
    })
  }
})
