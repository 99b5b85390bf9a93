// Parts of one run, each made apart, and put together from their folders.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { judgeRun } from '../../src/measure/verdict.js'
import { printJunit } from '../../src/report/junit.js'
import { printSummary } from '../../src/report/summary.js'
import { mergePartFolders } from '../../src/run/merge-parts.js'
import { runScenario } from '../../src/run/run-scenario.js'
import { virtualWorld } from '../../src/run/world.js'
import { parseScenario } from '../../src/scenario/reader.js'

const text = `
name: in parts
seed: 11
timely: { response: 60ms }
terminals: { count: 30, merchants: 5, mix: { sale: 8, balance: 2 } }
acquirer: { workers: 4, serviceTime: { p50: 20ms, p99: 200ms } }
load:
  - ramp: { from: 10/s, to: 100/s, over: 4s }
  - hold: { rate: 100/s, for: 4s, arrivals: poisson }
thresholds: [ 'timelyRate > 10%' ]
`
const of = 3
const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0)

let home = ''
let folders: string[] = []
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'isochron-test-'))
  folders = Array.from({ length: of }, (_, index) => join(home, `part-${index + 1}`))
  for (const [index, outDir] of folders.entries()) await runPart(index, outDir)
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

function runPart(index: number, outDir: string, seed = 11) {
  const scenario = { ...parseScenario(text, 'test.yaml'), seed }
  const options = { source: text, world: virtualWorld(scenario.start), outDir, share: { index, of } }
  return runScenario(scenario, options)
}

const readResult = (folder: string) => JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8'))

describe('parts', () => {
  test('together offer what the whole run offers, and their books agree', async () => {
    const whole = await runScenario(parseScenario(text, 'test.yaml'), { source: text, clock: 'virtual' })
    const merged = await mergePartFolders(folders, join(home, 'whole'))
    expect(merged.offered).toBe(whole.offered)
    expect(Object.keys(merged.breakdown.merchant).sort()).toEqual(Object.keys(whole.breakdown.merchant).sort())
    expect(merged).toMatchObject({ whole: true, books: { agree: true }, thresholds: [{ met: true }] })
    expect(merged.parts?.map(({ part, lost }) => [part, lost])).toEqual([1, 2, 3].map((part) => [part, null]))
    expect(sum(merged.parts?.map(({ planned }) => planned ?? 0) ?? [])).toBe(whole.offered)
    expect(sum(merged.causes?.map(({ count }) => count) ?? [])).toBe(
      sum(folders.flatMap((folder) => readResult(folder).causes.map(({ count }: { count: number }) => count))),
    )
  })
  test('have evidence of all in order of time', async () => {
    await mergePartFolders([...folders].reverse(), join(home, 'evidence'))
    const lines = (folder: string) =>
      readFileSync(join(folder, 'evidence.jsonl'), 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line))
    const all = lines(join(home, 'evidence'))
    expect(all).toHaveLength(sum(folders.map((folder) => lines(folder).length)))
    const times = all.map(({ steps }) => steps[0].utc)
    expect(times).toEqual([...times].sort())
    expect(all.every(({ cause }) => cause !== null)).toBe(true)
  })
  test('that are missing count as unsent, so that what is offered is what was planned', async () => {
    const [first, , last] = folders as [string, string, string]
    const whole = await mergePartFolders(folders, undefined)
    const merged = await mergePartFolders([first, last], undefined)
    const lost = whole.parts?.[1]?.planned
    expect(merged.offered).toBe(whole.offered)
    expect(merged).toMatchObject({ whole: false, outcomes: { unsent: lost }, failures: { 'generator lost': lost } })
    expect(merged.parts?.[1]).toMatchObject({ part: 2, lost: 'missing' })
  })
  test('that are missing are no failure where that is allowed, in words as in the exit code', async () => {
    const [first, , last] = folders as [string, string, string]
    const missing = (allowLost?: number) => mergePartFolders([first, last], undefined, { allowLost })
    expect(judgeRun(await missing())).toMatchObject({ exit: 3, failures: ['notWhole'] })
    const allowed = await missing(1)
    expect(printSummary(allowed)).toContain('PASSED')
    expect(printJunit(allowed)).not.toContain('<error')
    // The money of the one that is missing is known to nobody.
    expect(allowed.books).toMatchObject({ agree: null, because: 'a part of the run was lost' })
  })
  test('alone are no run: no threshold is judged, and they say which part they are', () => {
    expect(readResult(folders[1] as string)).toMatchObject({ whole: false, thresholds: [], parts: [{ part: 2, of }] })
  })
})

describe('what does not belong together is refused', () => {
  test('a part named twice', async () => {
    const [first] = folders as [string]
    await expect(mergePartFolders([first, first], undefined)).rejects.toThrow('both part 1/3')
  })
  test('a part of another seed', async () => {
    const other = join(home, 'other')
    await runPart(1, other, 12)
    await expect(mergePartFolders([folders[0] as string, other], undefined)).rejects.toThrow(
      'the seed differs (12, 11)',
    )
  })
  test('a part of another seed, unless the user wants it: the result says so', async () => {
    const other = join(home, 'mixed')
    await runPart(1, other, 12)
    const [first, , last] = folders as [string, string, string]
    const merged = await mergePartFolders([first, other, last], undefined, { mixed: true })
    expect(merged).toMatchObject({ whole: true, mixed: ['part 2/3: the seed differs (12, 11)'] })
    expect(printSummary(merged)).toMatch(/MIXED: the parts are not of one run; offered/)
    expect(printSummary(merged)).toContain('mixed: part 2/3: the seed differs (12, 11)')
  })
  test('a folder without a part', async () => {
    await expect(mergePartFolders([home], undefined)).rejects.toThrow('--part I/N --out DIR')
  })
  for (const [name, damage] of [
    ['cut', (good: string) => good.slice(0, good.length / 2)],
    ['changed', (good: string) => good.replace(/"planned":\d+/, '"planned":-1')],
    ['with another histogram', (good: string) => good.replace(/"hdr":"[^"]{9}/, '"hdr":"AAAAAAAAA')],
  ] as const) {
    test(`a part that is ${name}`, async () => {
      const folder = mkdtempSync(join(home, 'damaged-'))
      for (const file of ['scenario.yaml', 'evidence.jsonl'])
        writeFileSync(join(folder, file), readFileSync(join(folders[0] as string, file)))
      writeFileSync(join(folder, 'part.json'), damage(readFileSync(join(folders[0] as string, 'part.json'), 'utf8')))
      await expect(mergePartFolders([folder, folders[1] as string], undefined)).rejects.toThrow(
        /cut|changed|part of a run|histogram/,
      )
    })
  }
})

describe('a part with a damaged histogram is refused, also alone, in words that say where it is', () => {
  const interval = /("atSecond":3,.*?"response":\{"bytes":\{"base64":")([^"]+)/
  const range = (highest: bigint) => (bytes: Buffer) => bytes.writeBigInt64BE(highest, 24)
  const changed = (change: (bytes: Buffer) => unknown) => (_: string, before: string, base64: string) => {
    const bytes = Buffer.from(base64, 'base64')
    change(bytes)
    return `${before}${bytes.toString('base64')}`
  }
  const cases: readonly [name: string, found: RegExp, change: Parameters<typeof changed>[0], words: string][] = [
    [
      'another version',
      interval,
      (bytes) => bytes.writeInt32BE(1),
      'second 3, response: the histogram .* not version 2',
    ],
    ['more counts than its range has', interval, range(2n), 'second 3, response: .* more counts than its range has'],
    ['a range beyond all numbers', interval, range(-1n), 'second 3, response: .* a range from 1 to -1'],
    [
      'a length that is not its own',
      interval,
      (bytes) => bytes.writeInt32BE(9999, 4),
      'second 3, .* shorter than it says',
    ],
    ['nothing in it', /("serviceTime":\{.*?"hdr":")([^"]+)/, (bytes) => bytes.fill(0), 'serviceTime: the histogram'],
    [
      'one of a breakdown',
      /("breakdown":.*?"hdr":")([^"]+)/,
      (bytes) => bytes.fill(0),
      'breakdown by .*: the histogram',
    ],
  ]
  test.each(cases)('%s', async (_, found, change, words) => {
    const folder = mkdtempSync(join(home, 'histogram-'))
    const other = folders[0] as string
    for (const file of ['scenario.yaml', 'evidence.jsonl'])
      writeFileSync(join(folder, file), readFileSync(join(other, file)))
    const good = readFileSync(join(other, 'part.json'), 'utf8')
    const damaged = good.replace(found, changed(change))
    expect(damaged).not.toBe(good)
    writeFileSync(join(folder, 'part.json'), damaged)
    const refused = new RegExp(`^${join(folder, 'part.json')}: ${words}`)
    await expect(mergePartFolders([folder, folders[1] as string], undefined)).rejects.toThrow(refused)
    await expect(mergePartFolders([folder], undefined)).rejects.toThrow(refused)
  })
})

test('a merchant with fewer terminals than parts is refused in words', async () => {
  const few = text.replace('count: 30', 'count: 9')
  const scenario = parseScenario(few, 'test.yaml')
  const options = {
    source: few,
    world: virtualWorld(scenario.start),
    outDir: join(home, 'few'),
    share: { index: 0, of },
  }
  await expect(runScenario(scenario, options)).rejects.toThrow('at most 1 part')
})
