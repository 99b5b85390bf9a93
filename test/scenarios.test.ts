// The scenario files that come with the program: each can be read, is short, and stands in their README.

import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { builtInDialects } from '../src/codec/dialects/index.js'
import { loadDuration } from '../src/scenario/checks.js'
import { parseScenario } from '../src/scenario/reader.js'

const folder = new URL('../scenarios/', import.meta.url)
const read = (file: string) => readFileSync(new URL(file, folder), 'utf8')
const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'))

test.each(files)('%s can be read, lasts less than half a minute, and stands in the README', (file) => {
  const scenario = parseScenario(read(file), file)
  expect(`${scenario.name}.yaml`).toBe(file)
  expect(loadDuration(scenario.load) + (scenario.drain ?? 0)).toBeLessThanOrEqual(30_000)
  expect(scenario.thresholds).not.toEqual([])
  expect(read('README.md')).toContain(`\`${file}\``)
})

test('every built-in dialect has a scenario', () => {
  const shown = files.map((file) => parseScenario(read(file), file).dialect.name)
  expect([...new Set(shown)].sort()).toEqual(builtInDialects.map(({ name }) => name).sort())
})
