// Minutes of load at a steady rate in the built program, and what its memory does meanwhile: peaks of RSS in the minute after the fifth
// and in the last.
//
//     npm run bench -- soak                              15 minutes at 300/s; RSS may grow by a twentieth from minute 5 on
//     npm run bench -- soak --minutes N --rate N         other ones; one under 10 minutes compares from half of its time on
//     npm run bench -- soak --json FILE                  writes the figures

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { realClock, sleep } from '../src/base/clock.js'
import { rssBytes } from './attack/process-figures.js'
import { start } from './crash/processes.js'
import { readFlags } from './flags.js'

const flags = readFlags({
  minutes: { usual: 15, least: 1 },
  rate: { usual: 300, least: 1 },
  json: 'file',
})

/** RSS at the end may be so many times what it was when half of a run, or five minutes, were over. */
const mostGrowth = 1.05
const everyMs = 2000
/** Until the load begins: a process starts, terminals sign on. */
const startUpMs = 5000

const lastsMs = flags.minutes * 60_000
const fromMs = Math.min(300_000, lastsMs / 2)
/**
 * RSS rises and falls by a fifth with V8's collections, which are minutes apart: a figure at one instant says when the last one was.
 * Memory that is not given back lifts the peaks, so peaks of spans of one length are compared.
 */
const spanMs = Math.min(60_000, lastsMs / 4)
const folder = mkdtempSync(join(tmpdir(), 'isochron-soak-'))
const scenario = join(folder, 'soak.yaml')
writeFileSync(
  scenario,
  JSON.stringify({
    name: 'soak',
    seed: 1,
    terminals: { count: 200, connections: { shared: 8 } },
    acquirer: { serviceTime: { p50: '5ms', p99: '40ms' } },
    load: [{ hold: { rate: `${flags.rate}/s`, for: `${lastsMs}ms` } }],
  }),
)
const program = join(import.meta.dirname, '../../dist/cli/main.js')
const out = join(folder, 'run')
const running = start(program, ['run', scenario, '--out', out, '--allow-saturated'])
const began = realClock.now()
const seen: { readonly atMs: number; readonly mb: number }[] = []
while (running.child.exitCode === null && realClock.now() - began < lastsMs + startUpMs) {
  await sleep(realClock, everyMs)
  const bytes = running.child.pid === undefined ? undefined : rssBytes(running.child.pid)
  if (bytes !== undefined) seen.push({ atMs: realClock.now() - began, mb: bytes / 1_048_576 })
}
const code = await running.ended
/** Figures of the span that ends then. */
const seenUntil = (atMs: number, span: number) =>
  seen.filter((each) => each.atMs > atMs - span && each.atMs <= atMs).map(({ mb }) => mb)
const peakAt = (atMs: number) => Math.max(...seenUntil(atMs, spanMs))
const atFrom = peakAt(fromMs + spanMs)
const atEnd = peakAt(lastsMs)
const growth = atEnd / atFrom
const result = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as {
  readonly offered: number
  readonly outcomes: Readonly<Record<string, number>>
  readonly books: { readonly agree: boolean | null } | null
}
const minutes = Array.from({ length: flags.minutes }, (_, minute) => {
  const mb = seenUntil((minute + 1) * 60_000, 60_000)
  return { minute: minute + 1, 'lowest MB': Math.min(...mb).toFixed(0), 'highest MB': Math.max(...mb).toFixed(0) }
})
console.table(minutes)
const isMet = code === 0 && growth <= mostGrowth && result.books?.agree === true
console.log(
  `${isMet ? 'met' : 'NOT MET'}: RSS at most ${atFrom.toFixed(0)} MB after ${Math.round(fromMs / 1000)} s, ${atEnd.toFixed(0)} MB at the end, ${growth.toFixed(3)} times (at most ${mostGrowth}); ${result.offered} offered, ${result.outcomes.approved} approved, books agree: ${result.books?.agree}, exit code ${code}`,
)
if (code !== 0) console.log(running.text().slice(-2000))
if (flags.json !== undefined)
  writeFileSync(
    flags.json,
    `${JSON.stringify({ ...flags, isMet, growth, atFrom, atEnd, code, offered: result.offered, minutes }, null, 2)}\n`,
  )
rmSync(folder, { recursive: true, force: true })
process.exitCode = isMet ? 0 : 1
