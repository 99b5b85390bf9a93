// Codes by which a host says that it cannot work: to everybody, or to some beside others whom it serves?

import type { Bins } from './bins.js'

/** How far before and behind a code its neighbours are looked at, in ms. */
const besideMs = 1200
/** Answers that one side must have to tell. */
const enough = 3
/** From this share on everybody is told so. */
const everybody = 0.7

/** Before or behind it, next to all were told the same: an outage begins or ends somewhere. */
export function isSaidToAll(bins: Bins, at: number): boolean {
  return [
    [at - besideMs, at],
    [at, at + besideMs],
  ].some(([from = 0, to = 0]) => {
    const decided = bins.sum('decided', from, to)
    return decided >= enough && bins.sum('downCodes', from, to) >= everybody * decided
  })
}
