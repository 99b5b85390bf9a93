// Hostile peers on plain sockets against the built program: its acquirer, with TLS and in two processes, its proxy and its terminals.
// The cost to another client, in memory and in descriptors, and whether results are kept. Bounded in time and count, loopback only.
// An attacker has a machine of its own in the field, and here the victim's: the client is compared with itself beside processes that
// take as much of this machine, each what the attacker, the victim and the acquirer behind it took, and attack nobody.
//
//     npm run bench -- attack                          a table; exit 1 when anything ends, leaks, is lost, or slows another client
//     npm run bench -- attack --seconds N              how long each attack lasts
//     npm run bench -- attack --only WORD              the rows whose victim or attack has this word: acquirer, 2 processes, TLS, proxy, terminals, flood …
//     npm run bench -- attack --json FILE              writes the table

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { setPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { realClock, sleep } from '../src/base/clock.js'
import { percentile, startClient, type WellBehaved } from './attack/client.js'
import { attackerPriority, attacks, hostileHosts, idleName } from './attack/peers.js'
import { openFiles, processorMs, rssBytes } from './attack/process-figures.js'
import {
  type AcquirerKind,
  type ProxyKind,
  runTerminals,
  salesFrom,
  startAcquirerVictim,
  startProxyVictim,
  type Victim,
} from './attack/victims.js'
import { readFlags } from './flags.js'
import { medianOf } from './median.js'
import { apartNode, type NodeCommand, plainNode } from './processor.js'

const flags = readFlags({ seconds: { usual: 3, least: 1 }, only: 'word', json: 'file' })
const program = join(import.meta.dirname, '../../dist/cli/main.js')

/** Another client's p99 may be so many times what it is on a machine that is as busy. */
const mostSlower = 5
/** Below this a p99 is the noise of a machine, in ms. */
const leastP99Ms = 2
/** The growth of a process that an attack may cause, in MB, and how many descriptors it may keep afterwards. */
const mostGrowthMb = 200
const mostLeft = 8
/** A short run of 20 terminals: its memory in MB, and its descriptors at the end. */
const mostRunMb = 350
const mostRunFiles = 100
/** With and without the attack, in turn: a figure is the median of so many. */
const rounds = 3
/** The connections of an attack are made, or gone, in ms. */
const settlesMs = 500
const lookMs = 100
/** A victim closes the connections of a dead attacker within so many ms. */
const closesWithinMs = 5000
/** Once more when a busy machine may have been the reason. */
const tries = 3

interface Row {
  readonly victim: string
  readonly attack: string
  readonly crashed: boolean
  readonly 'RSS MB': string
  readonly descriptors: string
  /** Another client, in ms: on the quiet machine, beside processes that take as much of it as the attack does, and attacked. */
  readonly 'p99 alone': string
  readonly 'as busy': string
  readonly 'attacked, ms': string
  /** Attacked, as a multiple of as busy. */
  readonly times: string
  readonly lost: number
  readonly kept: boolean | '-'
  readonly holds: boolean
}

const lastsMs = flags.seconds * 1000
const isWanted = (victim: string, attack: string) => `${victim}: ${attack}`.includes(flags.only ?? '')
let firstNumber = 10_000_000

const sumOf = (pids: readonly number[], read: (pid: number) => number | undefined) =>
  pids.reduce((sum, pid) => sum + (read(pid) ?? 0), 0)

/** A process that attacks this port, or nobody; it has begun. */
async function begun([command, ...before]: NodeCommand, name: string, which: number) {
  const started = spawn(command, [...before, join(import.meta.dirname, 'attack/attacker.js'), name, String(which)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  await once(started.stdout, 'data')
  return started
}

/** The processes that an attack keeps busy, the attacker first, and the part of a core that each takes. */
interface Busy {
  readonly attacker: number
  readonly others: readonly number[]
}
const leastShare = 0.05

/** Its client's p99, and how busy it keeps whom; `look` is called from time to time. */
async function underAttack(victim: Victim, name: string, client: WellBehaved, look: () => void) {
  const hostile = await begun(apartNode, name, victim.port)
  await sleep(realClock, settlesMs)
  const pids = [hostile.pid ?? 0, ...victim.pids, ...victim.pidsBehind]
  const before = pids.map(processorMs)
  client.take()
  const beganAt = performance.now()
  while (performance.now() - beganAt < lastsMs / rounds) {
    await sleep(realClock, lookMs)
    look()
  }
  const tookMs = performance.now() - beganAt
  const p99 = percentile(client.take(), 0.99)
  const [attacker = 0, ...others] = pids.map((pid, index) => ((processorMs(pid) ?? 0) - (before[index] ?? 0)) / tookMs)
  hostile.kill('SIGKILL')
  await sleep(realClock, settlesMs)
  return { p99, busy: { attacker, others } }
}

/** The client's p99 on a machine that is as busy, by processes that attack nobody. */
async function besideBusy(client: WellBehaved, { attacker, others }: Busy): Promise<number> {
  const started = [await begun(apartNode, idleName, attacker)]
  // As the attacker does, it lets the others go first.
  if (started[0]?.pid !== undefined) setPriority(started[0].pid, attackerPriority)
  for (const share of others) if (share >= leastShare) started.push(await begun(plainNode, idleName, share))
  await sleep(realClock, settlesMs)
  client.take()
  await sleep(realClock, lastsMs / rounds)
  const p99 = percentile(client.take(), 0.99)
  for (const one of started) one.kill('SIGKILL')
  return p99
}

/** One attack on one victim, beside a client that behaves: in turn with processes that only take as much of the machine. */
async function attackOne(victim: Victim, name: string): Promise<Row> {
  const { port, tls, pids } = victim
  const frame = salesFrom(firstNumber)
  firstNumber += 1_000_000
  const client = startClient(port, tls, frame)
  await sleep(realClock, settlesMs)
  const before = { rss: sumOf(pids, rssBytes), files: sumOf(pids, openFiles) }
  client.take()
  await sleep(realClock, lastsMs / rounds)
  const alone = percentile(client.take(), 0.99)
  const [busy, attacked]: [number[], number[]] = [[], []]
  let mostRss = 0
  for (let round = 0; round < rounds; round++) {
    const made = await underAttack(victim, name, client, () => {
      mostRss = Math.max(mostRss, sumOf(pids, rssBytes))
    })
    attacked.push(made.p99)
    busy.push(await besideBusy(client, made.busy))
  }
  const { lost } = client.counts
  client.close()
  const files = await descriptorsLeft(pids, before.files)
  const times = medianOf(attacked) / Math.max(medianOf(busy), leastP99Ms)
  const grownMb = (mostRss - before.rss) / 1_048_576
  const holds =
    victim.isAlive && times <= mostSlower && lost === 0 && grownMb <= mostGrowthMb && files - before.files <= mostLeft
  return {
    ...{ victim: victim.name, attack: name, crashed: !victim.isAlive },
    'RSS MB': `${(before.rss / 1_048_576).toFixed(0)} → ${(mostRss / 1_048_576).toFixed(0)}`,
    descriptors: `${before.files} → ${files}`,
    'p99 alone': alone.toFixed(1),
    'as busy': medianOf(busy).toFixed(1),
    'attacked, ms': medianOf(attacked).toFixed(1),
    times: times.toFixed(1),
    ...{ lost, kept: '-', holds },
  }
}

/** Once no more than before are open, or after the time that closing may take. */
async function descriptorsLeft(pids: readonly number[], before: number): Promise<number> {
  const until = performance.now() + closesWithinMs
  while (sumOf(pids, openFiles) > before && performance.now() < until) await sleep(realClock, lookMs)
  return sumOf(pids, openFiles)
}

async function attackAll(victim: Victim, names: readonly string[]): Promise<Row[]> {
  const rows: Row[] = []
  for (const name of names) {
    let row: Row | undefined
    for (let left = tries; left > 0 && victim.isAlive && row?.holds !== true; left--)
      row = await attackOne(victim, name)
    if (row === undefined) continue
    rows.push(row)
    console.error(`${victim.name}, ${name}: ${row.holds ? 'holds' : 'DOES NOT HOLD'}, ${row.times} times`)
  }
  return rows
}

const noTimes = { 'p99 alone': '-', 'as busy': '-', 'attacked, ms': '-', times: '-', lost: 0 }

/** The figures that a victim prints at its end are its result. */
async function ending(victim: Victim): Promise<Row> {
  const figures = await victim.stop()
  const kept = typeof figures === 'object'
  const none = { 'RSS MB': '-', descriptors: '-', ...noTimes }
  const turnedAway = kept ? JSON.stringify((figures as { turnedAway?: unknown }).turnedAway) : figures
  console.error(`${victim.name}: turned away ${turnedAway}`)
  return { victim: victim.name, attack: 'Ctrl-C afterwards', crashed: false, ...none, kept, holds: kept }
}

async function attackTerminals(folder: string): Promise<Row[]> {
  const rows: Row[] = []
  for (const [name, host] of Object.entries(hostileHosts)) {
    if (!isWanted('terminals', `host ${name}`)) continue
    const out = join(folder, `run ${rows.length}`)
    const { code, isKept, rssMb, files } = await runTerminals(program, out, host)
    const crashed = code === null || code === 1
    // A host that lets nobody in leaves nothing to measure: that is told, with exit code 5.
    const holds = !crashed && (isKept || code === 5) && rssMb < mostRunMb && (files ?? 0) < mostRunFiles
    const none = { descriptors: String(files ?? '-'), ...noTimes }
    const row = { victim: 'terminals', attack: `host ${name}`, crashed, 'RSS MB': rssMb.toFixed(0), ...none }
    rows.push({ ...row, kept: isKept, holds })
    console.error(`terminals, host ${name}: ${holds ? 'holds' : 'DOES NOT HOLD'}, exit code ${code}`)
  }
  return rows
}

const plain = Object.keys(attacks).filter((name) => !name.includes('TLS'))
/** The attacks on what several processes share: the port, and the count of connections. */
const onShared = plain.filter((name) => /flood of requests|never reads|5000 times|garbage/.test(name))
const overTls = ['half TLS handshakes, 300 connections', 'connect and close, 5000 times', 'garbage']

const acquirers: readonly (readonly [AcquirerKind, readonly string[]])[] = [
  ['acquirer', plain],
  ['acquirer, 2 processes', onShared],
  ['acquirer, TLS', overTls],
]
const proxies: readonly (readonly [ProxyKind, readonly string[]])[] = [
  ['proxy', plain],
  ['proxy, 2 processes', onShared],
]

/** One victim, attacked in all these ways, and its end. */
async function attackVictim<Kind extends string>(
  kind: Kind,
  names: readonly string[],
  begin: (program: string, folder: string, kind: Kind) => Promise<Victim>,
): Promise<Row[]> {
  const wanted = names.filter((name) => isWanted(kind, name))
  if (wanted.length === 0) return []
  const victim = await begin(program, folder, kind)
  return [...(await attackAll(victim, wanted)), await ending(victim)]
}

async function attackListeners(): Promise<Row[]> {
  const rows: Row[] = []
  for (const [kind, names] of acquirers) rows.push(...(await attackVictim(kind, names, startAcquirerVictim)))
  for (const [kind, names] of proxies) rows.push(...(await attackVictim(kind, names, startProxyVictim)))
  return rows
}

const folder = mkdtempSync(join(tmpdir(), 'isochron-attack-'))
try {
  const rows = [...(await attackListeners()), ...(await attackTerminals(folder))]
  if (rows.length === 0) throw new Error(`no row has the word '${flags.only}': see bench/attack/peers.ts`)
  console.table(rows)
  const failed = rows.filter(({ holds }) => !holds)
  console.log(`${failed.length === 0 ? 'met' : 'NOT MET'}: ${rows.length - failed.length} of ${rows.length} hold`)
  if (flags.json !== undefined)
    writeFileSync(flags.json, `${JSON.stringify({ isMet: failed.length === 0, rows }, null, 2)}\n`)
  process.exitCode = failed.length === 0 ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
