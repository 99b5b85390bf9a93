// A run's files are whole or not there, whatever the disk does.

import { existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { cannotWrite, writeWhole } from '../../../src/run/disk/write-whole.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'isochron-test-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('a file is written piece by piece, and nothing stays beside it', async () => {
  const file = join(folder, 'evidence.jsonl')
  await writeWhole(
    file,
    Array.from({ length: 1000 }, (_, line) => `${String(line).padStart(999, '.')}\n`),
  )
  expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(1001)
  expect(readdirSync(folder)).toEqual(['evidence.jsonl'])
})

test('pieces that fail in the middle leave the older file as it was', async () => {
  const file = join(folder, 'result.json')
  await writeWhole(file, ['old'])
  const pieces = (function* () {
    yield 'x'.repeat(1_000_000)
    throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
  })()
  await expect(writeWhole(file, pieces)).rejects.toThrow(
    `cannot write ${file}: the disk is full: make room, or name another folder (ENOSPC)`,
  )
  expect(readFileSync(file, 'utf8')).toBe('old')
  expect(readdirSync(folder)).toEqual(['result.json'])
})

test.runIf(existsSync('/dev/full'))('a device that is full is named, with the file', async () => {
  const file = join(folder, 'result.json')
  const full = () => openSync('/dev/full', 'w')
  await expect(writeWhole(file, ['text'], full)).rejects.toThrow(/result\.json: the disk is full.*ENOSPC/)
  expect(existsSync(file)).toBe(false)
})

test('a folder in the place of a file is named', async () => {
  mkdirSync(join(folder, 'result.json'))
  await expect(writeWhole(join(folder, 'result.json'), ['text'])).rejects.toThrow('cannot write')
  expect(readdirSync(folder)).toEqual(['result.json'])
})

test('descriptors that are used up are named', () => {
  const { message } = cannotWrite('out/result.json', Object.assign(new Error(), { code: 'EMFILE' }))
  expect(message).toBe('cannot write out/result.json: this process has no descriptor left: raise ulimit -n (EMFILE)')
})
