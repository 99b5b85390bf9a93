// The key beside a ledger: made once, on the disk before it is used.

import fs, { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { createLedgerFile } from '../../../src/run/hosts/ledger-file.js'

/** Names of the files that were asked to be on the disk. */
const synced: string[] = []

// A module of Node itself: every importer sees the new function, and the old one again afterwards.
const { fsyncSync } = fs
fs.fsyncSync = (descriptor) => {
  synced.push(fs.readlinkSync(`/proc/self/fd/${descriptor}`))
  fsyncSync(descriptor)
}
syncBuiltinESMExports()
afterAll(() => {
  fs.fsyncSync = fsyncSync
  syncBuiltinESMExports()
})

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'isochron-key-'))
  synced.length = 0
})
afterEach(() => rmSync(folder, { recursive: true }))

test.runIf(process.platform === 'linux')('a key is on the disk, with its name, before the ledger is opened', () => {
  const file = join(folder, 'books.sqlite')
  using first = createLedgerFile({ file, durability: 'power' })
  expect(synced).toEqual([`${file}.key`, folder])
  expect(statSync(`${file}.key`).mode & 0o777).toBe(0o600)
  using second = createLedgerFile({ file, durability: 'power' })
  expect(second.place.cardKey).toEqual(first.place.cardKey)
  expect(readFileSync(`${file}.key`, 'utf8')).toBe(`${Buffer.from(first.place.cardKey).toString('hex')}\n`)
  expect(synced).toHaveLength(2)
})
