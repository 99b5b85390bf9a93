// One connection to the database of a ledger: made, set up, and asked one statement after another.

import type { Client, ClientConfig } from 'pg'
import { StartError } from '../../../base/errors.js'
import type { PostgresPlace } from './postgres-place.js'
import { writerLock } from './postgres-schema.js'
import { PostgresTrouble, troubleWith } from './postgres-trouble.js'
import type { SqlRow, SqlValue, Statement } from './store.js'

/** How long a server may take to be reached, in ms. */
const connectMs = 3000
/** A statement that takes longer than this, in ms, is of a server that cannot be reached any more. */
const statementMs = 15_000
/**
 * Another process is waited for so long by the server itself; a process that stands still inside a transaction is let go of, so that
 * others can go on; a machine that is gone without a word is missed after half a minute.
 */
const settings = `
  SET lock_timeout = '4s'; SET idle_in_transaction_session_timeout = '10s';
  SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 4;
  SET default_transaction_isolation = 'read committed'`

export interface PostgresSession {
  /** Rejects with PostgresTrouble. */
  run(statement: Statement): Promise<readonly SqlRow[]>
  query(sql: string): Promise<readonly SqlRow[]>
  close(): Promise<void>
}

/** Rejects with StartError where `pg` is not installed. */
export async function loadPg(): Promise<typeof import('pg')> {
  try {
    return (await import('pg')).default as unknown as typeof import('pg')
  } catch (cause) {
    throw new StartError("a ledger in PostgreSQL needs the package 'pg': npm install pg", { cause })
  }
}

/** `name` tells this process from all others to the server. Rejects with PostgresTrouble. */
export async function openSession(
  place: PostgresPlace,
  name: string,
  onLost: (error: Error) => void,
): Promise<PostgresSession> {
  const pg = await loadPg()
  let last: PostgresTrouble | undefined
  for (const { host, port } of place.hosts) {
    const client = new pg.Client(configOf(place, host, port, name, pg))
    // An error that nobody listens to would end the process.
    client.on('error', onLost)
    client.on('end', () => onLost(new Error('the connection has ended')))
    try {
      await client.connect()
      await prepareSession(client, place, name)
      return sessionOf(client, place)
    } catch (error) {
      client.removeAllListeners()
      client.on('error', () => {})
      void client.end().catch(() => {})
      const trouble = troubleWith(error, false)
      last = new PostgresTrouble(`${host}:${port}: ${trouble.message}`, { ...kindOf(trouble) }, error)
    }
  }
  throw last ?? new PostgresTrouble('no host is named', {})
}

const kindOf = ({ retryMs, isAway }: PostgresTrouble) => ({ ...(retryMs !== undefined && { retryMs }), isAway })

function configOf(
  place: PostgresPlace,
  host: string,
  port: number,
  name: string,
  { types }: typeof import('pg'),
): ClientConfig {
  const { database, user, password, tls, pem } = place
  const parserOf = (oid: number) => (oid === int8 || oid === numeric ? Number : types.getTypeParser(oid as never))
  return {
    ...{ host, port, database, ...(user !== undefined && { user }), ...(password !== undefined && { password }) },
    application_name: name,
    keepAlive: true,
    connectionTimeoutMillis: connectMs,
    query_timeout: statementMs,
    ssl:
      tls === 'off'
        ? false
        : {
            ...pem,
            rejectUnauthorized: tls !== 'unverified',
            ...(tls === 'authority' && { checkServerIdentity: () => undefined }),
          },
    types: { getTypeParser: parserOf as never },
  }
}

/** Numbers of types (pg_type.dat). The ledger's are whole and below 2^53. */
const int8 = 20
const numeric = 1700

async function prepareSession(client: Client, { schema, shown }: PostgresPlace, name: string): Promise<void> {
  const { rows } = await client.query<{ standby: boolean }>('SELECT pg_is_in_recovery() AS standby')
  if (rows[0]?.standby === true)
    throw new PostgresTrouble(`${shown} is a standby, which takes no postings`, { retryMs: 100, isAway: true })
  await client.query(settings)
  await client.query(`SET search_path = ${schema}`)
  // A posting that is answered has to survive the server too, whatever its usual setting is.
  await client.query(`SELECT set_config('synchronous_commit', 'on', false)
    WHERE current_setting('synchronous_commit') IN ('off', 'local')`)
  // An earlier connection of this process may still hold a transaction open.
  await client.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 AND pid <> pg_backend_pid()',
    [name],
  )
}

function sessionOf(client: Client, { schema }: PostgresPlace): PostgresSession {
  const prepared = new Map<string, { readonly name: string; readonly text: string }>()
  const begin = `BEGIN; SELECT pg_advisory_xact_lock(${writerLock(schema)})`
  const prepare = ({ sql, wants }: Statement) => {
    const text = sql.replace(/\?(\d+)/g, '$$$1') + (wants === 'id' ? ' RETURNING id' : '')
    const made = { name: `s${prepared.size}`, text }
    prepared.set(sql, made)
    return made
  }
  // The rows of several statements are not looked at.
  const query = async (sql: string) => (await client.query<Record<string, unknown>>(sql)).rows ?? []
  const ask = async (statement: Statement): Promise<readonly SqlRow[]> => {
    const { sql, wants, values } = statement
    if (sql === 'BEGIN') return await query(begin)
    if (sql === 'COMMIT') return await commitWith(client)
    // One that takes nothing may be several: tables, or the end of a transaction.
    if (values.length === 0 && wants === 'nothing') return await query(sql)
    const { name, text } = prepared.get(sql) ?? prepare(statement)
    const { rows } = await client.query<Record<string, unknown>>({ name, text, values: values.map(sent) })
    return rows
  }
  return {
    run: (statement) =>
      ask(statement).catch((error: unknown) => {
        throw troubleWith(error, statement.sql === 'COMMIT')
      }),
    query: (sql) =>
      query(sql).catch((error: unknown) => {
        throw troubleWith(error, false)
      }),
    close: async () => {
      client.removeAllListeners()
      client.on('error', () => {})
      await client.end().catch(() => {})
    },
  }
}

/** A transaction that has failed is rolled back by COMMIT, without an error. */
async function commitWith(client: Client): Promise<readonly SqlRow[]> {
  const { command } = await client.query('COMMIT')
  if (command !== 'COMMIT') throw new PostgresTrouble('the database has rolled the postings back', {})
  return []
}

type Sent = Statement['values'][number]

/** PostgreSQL has no text with a zero byte; what a peer sent as one is kept as U+FFFD. */
function sent(value: Sent): unknown {
  if (typeof value === 'string') return value.includes('\0') ? value.replaceAll('\0', '\ufffd') : value
  if (value instanceof Uint8Array) return Buffer.isBuffer(value) ? value : Buffer.from(value)
  return Array.isArray(value) ? value.map(sent) : value
}

/** Rows of a long query that are read at a time. */
const rowsAtOnce = 10_000

/** The rows of a query that may be long. Rejects with PostgresTrouble. */
export async function readPages(session: PostgresSession, sql: string, values: readonly SqlValue[]): Promise<SqlRow[]> {
  const all: SqlRow[] = []
  await session.query('BEGIN READ ONLY')
  try {
    await session.run({ sql: `DECLARE page CURSOR FOR ${sql}`, wants: 'nothing', values })
    for (;;) {
      const rows = await session.query(`FETCH ${rowsAtOnce} FROM page`)
      for (const row of rows) all.push(row)
      if (rows.length < rowsAtOnce) return all
    }
  } finally {
    await session.query('ROLLBACK').catch(() => {})
  }
}
