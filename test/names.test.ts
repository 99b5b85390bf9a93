// One name means one thing: no two files of src/, and no two of bench/, export the same name.

import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

/** Names that two files may export, each with the reason. */
const allowedTwice: Readonly<Record<string, string>> = {}

const declaration =
  /^export (?:declare )?(?:abstract )?(?:async )?(?:const|let|function\*?|class|interface|type|enum) (\w+)/gm

/** Every exported name with the files that declare it. Overloads of one file count once; a re-export is no declaration. */
function exportsOf(folder: string): ReadonlyMap<string, readonly string[]> {
  const root = resolve(import.meta.dirname, '..', folder)
  const found = new Map<string, string[]>()
  for (const file of readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))) {
    const names = [...readFileSync(join(root, file), 'utf8').matchAll(declaration)].map((match) => match[1] as string)
    for (const name of new Set(names)) found.set(name, [...(found.get(name) ?? []), file])
  }
  return found
}

describe('no exported name is used twice', () => {
  for (const folder of ['src']) {
    const names = exportsOf(folder)
    test(`in ${folder}/`, () => {
      expect(names.size).toBeGreaterThan(100)
      const twice = [...names].filter(([name, files]) => files.length > 1 && allowedTwice[name] === undefined)
      expect(twice.map(([name, files]) => `${name}: ${files.join(', ')}`)).toEqual([])
    })
  }

  test('and no allowed pair is out of date', () => {
    const names = exportsOf('src')
    expect(Object.keys(allowedTwice).filter((name) => (names.get(name)?.length ?? 0) < 2)).toEqual([])
  })
})
