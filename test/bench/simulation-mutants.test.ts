// Whether the deliberate defects can still be made: code that moves takes their places away.

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { mutants, patched } from '../../bench/simulation/mutants.js'

const dist = resolve(import.meta.dirname, '../../dist')
const patches = mutants.flatMap(({ name, patches }) => patches.map((patch) => ({ name, patch })))

test.each(patches)('$name has its place in $patch.file', ({ patch }) => {
  const code = readFileSync(resolve(dist, patch.file.replace(/^src\//, '')), 'utf8')
  expect(patched(code, patch)).toContain(patch.to)
})

test.each([
  { name: 'is gone', code: 'here()', times: 0 },
  { name: 'is there twice', code: 'there() there()', times: 2 },
])('a place that $name is refused', ({ code, times }) => {
  const patch = { file: 'src/any.js', from: 'there()', to: 'nowhere()' }
  expect(() => patched(code, patch)).toThrow(`src/any.js: expected 'there()' once, found it ${times} times`)
})
