// The ledger in a PostgreSQL that several machines share. One connection, one piece of work at a time; a connection that is lost
// is made anew, and what asks meanwhile is told to come again.

import type { Clock } from '../../../base/clock.js'
import { StartError } from '../../../base/errors.js'
import { thisProcess } from '../../../base/process/process-identity.js'
import { freshSeed } from '../../../base/random.js'
import { tellNowAndThen } from '../trouble.js'
import { isFirstOf, type PostgresOpening, takeHold } from './postgres-holder.js'
import { openSession, type PostgresSession, readPages } from './postgres-session.js'
import { awayRetryMs, PostgresTrouble, troubleWith } from './postgres-trouble.js'
import type { SqlRow, SqlValue, Steps, Store } from './store.js'

export interface PostgresSetup extends PostgresOpening {
  readonly clock: Clock
  readonly onTrouble?: ((line: string) => void) | undefined
}

/** The longest wait between two tries to connect, in ms. */
const longestWaitMs = 2000

/** Rejects with StartError for a database that cannot be reached or used. */
export async function openPostgresStore(setup: PostgresSetup): Promise<Store> {
  const store = new PostgresStore(setup)
  await store.open()
  return store
}

interface Job {
  /** Must not throw. */
  run(session: PostgresSession): Promise<void>
  fail(error: Error): void
}

class PostgresStore implements Store {
  readonly takesRowsAtOnce = true
  readonly #setup: PostgresSetup
  readonly #name: string
  readonly #lostLine: (line: string) => void
  readonly #backLine: (line: string) => void
  readonly #jobs: Job[] = []
  #session: PostgresSession | undefined
  #holder: number | undefined
  /** The work at hand; undefined: nothing is. */
  #working: Promise<void> | undefined
  #closed = false
  #awaySince: number | undefined
  /** Why the database cannot be had. */
  #why = new Error('not connected yet')

  constructor(setup: PostgresSetup) {
    const { host, pid } = thisProcess()
    this.#setup = setup
    // At most 63 bytes, or the server cuts it.
    this.#name = `isochron ${host.slice(0, 24)} ${pid} ${freshSeed().toString(36)}`.slice(0, 63)
    this.#lostLine = tellNowAndThen(setup.clock, setup.onTrouble ?? (() => {}))
    this.#backLine = tellNowAndThen(setup.clock, setup.onTrouble ?? (() => {}))
  }

  async open(): Promise<void> {
    try {
      await this.#connect()
    } catch (error) {
      if (error instanceof StartError) throw error
      throw new StartError(`cannot open the ledger ${this.#setup.place.shown}: ${(error as Error).message}`, {
        cause: error,
      })
    }
  }

  run<Value>(steps: Steps<Value>, done: (value: Value) => void, failed: (error: Error) => void): void {
    this.#add({
      fail: failed,
      run: async (session) => {
        let value: Value
        try {
          value = await drive(session, steps)
        } catch (error) {
          const trouble = asError(error)
          if (trouble instanceof PostgresTrouble && trouble.isAway) this.#lost(session, trouble)
          failed(trouble)
          return
        }
        done(value)
      },
    })
  }

  readAll(sql: string, values: readonly SqlValue[]): Promise<Iterable<SqlRow>> {
    return new Promise((resolve, reject) => {
      this.#add({
        fail: reject,
        run: (session) => readPages(session, sql, values).then(resolve, reject),
      })
    })
  }

  isFirstHolder(): Steps<boolean> {
    return isFirstOf(this.#setup.place.schema, this.#holder ?? 0)
  }

  retryMs(error: Error): number | undefined {
    return error instanceof PostgresTrouble ? error.retryMs : undefined
  }

  isInDoubt(error: Error): boolean {
    return error instanceof PostgresTrouble && error.isInDoubt
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    for (const job of this.#jobs.splice(0)) job.fail(new Error('the ledger is closed'))
    await this.#working
    const session = this.#session
    if (session === undefined) return
    await session.query(`DELETE FROM holder WHERE id = ${this.#holder ?? 0}`).catch(() => {})
    await session.close()
  }

  #add(job: Job): void {
    if (this.#closed) {
      job.fail(new Error('the ledger is closed'))
      return
    }
    this.#jobs.push(job)
    this.#working ??= this.#work()
  }

  async #work(): Promise<void> {
    // Never inside the call that asks: it has not returned yet.
    await undefined
    for (let job = this.#jobs.shift(); job !== undefined; job = this.#jobs.shift()) {
      if (this.#session === undefined) job.fail(new PostgresTrouble(this.#why.message, { retryMs: awayRetryMs }))
      else await job.run(this.#session)
    }
    this.#working = undefined
  }

  async #connect(): Promise<void> {
    const session = await openSession(this.#setup.place, this.#name, (error) => {
      if (this.#session === session) this.#lost(session, troubleWith(error, false))
    })
    try {
      this.#holder = await drive(session, takeHold(this.#setup, this.#holder))
    } catch (error) {
      await session.close()
      throw error
    }
    if (this.#closed) return await session.close()
    this.#session = session
  }

  #lost(session: PostgresSession, trouble: PostgresTrouble): void {
    if (this.#session !== session || this.#closed) return
    this.#session = undefined
    this.#why = trouble
    this.#awaySince = this.#setup.clock.now()
    this.#lostLine(`the database of the ledger is away, postings wait for it: ${trouble.message}`)
    void session.close()
    this.#connectLater(awayRetryMs)
  }

  #connectLater(delayMs: number): void {
    const { clock } = this.#setup
    clock.after(delayMs, () => {
      if (this.#closed) return
      this.#connect().then(
        () => {
          const seconds = ((clock.now() - (this.#awaySince ?? clock.now())) / 1000).toFixed(1)
          this.#backLine(`the database of the ledger is back after ${seconds} s`)
        },
        (error: unknown) => {
          this.#why = asError(error)
          this.#connectLater(Math.min(delayMs * 2, longestWaitMs))
        },
      )
    })
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))

async function drive<Value>(session: PostgresSession, steps: Steps<Value>): Promise<Value> {
  let next = steps.next()
  while (next.done !== true) {
    let rows: readonly SqlRow[]
    try {
      rows = await session.run(next.value)
    } catch (error) {
      // A transaction that cannot be rolled back is lost with its connection.
      if (next.value.sql === 'ROLLBACK') next = steps.next([])
      else next = steps.throw(error)
      continue
    }
    next = steps.next(rows)
  }
  return next.value
}
