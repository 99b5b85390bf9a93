// Hostile peers on plain sockets against the built program: its acquirer, with TLS and in two processes, its proxy and its terminals.
// The cost to another client, in memory and in descriptors, and whether results are kept. Bounded in time and count, loopback only.
//
//     npm run bench -- attack                          a table; exit 1 when anything ends, leaks, is lost, or slows another client
//     npm run bench -- attack --seconds N              how long each attack lasts
//     npm run bench -- attack --only WORD              the rows whose victim or attack has this word: acquirer, 2 processes, TLS, proxy, terminals, flood …
//     npm run bench -- attack --json FILE              writes the table

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { realClock, sleep } from '../src/base/clock.js'
import { percentile, startClient } from './attack/client.js'
import { attacks, hostileHosts, idleName, takesACore } from './attack/peers.js'
import { openFiles, rssBytes } from './attack/process-figures.js'
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
import { apartNode } from './processor.js'

const flags = readFlags({ seconds: { usual: 6, least: 1 }, only: 'word', json: 'file' })
const program = join(import.meta.dirname, '../../dist/cli/main.js')

/** Another client's p99 may be so many times what it is alone. */
const mostSlower = 5
/** Below this a p99 is the noise of a machine, in ms. */
const leastP99Ms = 2
/** The growth of a process that an attack may cause, in MB, and how many descriptors it may keep afterwards. */
const mostGrowthMb = 200
const mostLeft = 8
/** A short run of 20 terminals: its memory in MB, and its descriptors at the end. */
const mostRunMb = 350
const mostRunFiles = 100
/** Without and with the attack, in turn: a figure is the median of so many. */
const rounds = 3
/** The connections of an attack are made, in ms. */
const attackerSettlesMs = 1000
/** Once more when a busy machine may have been the reason. */
const tries = 3

interface Row {
  readonly victim: string
  readonly attack: string
  readonly crashed: boolean
  readonly 'RSS MB': string
  readonly descriptors: string
  readonly 'p99 alone ms': string
  readonly 'p99 attacked ms': string
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

/** The attack in a process of its own, or (undefined) one that is as busy and attacks nobody; it has begun. */
async function attacker(name: string | undefined, port: number) {
  const file = join(import.meta.dirname, 'attack/attacker.js')
  const [command, ...before] = apartNode
  const started = spawn(command, [...before, file, name ?? idleName, String(port)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  await once(started.stdout, 'data')
  await sleep(realClock, attackerSettlesMs)
  return started
}

/** One attack on one victim, beside a client that behaves: in turn with an attacker that only takes as much of the machine. */
async function attackOne(victim: Victim, name: string): Promise<Row> {
  const { port, tls, pids } = victim
  const frame = salesFrom(firstNumber)
  firstNumber += 1_000_000
  const client = startClient(port, tls, frame)
  await sleep(realClock, 500)
  const before = { rss: sumOf(pids, rssBytes), files: sumOf(pids, openFiles) }
  const [alone, attacked]: [number[], number[]] = [[], []]
  let mostRss = 0
  for (let round = 0; round < rounds; round++) {
    const idle = takesACore(name) ? await attacker(undefined, port) : undefined
    client.take()
    await sleep(realClock, lastsMs / rounds)
    alone.push(percentile(client.take(), 0.99))
    idle?.kill('SIGKILL')
    const hostile = await attacker(name, port)
    client.take()
    for (let passed = 0; passed < lastsMs / rounds; passed += 250) {
      await sleep(realClock, 250)
      mostRss = Math.max(mostRss, sumOf(pids, rssBytes))
    }
    attacked.push(percentile(client.take(), 0.99))
    hostile.kill('SIGKILL')
    await sleep(realClock, attackerSettlesMs / 2)
  }
  const { lost } = client.counts
  client.close()
  await sleep(realClock, 2500)
  const files = sumOf(pids, openFiles)
  const times = medianOf(attacked) / Math.max(medianOf(alone), leastP99Ms)
  const grownMb = (mostRss - before.rss) / 1_048_576
  const holds =
    victim.isAlive && times <= mostSlower && lost === 0 && grownMb <= mostGrowthMb && files - before.files <= mostLeft
  return {
    ...{ victim: victim.name, attack: name, crashed: !victim.isAlive },
    'RSS MB': `${(before.rss / 1_048_576).toFixed(0)} → ${(mostRss / 1_048_576).toFixed(0)}`,
    descriptors: `${before.files} → ${files}`,
    'p99 alone ms': medianOf(alone).toFixed(1),
    'p99 attacked ms': medianOf(attacked).toFixed(1),
    times: times.toFixed(1),
    ...{ lost, kept: '-', holds },
  }
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

/** The figures that a victim prints at its end are its result. */
async function ending(victim: Victim): Promise<Row> {
  const figures = await victim.stop()
  const kept = typeof figures === 'object'
  const none = { 'RSS MB': '-', descriptors: '-', 'p99 alone ms': '-', 'p99 attacked ms': '-', times: '-', lost: 0 }
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
    const none = { descriptors: String(files ?? '-'), 'p99 alone ms': '-', 'p99 attacked ms': '-', times: '-', lost: 0 }
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

const acquirers: readonly (readonly [AcquirerKind, readonly string[], ProxyKind?])[] = [
  ['acquirer', plain, 'proxy'],
  ['acquirer, 2 processes', onShared, 'proxy, 2 processes'],
  ['acquirer, TLS', overTls],
]

/** The victims that somebody attacks, one after another; a proxy needs its acquirer. */
async function attackListeners(folder: string): Promise<Row[]> {
  const wanted = (victim: string, names: readonly string[]) => names.filter((name) => isWanted(victim, name))
  const rows: Row[] = []
  for (const [kind, names, proxyKind] of acquirers) {
    const onAcquirer = wanted(kind, names)
    const onProxy = proxyKind === undefined ? [] : wanted(proxyKind, names)
    if (onAcquirer.length + onProxy.length === 0) continue
    const acquirer = await startAcquirerVictim(program, folder, kind)
    rows.push(...(await attackAll(acquirer, onAcquirer)))
    if (proxyKind !== undefined && onProxy.length > 0) {
      const proxy = await startProxyVictim(program, acquirer.port, proxyKind)
      rows.push(...(await attackAll(proxy, onProxy)), await ending(proxy))
    }
    rows.push(await ending(acquirer))
  }
  return rows
}

const folder = mkdtempSync(join(tmpdir(), 'isochron-attack-'))
try {
  const rows = [...(await attackListeners(folder)), ...(await attackTerminals(folder))]
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
