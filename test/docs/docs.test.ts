// The README and the documents are true: the reference is what the program says, commands can be read, YAML is taken.
// `npm run bench -- docs` runs every block in an empty folder; that takes a minute.

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { blocksOf, commandsIn } from '../../bench/docs/blocks.js'
import { readCommandLine } from '../../src/cli/program.js'
import { scenarioFromData } from '../../src/scenario/reader.js'
import { referencePages } from './reference.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name.replaceAll('\\', '/')}`),
]
const read = (page: string) => readFileSync(join(root, page), 'utf8')

test('the README is at most 170 lines long', () => {
  expect(read('README.md').split('\n').length).toBeLessThanOrEqual(171)
})

describe('the reference is what the program says', async () => {
  for (const [name, text] of Object.entries(await referencePages())) {
    test(name, () => {
      const file = join(root, 'docs/reference', name)
      if (process.env.WRITE_DOCS !== undefined) writeFileSync(file, text)
      expect(read(`docs/reference/${name}`)).toBe(text)
    })
  }
})

describe.each(pages)('%s', (page) => {
  const text = read(page)
  const blocks = blocksOf(text)

  test('links to files that are there', () => {
    const links = [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map((match) => match[1] as string)
    expect(links.filter((link) => !existsSync(join(root, dirname(page), link)))).toEqual([])
  })

  if (page.startsWith('docs/reference/')) return

  test('names commands and flags that there are', async () => {
    for (const words of blocks.flatMap(commandsIn))
      await expect(readCommandLine(words), `isochron ${words.join(' ')}`).resolves.toBeTypeOf('function')
  })

  // Recipes are files of CI systems, and of scripts there.
  if (page.startsWith('docs/recipes/')) return

  test('shows YAML that is taken', () => {
    const base = { name: 'x', load: [{ hold: { rate: '1/s', for: '1s' } }] }
    for (const block of blocks.filter(({ language }) => language === 'yaml')) {
      const data = parse(block.text) as Record<string, unknown>
      // A key file is no scenario, and neither is a dialect file.
      if (data.base !== undefined) continue
      if (Object.values(data).some((value) => typeof value === 'object' && value !== null && 'usage' in value)) continue
      // A packager of the reader's own is not here, and what is said of its fields cannot be checked.
      if (typeof data.dialect === 'string' && data.dialect.includes('.')) continue
      expect(() => scenarioFromData({ ...base, ...data }), block.text).not.toThrow()
    }
  })
})
