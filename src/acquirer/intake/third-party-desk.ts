// Asks the third party about requests, each within its own time, and remembers how long that took. A word that does not
// come in time is none: then the host goes on without it, or declines.

import type { Clock } from '../../base/clock.js'
import { UsageError } from '../../base/errors.js'
import { compileMatch } from '../../codec/checks/match.js'
import type { Codec, Peek } from '../../codec/codec.js'
import { TimeHistogram } from '../../measure/latency/histogram.js'
import type { AcquirerOptions } from '../options.js'
import type { DataGate } from './data-gate.js'
import { questionOf, type ThirdParty, type ThirdPartyWord } from './third-party.js'

/** `declined`: no word, and the host does not go on without one. */
export type ThirdPartyDecision = ThirdPartyWord | 'declined' | undefined

export interface ThirdPartyCounts {
  /** Requests that it was asked about. */
  readonly asked: number
  /** No word within the time, or none that could be read. */
  readonly silent: number
  /** Not asked, because too many questions were open. */
  readonly skipped: number
  /** The median time of the words that came, in ms. */
  readonly p50: number | null
  readonly p99: number | null
}

export interface ThirdPartyDesk {
  /** Whether the third party is asked about this request: if so, `then` is called later, once. */
  ask(request: Peek, then: (word: ThirdPartyDecision) => void): boolean
  counts(): ThirdPartyCounts
  /** Gives up what is open: `then` is not called any more. Idempotent. */
  close(): void
}

/** Questions without an answer yet. More would only wait in line at the third party, beyond any time allowed. */
const mostOpen = 1000

/** Throws UsageError for a dialect that does not say which requests are looked at. */
export function createThirdPartyDesk(setup: {
  thirdParty: ThirdParty
  options: NonNullable<AcquirerOptions['thirdPartyCheck']>
  codec: Codec
  gate: Pick<DataGate, 'problem'>
  clock: Clock
}): ThirdPartyDesk {
  const { thirdParty, options, codec, gate, clock } = setup
  const { dataChecks } = codec.dialect.rules
  if (dataChecks === undefined) {
    throw new UsageError(
      `dialect ${codec.dialect.name} does not say which requests to check: add dialectRules.dataChecks`,
      { where: 'acquirer.thirdPartyCheck:' },
    )
  }
  const isAsked = compileMatch(dataChecks.requests)
  const without: ThirdPartyDecision = options.onTimeout === 'decline' ? 'declined' : undefined
  const times = new TimeHistogram()
  const open = new Set<() => void>()
  const tally = { asked: 0, silent: 0, skipped: 0 }
  let closedWith: ThirdPartyCounts | undefined

  const counts = () => ({ ...tally, p50: times.percentile(50), p99: times.percentile(99) })
  const put = (request: Peek, then: (word: ThirdPartyDecision) => void) => {
    const askedAt = clock.now()
    const end = (word: ThirdPartyDecision) => {
      timer.cancel()
      open.delete(giveUp)
      then(word)
    }
    const timer = clock.after(options.timeout, () => {
      tally.silent++
      cancel()
      end(without)
    })
    const cancel = thirdParty.ask(questionOf(request, gate.problem(request)), (word) => {
      if (word === undefined) tally.silent++
      else times.record(clock.now() - askedAt)
      end(word ?? without)
    })
    const giveUp = () => {
      timer.cancel()
      cancel()
    }
    open.add(giveUp)
  }

  return {
    ask(request, then) {
      if (closedWith !== undefined || !isAsked(request)) return false
      if (open.size >= mostOpen) {
        tally.skipped++
        return false
      }
      tally.asked++
      put(request, then)
      return true
    },
    counts: () => closedWith ?? counts(),
    close() {
      if (closedWith !== undefined) return
      closedWith = counts()
      times.destroy()
      for (const giveUp of open) giveUp()
      open.clear()
      thirdParty.close()
    },
  }
}
