// A PostgreSQL of this machine for a test: in a temporary folder, on a free loopback port, as a user that may run one.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { freePort } from './free-port.js'

export interface PostgresServer {
  readonly port: number
  readonly url: string
  /** kill -9 of the server and of all its processes. */
  kill(): Promise<void>
  start(): Promise<void>
  /** Ends it and removes its folder. Idempotent. */
  remove(): Promise<void>
}

/** The folder of initdb and postgres: Debian keeps them off the PATH. Undefined: there is none. */
export function postgresPrograms(): string | undefined {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).toSorted((a, b) => Number(b) - Number(a)) : []
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...versions.map((each) => join(debian, each, 'bin'))]
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')))
}

/** PostgreSQL refuses to run as root. */
function user(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string) => Number(execFileSync('id', [flag, name], { stdio: 'pipe' }))
      return { uid: id('-u'), gid: id('-g') }
    } catch {
      // The next one.
    }
  }
  return undefined
}

/** Undefined where there is no PostgreSQL. `isDurable`: it survives loss of power, as a real one does, and is slower. */
export async function createPostgres({ isDurable = true } = {}): Promise<PostgresServer | undefined> {
  const programs = postgresPrograms()
  if (programs === undefined) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'isochron-postgres-'))
  const as = user()
  if (as !== undefined) chownSync(folder, as.uid, as.gid)
  const data = join(folder, 'data')
  const options = { ...as, cwd: folder, stdio: 'ignore' as const }
  execFileSync(join(programs, 'initdb'), ['-D', data, '-A', 'trust', '-U', 'isochron', '--no-sync'], options)
  const port = await freePort()
  const settings = [
    ...['-p', String(port), '-k', folder, '-h', '127.0.0.1'],
    ...['-c', 'shared_buffers=32MB', '-c', 'max_connections=40'],
    ...(isDurable ? [] : ['-F', '-c', 'full_page_writes=off']),
  ]
  let server: ChildProcess | undefined
  const ended = () =>
    new Promise<void>((resolve) => (server?.exitCode === null ? server.once('exit', () => resolve()) : resolve()))
  const start = async () => {
    server = spawn(join(programs, 'postgres'), ['-D', data, ...settings], {
      ...options,
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    })
    await ready(server)
  }
  const stop = async (signal: NodeJS.Signals) => {
    if (server?.pid === undefined || server.exitCode !== null || server.signalCode !== null) return
    const gone = ended()
    // Its children are of its group.
    process.kill(signal === 'SIGKILL' ? -server.pid : server.pid, signal)
    await gone
  }
  await start()
  return {
    port,
    url: `postgres://isochron@127.0.0.1:${port}/postgres`,
    start,
    kill: () => stop('SIGKILL'),
    remove: async () => {
      await stop('SIGINT')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function ready(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    server.stderr?.on('data', (chunk) => {
      said = (said + String(chunk)).slice(-4000)
      if (said.includes('ready to accept connections')) resolve()
    })
    server.once('exit', () => reject(new Error(`PostgreSQL did not start: ${said}`)))
  })
}
