// Two acquirer processes on one ledger in PostgreSQL: either is killed, and the server; the ledger is held up, and full. Rule: what
// was approved to a terminal is in the ledger, once, with the reference number that the terminal was told.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { writerLock } from '../../src/acquirer/ledger/store/postgres-schema.js'
import { realClock, sleep } from '../../src/base/clock.js'
import { kill, type Process, start, wait } from '../crash/processes.js'
import { booksOfParts } from './postgres-books.js'
import { createPostgres, type PostgresServer } from './postgres-server.js'
import { createSeller, type Seller } from './seller.js'
import { type ClusterPart, createChecks } from './trial.js'

interface Setting {
  readonly program: string
  readonly server: PostgresServer
  readonly folder: string
}

interface Pair {
  readonly hosts: Process[]
  readonly ports: readonly number[]
  readonly sellers: readonly Seller[]
}

export async function postgresPart(program: string): Promise<ClusterPart> {
  const server = await createPostgres()
  if (server === undefined)
    return {
      missing: 'PostgreSQL (initdb and postgres): apt-get install postgresql',
      trials: [],
      close: async () => {},
    }
  const folder = mkdtempSync(join(tmpdir(), 'isochron-shared-'))
  const setting = { program, server, folder }
  const trials = [
    { name: 'two acquirers, one ledger', work: async () => await sleep(realClock, 2500) },
    { name: 'kill -9 of one acquirer', work: killOne },
    { name: 'kill -9 of the database server', work: killServer },
    { name: 'another session holds the ledger up', work: holdUp },
    { name: 'the disk of the database is full', work: fillUp },
  ]
  return {
    missing: undefined,
    trials: [
      ...trials.map(({ name, work }, index) => ({ name, run: () => runTrial(setting, `trial_${index}`, work) })),
      {
        name: 'journals of two parts against the ledger',
        run: () => booksOfParts({ ...setting, ...databaseOf(server) }),
      },
    ],
    close: async () => {
      await server.remove()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function databaseOf(server: PostgresServer) {
  return {
    url: server.url,
    query: (sql: string) => withClient(server, async (client) => void (await client.query(sql))),
  }
}

type Work = (setting: Setting, pair: Pair, schema: string) => Promise<unknown>

async function startHost({ program, server, folder }: Setting, schema: string, port = 0): Promise<[Process, number]> {
  const ledger = ['--ledger', `${server.url}?schema=${schema}`, '--ledger-key', join(folder, `${schema}.key`)]
  const all = ['acquirer', '--listen', `127.0.0.1:${port}`, '--keys', 'none', '--ledger-run', schema, ...ledger]
  const host = start(program, all)
  const listening = await wait(host, 'the acquirer', () => /listening on \S+:(\d+)/.exec(host.text())?.[1])
  return [host, Number(listening)]
}

async function runTrial(setting: Setting, schema: string, work: Work) {
  const { problems, check } = createChecks()
  const [first, second] = [await startHost(setting, schema), await startHost(setting, schema)]
  const ports = [first[1], second[1]]
  const sellers = ports.map((port, index) => createSeller(port, `0000000${index + 1}`))
  const pair = { hosts: [first[0], second[0]], ports, sellers }
  await sleep(realClock, 500)
  await work(setting, pair, schema)
  const began = realClock.now()
  for (const until = began + 10_000; realClock.now() < until; await sleep(realClock, 50))
    if (sellers.every((seller) => seller.lastAt() > began)) break
  sellers.forEach((seller, index) => {
    check(seller.lastAt() > began, `acquirer ${index + 1} approves nothing any more: ${pair.hosts[index]?.text()}`)
  })
  for (const seller of sellers) seller.stop()
  await Promise.all(pair.hosts.map((host) => kill(host)))
  const rows = await entriesOf(setting, schema)
  for (const problem of auditOf(sellers, rows)) problems.push(problem)
  const said = pair.hosts.map((host) => host.text()).join('\n')
  if (work === killServer) {
    check(/database of the ledger is away/.test(said), 'nobody was told that the database is away')
    check(/database of the ledger is back after/.test(said), 'nobody was told that it is back')
  }
  if (work === holdUp) check(/the ledger is slow/.test(said), 'nobody was told that the ledger is slow')
  if (work === fillUp) check(/disk is full/.test(said), `nobody was told that the disk is full: ${said}`)
  const count = sellers.map(({ approved }) => approved.size).join(' + ')
  return { problems, seen: `${count} approved, ${rows.length} in the ledger` }
}

async function killOne(setting: Setting, pair: Pair, schema: string): Promise<void> {
  await kill(pair.hosts[0] as Process)
  await sleep(realClock, 1500)
  const [host] = await startHost(setting, schema, pair.ports[0])
  pair.hosts[0] = host
}

async function killServer({ server }: Setting): Promise<void> {
  await server.kill()
  await sleep(realClock, 1500)
  await server.start()
}

async function holdUp({ server }: Setting, _: Pair, schema: string): Promise<void> {
  await withClient(server, async (client) => {
    await client.query(`SELECT pg_advisory_lock(${writerLock(schema)})`)
    await sleep(realClock, 2000)
  })
}

/** A trigger says what a full disk makes the server say: a real one would take this machine's with it. */
async function fillUp({ server }: Setting, _: Pair, schema: string): Promise<void> {
  await withClient(server, async (client) => {
    await client.query(`SET search_path = ${schema};
      CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
      CREATE TRIGGER full_disk BEFORE INSERT ON entry EXECUTE FUNCTION full_disk()`)
    await sleep(realClock, 1000)
    await client.query('DROP TRIGGER full_disk ON entry')
  })
}

async function withClient(server: PostgresServer, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

interface LedgerRow {
  readonly terminal: string
  readonly stan: string
  readonly state: string
  readonly rrn: string
}

async function entriesOf({ server }: Setting, schema: string): Promise<readonly LedgerRow[]> {
  let rows: readonly LedgerRow[] = []
  await withClient(server, async (client) => {
    const sql = `SELECT t.terminal, e.stan, e.state, e.rrn FROM ${schema}.entry e JOIN ${schema}.terminal t ON t.id = e.terminal`
    rows = (await client.query<LedgerRow>(sql)).rows
  })
  return rows
}

function auditOf(sellers: readonly Seller[], rows: readonly LedgerRow[]): readonly string[] {
  const byName = new Map(rows.map((row) => [`${row.terminal} ${row.stan}`, row]))
  const problems: string[] = []
  if (byName.size !== rows.length) problems.push(`${rows.length - byName.size} rows have the name of another`)
  const charged = rows.filter(({ state }) => state === 'charged')
  const numbers = new Set(charged.map(({ rrn }) => rrn))
  if (numbers.size !== charged.length)
    problems.push(`${charged.length - numbers.size} reference numbers were given twice`)
  sellers.forEach(({ approved }, index) => {
    let lost = 0
    for (const [stan, rrn] of approved) {
      const row = byName.get(`0000000${index + 1} ${stan}`)
      if (row?.state !== 'charged' || row.rrn !== rrn) lost++
    }
    if (lost > 0) problems.push(`${lost} of ${approved.size} approvals of acquirer ${index + 1} are not in the ledger`)
    if (approved.size === 0) problems.push(`acquirer ${index + 1} has approved nothing`)
  })
  return problems
}
