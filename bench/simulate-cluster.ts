// Random deaths, freezes, partitions, duplicates and restarts of a run of five generators on a bus, in virtual time, on two threads.
// Nothing may be counted that was not done, no part made twice, and `whole` said exactly when nothing was lost. Exit 1 otherwise.
//
//     npm run bench -- simulate:cluster                  200 schedules
//     npm run bench -- simulate:cluster --schedules N
//     npm run bench -- simulate:cluster --seed WORD      other schedules
//     npm run bench -- simulate:cluster --replay SEED    one of them
//     npm run bench -- simulate:cluster --json FILE      writes the figures

import { writeFileSync } from 'node:fs'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { type ClusterOutcome, drawClusterSchedule, simulateCluster, troubleKinds } from './cluster/simulate-run.js'
import { readFlags } from './flags.js'

interface Share {
  readonly seed: string
  readonly schedules: number
  readonly from: number
}
type News = ClusterOutcome & { readonly seed: string }

const threads = 2
/** Schedules in which everything that is expected must have been reached. */
const enoughForAll = 200

async function work({ seed, schedules, from }: Share): Promise<void> {
  for (let number = from; number < schedules; number += threads) {
    const own = `${seed}/${number}`
    parentPort?.postMessage({ seed: own, ...(await simulateCluster(drawClusterSchedule(own))) } satisfies News)
  }
}

function simulateAll(seed: string, schedules: number): Promise<readonly News[]> {
  const all: News[] = []
  const each = (from: number) =>
    new Promise<void>((resolve, reject) => {
      const worker = new Worker(new URL(import.meta.url), { workerData: { seed, schedules, from } satisfies Share })
      worker.on('message', (news: News) => all.push(news))
      worker.once('error', reject)
      worker.once('exit', () => resolve())
    })
  return Promise.all(Array.from({ length: threads }, (_, from) => each(from))).then(() => all)
}

async function oversee(): Promise<void> {
  const {
    schedules,
    seed = '1',
    json,
    replay,
  } = readFlags({
    schedules: { usual: 200, least: 1 },
    seed: 'word',
    json: 'file',
    replay: 'word',
  })
  if (replay !== undefined) {
    const schedule = drawClusterSchedule(replay)
    const outcome = await simulateCluster(schedule)
    console.log(JSON.stringify({ schedule, outcome }, null, 2))
    process.exitCode = outcome.problems.length === 0 ? 0 : 1
    return
  }
  const all = await simulateAll(seed, schedules)
  const failed = all.filter(({ problems }) => problems.length > 0)
  const endings = { whole: 0, 'not whole': 0, 'not begun': 0 }
  for (const { ending } of all) endings[ending]++
  console.table(
    troubleKinds.map((kind) => ({ trouble: kind, runs: all.filter(({ kinds }) => kinds.includes(kind)).length })),
  )
  console.log(
    `${all.length} schedules: ${Object.entries(endings)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ')}`,
  )
  for (const { seed: own, problems } of failed.slice(0, 10)) console.log(`${own}: ${problems.join('; ')}`)
  const missing = Object.values(endings).some((count) => count === 0) && schedules >= enoughForAll
  const isMet = failed.length === 0 && !missing && all.length === schedules
  if (json !== undefined)
    writeFileSync(json, `${JSON.stringify({ seed, schedules, endings, isMet, failed, unsettled: [] }, null, 2)}\n`)
  console.log(`${isMet ? 'met' : 'NOT MET'}: every schedule ends as it must (${failed.length} do not)`)
  process.exitCode = isMet ? 0 : 1
}

if (isMainThread) await oversee()
else await work(workerData as Share)
