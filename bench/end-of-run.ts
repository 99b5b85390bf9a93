// The end of a long run: how long the event loop stands still while causes are diagnosed, books compared and files written.
// Servers of this process, its live view and Ctrl-C wait for that long.
//
//     npm run bench -- end-of-run                          270,000 transactions, nearly all of them late; no stall above 250 ms
//     npm run bench -- end-of-run --transactions N --rate N
//     npm run bench -- end-of-run --json FILE              writes the figures

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { realClock } from '../src/base/clock.js'
import { threadTime } from '../src/base/process/thread-time.js'
import { dialectNamed } from '../src/run/files/read-dialect.js'
import { runScenario } from '../src/run/run-scenario.js'
import { loadScenario } from '../src/scenario/reader.js'
import { readFlags } from './flags.js'

const flags = readFlags({
  transactions: { usual: 270_000, least: 1000 },
  rate: { usual: 2000, least: 1 },
  json: 'file',
})

/** A person does not notice it, and no peer gives up. */
const mostStallMs = 250
/** A look at the clock so often. */
const lookMs = 5

const lastsMs = Math.ceil((flags.transactions / flags.rate) * 1000)
const source = JSON.stringify({
  name: 'the end of a run',
  seed: 1,
  // Nearly every answer is late: each has a cause, and evidence as far as there is room.
  timely: { response: '1ms' },
  terminals: { count: 1000, connections: { shared: 8 }, startUp: 100 },
  acquirer: { serviceTime: { p50: '5ms', p99: '40ms' } },
  load: [{ hold: { rate: `${flags.rate}/s`, for: `${lastsMs}ms` } }],
})

/** The longest time without a turn of the event loop, and when it was. What others on this machine took of it does not count. */
function watchStalls() {
  let last = realClock.now()
  let lastWaited = threadTime()?.waitedMs ?? 0
  const stalls: { readonly endedAt: number; readonly ms: number }[] = []
  let timer = realClock.after(lookMs, look)
  function look() {
    const now = realClock.now()
    const waited = threadTime()?.waitedMs ?? 0
    if (now - last > 50) stalls.push({ endedAt: now, ms: now - last - lookMs - (waited - lastWaited) })
    last = now
    lastWaited = waited
    timer = realClock.after(lookMs, look)
  }
  return { stalls, stop: () => timer.cancel() }
}

const folder = mkdtempSync(join(tmpdir(), 'isochron-end-'))
const { scenario } = loadScenario(source, 'end-of-run', { set: [], flags: [], dialectNamed, with: [] })
let lastArrivalAt = 0
let toldAt = 0
const watch = watchStalls()
try {
  const result = await runScenario(scenario, {
    source,
    outDir: folder,
    allowSaturated: true,
    onSnapshot: (snapshot) => {
      if (snapshot.elapsedMs < lastsMs) lastArrivalAt = realClock.now()
    },
    onResult: () => {
      toldAt = realClock.now()
    },
  })
  const endedAt = realClock.now()
  watch.stop()
  const atEnd = watch.stalls.filter((stall) => stall.endedAt > lastArrivalAt)
  const longest = (from: number, to: number) =>
    Math.max(0, ...atEnd.filter((each) => each.endedAt > from && each.endedAt <= to).map(({ ms }) => ms))
  const rows = [
    { part: 'until the result is told', 'takes ms': toldAt - lastArrivalAt, 'longest stall ms': longest(0, toldAt) },
    { part: 'until it is written', 'takes ms': endedAt - toldAt, 'longest stall ms': longest(toldAt, endedAt) },
  ].map((row) => ({
    ...row,
    'takes ms': Math.round(row['takes ms']),
    'longest stall ms': Math.round(row['longest stall ms']),
  }))
  console.table(rows)
  const stall = longest(0, endedAt)
  const isMet = stall <= mostStallMs && result.books?.agree === true
  console.log(
    `${isMet ? 'met' : 'NOT MET'}: the longest stall after the last arrival is ${stall.toFixed(0)} ms (at most ${mostStallMs}), of ${result.offered} transactions, ${result.evidence?.kept} in the evidence; books agree: ${result.books?.agree}`,
  )
  if (flags.json !== undefined)
    writeFileSync(flags.json, `${JSON.stringify({ ...flags, isMet, stall, rows }, null, 2)}\n`)
  process.exitCode = isMet ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
