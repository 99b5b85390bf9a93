// Keeps src/README.md true: a folder imports only what its row of the map allows, nothing goes in circles, and only
// the folders that own a clock, a socket, a disk or a thread touch one.

import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { codeOf, importsOf, type SourceFile, sourcesIn, src } from './source-tree.js'

const readme = readFileSync(join(src, 'README.md'), 'utf8')

/** Rows of a table of the map: its cells without their backquotes. */
const rowsOf = (head: string): readonly (readonly string[])[] => {
  const [, table = ''] = new RegExp(`^\\| ${head} \\|.*\\n\\|[-|]+\\n((?:\\|.*\\n)+)`, 'm').exec(readme) ?? []
  return [...table.matchAll(/^\|(.*)\|$/gm)].map((row) => (row[1] as string).split('|').map((cell) => cell.trim()))
}
const folderIn = (cell: string) => cell.replace(/`/g, '').replace(/\/$/, '')
const listed = (cell: string) =>
  cell
    .replace(/\([^)]*\)/g, '')
    .split(',')
    .map((each) => each.trim())

/** The arrows between folders, as the map has them. `index.ts` may name anything. */
const mayImport: Record<string, readonly string[]> = {}
for (const [folder = '', , allowed = ''] of rowsOf('folder')) {
  const above = Object.keys(mayImport)
  mayImport[folderIn(folder)] = allowed === 'nothing' ? [] : allowed === 'all above' ? above : listed(allowed)
}

/** The arrows between the wings of one folder: `codec/fields` to `encodings`. */
const wings: ReadonlyMap<string, readonly string[]> = new Map(
  rowsOf('wing').map(([wing = '', allowed = '']) => [folderIn(wing), listed(allowed)]),
)

/** Catalogues: one file for each command, dialect, fault, cause. */
const catalogues = ['cli/commands', 'codec/dialects', 'faults/message', 'faults/network', 'measure/causes']

/** From these two a folder may take option schemas only, so that what is read stays apart from what is done. */
const schemasOnly: Record<string, RegExp> = { scenario: /^(terminal|acquirer|load|faults)\// }

/** The things that only some folders may touch: a pattern in the code, and the folders. */
const owners: readonly { readonly what: string; readonly pattern: RegExp; readonly folders: readonly string[] }[] = [
  { what: 'the time', pattern: /\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b|process\.hrtime/, folders: ['base'] },
  { what: 'timers', pattern: /\bset(?:Timeout|Interval|Immediate)\(|\bqueueMicrotask\(/, folders: ['base'] },
  { what: 'chance', pattern: /\bMath\.random\b|\brandomBytes\(|\brandomUUID\(/, folders: ['base'] },
  { what: 'sockets', pattern: /from 'node:(?:net|tls|dgram)'/, folders: ['transport'] },
  { what: 'HTTP', pattern: /from 'node:https?'/, folders: ['control'] },
  { what: 'cryptography', pattern: /from 'node:crypto'/, folders: ['crypto'] },
  { what: 'SQLite', pattern: /from '@photostructure\/sqlite'/, folders: ['acquirer'] },
  { what: 'PostgreSQL', pattern: /(?:from|import\() ?'pg'/, folders: ['acquirer'] },
  { what: 'NATS', pattern: /(?:from|import\() ?'@nats-io\//, folders: ['cluster'] },
  // base/process-identity.ts asks the system who lives.
  {
    what: 'the disk',
    pattern: /from 'node:fs(?:\/promises)?'/,
    folders: ['run', 'cli', 'terminal', 'scenario', 'base'],
  },
  {
    what: 'threads and processes',
    pattern: /from 'node:(?:worker_threads|child_process|cluster)'/,
    folders: ['run', 'load'],
  },
  { what: 'the process', pattern: /\bprocess\.(?:exit|on|once|stdout|stderr|stdin|argv)\b/, folders: ['cli', 'run'] },
]

const files = sourcesIn(src)
const folderOf = (name: string) => name.split('/')[0] as string
/** The wing that a file stands in; undefined for a flat file of its folder. */
const wingOf = (name: string) => (name.split('/').length > 2 ? (name.split('/')[1] as string) : undefined)
const importsWithin = (file: SourceFile) =>
  importsOf(file)
    .map(({ target }) => target)
    .filter((target) => target.endsWith('.ts'))

describe('the arrows between folders', () => {
  for (const file of files.filter(({ name }) => name !== 'index.ts')) {
    test(`src/${file.name} imports only what its folder may`, () => {
      const own = folderOf(file.name)
      expect(Object.keys(mayImport), `${own}/ is not on the map`).toContain(own)
      for (const target of importsWithin(file)) {
        const folder = folderOf(target)
        expect([own, ...(mayImport[own] as string[])], `${own}/ may not import ${target}`).toContain(folder)
        if (schemasOnly[own]?.test(target))
          expect(target, `${own}/ may take options only`).toMatch(/options\.ts$|catalogue\.ts$/)
      }
    })
  }
})

describe('who may touch the world outside', () => {
  for (const { what, pattern, folders } of owners) {
    test(`${what}: only ${folders.join(', ')}`, () => {
      const strangers = files.filter(
        ({ name, text }) => pattern.test(codeOf(text)) && !folders.includes(folderOf(name)),
      )
      expect(strangers.map(({ name }) => name)).toEqual([])
    })
  }
})

test('no file imports itself in a circle', () => {
  const graph = new Map(files.map((file) => [file.name, importsWithin(file)]))
  const done = new Set<string>()
  const visit = (name: string, path: readonly string[]): void => {
    if (path.includes(name)) throw new Error(`circle: ${[...path.slice(path.indexOf(name)), name].join(' -> ')}`)
    if (done.has(name)) return
    for (const next of graph.get(name) ?? []) visit(next, [...path, name])
    done.add(name)
  }
  for (const name of graph.keys()) visit(name, [])
})

test('the map has a row for every folder of src/ and no other', () => {
  const folders = new Set(files.map(({ name }) => folderOf(name)).filter((name) => !name.endsWith('.ts')))
  expect(Object.keys(mayImport).sort()).toEqual([...folders].sort())
})

describe('the arrows between wings', () => {
  const used = new Map<string, Set<string>>()
  for (const file of files) {
    const [folder, wing] = [folderOf(file.name), wingOf(file.name)]
    if (wing === undefined) continue
    for (const target of importsWithin(file)) {
      const other = wingOf(target)
      if (folderOf(target) !== folder || other === undefined || other === wing) continue
      const key = `${folder}/${wing}`
      used.set(key, (used.get(key) ?? new Set()).add(other))
    }
  }

  test('are those of the map, no more and no fewer', () => {
    const asLines = (all: Iterable<readonly [string, Iterable<string>]>) =>
      [...all].map(([wing, others]) => `${wing} -> ${[...others].sort().join(', ')}`).sort()
    expect(asLines(used)).toEqual(asLines(wings))
  })

  test('go one way', () => {
    const visit = (wing: string, path: readonly string[]): void => {
      if (path.includes(wing)) throw new Error(`circle: ${[...path.slice(path.indexOf(wing)), wing].join(' -> ')}`)
      for (const other of wings.get(wing) ?? []) visit(`${folderOf(wing)}/${other}`, [...path, wing])
    }
    for (const wing of wings.keys()) visit(wing, [])
  })
})

/** Outside of scenario/: who may see a whole scenario, each with the reason. Everybody else is handed a part (scenario/parts.ts). */
const seesAScenarioWhole: Readonly<Record<string, string>> = {
  'cli/flags/journal-flags.ts': 'runs it twice where a person was asked in between',
  'index.ts': 'names the type for users of the package',
  'run/bus/bundle.ts': 'reads one that came over a bus',
  'run/bus/coordinate-run.ts': 'hands it to generators elsewhere',
  'run/bus/take-part.ts': 'runs one that came over a bus',
  'run/check-run.ts': 'takes it apart as a run does',
  'run/files/read-scenario.ts': 'reads one',
  'run/library/library-run.ts': 'looks at one before it is run, for users of the package',
  'run/rehearse.ts': 'makes another of it, which is run',
  'run/run-scenario.ts': 'takes it apart',
  'run/try-remedies.ts': 'runs it once for each remedy',
  'run/workers/generators.ts': 'hands it to a thread',
  'run/workers/run-with-workers.ts': 'hands it to each thread, and takes it apart for the hosts',
  'run/workers/runs-ahead.ts': 'hands it to a thread',
}
/** All parts at once are a whole scenario by another name: only the steps of a run have them. */
const seesAllParts = ['run/run-scenario.ts', 'run/run.ts', 'run/workers/run-with-workers.ts']

test('a scenario is taken apart once: a function takes the part that it needs', () => {
  const seeing = (pattern: RegExp) =>
    files
      .filter(({ name, text }) => !name.startsWith('scenario/') && pattern.test(codeOf(text)))
      .map(({ name }) => name)
      .sort()
  expect(seeing(/^(?:im|ex)port (?:type )?\{[^}]*\bScenario\b[^}]*\} from/m)).toEqual(
    Object.keys(seesAScenarioWhole).sort(),
  )
  expect(seeing(/[:|&] ScenarioParts\b(?!\[)/)).toEqual(seesAllParts)
})

test('no folder of mixed things holds more than 20 files', () => {
  const counts = new Map<string, number>()
  for (const { name } of files) counts.set(dirname(name), (counts.get(dirname(name)) ?? 0) + 1)
  const crowded = [...counts].filter(([folder, count]) => count > 20 && !catalogues.includes(folder))
  expect(crowded).toEqual([])
})

test('no file is entered by tests only', () => {
  const entered = new Set([
    'cli/main.ts',
    'index.ts',
    ...files.flatMap((file) => importsOf(file).map(({ target }) => target)),
  ])
  const threads = files.flatMap(({ name, text }) =>
    [...text.matchAll(/new URL\('(\.[^']+)\.js'/g)].map((match) => join(dirname(name), `${match[1]}.ts`)),
  )
  const lonely = files.filter(({ name }) => !entered.has(name) && !threads.includes(name) && !name.endsWith('.d.ts'))
  expect(lonely.map(({ name }) => name)).toEqual([])
})

describe('no file is longer than 400 lines', () => {
  for (const folder of ['src', 'bench', 'test'])
    test(`in ${folder}/`, () => {
      const long = sourcesIn(resolve(src, '..', folder)).filter(({ text }) => text.split('\n').length > 401)
      expect(long.map(({ name }) => name)).toEqual([])
    })
})

/** Names that two files may export, each with the reason. */
const allowedTwice: Readonly<Record<string, string>> = {}

const declaration =
  /^export (?:declare )?(?:abstract )?(?:async )?(?:const|let|function\*?|class|interface|type|enum) (\w+)/gm

/** Every exported name of src/ and bench/ with the files that declare it. Overloads of one file count once; a re-export is no declaration. */
const exported = new Map<string, string[]>()
const inBench = sourcesIn(resolve(src, '../bench')).map(({ name, text }) => ({ name: `../bench/${name}`, text }))
for (const { name: file, text } of [...files, ...inBench]) {
  const names = [...text.matchAll(declaration)].map((match) => match[1] as string)
  for (const name of new Set(names)) exported.set(name, [...(exported.get(name) ?? []), file])
}

describe('one name means one thing', () => {
  test('no two files export the same name', () => {
    const twice = [...exported].filter(([name, where]) => where.length > 1 && allowedTwice[name] === undefined)
    expect(twice.map(([name, where]) => `${name}: ${where.join(', ')}`)).toEqual([])
  })

  test('and no allowed pair is out of date', () => {
    expect(Object.keys(allowedTwice).filter((name) => (exported.get(name)?.length ?? 0) < 2)).toEqual([])
  })
})
