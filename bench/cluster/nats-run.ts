// The common parts of the trials of a bus: a run of several worker processes, and what must hold for each.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { realClock, sleep } from '../../src/base/clock.js'
import type { Result } from '../../src/measure/result.js'
import { type Process, start, wait } from '../crash/processes.js'
import type { NatsServer } from './nats-server.js'
import type { createChecks } from './trial.js'

export interface Setting {
  readonly program: string
  readonly server: NatsServer
  readonly folder: string
  /** HOST:PORT of the acquirer. */
  readonly target: string
}

export interface Running {
  readonly setting: Setting
  readonly name: string
  readonly coordinator: Process
  readonly workers: readonly Process[]
}

export type Checks = ReturnType<typeof createChecks>
export const parts = 3
export const pans = ['6212345678901232', '6212345678901240', '6212345678901257']
/** The load begins after the sign-ons, and lasts so long, in ms. */
const loadMs = 7000

/** A scenario with a card file beside it. */
export function writeScenario({ folder, target }: Setting, name: string): { file: string; files: string } {
  const files = join(folder, name)
  mkdirSync(files, { recursive: true })
  writeFileSync(join(files, 'cards.csv'), `pan,expiry\n${pans.map((pan) => `${pan},3012\n`).join('')}`)
  const file = join(files, 's.yaml')
  writeFileSync(
    file,
    JSON.stringify({
      ...{ name, seed: 7, dialect: 'iso87-ascii', drain: '4s', warmup: '0s' },
      terminals: { count: 12, cards: 'cards.csv', target: [target], timeout: '3s', mix: { sale: 1 } },
      load: [{ hold: { rate: '45/s', for: `${loadMs}ms`, arrivals: 'poisson' } }],
    }),
  )
  return { file, files }
}

export const urlOf = (port: number) => `nats://127.0.0.1:${port}`

export function startWorker(
  { program, server }: Setting,
  name: string,
  files: string,
  more: readonly string[] = [],
): Process {
  const flags = ['--on', urlOf(server.port), '--run', name, '--files', files, '--pacing', 'economy', '--wait', '60s']
  return start(program, ['worker', ...flags, ...more])
}

/** The coordinator alone: its workers are started otherwise. */
export function startCoordinator(
  setting: Setting,
  name: string,
  more: readonly string[] = [],
): Running & { readonly files: string } {
  const { program, server, folder } = setting
  const { file, files } = writeScenario(setting, name)
  const bus = ['--on', urlOf(server.port), '--run', name, '--parts', String(parts), '--wait', '60s']
  const out = ['--out', join(folder, name, 'out'), '--allow-saturated']
  return { setting, name, coordinator: start(program, ['run', file, ...bus, ...out, ...more]), workers: [], files }
}

export function startRun(setting: Setting, name: string, more: readonly string[] = []) {
  const running = startCoordinator(setting, name, more)
  return { ...running, workers: Array.from({ length: parts }, () => startWorker(setting, name, running.files)) }
}

/** The load has begun, and something has been told of it. */
export async function underLoad({ coordinator }: Running): Promise<void> {
  const begins = () => (coordinator.text().includes('the load begins') ? true : undefined)
  await wait(coordinator, 'the load', begins, 60_000)
  await sleep(realClock, 5500)
}

export function resultOf({ setting, name }: Running): Result | undefined {
  const file = join(setting.folder, name, 'out', 'result.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Result) : undefined
}

export const natsEndOf = (processes: readonly Process[]) => Promise.all(processes.map(({ ended }) => ended))

/** Everything that holds for any run: what was planned is offered, and outcomes add up to it. */
export function checkOffered(result: Result | undefined, checks: Checks): result is Result {
  checks.check(result !== undefined, 'there is no result')
  if (result === undefined) return false
  const planned = (result.parts ?? []).reduce((sum, part) => sum + (part.planned ?? 0), 0)
  const ended = Object.values(result.outcomes).reduce((sum, count) => sum + count, 0)
  checks.check(result.offered === planned, `offered are ${result.offered} of ${planned}`)
  checks.check(ended === result.offered, `outcomes add up to ${ended}, offered are ${result.offered}`)
  checks.check(result.parts?.length === parts, `the result has ${result.parts?.length} parts`)
  return true
}

export function checkWhole(running: Running, codes: readonly (number | null)[], checks: Checks): string {
  const result = resultOf(running)
  checks.check(
    codes.every((code) => code === 0),
    `exit codes are ${codes.join(', ')}: ${running.coordinator.text().slice(-600)}`,
  )
  if (!checkOffered(result, checks)) return 'no result'
  checks.check(result.whole === true, `whole is ${result.whole}: ${JSON.stringify(result.parts)}`)
  checks.check(
    result.responseTime.count === result.outcomes.approved + result.outcomes.declined + result.outcomes.timedOut,
    'the histogram counts something else than the outcomes',
  )
  return `${result.offered} offered, ${result.outcomes.approved} approved`
}
