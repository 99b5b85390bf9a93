// Keeps src/README.md true: a folder imports only what its row of the map allows, nothing goes in circles, and only
// the folders that own a clock, a socket, a disk or a thread touch one.

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const src = resolve(import.meta.dirname, '../src')

/** The arrows. `run` and `cli` stand above all; `index.ts` may name anything. */
const mayImport: Record<string, readonly string[]> = {
  base: [],
  codec: ['base'],
  framing: ['base'],
  crypto: ['base'],
  measure: ['base'],
  doctor: ['codec', 'framing', 'base'],
  transport: ['codec', 'framing', 'crypto', 'base'],
  faults: ['codec', 'transport', 'base'],
  tap: ['transport', 'framing', 'codec', 'base'],
  control: ['faults', 'measure', 'base'],
  terminal: ['transport', 'codec', 'crypto', 'measure', 'base'],
  acquirer: ['transport', 'codec', 'crypto', 'faults', 'measure', 'base'],
  proxy: ['tap', 'transport', 'framing', 'codec', 'crypto', 'faults', 'measure', 'base'],
  load: ['measure', 'base'],
  cluster: ['load', 'measure', 'base'],
  report: ['measure', 'base'],
  scenario: ['terminal', 'acquirer', 'load', 'faults', 'codec', 'framing', 'measure', 'base'],
  run: [
    ...[
      'base',
      'codec',
      'framing',
      'crypto',
      'measure',
      'cluster',
      'doctor',
      'transport',
      'faults',
      'control',
      'terminal',
    ],
    ...['acquirer', 'proxy', 'tap', 'load', 'report', 'scenario'],
  ],
  cli: ['run', 'scenario', 'report', 'doctor', 'tap', 'codec', 'framing', 'crypto', 'measure', 'base'],
}

/** From these two a folder may take option schemas only, so that what is read stays apart from what is done. */
const schemasOnly: Record<string, RegExp> = { scenario: /^(terminal|acquirer|load|faults)\// }

/** What only some folders may touch: a pattern in the code, and the folders. */
const owners: readonly { readonly what: string; readonly pattern: RegExp; readonly folders: readonly string[] }[] = [
  { what: 'the time', pattern: /\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b|process\.hrtime/, folders: ['base'] },
  { what: 'timers', pattern: /\bset(?:Timeout|Interval|Immediate)\(|\bqueueMicrotask\(/, folders: ['base'] },
  { what: 'chance', pattern: /\bMath\.random\b|\brandomBytes\(|\brandomUUID\(/, folders: ['base'] },
  { what: 'sockets', pattern: /from 'node:(?:net|tls|dgram)'/, folders: ['transport'] },
  { what: 'HTTP', pattern: /from 'node:https?'/, folders: ['control'] },
  { what: 'cryptography', pattern: /from 'node:crypto'/, folders: ['crypto'] },
  { what: 'SQLite', pattern: /from '@photostructure\/sqlite'/, folders: ['acquirer'] },
  { what: 'PostgreSQL', pattern: /(?:from|import\() ?'pg'/, folders: ['acquirer'] },
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

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name, text: readFileSync(join(src, name), 'utf8') }))

const folderOf = (name: string) => name.split(/[\\/]/)[0] as string
const code = (text: string) => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1')

/** Paths that a file imports, static, side-effect and dynamic; relative ones as names under src/. */
function importsOf({ name, text }: { name: string; text: string }): string[] {
  const found = [...code(text).matchAll(/\b(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] as string)
  return found.map((path) =>
    path.startsWith('.') ? relative(src, resolve(src, dirname(name), path)).replace(/\.js$/, '.ts') : path,
  )
}

describe('the arrows between folders', () => {
  for (const file of files.filter(({ name }) => name !== 'index.ts')) {
    test(`src/${file.name} imports only what its folder may`, () => {
      const own = folderOf(file.name)
      expect(Object.keys(mayImport), `${own}/ is not on the map`).toContain(own)
      for (const target of importsOf(file).filter((path) => path.endsWith('.ts'))) {
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
      const strangers = files.filter(({ name, text }) => pattern.test(code(text)) && !folders.includes(folderOf(name)))
      expect(strangers.map(({ name }) => name)).toEqual([])
    })
  }
})

test('no file imports itself in a circle', () => {
  const graph = new Map(files.map((file) => [file.name, importsOf(file).filter((path) => path.endsWith('.ts'))]))
  const done = new Set<string>()
  const visit = (name: string, path: readonly string[]): void => {
    if (path.includes(name)) throw new Error(`circle: ${[...path.slice(path.indexOf(name)), name].join(' -> ')}`)
    if (done.has(name)) return
    for (const next of graph.get(name) ?? []) visit(next, [...path, name])
    done.add(name)
  }
  for (const name of graph.keys()) visit(name, [])
})

test('every folder of src/ stands in src/README.md', () => {
  const map = readFileSync(join(src, 'README.md'), 'utf8')
  for (const folder of new Set(files.map(({ name }) => folderOf(name)).filter((name) => !name.endsWith('.ts')))) {
    expect(map).toContain(`\`${folder}/\``)
  }
})

test('no file of src/ is longer than 400 lines', () => {
  expect(files.filter(({ text }) => text.split('\n').length > 401).map(({ name }) => name)).toEqual([])
})

/** Names that two files may export, each with the reason. */
const allowedTwice: Readonly<Record<string, string>> = {}

const declaration =
  /^export (?:declare )?(?:abstract )?(?:async )?(?:const|let|function\*?|class|interface|type|enum) (\w+)/gm

/** Every exported name with the files that declare it. Overloads of one file count once; a re-export is no declaration. */
const exported = new Map<string, string[]>()
for (const { name: file, text } of files) {
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
