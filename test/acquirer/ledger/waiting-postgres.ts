// PostgreSQL as a store that runs steps at once, for tests in virtual time: this thread stands still until the rows are there. The
// statements and the steps are those of the real store; its connection has tests of its own.

import { deserialize } from 'node:v8'
import { Worker } from 'node:worker_threads'
import { isFirstOf, takeHold } from '../../../src/acquirer/ledger/store/postgres-holder.js'
import { parsePostgresUrl } from '../../../src/acquirer/ledger/store/postgres-place.js'
import { writerLock } from '../../../src/acquirer/ledger/store/postgres-schema.js'
import type { SqlRow, Statement, Steps, Store } from '../../../src/acquirer/ledger/store/store.js'
import type { CardDigest } from '../../../src/crypto/card/card-digest.js'

const mostBytes = 4_194_304

export class WaitingPostgres {
  readonly #worker: Worker
  readonly #state: Int32Array
  readonly #bytes: Uint8Array
  readonly #url: string
  #schemas = 0

  constructor(url: string) {
    this.#url = url
    const shared = new SharedArrayBuffer(8 + mostBytes)
    this.#state = new Int32Array(shared, 0, 2)
    this.#bytes = new Uint8Array(shared, 8)
    this.#worker = new Worker(new URL('./postgres-thread.mjs', import.meta.url), { workerData: { url, shared } })
  }

  query(text: string, values: readonly unknown[] = []): readonly SqlRow[] {
    Atomics.store(this.#state, 0, 0)
    this.#worker.postMessage({ text, values })
    Atomics.wait(this.#state, 0, 0)
    const packed = this.#bytes.slice(0, this.#state[1])
    const { rows, message, code } = deserialize(packed) as { rows?: SqlRow[]; message?: string; code?: string }
    if (rows === undefined) throw Object.assign(new Error(message), { code })
    return rows
  }

  /** A ledger of its own in a schema of its own. */
  openStore(dialect: string, cardDigest: CardDigest, run: string, now: number): Store {
    const schema = `test_${++this.#schemas}`
    const place = parsePostgresUrl(`${this.#url}?schema=${schema}`)
    this.query(`SET search_path = ${schema}`)
    const drive = <Value>(steps: Steps<Value>): Value => {
      let next = steps.next()
      while (next.done !== true) {
        let rows: readonly SqlRow[]
        try {
          rows = this.#run(next.value, schema)
        } catch (error) {
          next = steps.throw(error)
          continue
        }
        next = steps.next(rows)
      }
      return next.value
    }
    const holder = drive(takeHold({ place, dialect, cardDigest, run, now }, undefined))
    return {
      takesRowsAtOnce: true,
      run(steps, done, failed) {
        let value: Parameters<typeof done>[0]
        try {
          value = drive(steps)
        } catch (error) {
          return failed(error as Error)
        }
        done(value)
      },
      readAll: async (sql, values) => this.query(sql.replace(/\?(\d+)/g, '$$$1'), values),
      isFirstHolder: () => isFirstOf(schema, holder),
      retryMs: () => undefined,
      isInDoubt: () => false,
      close: () => {},
    }
  }

  #run({ sql, wants, values }: Statement, schema: string): readonly SqlRow[] {
    if (sql === 'BEGIN')
      return this.query(`BEGIN; SET LOCAL search_path = ${schema}; SELECT pg_advisory_xact_lock(${writerLock(schema)})`)
    this.#prefer(schema)
    const text = sql.replace(/\?(\d+)/g, '$$$1') + (wants === 'id' ? ' RETURNING id' : '')
    return this.query(text, values.map(sentValue))
  }

  #current = ''
  #prefer(schema: string): void {
    if (this.#current === schema) return
    this.#current = schema
    this.query(`SET search_path = ${schema}`)
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }
}

const sentValue = (value: unknown): unknown =>
  value instanceof Uint8Array ? Buffer.from(value) : Array.isArray(value) ? value.map(sentValue) : value
