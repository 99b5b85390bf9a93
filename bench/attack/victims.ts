// The built program as what is attacked: an acquirer, with TLS or without, a proxy before one, and terminals.

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import net from 'node:net'
import { join } from 'node:path'
import { compile } from '../../src/codec/compile.js'
import { builtInDialect } from '../../src/codec/dialects/index.js'
import { kill, type Process, start, wait } from '../crash/processes.js'
import { measuredSale } from '../measured-sale.js'
import { apartNode } from '../processor.js'
import { openFiles, rssBytes } from './process-figures.js'

const dialectName = 'iso87-ascii'

export interface Victim {
  readonly name: string
  readonly port: number
  readonly tls: boolean
  /** Its processes: one, or that of the port and those that serve. */
  readonly pids: readonly number[]
  /** Those of the acquirer behind a proxy, which an attack keeps busy too. */
  readonly pidsBehind: readonly number[]
  readonly isAlive: boolean
  /** Ends it as Ctrl-C does; resolves to the JSON that it prints at its end, or to what it said instead. */
  stop(): Promise<Record<string, unknown> | string>
}

/** Sales with numbers of their own, framed with two bytes of length. `from`: the first number. */
export function salesFrom(from: number): (number: number) => Buffer {
  const codec = compile(builtInDialect(dialectName))
  const sale = measuredSale(codec.dialect)
  // Packed once: STAN and terminal are of fixed length, so they are only written over.
  const body = Buffer.from(codec.pack({ mti: sale.mti, fields: { ...sale.fields, 11: '999001', 41: '99988877' } }))
  const stanAt = body.indexOf('999001')
  const terminalAt = body.indexOf('99988877')
  const framed = Buffer.concat([Buffer.alloc(2), body])
  framed.writeUInt16BE(body.length, 0)
  return (number) => {
    const made = Buffer.from(framed)
    const unique = from + number
    made.write(String(unique % 1_000_000).padStart(6, '0'), 2 + stanAt, 'latin1')
    made.write(String(10_000_000 + Math.floor(unique / 1_000_000)), 2 + terminalAt, 'latin1')
    return made
  }
}

/** A whole frame whose message stops in the middle of a field. */
export function unreadableFrame(): Buffer {
  const frame = salesFrom(1)(1)
  const cut = Buffer.from(frame.subarray(0, frame.length - 20))
  cut.writeUInt16BE(cut.length - 2, 0)
  return cut
}

const wireFlags = ['--dialect', dialectName, '--framing', 'binary2']

export type AcquirerKind = 'acquirer' | 'acquirer, TLS' | 'acquirer, 2 processes'
export type ProxyKind = 'proxy' | 'proxy, 2 processes'

const inTwo = (kind: string) => (kind.includes('2 processes') ? ['--workers', '2'] : [])

export async function startAcquirerVictim(program: string, folder: string, kind: AcquirerKind): Promise<Victim> {
  const tls = kind === 'acquirer, TLS'
  const files = tls ? ['--tls', ...certificate(folder), '--handshake-timeout', '2s'] : []
  const running = start(program, [...acquirerFlags(join(folder, `${kind}.sqlite`)), ...files, ...inTwo(kind)])
  return victimOf({ name: kind, port: await portOf(running), tls }, running)
}

const acquirerFlags = (ledger: string) => ['acquirer', '--listen', '127.0.0.1:0', ...wireFlags, '--ledger', ledger]

/** With an acquirer behind it, on a processor of its own where that can be: it is another machine in the field. */
export async function startProxyVictim(program: string, folder: string, kind: ProxyKind): Promise<Victim> {
  const behind = start(program, acquirerFlags(join(folder, `behind ${kind}.sqlite`)), {}, apartNode)
  const ends = ['--listen', '127.0.0.1:0', '--upstream', `127.0.0.1:${await portOf(behind)}`]
  const running = start(program, ['proxy', ...ends, ...wireFlags, ...inTwo(kind)])
  return victimOf({ name: kind, port: await portOf(running), tls: false }, running, behind)
}

const portOf = (running: Process) =>
  wait(running, 'a listener', () => {
    const port = /listening on \S+:(\d+)/.exec(running.text())?.[1]
    return port === undefined ? undefined : Number(port)
  })

function victimOf(known: Pick<Victim, 'name' | 'port' | 'tls'>, running: Process, behind?: Process): Victim {
  const { child } = running
  return {
    ...known,
    pidsBehind: behind === undefined ? [] : [behind.child.pid ?? 0],
    get pids() {
      const served = /processes ([\d, ]+)/.exec(running.text())?.[1]?.split(', ') ?? []
      return [child.pid ?? 0, ...served.map(Number)]
    },
    get isAlive() {
      return child.exitCode === null && child.signalCode === null
    },
    async stop() {
      child.kill('SIGINT')
      const late = setTimeout(() => child.kill('SIGKILL'), 15_000)
      await running.ended
      clearTimeout(late)
      if (behind !== undefined) await kill(behind)
      const json = running
        .text()
        .split('\n')
        .find((line) => line.startsWith('{'))
      return json === undefined ? running.text().slice(-500) : (JSON.parse(json) as Record<string, unknown>)
    },
  }
}

function certificate(folder: string): readonly string[] {
  const [cert, key] = [join(folder, 'server.crt'), join(folder, 'server.key')]
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  execFileSync(
    'openssl',
    ['req', '-x509', ...curve, '-keyout', key, '-out', cert, '-days', '2', '-subj', '/CN=localhost'],
    {
      stdio: 'pipe',
    },
  )
  return ['--cert', cert, '--key', key]
}

export interface TerminalsReport {
  readonly code: number | null
  /** Its result could be read, and says what became of every transaction. */
  readonly isKept: boolean
  readonly offered: number
  readonly rssMb: number
  /** The descriptors that it had open shortly before its end; undefined where the system does not show them. */
  readonly files: number | undefined
}

/** Requests of each connection that a hostile host answers before it attacks: terminals have signed on by then, and sell. */
const politeAnswers = 6

/** Answers the first requests, approving everything, and does then what `host` does. */
function politeAtFirst(socket: net.Socket, host: (socket: net.Socket) => void): void {
  const codec = compile(builtInDialect(dialectName))
  let got = Buffer.alloc(0)
  let left = politeAnswers
  const hear = (bytes: Buffer) => {
    got = Buffer.concat([got, bytes])
    while (left > 0 && got.length >= 2 && got.length >= 2 + got.readUInt16BE(0)) {
      const { mti, fields } = codec.unpack(got.subarray(2, 2 + got.readUInt16BE(0)))
      got = got.subarray(2 + got.readUInt16BE(0))
      const answer = codec.pack({
        mti: `${mti.slice(0, 2)}${Number(mti[2]) + 1}0`,
        fields: { ...fields, 37: '123456789012', 38: '654321', 39: '00' },
      })
      const length = Buffer.alloc(2)
      length.writeUInt16BE(answer.length)
      socket.write(Buffer.concat([length, answer]))
      left--
    }
    if (left > 0) return
    socket.off('data', hear)
    host(socket)
  }
  socket.on('data', hear)
}

/** Terminals against a host that does this with every connection, after it has answered the first requests. */
export async function runTerminals(
  program: string,
  folder: string,
  host: (socket: net.Socket) => void,
): Promise<TerminalsReport> {
  const sockets = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => sockets.delete(socket))
    politeAtFirst(socket, host)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as net.AddressInfo
  const load = ['--rate', '50/s', '--duration', '2s', '--timeout', '1s', '--terminals', '20', '--connections', '5']
  const flags = ['terminal', '--target', `127.0.0.1:${port}`, ...wireFlags, ...load, '--out', folder]
  const running = start(program, flags)
  const { pid = 0 } = running.child
  let most = 0
  let files: number | undefined
  const timer = setInterval(() => {
    most = Math.max(most, rssBytes(pid) ?? 0)
    files = openFiles(pid) || files
  }, 100)
  const tooLong = setTimeout(() => running.child.kill('SIGKILL'), 60_000)
  const code = await running.ended
  clearInterval(timer)
  clearTimeout(tooLong)
  for (const socket of sockets) socket.destroy()
  server.close()
  return { code, rssMb: most / 1_048_576, files, ...keptIn(folder) }
}

function keptIn(folder: string): Pick<TerminalsReport, 'isKept' | 'offered'> {
  try {
    const { offered, outcomes } = JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8')) as {
      offered: number
      outcomes: Record<string, number>
    }
    const sum = Object.values(outcomes).reduce((total, count) => total + count, 0)
    return { isKept: sum === offered, offered }
  } catch {
    return { isKept: false, offered: 0 }
  }
}
