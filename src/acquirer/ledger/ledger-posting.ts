// Posting into a ledger: what arrives in one turn of the event loop is committed as one group, then answered.

import type { Clock } from '../../base/clock.js'
import { createQueue } from '../../base/collections/queue.js'
import { counted } from '../../base/text/counted.js'
import type { Peek } from '../../codec/codec.js'
import type { Dialect } from '../../codec/dialect.js'
import type { Asker, Decision, Posting } from '../posting.js'
import type { Ledger } from './ledger.js'
import { type CardKindOf, createOperationReader, type Operation, type OperationReader } from './operation.js'
import { tellNowAndThen } from './trouble.js'

/** Operations of one transaction: some milliseconds of work, so that answers and arrivals are not held up for longer. */
const mostInGroup = 500
/**
 * Fewer operations wait for one more turn of the event loop while each turn brings some, for less than it costs to commit them by
 * themselves: many terminals with one request each come a few at a time, and are a group all the same.
 */
const smallGroup = 64
/** Operations that wait while another process writes: seconds of the highest rate. One more is answered with a malfunction. */
const mostWaiting = 100_000
/** How long a ledger is tried that another process is writing to, or whose database is away, in ms. */
const awayLimitMs = 5000
/** A group that takes longer than this, in ms, is told: every answer waits for it. */
const slowMs = 1000

/** The part of a ledger that postings need. It may be another process that writes it. */
export interface PostingLedger extends Pick<Ledger, 'cardDigest' | 'post'> {
  readonly store: Pick<Ledger['store'], 'retryMs' | 'isInDoubt'>
}

export interface LedgerPostingSetup {
  readonly ledger: PostingLedger
  readonly dialect: Dialect
  readonly clock: Clock
  /** Left out: fees are by no kind of card. */
  readonly cardKindOf?: CardKindOf
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
  readonly asker: Asker
}

/** Throws UsageError for a posting rule that cannot be read. */
export function createLedgerPosting(setup: LedgerPostingSetup): LedgerPosting {
  return new GroupedPosting(setup)
}

class GroupedPosting implements LedgerPosting {
  readonly #setup: LedgerPostingSetup
  readonly #read: OperationReader
  readonly #malfunction: string
  readonly #trouble: (line: string) => void
  readonly #line = createQueue<Waiting>()
  /** A group is under way, or is to be. */
  #isBusy = false
  /** Operations that waited one turn ago. */
  #waited = 0
  #abandoned = false
  /** The ledger cannot be had since then. */
  #awaySince: number | undefined
  /** A try of the group at hand may have been committed. */
  #isInDoubt = false

  constructor(setup: LedgerPostingSetup) {
    const { ledger, dialect, clock, cardKindOf = () => null, onTrouble = () => {} } = setup
    const { ledger: rules, codes } = dialect.rules
    if (rules === undefined) throw new Error(`dialect ${dialect.name} has no rules for a ledger`)
    this.#setup = setup
    this.#read = createOperationReader(dialect, rules, { digest: ledger.cardDigest, cardKindOf })
    this.#malfunction = codes.malfunction
    this.#trouble = tellNowAndThen(clock, onTrouble)
  }

  get waiting(): number {
    return this.#line.size
  }

  post(request: Peek, decision: Decision, asker: Asker): void {
    const operation = this.#read(request, decision, this.#setup.clock.wall())
    if (operation === undefined) asker.conclude(decision)
    else if (this.#line.size >= mostWaiting) asker.conclude({ ...decision, code: this.#malfunction })
    else {
      this.#line.push({ operation, asker })
      this.#goOn()
    }
  }

  abandon(): void {
    this.#abandoned = true
  }

  #goOn(): void {
    if (this.#line.size > 0 && !this.#isBusy) this.#later(0, this.#postNext)
  }

  readonly #postNext = () => {
    const { size } = this.#line
    const isGrowing = size > this.#waited && size < smallGroup
    this.#waited = isGrowing ? size : 0
    if (isGrowing) this.#later(0, this.#postNext)
    else this.#postGroup(this.#line.take(mostInGroup))
  }

  #later(delayMs: number, post: () => void): void {
    this.#isBusy = true
    this.#setup.clock.precisely(delayMs, () => {
      if (!this.#abandoned) post()
    })
  }

  #postGroup(group: readonly Waiting[]): void {
    const { ledger, clock } = this.#setup
    const began = clock.now()
    ledger.post(
      group.map(({ operation }) => operation),
      (decisions) => {
        if (!this.#abandoned) this.#answer(group, decisions, clock.now() - began)
      },
      (error) => {
        if (!this.#abandoned) this.#fail(group, error)
      },
    )
  }

  #answer(group: readonly Waiting[], decisions: readonly Decision[], tookMs: number): void {
    this.#awaySince = undefined
    this.#isInDoubt = false
    const { length } = group
    if (tookMs > slowMs)
      this.#trouble(`the ledger is slow: ${length} postings took ${Math.round(tookMs)} ms, and answers wait for it`)
    for (let index = 0; index < length; index++) group[index]?.asker.conclude(decisions[index])
    this.#setup.onPosted?.()
    this.#next()
  }

  #next(): void {
    this.#isBusy = false
    this.#goOn()
  }

  #fail(group: readonly Waiting[], error: Error): void {
    const { ledger, clock } = this.#setup
    const retryMs = ledger.store.retryMs(error)
    this.#isInDoubt ||= ledger.store.isInDoubt(error)
    if (retryMs === undefined) this.#awaySince = undefined
    else this.#awaySince ??= clock.now()
    if (retryMs !== undefined && clock.now() - (this.#awaySince ?? 0) < awayLimitMs) {
      this.#later(retryMs, () => this.#postGroup(group))
      return
    }
    this.#giveUp(group, error)
    this.#next()
  }

  /** Requests that may have been posted get no answer: their terminals ask again, or reverse them. */
  #giveUp(group: readonly Waiting[], { message }: Error): void {
    const code = this.#malfunction
    if (this.#isInDoubt) {
      const { length } = group
      this.#trouble(
        `no answer to ${counted(length, 'request')}, because nobody knows whether the ledger has them: ${message}`,
      )
      for (const { asker } of group) asker.conclude(undefined)
    } else {
      this.#trouble(`the ledger takes no postings; requests are answered ${code}: ${message}`)
      for (const { operation, asker } of group) asker.conclude({ ...operation.decision, code })
    }
    this.#isInDoubt = false
  }
}
