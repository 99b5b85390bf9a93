// The file of a spill: of its user alone, gone with the run, and named when the disk is.

import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createSpillFile } from '../../../src/run/disk/spill-file.js'
import { makeTemporaryFolder } from '../../../src/run/disk/temporary-folder.js'

const parent = mkdtempSync(join(tmpdir(), 'spill-test-'))
afterAll(() => rmSync(parent, { recursive: true }))

const made = () => readdirSync(parent).map((name) => join(parent, name, 'books'))

test('keeps bytes at their places, for its user alone, and leaves nothing behind', () => {
  const spill = createSpillFile(parent)
  expect(made()).toEqual([])
  const places = [1, 2, 3].map((byte) => spill.append(new Uint8Array(1000).fill(byte)))
  spill.write((places[1] as number) + 10, Uint8Array.of(9))
  const into = new Uint8Array(1000)
  spill.read(places[1] as number, into)
  expect([into[9], into[10], into[11]]).toEqual([2, 9, 2])
  const [file = ''] = made()
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o077).toBe(0)
  spill.close()
  spill.close()
  expect(made()).toEqual([])
})

test('of a process that was killed is removed by the next one', () => {
  const folder = makeTemporaryFolder(parent)
  writeFileSync(join(folder, 'books'), 'rows')
  writeFileSync(join(folder, 'owner'), JSON.stringify({ pid: 2 ** 30, start: 'then', host: '' }))
  const spill = createSpillFile(parent)
  spill.append(new Uint8Array(1))
  expect(existsSync(folder)).toBe(false)
  spill.close()
})

test('names the file and the cause where nothing can be written or read', () => {
  const nowhere = createSpillFile(join(parent, 'none'))
  expect(() => nowhere.append(new Uint8Array(1))).toThrow(/cannot write .*none/)
  expect(() => nowhere.read(0, new Uint8Array(1))).toThrow('nothing was written')
  const spill = createSpillFile(parent)
  spill.append(new Uint8Array(100))
  const [file = ''] = made()
  truncateSync(file, 50)
  expect(() => spill.read(0, new Uint8Array(100))).toThrow(`cannot read ${file}: it was cut off`)
  spill.close()
})
