// Random fault schedules in virtual time, on two threads. The books must agree in every one.
//
//     npm run bench -- simulate                      200 schedules
//     npm run bench -- simulate --schedules N
//     npm run bench -- simulate --seed WORD          other schedules
//     npm run bench -- simulate --replay SEED        one of them
//     npm run bench -- simulate --show N             the first N that fail are cut down and printed
//     npm run bench -- simulate --having TERM        only schedules whose merchants are paid by such a term
//     npm run bench -- simulate --enough N           ends when so many have failed
//     npm run bench -- simulate --json FILE          writes the figures

import { writeFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { readFlags } from './flags.js'
import { coverageLines, createCoverage, neverReached } from './simulation/coverage.js'
import { hasTerm, type TermName, termNames } from './simulation/having.js'
import { drawSchedule } from './simulation/schedule.js'
import { type Shrunk, shrink } from './simulation/shrink.js'
import { type Simulated, type SimulationCounts, simulate } from './simulation/simulate-schedule.js'

interface Asked {
  readonly seed: string
  readonly schedules: number
  /** The term of payouts that each of them has. */
  readonly having: TermName
  /** Failures after which no more are made. */
  readonly enough: number
}

/** Every `step`-th schedule from `from` on. */
interface Share extends Asked {
  /** One number, 1 when no more are to be made. A thread that is ended from outside within SQLite takes the process with it. */
  readonly isEnough: Int32Array
  readonly from: number
  readonly step: number
}

interface News {
  readonly seed: string
  readonly problems: readonly string[]
  readonly counts: SimulationCounts
}

const threads = 2
/** One schedule in so many is run twice, and must take the same course. */
const againEvery = 100
/** Schedules in which everything that is expected must have been reached. */
const enoughForAll = 1000
/** Lines of the trace of one that are printed, from its end. */
const mostTraceLines = 60

const say = (line: string) => process.stdout.write(`${line}\n`)

/** The numbers of the schedules of one thread. */
function* numbersOf({ seed, schedules, having, from, step, isEnough }: Share): Generator<number> {
  let place = 0
  for (let number = 0; place < schedules; number++) {
    if (Atomics.load(isEnough, 0) === 1) return
    if (!hasTerm(drawSchedule(`${seed}/${number}`), having)) continue
    if (place % step === from) yield number
    place++
  }
}

async function work(share: Share): Promise<void> {
  for (const number of numbersOf(share)) {
    const own = `${share.seed}/${number}`
    const simulated = await simulate(drawSchedule(own))
    const { problems, counts } = simulated
    const strayed = number % againEvery === 0 ? await differenceOf(simulated, own) : []
    parentPort?.postMessage({ seed: own, problems: [...problems, ...strayed], counts } satisfies News)
  }
}

/** A schedule that cannot be run again explains nothing. */
async function differenceOf(first: Simulated, seed: string): Promise<readonly string[]> {
  const second = await simulate(drawSchedule(seed))
  if (isDeepStrictEqual(first, second)) return []
  const at = first.trace.findIndex((line, index) => line !== second.trace[index])
  return [`not the same when run again: '${first.trace[at] ?? ''}', then '${second.trace[at] ?? ''}'`]
}

async function oversee(): Promise<void> {
  const flags = readFlags({
    schedules: { usual: 200, least: 1 },
    seed: 'word',
    json: 'file',
    replay: 'word',
    show: { usual: 3, least: 0 },
    having: { usual: 'anything', oneOf: termNames },
    enough: { usual: Number.POSITIVE_INFINITY, least: 1 },
  })
  const { schedules, seed = '1', enough } = flags
  const having = flags.having as TermName
  if (flags.replay !== undefined) {
    process.exitCode = (await replay(flags.replay)) ? 0 : 1
    return
  }
  const began = performance.now()
  const { totals, failed, done } = await simulateAll({ seed, schedules, having, enough })
  for (const each of failed.slice(0, flags.show)) show(await shrink(drawSchedule(each.seed)))
  for (const line of coverageLines(totals.reached)) say(line)
  const missing = done < enoughForAll || having !== 'anything' ? [] : neverReached(totals.reached)
  for (const name of missing) say(`never reached: ${name}`)
  const isMet = failed.length === 0 && missing.length === 0
  const { transactions, charged, reversals, crashes } = totals
  const what = `${transactions} transactions, ${charged} charged, ${reversals} reversals, ${crashes} crashes`
  say(`${isMet ? 'met' : 'NOT MET'}: seed ${seed}, ${done} schedules, ${failed.length} failed; ${what}`)
  const seconds = Math.round((performance.now() - began) / 1000)
  if (flags.json !== undefined) {
    const report = { schedules: done, seed, isMet, seconds, ...totals, missing, failed }
    writeFileSync(flags.json, `${JSON.stringify(report, undefined, 2)}\n`)
  }
  process.exitCode = isMet ? 0 : 1
}

/** Whether all was well. */
async function replay(seed: string): Promise<boolean> {
  const schedule = drawSchedule(seed)
  const simulated = await simulate(schedule, { traces: true })
  const isWell = simulated.problems.length === 0
  show(isWell ? { schedule, simulated } : await shrink(schedule))
  return isWell
}

function show({ schedule, simulated: { problems, trace } }: Shrunk): void {
  say(`\nschedule ${schedule.seed}: ${problems.length === 0 ? 'the books agree' : `${problems.length} problems`}`)
  for (const problem of problems) say(`  ${problem}`)
  say(`  scenario ${JSON.stringify(schedule.scenario)}`)
  for (const trouble of schedule.troubles) say(`  trouble ${JSON.stringify(trouble)}`)
  say(`  cards at ${schedule.arrivals.join(', ')} ms`)
  for (const line of trace.slice(-mostTraceLines)) say(`  ${line}`)
  say(`  again: npm run bench -- simulate --replay ${schedule.seed}`)
}

interface Outcome {
  /** Schedules that were made. */
  readonly done: number
  readonly totals: SimulationCounts
  readonly failed: readonly Pick<News, 'seed' | 'problems'>[]
}

async function simulateAll(asked: Asked): Promise<Outcome> {
  const { schedules, enough } = asked
  const isEnough = new Int32Array(new SharedArrayBuffer(4))
  const sums = { transactions: 0, crashes: 0, reversals: 0, charged: 0 }
  const coverage = createCoverage()
  const failed: Pick<News, 'seed' | 'problems'>[] = []
  let done = 0
  const hear = ({ seed: own, problems, counts }: News) => {
    for (const key of Object.keys(sums) as (keyof typeof sums)[]) sums[key] += counts[key]
    coverage.addAll(counts.reached)
    if (problems.length > 0) {
      failed.push({ seed: own, problems })
      say(`failed: ${own}: ${problems[0]}`)
    }
    if (failed.length >= enough) Atomics.store(isEnough, 0, 1)
    if (++done % Math.max(100, schedules / 20) === 0) say(`${done} of ${schedules} schedules, ${failed.length} failed`)
  }
  await Promise.all(
    Array.from({ length: Math.min(threads, schedules) }, (_, from) => {
      const worker = new Worker(new URL(import.meta.url), {
        workerData: { ...asked, from, step: threads, isEnough } satisfies Share,
      })
      worker.on('message', hear)
      return new Promise<void>((resolve, reject) => {
        worker.once('error', reject)
        worker.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a thread ended with code ${code}`))))
      })
    }),
  )
  return { totals: { ...sums, reached: coverage.reached }, failed, done }
}

if (isMainThread) await oversee()
else await work(workerData as Share)
