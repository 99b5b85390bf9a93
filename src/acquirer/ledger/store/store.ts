// The keeper of the ledger's rows: a file of SQLite, or a PostgreSQL that several machines share. Posting, paying and settling
// are written once, as steps: statements that are yielded one at a time, each of which gets its rows back. A store runs them, at
// once (SQLite) or over a connection (PostgreSQL).

export type SqlValue = string | number | null | Uint8Array

export type SqlRow = Readonly<Record<string, unknown>>

/**
 * The wanted result of a statement: nothing, the `id` of the row that it inserts, if it does, its first row, all rows, or one row of
 * `Changes`, which only a store that does not take rows at once is asked for.
 */
export type Wanted = 'nothing' | 'id' | 'row' | 'rows' | 'changes'

/** The number of rows that a statement wrote, and the id of the last of them. */
export interface Changes {
  readonly changes: number
  readonly id: number
}

/** One statement in the SQL that both understand; parameters are `?1`, `?2` … */
export interface Statement {
  readonly sql: string
  readonly wants: Wanted
  /** A list stands for an array of PostgreSQL, which only a store that takes rows at once is given. */
  readonly values: readonly (SqlValue | readonly SqlValue[])[]
  /** The statement that makes an index which this one needs, where indexes are made late. */
  readonly index?: string | undefined
}

export type Steps<Value> = Generator<Statement, Value, readonly SqlRow[]>

export const begin: Statement = { sql: 'BEGIN', wants: 'nothing', values: [] }
export const commit: Statement = { sql: 'COMMIT', wants: 'nothing', values: [] }
export const rollback: Statement = { sql: 'ROLLBACK', wants: 'nothing', values: [] }

export interface Store {
  /** Many rows in one statement are cheaper than many statements: it is a long way to the database. */
  readonly takesRowsAtOnce: boolean
  /**
   * Runs the steps; no others of this process come in between. Calls `done` or `failed` once, at once or later. A patient run
   * waits for another process that writes.
   */
  run<Value>(
    steps: Steps<Value>,
    done: (value: Value) => void,
    failed: (error: Error) => void,
    isPatient?: boolean,
  ): void
  /** The rows of a query that may be long. */
  readAll(sql: string, values: readonly SqlValue[]): Promise<Iterable<SqlRow>>
  /** Whether this opener is the first of those that have the ledger open and live: the one who looks after the payouts. */
  isFirstHolder(): Steps<boolean>
  /** When to try again, in ms: another process writes, or the database is away. Undefined: the store has refused. */
  retryMs(error: Error): number | undefined
  /** A transaction may have been committed, and nobody knows. To be run again: what is posted is posted once. */
  isInDoubt(error: Error): boolean
  /** Idempotent. */
  close(): void | Promise<void>
}

export function* all<Row>(sql: string, ...values: SqlValue[]): Steps<readonly Row[]> {
  return (yield { sql, wants: 'rows', values }) as readonly Row[]
}

/** The first row, if there is one. */
export function* first<Row>(sql: string, ...values: SqlValue[]): Steps<Row | undefined> {
  return (yield { sql, wants: 'row', values })[0] as Row | undefined
}

export function* execute(sql: string, ...values: SqlValue[]): Steps<void> {
  yield { sql, wants: 'nothing', values }
}

/** The number of the new row; undefined where it was not inserted. */
export function* insert(sql: string, ...values: SqlValue[]): Steps<number | undefined> {
  return (yield { sql, wants: 'id', values })[0]?.id as number | undefined
}

/** Work in one transaction. Throws what it throws, and then nothing of it has happened. */
export function* atOnce<Value>(work: Steps<Value>): Steps<Value> {
  yield begin
  try {
    const value = yield* work
    yield commit
    return value
  } catch (error) {
    yield rollback
    throw error
  }
}

/** The value of steps as a promise. */
export function runSteps<Value>(store: Store, steps: Steps<Value>, isPatient = false): Promise<Value> {
  return new Promise((resolve, reject) => store.run(steps, resolve, reject, isPatient))
}

/** The value of steps in a store that runs them at once. Throws what they throw. */
export function valueNow<Value>(store: Store, steps: Steps<Value>, isPatient = false): Value {
  let outcome: { readonly value: Value } | { readonly error: Error } | undefined
  store.run(
    steps,
    (value) => {
      outcome = { value }
    },
    (error) => {
      outcome = { error }
    },
    isPatient,
  )
  if (outcome === undefined) throw new Error('this store does not run steps at once')
  if ('error' in outcome) throw outcome.error
  return outcome.value
}
