// The folder of a run: made before the run, or refused at once.

import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { makeRunFolder } from '../../../src/run/files/run-folder.js'

const base = mkdtempSync(join(tmpdir(), 'isochron-run-folder-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))

describe('the folder of a run', () => {
  test('is made with all folders above it, and may be there already', () => {
    const folder = join(base, 'a', 'b', 'c')
    makeRunFolder(folder)
    makeRunFolder(folder)
    expect(statSync(folder).isDirectory()).toBe(true)
  })

  test('is refused where a file stands, and below a file', () => {
    const file = join(base, 'file')
    writeFileSync(file, '')
    expect(() => makeRunFolder(file)).toThrow(/cannot write to .*file \(EEXIST\): name another folder with --out/)
    expect(() => makeRunFolder(join(file, 'sub'))).toThrow(
      /cannot write to .*sub \(ENOTDIR: .*\): name another folder with --out/,
    )
  })

  test.runIf(process.platform === 'linux')('is refused at once where the system makes no folders', () => {
    expect(() => makeRunFolder('/proc/nope/deeper')).toThrow('cannot write to /proc/nope/deeper (ENOENT: ')
  })
})
