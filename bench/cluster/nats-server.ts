// A nats-server of this machine for a test: in a temporary folder, on a free loopback port.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { realClock, sleep } from '../../src/base/clock.js'
import { freePort } from './free-port.js'

export interface NatsServer {
  readonly port: number
  /** kill -9. */
  kill(): Promise<void>
  /** On the same port and files. */
  start(): Promise<void>
  /** Ends it and removes its folder. Idempotent. */
  remove(): Promise<void>
}

const patienceMs = 20_000

/** Debian keeps it off the PATH of users. Undefined: there is none. */
export function natsProgram(): string | undefined {
  return ['nats-server', '/usr/sbin/nats-server'].find((name) => spawnSync(name, ['--version']).status === 0)
}

/** Undefined where there is no nats-server. `settings`: lines of its configuration beside port and folder. */
export async function createNats(settings: (folder: string) => string = () => ''): Promise<NatsServer | undefined> {
  const program = natsProgram()
  if (program === undefined) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'isochron-nats-'))
  const port = await freePort()
  const config = join(folder, 'nats.conf')
  const own = settings(folder)
  const store = own.includes('jetstream') ? '' : `jetstream { store_dir: "${folder}/js" }\n`
  writeFileSync(config, `listen: "127.0.0.1:${port}"\n${store}${own}\n`)
  let server: ChildProcess | undefined
  const kill = async () => {
    const running = server
    server = undefined
    if (running === undefined || running.exitCode !== null) return
    running.kill('SIGKILL')
    await new Promise((resolve) => running.once('exit', resolve))
  }
  const start = async () => {
    server = spawn(program, ['-c', config], { stdio: 'ignore' })
    const until = realClock.now() + patienceMs
    while (!(await answers(port))) {
      if (realClock.now() > until || server.exitCode !== null) throw new Error('nats-server does not come up')
      await sleep(realClock, 50)
    }
  }
  await start()
  const remove = async () => {
    await kill()
    rmSync(folder, { recursive: true, force: true })
  }
  return { port, kill, start, remove }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('data', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
