// The way of a request from the door to the workers' line: its merchant's limit, and the rank that it has in the line.

import type { Clock } from '../../base/clock.js'
import type { AcquirerOptions } from '../options.js'
import { createLimiter } from './limiter.js'

export interface AdmissionOptions<Request> {
  readonly options: Pick<AcquirerOptions, 'limits' | 'priority' | 'queueLimit'>
  readonly clock: Clock
  /** DE42 without padding. Asked only where the host treats merchants differently. */
  readonly merchantOf: (request: Request) => string
  /** Puts it into the line of this rank; false when that is full. */
  readonly submit: (request: Request, rank: number) => boolean
  /** For a request that had waited for its limit, and then found the line full. */
  readonly refuse: (request: Request) => void
}

export interface Admission<Request> {
  /** False: a line is full, and the request is not admitted. */
  enter(request: Request): boolean
  /** Everything that waits, out of its line. */
  lose(): readonly Request[]
  counts(): { readonly waiting: number; readonly delayed: number }
}

/** Ranks of the line: one for each merchant of `priority`, in its order, and one for all others. */
export const ranksOf = ({ priority }: Pick<AcquirerOptions, 'priority'>): number => priority.length + 1

export function createAdmission<Request>(setup: AdmissionOptions<Request>): Admission<Request> {
  const { options, clock, merchantOf, submit, refuse } = setup
  const { limits, priority, queueLimit } = options
  if (limits === undefined && priority.length === 0) return openDoor(submit)
  const ranks = new Map(priority.map((merchant, rank) => [merchant, rank]))
  const rankOf = (merchant: string) => ranks.get(merchant) ?? priority.length

  const limiter = createLimiter<{ readonly request: Request; readonly rank: number }>({
    ...{ limits: limits ?? {}, queueLimit, clock },
    release: ({ request, rank }) => {
      if (!submit(request, rank)) refuse(request)
    },
  })
  return {
    enter(request) {
      const merchant = merchantOf(request)
      const rank = rankOf(merchant)
      const verdict = limiter.enter({ request, rank }, merchant)
      return verdict === 'now' ? submit(request, rank) : verdict === 'waits'
    },
    lose: () => limiter.lose().map(({ request }) => request),
    counts: limiter.counts,
  }
}

const openDoor = <Request>(submit: AdmissionOptions<Request>['submit']): Admission<Request> => ({
  enter: (request) => submit(request, 0),
  lose: () => [],
  counts: () => ({ waiting: 0, delayed: 0 }),
})
