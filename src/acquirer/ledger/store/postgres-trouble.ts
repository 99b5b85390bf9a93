// The meaning of an error of PostgreSQL, or of the way to it, for a group of postings. Pure. (PostgreSQL 15, appendix A.)

export class PostgresTrouble extends Error {
  /** When to try again, in ms; undefined: the database has refused. */
  readonly retryMs: number | undefined
  /** The connection is of no use any more. */
  readonly isAway: boolean
  /** The transaction may have been committed. */
  readonly isInDoubt: boolean

  constructor(message: string, kind: { retryMs?: number; isAway?: boolean; isInDoubt?: boolean }, cause?: unknown) {
    super(message, { cause })
    this.retryMs = kind.retryMs
    this.isAway = kind.isAway ?? false
    this.isInDoubt = kind.isInDoubt ?? false
  }
}

/** How soon a database that is away is asked again, and one where another process writes, in ms. */
export const awayRetryMs = 100
const lockedRetryMs = 5

/** Serialization failure, deadlock, lock not to be had in time. */
const locked = new Set(['40001', '40P01', '55P03'])
/** Sessions that were ended, a server that is starting or stopping, a standby, and no connection to be had. */
const away = new Set(['57P01', '57P02', '57P03', '57P05', '25P03', '25P04', '25006', '53300'])
const words: Readonly<Record<string, string>> = {
  '53100': "the database's disk is full",
  '53200': 'the database has no memory left',
  '25P03': 'the database has ended a transaction that stood still',
}

export function troubleWith(error: unknown, duringCommit: boolean): PostgresTrouble {
  if (error instanceof PostgresTrouble) return error
  const { code, message } = error as { readonly code?: unknown; readonly message?: string }
  const state = typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined
  const said = message === undefined || message === '' ? String(code ?? error) : message
  const text = state === undefined ? said : `${words[state] ?? said} (${state})`
  if (state !== undefined && locked.has(state)) return new PostgresTrouble(text, { retryMs: lockedRetryMs }, error)
  if (state === undefined || away.has(state) || state.startsWith('08'))
    return new PostgresTrouble(text, { retryMs: awayRetryMs, isAway: true, isInDoubt: duringCommit }, error)
  return new PostgresTrouble(text, {}, error)
}
