// The table of `npm run bench` and the files of bench/ name the same benches.

import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { benches, benchTable } from '../../bench/catalogue.js'

const folder = resolve(import.meta.dirname, '../../bench')
const headerOf = (file: string) => /^(?:\/\/.*\n)*/.exec(readFileSync(resolve(folder, file), 'utf8'))?.[0] ?? ''

test('every row has a file, whose header shows how it is called', () => {
  const silent = benches.filter(({ name, file }) => !headerOf(`${file}.ts`).includes(`npm run bench -- ${name}`))
  expect(silent).toEqual([])
})

test('every file whose header shows a call stands in the table', () => {
  const called = readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && file !== 'catalogue.ts' && file !== 'main.ts')
    .flatMap((file) => [...headerOf(file).matchAll(/npm run bench -- ([a-z][\w:-]*)/g)].map((match) => match[1]))
  const names = benches.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  expect([...new Set(called)].sort()).toEqual([...names].sort())
})

test('the table fits a terminal of 120 columns', () => {
  expect(
    benchTable()
      .split('\n')
      .filter((line) => line.length > 120),
  ).toEqual([])
})
