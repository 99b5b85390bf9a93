// Did what a sign-on gives lapse? From one instant on every terminal is refused for its keys or its batch, though all had been
// served before.

import type { Observations } from './observations.js'

export interface ServiceLapse {
  readonly from: number
  /** When terminals were served again, or the last that was seen. */
  readonly to: number
  readonly isOver: boolean
  readonly code: string
  readonly refused: number
  readonly terminals: number
}

/** In a lapse this share of the answers refuses, to at least so many terminals, each of which had or could have been served. */
const leastShare = 0.8
const leastTerminals = 3
const leastRefused = 5
const leastServedBefore = 5

/** `codesOf`: codes that speak of the terminal's keys, batch or set-up. */
export function findLapse({ seen, signOnCodes, setupCodes }: Observations): ServiceLapse | undefined {
  const speaks = (code: string | undefined) =>
    code !== undefined && (signOnCodes.includes(code) || setupCodes.includes(code))
  const answered = seen.filter(({ isAnswered }) => isAnswered)
  const refused = answered.filter(({ code }) => speaks(code))
  const [first, last] = [refused[0], refused.at(-1)]
  if (first === undefined || last === undefined || refused.length < leastRefused) return undefined
  const inside = answered.filter(({ endedAt }) => endedAt >= first.endedAt && endedAt <= last.endedAt)
  const before = answered.filter(({ endedAt }) => endedAt < first.endedAt)
  const terminals = new Set(refused.map(({ of }) => of.terminal))
  const isAll = refused.length >= leastShare * inside.length && terminals.size >= leastTerminals
  if (!isAll || before.length < leastServedBefore) return undefined
  return {
    ...{ from: first.endedAt, to: last.endedAt, code: first.code ?? '', refused: refused.length },
    ...{ terminals: terminals.size, isOver: answered.some(({ endedAt }) => endedAt > last.endedAt) },
  }
}
