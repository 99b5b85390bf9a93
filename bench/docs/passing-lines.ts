// The examples that a page shows in passing, each line run on a stage: it is taken, or it says what the reader must have.

import { type ChildProcess, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Block } from './blocks.js'
import { slowness } from './slowness.js'
import { type DocsStage, withKeys } from './stage.js'

export interface PassingLine {
  readonly line: string
  /** `ran`, or why it is not run here, or what went wrong. */
  readonly outcome: string
  readonly ok: boolean
  /** Milliseconds that it took. */
  readonly ms: number
}

type Judged = Omit<PassingLine, 'ms'>

async function timed(work: () => Promise<Judged>): Promise<PassingLine> {
  const startedAt = performance.now()
  const judged = await work()
  return { ...judged, ms: performance.now() - startedAt }
}

/** Lines that no empty folder can run, and why. */
const elsewhere: readonly (readonly [pattern: RegExp, why: string])[] = [
  [/^git clone|^npm ci/, 'the clone itself'],
  [/^(?!.*--print).* --on (?:tls|nats):/, 'needs a bus'],
  [/postgres:/, 'needs a database'],
  [/^(?:tcpdump|sqlite3) /, 'another program'],
  [/--start-at|^isochron merge/, 'two machines at one time'],
  [/--rrn|--stan/, "numbers of the reader's own run"],
  [/--cert|--require-client/, "certificates of the reader's own"],
]
/** A role that runs until it is stopped, or longer than anybody waits here. */
const isServer = (line: string) => /^isochron (?:acquirer|proxy|watch)\b/.test(line) && !/--for \d+m?s\b/.test(line)
/** A search for the highest rate takes minutes at its low rates, which are the same in virtual time. */
const inVirtualTime = (line: string) =>
  /--find-capacity/.test(line) && !/--clock/.test(line) ? `${line} --clock virtual` : line
/** Codes of a command that did its work: a threshold or a probe may fail on a stage, and books may differ. */
const codesOfWork = [0, 3, 4, 130]
/** On a quiet machine. */
const [startMs, lineMs] = [15_000, 240_000]

/** Shell lines of a block, comments and continuations taken away. */
const linesOf = ({ text }: Block) =>
  text
    .replace(/\\\n\s*/g, ' ')
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '')

export async function runPassing(blocks: readonly Block[], stage: DocsStage): Promise<readonly PassingLine[]> {
  const servers: Server[] = []
  const told: PassingLine[] = []
  try {
    for (const block of blocks) {
      if (block.language === 'yaml') told.push(await timed(() => checkYaml(block.text, stage)))
      for (const line of block.language === 'sh' ? linesOf(block) : []) {
        const why = elsewhere.find(([pattern]) => pattern.test(line))?.[1]
        if (why !== undefined) told.push({ line, outcome: `not run: ${why}`, ok: true, ms: 0 })
        else told.push(await timed(() => runLine(inVirtualTime(line.replace(/\s*&$/, '')), stage, servers)))
      }
    }
  } finally {
    for (const { child } of servers) child.kill('SIGKILL')
  }
  return told
}

interface Server {
  readonly child: ChildProcess
  readonly line: string
  /** Started by a line of the page, and not for one. */
  readonly isOfPage: boolean
}

async function runLine(line: string, stage: DocsStage, servers: Server[]): Promise<Judged> {
  await standHost(line, stage, servers)
  if (!isServer(line)) return judge(line, await run(line, stage))
  await stopRivals(line, servers)
  const { child, output, ended } = start(line, stage)
  servers.push({ child, line, isOfPage: true })
  const code = await Promise.race([ended, untilSaid(output, child)])
  return code === 'up' ? { line, outcome: 'ran', ok: true } : judge(line, { code, output: output.join('') })
}

/** A host for who asks for one, where the page has started none; another dialect gets another host. */
async function standHost(line: string, stage: DocsStage, servers: Server[]): Promise<void> {
  const target = /--(?:target|upstream) (?:127\.0\.0\.1)?:(\d+)/.exec(line)?.[1]
  if (target === undefined) return
  const [dialect, tpdu] = [/--dialect \S+/, /--tpdu \S+/].map((flag) => flag.exec(line)?.[0] ?? '')
  const host = `isochron acquirer --listen 127.0.0.1:${target} ${dialect} ${tpdu}`
  const there = servers.findIndex((server) =>
    new RegExp(`--listen (?:127\\.0\\.0\\.1)?:${target}\\b`).test(server.line),
  )
  const standing = servers[there]
  if (standing !== undefined && (standing.isOfPage || standing.line === host)) return
  if (standing !== undefined) await stop(servers.splice(there, 1)[0] as Server)
  const { child, output } = start(host, stage)
  servers.push({ child, line: host, isOfPage: false })
  await untilSaid(output, child)
}

/** A page that starts one role in two ways means one or the other: they have one port, or one ledger. */
async function stopRivals(line: string, servers: Server[]): Promise<void> {
  const shared = [/--listen \S+/, /--ledger \S+/].flatMap((flag) => flag.exec(line)?.[0] ?? [])
  for (const rival of servers.filter((server) => shared.some((each) => server.line.includes(each)))) {
    servers.splice(servers.indexOf(rival), 1)
    await stop(rival)
  }
}

function stop({ child }: Server): Promise<unknown> {
  const ended = new Promise((resolve) => child.once('close', resolve))
  child.kill('SIGKILL')
  return ended
}

/** The words of a role that listens or dials, the first line of a watch, and one of --json. */
const saysThatItIsThere = /listening|connected|probing|->|^\S+Z (?:starting|good|bad): |^\{/m

/** Resolves when a role has said that it is there, or has had the time. */
function untilSaid(output: readonly string[], child: ChildProcess): Promise<'up'> {
  return new Promise((resolve) => {
    const look = () => saysThatItIsThere.test(output.join('')) && resolve('up')
    child.stdout?.on('data', look)
    child.stderr?.on('data', look)
    setTimeout(() => resolve('up'), startMs * slowness()).unref()
  })
}

function start(line: string, { folder, env }: DocsStage) {
  const child = spawn('bash', ['-c', `exec ${line}`], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const output: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => output.push(String(data)))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return { child, output, ended }
}

async function run(line: string, stage: DocsStage) {
  const isStream = line.startsWith('curl -N')
  const asked = isStream ? `timeout 2 ${line} || test $? = 124` : line.replace(/^curl /, 'curl -sSf ')
  const child = spawn('bash', ['-c', asked], { cwd: stage.folder, env: stage.env, stdio: ['ignore', 'pipe', 'pipe'] })
  const output: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => output.push(String(data)))
  const timer = setTimeout(() => child.kill('SIGKILL'), lineMs * slowness())
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  clearTimeout(timer)
  return { code, output: output.join('') }
}

function judge(line: string, { code, output }: { readonly code: number | null; readonly output: string }): Judged {
  const ok = code !== null && codesOfWork.includes(code)
  return { line, ok, outcome: ok ? 'ran' : `exit ${code}: ${output.trim().split('\n').slice(-3).join(' / ')}` }
}

/** A part of a scenario with what it leaves out, a dialect file, or a key file: by the command that reads it. */
async function checkYaml(text: string, stage: DocsStage): Promise<Judged> {
  const [first = ''] = text.trim().split('\n')
  const has = (key: string) => new RegExp(`^${key}:`, 'm').test(text)
  // A scenario of its own keys is checked without them: they are the reader's.
  const ofKeys = text.includes('security:') ? 'keys: none' : ''
  const rest = [
    ofKeys,
    has('name') ? '' : 'name: part',
    has('load') ? '' : 'load: [ { hold: { rate: 1/s, for: 1m } } ]',
  ]
  const kind = has('base') ? 'dialect' : /\{ usage:/.test(text) ? 'keys' : 'scenario'
  const whole = kind === 'scenario' ? `${text}\n${rest.join('\n')}\n` : withKeys(text)
  const commands = { dialect: 'dialects --check', keys: 'keys check', scenario: 'validate' }
  writeFileSync(join(stage.folder, 'block.yaml'), whole, { mode: 0o600 })
  return judge(`${kind}: ${first}`, await run(`isochron ${commands[kind]} ./block.yaml`, stage))
}
