// A host that lies: it approves what it has just said to be undone. The approval is kept back, so that the terminal reverses;
// when the host has acknowledged the reversal, the approval follows.

import { z } from 'zod'
import type { Peek } from '../../codec/codec.js'
import { classOf, isAnswer } from '../../codec/head/mti.js'
import { optionalTime } from '../attributes.js'
import { defineMessageFault, type PassingDialect } from '../fault.js'

/** Approvals that are kept back: far more than terminals have in doubt at once. The oldest goes first. */
const mostKept = 10_000

export const approveReversed = defineMessageFault({
  type: 'approve_reversed',
  level: 'message',
  about: 'an approval is kept back until its reversal was acknowledged, and comes then',
  attributes: z.strictObject({
    after: optionalTime('100ms').describe('time from the answer to the reversal until the approval comes'),
  }),
  units: { after: 'ms' },
  direction: 'answer',
  isFollowedBy: ({ mti }) => classOf(mti) === '4' && isAnswer(mti),
  start:
    ({ after }, { kept }) =>
    ({ peek, raw, arrivedAt, dialect }) => {
      if (classOf(peek.mti) === '4') {
        const approval = takeNamed(kept, peek, dialect)
        if (approval === undefined) return undefined
        return [
          { do: 'deliver', bytes: raw, at: arrivedAt },
          { do: 'deliver', bytes: approval, at: arrivedAt + after },
        ]
      }
      if (!isApproval(peek, dialect)) return undefined
      kept.set(nameOf(peek, peek.text(11)), Uint8Array.from(raw))
      const [oldest] = kept.keys()
      if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest)
      return []
    },
})

function isApproval(peek: Peek, { responseCode, approved }: PassingDialect): boolean {
  const isPayment = ['1', '2'].includes(classOf(peek.mti)) && isAnswer(peek.mti)
  return isPayment && approved.includes(peek.text(responseCode) ?? '')
}

const nameOf = (peek: Peek, stan = '') => `${peek.text(41)?.trimEnd() ?? ''} ${stan}`

/** The approval that the answer to a reversal names; one that names none means the last of its terminal. */
function takeNamed(
  kept: Map<string, Uint8Array>,
  peek: Peek,
  { reversedStan }: PassingDialect,
): Uint8Array | undefined {
  const text = reversedStan && peek.text(reversedStan.field)
  const isNamed = text !== undefined && text !== ''
  const name = isNamed
    ? nameOf(peek, text.slice(reversedStan?.from, reversedStan?.to))
    : [...kept.keys()].findLast((each) => each.startsWith(nameOf(peek)))
  const approval = name === undefined ? undefined : kept.get(name)
  if (name !== undefined) kept.delete(name)
  return approval
}
