// The suites of the ledger once more, on a PostgreSQL of this machine, and what only a ledger in a database can meet.

import { afterAll, describe, expect, test, vi } from 'vitest'
import { createPostgres } from '../../../bench/cluster/postgres-server.js'
import { WaitingPostgres } from './waiting-postgres.js'

const server = await createPostgres({ isDurable: false })
if (server === undefined) process.stderr.write('no PostgreSQL on this machine: the ledger is tested on SQLite alone\n')
else {
  // One process runs many test files, and a module defines its tests when it loads: the suites are loaded anew here, and
  // anew again when their own turn comes.
  vi.resetModules()
  const { useStore } = await import('./books.js')
  const postgres = new WaitingPostgres(server.url)
  useStore(postgres)
  afterAll(async () => {
    useStore(undefined)
    await postgres.close()
    await server.remove()
  })
  await import('./ledger.test.js')
  await import('./iso-ledger.test.js')
  await import('./batch-order.test.js')
  await import('./marks.test.js')
  await import('./twin.test.js')
  await import('../settlement/payouts.test.js')
  await import('../settlement/hold.test.js')
  vi.resetModules()
}

describe('a machine', () => {
  test('may have no PostgreSQL, which is said', () => {
    expect(server === undefined || server.port > 0).toBe(true)
  })
})
