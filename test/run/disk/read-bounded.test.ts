// Files that a user names by mistake: what has no end, what is too large, what is no file.

import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { StartError, UsageError } from '../../../src/base/errors.js'
import { readBounded } from '../../../src/run/disk/read-bounded.js'
import { readDialect } from '../../../src/run/files/read-dialect.js'
import { createLedgerFile } from '../../../src/run/hosts/ledger-file.js'
import { openJournalFile } from '../../../src/terminal/journal/journal-file.js'

const folder = mkdtempSync(join(tmpdir(), 'isochron-bounded-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('a file is read whole, or not at all', () => {
  const file = join(folder, 'some')
  const bytes = Buffer.alloc(200_000, 'é')
  writeFileSync(file, bytes)
  expect(readBounded(file, bytes.length)?.equals(bytes)).toBe(true)
  expect(readBounded(file, bytes.length - 1)).toBeUndefined()
  expect(() => readBounded(join(folder, 'none'), 1)).toThrow('ENOENT')
})

test('what has no end is too large', () => {
  expect(readBounded('/dev/zero', 1_000_000)).toBeUndefined()
  expect(() => readDialect('/dev/zero')).toThrow(UsageError)
})

test('journal and ledger are files, and nothing is made beside what is none', () => {
  const place = join(folder, 'place')
  mkdirSync(place)
  expect(() => openJournalFile(place)).toThrow(StartError)
  expect(() => openJournalFile('/dev/null')).toThrow('a journal is a file')
  expect(() => createLedgerFile({ file: place, durability: 'process' })).toThrow('a ledger is a file')
  const notes = join(folder, 'notes')
  writeFileSync(notes, 'no ledger at all')
  expect(() => createLedgerFile({ file: notes, durability: 'process' })).toThrow('is no ledger')
  expect(existsSync(`${notes}.key`)).toBe(false)
  expect([existsSync(`${place}.lock`), existsSync(`${place}.key`)]).toEqual([false, false])
})

test('a journal behind a link stays behind it, and has one lock', () => {
  const [real, link] = [join(folder, 'real.journal'), join(folder, 'link.journal')]
  writeFileSync(real, '')
  symlinkSync(real, link)
  const storage = openJournalFile(link)
  expect(() => openJournalFile(real)).toThrow('in use')
  const renewal = storage.renew()
  renewal.append(Buffer.from('new'))
  renewal.take()
  storage.close()
  expect(lstatSync(link).isSymbolicLink()).toBe(true)
  expect(readFileSync(real, 'utf8')).toBe('new')
})
