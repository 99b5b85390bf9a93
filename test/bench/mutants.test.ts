// The short form of `npm run bench -- mutants`: the forty lines are still there, each once, and so are the tests named for them.

import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { brokenLines } from '../../bench/mutants/lines.js'
import { patched } from '../../bench/simulation/mutants.js'

const root = resolve(import.meta.dirname, '../..')

test('at least forty promises are guarded, each once', () => {
  expect(brokenLines.length).toBeGreaterThanOrEqual(40)
  expect(new Set(brokenLines.map(({ name }) => name)).size).toBe(brokenLines.length)
})

test.each(brokenLines)('$name: its line is in src/$file', ({ file, from, to, tests }) => {
  const code = readFileSync(resolve(root, 'src', file), 'utf8')
  expect(patched(code, { file, from, to })).not.toBe(code)
  expect(tests.filter((name) => !existsSync(resolve(root, 'test', `${name}.test.ts`)))).toEqual([])
})
