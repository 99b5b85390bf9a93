// Posting into a ledger: what arrives in one turn of the event loop is committed as one group, then answered.

import type { Clock } from '../../base/clock.js'
import { createQueue } from '../../base/queue.js'
import type { Dialect } from '../../codec/dialect.js'
import type { Decision, Posting } from '../posting.js'
import { isBusy } from './database.js'
import type { Ledger } from './ledger.js'
import { createOperationReader, type Operation } from './operation.js'
import { tellNowAndThen } from './trouble.js'

/** Operations of one transaction: some milliseconds of work, so that answers and arrivals are not held up for longer. */
const mostInGroup = 500
/** Operations that wait while another process writes: seconds of the highest rate. One more is answered with a malfunction. */
const mostWaiting = 100_000
/** How often a ledger that another process is writing to is tried, and for how long, in ms. */
const busyRetryMs = 0.5
const busyLimitMs = 5000

export interface LedgerPostingSetup {
  readonly ledger: Ledger
  readonly dialect: Dialect
  readonly clock: Clock
  /** A group that could not be posted: its requests are answered with a malfunction. */
  readonly onTrouble?: (line: string) => void
  /** After each group. */
  readonly onPosted?: () => void
}

export interface LedgerPosting extends Posting {
  readonly waiting: number
  /** Forgets what waits, unanswered, as a process does that is killed. Nothing is posted afterwards. */
  abandon(): void
}

interface Waiting {
  readonly operation: Operation
  readonly done: (final: Decision) => void
}

/** Throws UsageError for a posting rule that cannot be read. */
export function createLedgerPosting(setup: LedgerPostingSetup): LedgerPosting {
  const { ledger, dialect, clock, onTrouble = () => {}, onPosted = () => {} } = setup
  const { ledger: rules, codes } = dialect.rules
  if (rules === undefined) throw new Error(`dialect ${dialect.name} has no rules for a ledger`)
  const read = createOperationReader(dialect, rules, ledger.cardDigest)
  const line = createQueue<Waiting>()
  let scheduled = false
  let abandoned = false
  let busySince: number | undefined
  const trouble = tellNowAndThen(clock, onTrouble)

  const schedule = (delayMs: number) => {
    scheduled = true
    clock.precisely(delayMs, () => {
      scheduled = false
      if (!abandoned) postGroup(takeGroup(line))
    })
  }

  /** The decisions; undefined when the group was refused, or is to be tried again. */
  const tryToPost = (group: readonly Waiting[]): readonly Decision[] | undefined => {
    try {
      const decisions = ledger.post(group.map(({ operation }) => operation))
      busySince = undefined
      return decisions
    } catch (error) {
      busySince ??= clock.now()
      if (isBusy(error) && clock.now() - busySince < busyLimitMs) {
        retry(group)
        return undefined
      }
      busySince = undefined
      trouble(`the ledger takes nothing, requests are answered ${codes.malfunction}: ${(error as Error).message}`)
      for (const { operation, done } of group) done({ ...operation.decision, code: codes.malfunction })
      return undefined
    }
  }

  const postGroup = (group: readonly Waiting[]) => {
    const decisions = tryToPost(group)
    if (decisions !== undefined) {
      group.forEach(({ done }, index) => {
        done(decisions[index] as Decision)
      })
      onPosted()
    }
    if (line.size > 0 && !scheduled) schedule(0)
  }

  const retry = (group: readonly Waiting[]) => {
    scheduled = true
    clock.precisely(busyRetryMs, () => {
      scheduled = false
      if (!abandoned) postGroup(group)
    })
  }

  return {
    get waiting() {
      return line.size
    },
    post(request, decision, done) {
      const operation = read(request, decision, clock.wall())
      if (operation === undefined) return done(decision)
      if (line.size >= mostWaiting) return done({ ...decision, code: codes.malfunction })
      line.push({ operation, done })
      if (!scheduled) schedule(0)
    },
    abandon() {
      abandoned = true
    },
  }
}

function takeGroup(line: ReturnType<typeof createQueue<Waiting>>): readonly Waiting[] {
  const group: Waiting[] = []
  while (group.length < mostInGroup) {
    const next = line.shift()
    if (next === undefined) break
    group.push(next)
  }
  return group
}
