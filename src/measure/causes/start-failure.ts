// The cause of a run in which no terminal could connect or sign on: there is no transaction to look at, and yet connections and
// refusals tell.

import { counted } from '../../base/text/counted.js'
import type { CauseVerdict } from './cause.js'
import { inWords, quantile } from './numbers.js'

export interface StartFailure {
  /** Why terminals failed, and how many; `no answer`: a sign-on was sent, and nothing came. */
  readonly failures: ReadonlyMap<string, number>
  /** The time that each connection took that opened, in ms. */
  readonly connectMs: readonly number[]
  /** Something came that was no answer. */
  readonly isStrayed: boolean
}

/** The beginning of the reason of a refused sign-on; its code follows. */
const declinedWith = 'declined with '
/** Most of the terminals must have failed so. */
const most = 0.5

/** Undefined where nothing tells, or the reason says it all by itself. */
export function causeOfStart({ failures, connectMs, isStrayed }: StartFailure): CauseVerdict | undefined {
  const all = [...failures.values()].reduce((sum, count) => sum + count, 0)
  const countOf = (isOne: (reason: string) => boolean) =>
    [...failures].reduce((sum, [reason, count]) => sum + (isOne(reason) ? count : 0), 0)
  const isMost = (count: number) => count > 0 && count >= most * all
  const silent = countOf((reason) => reason === 'no answer')
  const refused = countOf((reason) => reason === 'ECONNREFUSED')
  const declined = countOf((reason) => reason.startsWith(declinedWith))
  const codes = [...failures.keys()].flatMap((reason) =>
    reason.startsWith(declinedWith) ? [reason.slice(declinedWith.length)] : [],
  )
  if (isStrayed)
    return {
      cause: 'terminal-setup',
      confidence: 0.85,
      evidence: ['bytes came that are no answer in this framing and dialect'],
    }
  if (isMost(refused))
    return {
      cause: 'host-down',
      confidence: 0.95,
      evidence: [`new connections were refused (${refused}): nobody listens there`],
    }
  if (isMost(silent) && connectMs.length > 0)
    return {
      cause: 'host-down',
      confidence: 0.93,
      evidence: [
        `${counted(connectMs.length, 'connection')} opened, in ${inWords(quantile(connectMs, 0.5) ?? 0)} as a rule, and none of ${counted(silent, 'sign-on')} was answered: the line is there, and the host accepts and never answers`,
      ],
    }
  if (isMost(declined))
    return {
      cause: 'sign-on',
      confidence: 0.9,
      evidence: [`the host refused ${counted(declined, 'sign-on')} (${codes.join('/')})`],
    }
  return undefined
}
