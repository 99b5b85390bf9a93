// The data were wrong: the host refused them, and the clerk had to try again.

import { refusedByTerminal } from '../sample.js'
import { defineCause, type Explanation } from './cause.js'
import type { Facts } from './facts.js'
import { clamp, inWords, percentWords } from './numbers.js'
import type { Observed } from './observations.js'

export const dataError = defineCause({
  id: 'data-error',
  of: 'response',
  ofAllTries: true,
  remedy:
    'check card number, amount, currency and expiry at the terminal before sending; have the host check data with a third party',
  explain(transaction, facts) {
    const { timelyWithinMs } = facts.observations
    const { tries, firstCode, firstClass, codeClass, code, intendedAt, endedAt, reason } = transaction
    if (isRefusedByTerminal(reason)) return { confidence: 0.95, evidence: [`nothing was sent (${reason})`] }
    // A clerk tries again because the data were wrong, unless the host said something else.
    const wasWrong = tries > 1 ? firstClass === 'dataError' || firstClass === undefined : codeClass === 'dataError'
    if (!wasWrong) return behindOthers(transaction, facts)
    const took = endedAt - intendedAt
    if (tries <= 1)
      return {
        confidence: 0.6,
        evidence: [`the host refused the data with code ${code}, ${inWords(took)} after the card`],
      }
    const lastTry = transaction.lastTryAt ?? transaction.writtenAt ?? endedAt
    const before = lastTry - intendedAt
    const share = took === 0 ? 1 : before / took
    const wouldHaveBeen = took - before <= timelyWithinMs
    return {
      confidence: clamp(wouldHaveBeen ? 0.7 + 0.28 * share : 0.2 + 0.6 * share, 0, 0.98),
      evidence: [
        `the host refused the data with code ${firstCode}; ${tries} tries were needed`,
        `${inWords(before)} of ${inWords(took)} (${percentWords(share)}) passed before the last try was sent`,
      ],
    }
  },
})

/** The terminal's own checks found wrong data: no line and no host had a part in it. */
export const isRefusedByTerminal = (reason: string | undefined): boolean =>
  reason?.startsWith(refusedByTerminal) === true

/** A share of all transactions: so many must have been tried again to keep terminals from the next customer. */
const manyRetries = 0.02

/** It waited for a terminal where clerks correct what they entered, though the host was quick. */
function behindOthers({ intendedAt, startedAt, endedAt, tries }: Observed, facts: Facts): Explanation | undefined {
  const { timelyWithinMs } = facts.observations
  const { retriedShare, usual } = facts
  const waited = (startedAt ?? endedAt) - intendedAt
  if (tries > 1 || retriedShare < manyRetries || waited < (endedAt - intendedAt) / 2) return undefined
  if ((usual.slowServiceMs ?? Number.POSITIVE_INFINITY) > timelyWithinMs / 2) return undefined
  return {
    confidence: 0.85,
    evidence: [
      `it waited ${inWords(waited)} for a terminal; clerks had to try again in ${percentWords(retriedShare)} of the transactions, and kept their terminals busy meanwhile`,
      `nine in ten answers took less than ${inWords(usual.slowServiceMs ?? 0)}`,
    ],
  }
}
