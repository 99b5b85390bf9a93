// Asks PostgreSQL for a thread that waits: statements come in, rows go out through shared memory.

import { serialize } from 'node:v8'
import { parentPort, workerData } from 'node:worker_threads'
import pg from 'pg'

const { url, shared } = workerData
const state = new Int32Array(shared, 0, 2)
const bytes = new Uint8Array(shared, 8)
const client = new pg.Client({
  connectionString: url,
  types: { getTypeParser: (oid) => (oid === 20 || oid === 1700 ? Number : pg.types.getTypeParser(oid)) },
})
const connected = client.connect()

parentPort.on('message', async ({ text, values }) => {
  let answer
  try {
    await connected
    const { rows } = values.length === 0 ? await client.query(text) : await client.query(text, values)
    answer = { rows: rows ?? [] }
  } catch ({ message, code }) {
    answer = { message, code }
  }
  const packed = serialize(answer)
  bytes.set(packed)
  state[1] = packed.length
  Atomics.store(state, 0, 1)
  Atomics.notify(state, 0)
})
