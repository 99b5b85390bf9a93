// A command loads what it needs and no more. Counted by the imports of its files, because times differ between machines;
// `npm run bench -- start-up` measures them.

import { describe, expect, test } from 'vitest'
import { commandNames } from '../../src/cli/command-table.js'
import { loadedWith, sourcesIn, src } from '../source-tree.js'

const files = sourcesIn(src)
const filesOf = (loaded: ReadonlySet<string>) => [...loaded].filter((name) => name.endsWith('.ts'))
const packagesOf = (loaded: ReadonlySet<string>) =>
  [...loaded].filter((name) => !name.endsWith('.ts') && !name.startsWith('node:'))

const cases: readonly { readonly command: string; readonly mostFiles: number }[] = [
  { command: 'decode', mostFiles: 120 },
  { command: 'encode', mostFiles: 140 },
  { command: 'diff', mostFiles: 125 },
  { command: 'dialects', mostFiles: 85 },
  { command: 'explain', mostFiles: 40 },
]

describe('a light command loads yargs and no other package', () => {
  for (const { command, mostFiles } of cases) {
    test(`${command}: at most ${mostFiles} files`, () => {
      const loaded = loadedWith(['cli/main.ts', 'cli/program.ts', `cli/commands/${command}.ts`], files)
      expect(packagesOf(loaded)).toEqual(['yargs'])
      expect(filesOf(loaded).length).toBeLessThanOrEqual(mostFiles)
    })
  }

  test('the version needs no package', () => {
    expect(packagesOf(loadedWith(['cli/main.ts'], files))).toEqual([])
  })

  test('the command line itself loads no command', () => {
    const loaded = loadedWith(['cli/program.ts'], files)
    expect(filesOf(loaded).filter((name) => name.startsWith('cli/commands/'))).toEqual([])
    expect(commandNames.length).toBeGreaterThan(10)
  })
})
