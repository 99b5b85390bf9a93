// `isochron compare` on runs of its own in virtual time: how often equal runs alarm, and how often a host that is slower
// by a tenth is found.
//
//     npm run bench -- compare                      40 pairs of equal runs, 20 of a slower host; exit 1 when more than
//                                                   5 % of the first alarm or fewer than 90 % of the second are found
//     npm run bench -- compare --pairs 199 --slower 100    as many as the figures in docs were measured with
//     npm run bench -- compare --json FILE          writes the figures

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ComparedRun, compareRuns } from '../src/measure/compare/compare.js'
import { readSide } from '../src/run/compare-runs.js'
import { dialectNamed } from '../src/run/files/read-dialect.js'
import { runScenario } from '../src/run/run-scenario.js'
import { loadScenario } from '../src/scenario/reader.js'
import { readFlags } from './flags.js'

const flags = readFlags({ pairs: { usual: 40, least: 2 }, slower: { usual: 20, least: 0 }, json: 'file' })

const scenario = (p50: number, p99: number) => `
name: compared
dialect: iso87-ascii
terminals: { count: 400 }
acquirer: { workers: 64, serviceTime: { p50: ${p50}ms, p99: ${p99}ms } }
warmup: 5s
load: [{ hold: { rate: 200/s, for: 65s, arrivals: poisson } }]
drain: 10s
`

const folder = mkdtempSync(join(tmpdir(), 'isochron-compare-'))
const how = { minChange: 0.05, confidence: 0.95, force: false }

async function run(seed: number, factor: number): Promise<ComparedRun> {
  const place = join(folder, `${factor}-${seed}`)
  const loaded = loadScenario(scenario(50 * factor, 150 * factor), 'compared', { dialectNamed })
  await runScenario({ ...loaded.scenario, seed }, { source: loaded.source, clock: 'virtual', outDir: place })
  const [read] = readSide(place)
  rmSync(place, { recursive: true })
  // The difference between the sides is what is to be found.
  return { ...(read as ComparedRun), keys: new Map([['warmup', '5s']]) }
}

const alarms: number[] = []
const found = { p50: 0, p99: 0, either: 0 }
try {
  let before = await run(1, 1)
  for (let pair = 1; pair <= flags.pairs; pair++) {
    const after = await run(pair + 1, 1)
    const { verdict } = compareRuns([before], [after], how)
    if (verdict === 'worse' || verdict === 'better') alarms.push(pair)
    if (pair <= flags.slower) {
      const { rows } = compareRuns([before], [await run(pair + 1000, 1.1)], how)
      const worse = (name: string) => rows.some(({ figure, verdict: each }) => figure === name && each === 'worse')
      if (worse('responseTime.p50')) found.p50++
      if (worse('responseTime.p99')) found.p99++
      if (worse('responseTime.p50') || worse('responseTime.p99')) found.either++
    }
    before = after
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

const alarmShare = alarms.length / flags.pairs
const powerOf = (count: number) => (flags.slower === 0 ? 1 : count / flags.slower)
const percent = (share: number) => `${(share * 100).toFixed(1)} %`
console.log(`equal runs that alarm          ${alarms.length} of ${flags.pairs}  ${percent(alarmShare)}  (at most 5 %)`)
console.log(`a host slower by 10 % is found  p50 ${percent(powerOf(found.p50))}, p99 ${percent(powerOf(found.p99))}`)
console.log(
  `found on either                ${found.either} of ${flags.slower}  ${percent(powerOf(found.either))}  (at least 90 %)`,
)
if (flags.json !== undefined)
  writeFileSync(flags.json, `${JSON.stringify({ ...flags, alarms: alarms.length, alarmShare, found }, undefined, 2)}\n`)
process.exitCode = alarmShare <= 0.05 && powerOf(found.either) >= 0.9 ? 0 : 1
