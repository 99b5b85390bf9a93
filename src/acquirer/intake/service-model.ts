// The host's capacity: so many workers, a line in front of them (by rank, then first come, first served), a time for each
// request.
// Rule: a worker that becomes free takes the next request at the time it was due, so that late timers cost no capacity.

import type { Clock, Timer } from '../../base/clock.js'
import { createBusySet } from '../../base/collections/busy-set.js'
import { createRankedQueue, type RankedQueue } from '../../base/collections/ranked-queue.js'

/**
 * Milliseconds of a timer's lateness that are given back to the worker. Timers of a busy process are late by a few
 * milliseconds; a process that was stopped for longer did no work meanwhile.
 */
const longestCreditMs = 20

/** How far the host is from its usual self; what is left out is as usual. */
export interface ServiceCondition {
  /** Nothing begins, nothing ends; what was under way goes on afterwards where it was. */
  readonly stalled?: boolean
  /** Service times are multiplied by this. */
  readonly slowdown?: number
  readonly workersLost?: number
  readonly queueLimit?: number
}

export interface ServiceOptions<Request> {
  readonly workers: number
  /** Requests of one rank that may wait while all workers are busy. */
  readonly queueLimit: number
  /** How many ranks there are; left out: one. */
  readonly ranks?: number
  /** Draws the next service time in ms; left out: every request is complete at once, inside submit(), without a timer. */
  readonly serviceMs?: (() => number) | undefined
  readonly clock: Clock
  /** Called once for each accepted request, when its service is over. */
  readonly complete: (request: Request) => void
  /** Asked for every request; changed() has to be called when it begins or ends to be another. */
  readonly condition?: (() => ServiceCondition) | undefined
}

export interface ServiceCounts {
  /** Workers at work now. */
  readonly busy: number
  /** Requests in line now. */
  readonly queued: number
  /** The longest that the line was. */
  readonly queueHighWater: number
  readonly served: number
  readonly refused: number
}

export interface ServiceModel<Request> {
  /** False when the line of its rank is full: the request is not served. Rank 0 goes first. */
  submit(request: Request, rank?: number): boolean
  /** The condition is another one now. */
  changed(): void
  /** Everything in line and at work is lost: the host has died. Returns it, the oldest first. */
  lose(): readonly Request[]
  counts(): ServiceCounts
}

interface Waiting<Request> {
  readonly request: Request
  readonly arrivedAt: number
}

/** A request at work. */
interface Job<Request> {
  readonly request: Request
  dueAt: number
  timer: Timer | undefined
}

const usual = () => ({})

export function createServiceModel<Request>(options: ServiceOptions<Request>): ServiceModel<Request> {
  return new Service(options)
}

class Service<Request> implements ServiceModel<Request> {
  readonly #options: ServiceOptions<Request>
  readonly #condition: () => ServiceCondition
  readonly #line: RankedQueue<Waiting<Request>>
  readonly #jobs = createBusySet<Job<Request>>()
  readonly #tally = { queueHighWater: 0, served: 0, refused: 0 }
  #stalledAt: number | undefined

  constructor(options: ServiceOptions<Request>) {
    this.#options = options
    this.#condition = options.condition ?? usual
    this.#line = createRankedQueue(options.ranks ?? 1)
  }

  submit(request: Request, rank = 0): boolean {
    const { serviceMs, queueLimit, clock } = this.#options
    const condition = this.#condition()
    const capacity = this.#capacity(condition)
    if (serviceMs === undefined && capacity > 0) {
      this.#finish(request)
    } else if (serviceMs !== undefined && this.#jobs.size < capacity) {
      this.#work(request, clock.now(), serviceMs)
    } else if (this.#line.sizeOf(rank) < (condition.queueLimit ?? queueLimit)) {
      this.#line.push({ request, arrivedAt: clock.now() }, rank)
      this.#tally.queueHighWater = Math.max(this.#tally.queueHighWater, this.#line.size)
    } else {
      this.#tally.refused++
      return false
    }
    return true
  }

  changed(): void {
    const { clock } = this.#options
    const isStalled = this.#condition().stalled === true
    if (isStalled && this.#stalledAt === undefined) {
      this.#stalledAt = clock.now()
      for (const job of this.#jobs) job.timer?.cancel()
    } else if (!isStalled && this.#stalledAt !== undefined) {
      const lost = clock.now() - this.#stalledAt
      this.#stalledAt = undefined
      for (const job of this.#jobs) this.#arm(job, job.dueAt + lost)
    }
    this.#fill()
  }

  lose(): readonly Request[] {
    const lost = [...this.#jobs].map(({ request }) => request)
    for (const job of this.#jobs) job.timer?.cancel()
    this.#jobs.clear()
    for (let next = this.#line.shift(); next !== undefined; next = this.#line.shift()) lost.push(next.request)
    return lost
  }

  counts(): ServiceCounts {
    return { ...this.#tally, busy: this.#jobs.size, queued: this.#line.size }
  }

  #capacity({ stalled, workersLost = 0 }: ServiceCondition): number {
    return stalled === true ? 0 : this.#options.workers - workersLost
  }

  /** Idle workers, if any came back, take what waits. */
  #fill(): void {
    const { serviceMs, clock } = this.#options
    while (this.#line.size > 0 && this.#jobs.size < this.#capacity(this.#condition())) {
      const { request } = this.#line.shift() as Waiting<Request>
      if (serviceMs === undefined) this.#finish(request)
      else this.#work(request, clock.now(), serviceMs)
    }
  }

  /** One worker: from `startedAt` it serves `request`, then the line until that is empty. */
  #work(request: Request, startedAt: number, drawMs: () => number): void {
    const job: Job<Request> = { request, dueAt: 0, timer: undefined }
    this.#jobs.add(job)
    this.#arm(job, startedAt + drawMs() * (this.#condition().slowdown ?? 1))
  }

  #arm(job: Job<Request>, dueAt: number): void {
    const { clock } = this.#options
    job.dueAt = dueAt
    job.timer = clock.after(dueAt - clock.now(), () => this.#done(job))
  }

  #done(job: Job<Request>): void {
    const { serviceMs, clock } = this.#options
    this.#jobs.delete(job)
    if (serviceMs !== undefined && this.#jobs.size < this.#capacity(this.#condition())) {
      const next = this.#line.shift()
      if (next !== undefined)
        this.#work(next.request, Math.max(next.arrivedAt, job.dueAt, clock.now() - longestCreditMs), serviceMs)
    }
    this.#finish(job.request)
  }

  #finish(request: Request): void {
    this.#tally.served++
    this.#options.complete(request)
  }
}
