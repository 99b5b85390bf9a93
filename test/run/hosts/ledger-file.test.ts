// The key beside a ledger: made once, on the disk before it is used.

import type fs from 'node:fs'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createLedgerFile } from '../../../src/run/hosts/ledger-file.js'

/** What was asked to be on the disk, by name. */
const synced: string[] = []
vi.mock('node:fs', async (original) => {
  const real = await original<typeof fs>()
  return {
    ...real,
    fsyncSync(descriptor: number) {
      synced.push(real.readlinkSync(`/proc/self/fd/${descriptor}`))
      real.fsyncSync(descriptor)
    },
  }
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
