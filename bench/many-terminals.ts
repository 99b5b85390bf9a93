// Ten thousand terminals with a connection each, in the built program: with the acquirer in the same process, where both ends of
// a connection count, and with one in a process of its own. They come up, or a line before the run says which limit forbids it.
//
//     npm run bench -- many-terminals                 10,000 terminals
//     npm run bench -- many-terminals --terminals N
//     npm run bench -- many-terminals --json FILE     writes the table

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { realClock } from '../src/base/clock.js'
import { exitCode } from '../src/base/errors.js'
import { openFilesLimit } from '../src/run/open-files.js'
import { openFiles, rssBytes } from './attack/process-figures.js'
import { type Process, start, wait } from './crash/processes.js'
import { readFlags } from './flags.js'

const flags = readFlags({ terminals: { usual: 10_000, least: 1 }, json: 'file' })
const program = join(import.meta.dirname, '../../dist/cli/main.js')
/** To list ten thousand descriptors takes the system a tenth of a second. */
const lookMs = 2000
/** A run that takes longer hangs: on two quiet cores it takes half a minute, on two that are shared by many some minutes. */
const mostMs = 900_000
/** The load after all have signed on. */
const [perSecond, seconds] = [100, 5]

interface Row {
  readonly acquirer: string
  readonly terminals: number
  /** The most connections that were open at a time, at the acquirer. */
  readonly open: number | '-'
  readonly 'not signed on': string
  readonly approved: string
  readonly 'RSS MB': string
  readonly 'took s': string
  readonly says: string
  readonly holds: boolean
}

interface RunFigures {
  readonly offered: number
  readonly outcomes: Readonly<Record<string, number>>
}

function scenarioIn(folder: string, target: string | undefined): string {
  const file = join(folder, `${target === undefined ? 'one' : 'two'}.yaml`)
  const terminals = { count: flags.terminals, connections: 'perTerminal', startUp: 200, ...(target && { target }) }
  const load = [{ hold: { rate: `${perSecond}/s`, for: `${seconds}s` } }]
  writeFileSync(file, JSON.stringify({ name: 'many terminals', seed: 1, terminals, load }))
  return file
}

/** Looks at both processes until the run ends; `base`: the descriptors of the acquirer before anybody came. */
async function watched(running: Process, acquirer: Process, base: number) {
  let [open, rss, hostRss] = [0, 0, 0]
  const look = () => {
    open = Math.max(open, (openFiles(acquirer.child.pid ?? 0) ?? 0) - base)
    rss = Math.max(rss, rssBytes(running.child.pid ?? 0) ?? 0)
    hostRss = Math.max(hostRss, rssBytes(acquirer.child.pid ?? 0) ?? 0)
  }
  const timer = setInterval(look, lookMs)
  const began = realClock.now()
  const hung = setTimeout(() => running.child.kill('SIGKILL'), mostMs)
  const code = await running.ended
  clearInterval(timer)
  clearTimeout(hung)
  const seconds = (realClock.now() - began) / 1000
  return { code, open, seconds: seconds.toFixed(0), rss: `${megabytes(rss)} + ${megabytes(hostRss)}` }
}

const megabytes = (bytes: number) => (bytes / 1_048_576).toFixed(0)
const troubleOf = (text: string) => text.split('\n').find((line) => /could not|descriptors/.test(line)) ?? ''

/** `out`: the folder of the run. */
function came(out: string): Pick<Row, 'approved'> & { readonly isWhole: boolean } {
  try {
    const { offered, outcomes } = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as RunFigures
    const { approved = 0, declined = 0 } = outcomes
    return { approved: `${approved} of ${offered}`, isWhole: offered > 0 && approved + declined === offered }
  } catch {
    return { approved: '-', isWhole: false }
  }
}

/** Where the limit of descriptors is too low for both ends, that must be said before anything is connected. */
async function inOneProcess(folder: string): Promise<Row> {
  const out = join(folder, 'one')
  const running = start(program, ['run', scenarioIn(folder, undefined), '--out', out, '--allow-saturated'])
  const { code, rss, seconds: took } = await watched(running, running, 0)
  const { approved, isWhole } = came(out)
  const trouble = troubleOf(running.text())
  const isForbidden = 2 * flags.terminals >= (openFilesLimit() ?? Number.POSITIVE_INFINITY)
  const holds = isForbidden
    ? code === exitCode.couldNotStart && trouble.includes('ulimit -n')
    : isWhole && trouble === ''
  return {
    ...{ acquirer: 'in the same process', terminals: flags.terminals, open: '-', approved },
    ...{
      'not signed on': isForbidden ? 'not tried' : trouble,
      'RSS MB': rss.split(' ')[0] ?? '',
      'took s': took,
      says: trouble,
      holds,
    },
  }
}

async function inTwo(folder: string): Promise<Row> {
  const out = join(folder, 'two')
  const acquirer = start(program, ['acquirer', '--listen', '127.0.0.1:0', '--ledger', join(folder, 'two.sqlite')])
  try {
    const port = await wait(acquirer, 'a listener', () => /listening on \S+:(\d+)/.exec(acquirer.text())?.[1])
    const base = openFiles(acquirer.child.pid ?? 0) ?? 0
    const scenario = scenarioIn(folder, `127.0.0.1:${port}`)
    const running = start(program, ['run', scenario, '--out', out, '--allow-saturated'])
    const { code, open, rss, seconds: took } = await watched(running, acquirer, base)
    const { approved, isWhole } = came(out)
    const trouble = troubleOf(running.text())
    // The count is not exact: the acquirer opens and closes files of its own.
    const holds = code === 0 && isWhole && trouble === '' && open >= flags.terminals * 0.999
    return {
      ...{ acquirer: 'in another process', terminals: flags.terminals, open, approved, 'RSS MB': rss },
      ...{
        'not signed on': trouble === '' ? 'none' : trouble,
        'took s': took,
        says: `exit code ${code}, signal ${running.child.signalCode ?? 'none'}`,
        holds,
      },
    }
  } finally {
    acquirer.child.kill('SIGTERM')
    await acquirer.ended
  }
}

const folder = mkdtempSync(join(tmpdir(), 'isochron-many-'))
try {
  const rows = [await inOneProcess(folder), await inTwo(folder)]
  for (const row of rows) console.log(`acquirer ${row.acquirer}:\n${lines(row)}`)
  const isMet = rows.every(({ holds }) => holds)
  console.log(
    `${isMet ? 'met' : 'NOT MET'}: ${flags.terminals} terminals with a connection each come up, or it is said what forbids it; this process may have ${openFilesLimit() ?? 'any number of'} descriptors`,
  )
  if (flags.json !== undefined) writeFileSync(flags.json, `${JSON.stringify({ ...flags, isMet, rows }, null, 2)}\n`)
  process.exitCode = isMet ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** The last line of a run may be long: a table would be wider than a screen. */
function lines({ acquirer: _, ...row }: Row): string {
  return Object.entries(row)
    .map(([name, value]) => `  ${name.padEnd(16)}${value}`)
    .join('\n')
}
