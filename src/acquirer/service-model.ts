// The host's capacity: so many workers, one line in front of them (first come, first served), a time for each request.
// Rule: a worker that becomes free takes the next request at the time it was due, so that late timers cost no capacity.

import type { Clock } from '../base/clock.js'
import { createQueue } from '../base/queue.js'

/**
 * Milliseconds of a timer's lateness that are given back to the worker. Timers of a busy process are late by a few
 * milliseconds; a process that was stopped for longer did no work meanwhile.
 */
const longestCreditMs = 20

export interface ServiceOptions<Request> {
  readonly workers: number
  /** Requests that may wait while all workers are busy. */
  readonly queueLimit: number
  /** Draws the next service time in ms; left out: every request is complete at once, inside submit(), without a timer. */
  readonly serviceMs?: (() => number) | undefined
  readonly clock: Clock
  /** Called once for each accepted request, when its service is over. */
  readonly complete: (request: Request) => void
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
  /** False when the line is full: the request is not served. */
  submit(request: Request): boolean
  counts(): ServiceCounts
}

interface Waiting<Request> {
  readonly request: Request
  readonly arrivedAt: number
}

export function createServiceModel<Request>(options: ServiceOptions<Request>): ServiceModel<Request> {
  const { workers, queueLimit, serviceMs, clock, complete } = options
  const line = createQueue<Waiting<Request>>()
  const tally = { busy: 0, queueHighWater: 0, served: 0, refused: 0 }

  const finish = (request: Request) => {
    tally.served++
    complete(request)
  }

  /** One worker: from `startedAt` it serves `request`, then the line until that is empty. Busy while it has a timer. */
  const work = (request: Request, startedAt: number, drawMs: () => number) => {
    const dueAt = startedAt + drawMs()
    clock.after(dueAt - clock.now(), () => {
      const next = line.shift()
      if (next === undefined) tally.busy--
      else work(next.request, Math.max(next.arrivedAt, dueAt, clock.now() - longestCreditMs), drawMs)
      finish(request)
    })
  }

  return {
    submit(request) {
      if (serviceMs === undefined) {
        finish(request)
      } else if (tally.busy < workers) {
        tally.busy++
        work(request, clock.now(), serviceMs)
      } else if (line.size < queueLimit) {
        line.push({ request, arrivedAt: clock.now() })
        tally.queueHighWater = Math.max(tally.queueHighWater, line.size)
      } else {
        tally.refused++
        return false
      }
      return true
    },
    counts: () => ({ ...tally, queued: line.size }),
  }
}
