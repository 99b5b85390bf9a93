// Whatever the reader refuses, the schema for editors refuses, as far as a schema can say it: shipped scenarios are broken
// value by value. ISOCHRON_EVERY=1 tries every mutation; in `npm test` each eighth is tried.

import { readdirSync, readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { scenarioJsonSchema } from '../../src/scenario/json-schema.js'
import { scenarioFromData } from '../../src/scenario/reader.js'

const folder = new URL('../../scenarios/', import.meta.url)
const every = Number(process.env.ISOCHRON_EVERY ?? 8)

/** Problems between two values of a file: no schema relates them. */
const betweenAny = [
  /has no route|has no host|the mix has no type|a second (?:route|fault) named/,
  /the shares of all models|expected \d+ to \d+ models|expected at least p50/,
  // A remedy is laid over what was changed.
  /^remedies\./,
]

/** The same, where the file declares names of its own. */
const betweenOwn = { profiles: /^terminals\.network: no profile/, messages: /^terminals\.mix\..*: neither dialect/ }

function isBetween(problem: string, data: unknown): boolean {
  if (betweenAny.some((pattern) => pattern.test(problem))) return true
  return Object.entries(betweenOwn).some(([section, pattern]) => {
    const own = (data as Record<string, unknown>)[section]
    return pattern.test(problem) && Object.keys(own ?? {}).length > 0
  })
}

type Path = readonly (string | number)[]

function* places(node: unknown, path: Path = []): Generator<[path: Path, value: unknown]> {
  if (path.length > 0) yield [path, node]
  if (typeof node !== 'object' || node === null) return
  for (const [key, value] of Object.entries(node))
    yield* places(value, [...path, Array.isArray(node) ? Number(key) : key])
}

type Holder = Record<string | number, unknown>

function changed(data: unknown, path: Path, change: (holder: Holder, key: string | number) => void): unknown {
  const copy = structuredClone(data)
  const holder = path.slice(0, -1).reduce((at, key) => (at as Holder)[key], copy) as Holder
  change(holder, path.at(-1) as string | number)
  return copy
}

/** Other values in a value's place, by name. */
function others(value: unknown): Readonly<Record<string, unknown>> {
  const any = { null: null, 'a number': 7.5, below: -1, none: 0, large: 1e12, 'a word': 'wrong', empty: '', true: true }
  const nested = { 'a list': [], 'a list of one': [1], 'a map': {}, 'a map of a key': { wrongKey: 1 } }
  if (typeof value === 'string')
    return {
      ...any,
      ...nested,
      'cut short': value.slice(0, -1),
      longer: `${value}x`,
      'in capitals': value.toUpperCase(),
      twice: value + value,
      negative: `-${value}`,
    }
  if (typeof value === 'number') return { ...any, ...nested, 'its text': String(value), 'and a half': value + 0.5 }
  return Array.isArray(value) ? { ...any, ...nested, 'itself twice': [...value, ...value] } : { ...any, ...nested }
}

function* mutations(data: unknown): Generator<[name: string, mutant: unknown]> {
  for (const [path, value] of places(data)) {
    // The sections that a remedy lays over are a scenario's own again.
    if (['remedies', 'name', 'about'].includes(String(path[0]))) continue
    const where = path.map((step) => (typeof step === 'number' ? '#' : step)).join('.')
    for (const [name, other] of Object.entries(others(value)))
      yield [`${where}: ${name}`, changed(data, path, (holder, key) => Object.assign(holder, { [key]: other }))]
    yield [
      `${where}: left out`,
      changed(data, path, (holder, key) => {
        if (Array.isArray(holder)) holder.splice(Number(key), 1)
        else delete holder[key]
      }),
    ]
    if (typeof path.at(-1) === 'string')
      yield [
        `${where}: misspelt`,
        changed(data, path, (holder, key) => {
          holder[`${key}x`] = holder[key]
          delete holder[key]
        }),
      ]
  }
}

function problemOf(data: unknown): string | undefined {
  try {
    scenarioFromData(data)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

test('what the reader refuses in one value, the schema refuses', () => {
  const check = new Ajv2020({ strict: false, logger: false }).compile(scenarioJsonSchema())
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'))
  const tried = new Set<string>()
  const missed: string[] = []
  let refused = 0
  for (const file of files.sort()) {
    const data = parse(readFileSync(new URL(file, folder), 'utf8'))
    for (const [name, mutant] of mutations(data)) {
      if (tried.has(name)) continue
      tried.add(name)
      if (tried.size % every !== 0) continue
      const problem = problemOf(mutant)
      if (problem === undefined) continue
      refused++
      if (check(mutant) && !isBetween(problem, mutant)) missed.push(`${name}: ${problem}`)
    }
  }
  expect(refused).toBeGreaterThan(2400 / every)
  expect(missed).toEqual([])
})
