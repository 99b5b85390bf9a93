// Processes of the built program that can be killed: the acquirer, with the relay before it, and any other.

import { type ChildProcess, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { realClock, sleep } from '../../src/base/clock.js'
import { type NodeCommand, plainNode } from '../processor.js'
import type { Relay } from './relay.js'

export interface Process {
  readonly child: ChildProcess
  readonly ended: Promise<number | null>
  /** All that it said. */
  text(): string
}

/** How long a process may take to listen, or to sell first: a machine may be busy. */
const patienceMs = 120_000
const pollMs = 10

/** `node`: the command that runs the program. */
export function start(
  program: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  [node, ...before]: NodeCommand = plainNode,
): Process {
  const env = { ...process.env, ...environment }
  const child = spawn(node, [...before, program, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env })
  let text = ''
  const hear = (bytes: Buffer) => {
    text += bytes.toString('utf8')
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  return { child, ended: new Promise((resolve) => child.once('exit', resolve)), text: () => text }
}

export async function kill({ child, ended }: Process): Promise<void> {
  child.kill('SIGKILL')
  await ended
}

/** Resolves to what `found` finds. Throws when the process ends first, or takes too long. */
export async function wait<Value>(
  running: Process,
  what: string,
  found: () => Value | undefined,
  forMs = patienceMs,
): Promise<Value> {
  const until = realClock.now() + forMs
  while (realClock.now() < until && running.child.exitCode === null) {
    const value = found()
    if (value !== undefined) return value
    await sleep(realClock, pollMs)
  }
  throw new Error(`${what} was waited for in vain:\n${running.text()}`)
}

export interface CrashHost {
  readonly ledger: string
  /** Where terminals reach it: the relay. */
  address(): string
  /** On the same files, and on the same port as before. */
  start(): Promise<void>
  /** kill -9. */
  kill(): Promise<void>
}

/** Slow enough that something is always under way when it dies. */
const hostOptions = { workers: 64, serviceTime: { p50: '40ms', p99: '180ms' } }

export function createCrashHost(program: string, folder: string, relay: Relay): CrashHost {
  const ledger = join(folder, 'ledger.sqlite')
  const config = join(folder, 'host.yaml')
  writeFileSync(config, JSON.stringify({ acquirer: hostOptions }))
  let address = '127.0.0.1:0'
  let running: Process | undefined
  return {
    ledger,
    address: relay.address,
    async start() {
      const files = ['--config', config, '--ledger', ledger]
      const started = start(program, ['acquirer', '--listen', address, '--dialect', 'cup-pos', ...files])
      running = started
      address = await wait(started, 'the acquirer', () => /listening on (\S+:\d+)/.exec(started.text())?.[1])
      await relay.open(address)
    },
    async kill() {
      if (running !== undefined) await kill(running)
      running = undefined
      relay.shut()
    },
  }
}
