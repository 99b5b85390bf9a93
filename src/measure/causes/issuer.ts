// The host is well, but whom it asks is not: cards of one issuer fare badly while others, on the same connections and at the
// same time, are quick; or the host says of some cards that it cannot reach their issuer, and approves the rest beside them.

import { counted } from '../../base/text/counted.js'
import { defineCause, type Explanation } from './cause.js'
import { isSaidToAll } from './down-codes.js'
import type { Facts } from './facts.js'
import { certainty, clamp, inWords, percentWords, quantile } from './numbers.js'
import type { Observed } from './observations.js'
import { whoInWords } from './who.js'

/** More than this nobody can be sure of. */
const mostConfidence = 0.97
/** How far around a code its neighbours are looked at, in ms. */
const aroundMs = 2000
/** A share of the answers around a code: when more than this say that they cannot work, it is the host itself. */
const hostShare = 0.5
/** Answers that must be there to compare with. */
const enoughAround = 4
/** Times that differ by less than this share of their median pile up at somebody's timer. */
const piledUp = 0.06

export const issuer = defineCause({
  id: 'issuer',
  of: 'response',
  isSpecific: true,
  remedy: 'the issuer of these cards, or the way to it: another route to it, stand-in processing, or another card',
  explain: (transaction, facts) => someCards(transaction, facts) ?? someCodes(transaction, facts),
})

function someCards(transaction: Observed, facts: Facts): Explanation | undefined {
  const { cards, writtenAt, endedAt, outcome, codeClass } = transaction
  const found = facts.who.of('cards')
  if (found === undefined || cards === undefined || !found.values.has(cards) || writtenAt === undefined)
    return undefined
  if (outcome === 'failed' || outcome === 'unsent' || codeClass === 'setup' || codeClass === 'dataError')
    return undefined
  const times = facts.observations.seen
    .filter(
      ({ of, isUntimely, isAnswered }) =>
        isUntimely && isAnswered && of.cards !== undefined && found.values.has(of.cards),
    )
    .map((each) => each.endedAt - each.at)
  const middle = quantile(times, 0.5)
  const spread = (quantile(times, 0.8) ?? 0) - (quantile(times, 0.2) ?? 0)
  return {
    confidence: clamp(certainty(found.gain / 3), 0, mostConfidence),
    evidence: [
      whoInWords(found),
      ...(middle !== undefined && times.length >= enoughAround && spread < piledUp * middle
        ? [`they pile up at ${inWords(middle)}: a timer of the switch behind the host`]
        : []),
      `this one took ${inWords(endedAt - writtenAt)}${transaction.code === undefined ? '' : ` (${transaction.code})`}`,
    ],
  }
}

function someCodes({ codeClass, code, endedAt }: Observed, { observations: { bins } }: Facts): Explanation | undefined {
  if (codeClass !== 'down') return undefined
  const around = bins.sum('decided', endedAt - aroundMs, endedAt + aroundMs)
  const down = bins.sum('downCodes', endedAt - aroundMs, endedAt + aroundMs)
  const share = around === 0 ? 1 : down / around
  if (around < enoughAround || share > hostShare || isSaidToAll(bins, endedAt)) return undefined
  return {
    confidence: clamp(0.95 - 0.4 * share, 0, 0.93),
    evidence: [
      `the host answered with code ${code}, and ${around - down} of ${counted(around, 'answer')} within ${inWords(2 * aroundMs)} around it decided (${percentWords(1 - share)})`,
      'a host that is down says so to everybody',
    ],
  }
}
