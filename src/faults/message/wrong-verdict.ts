// A host that lies about a settlement: it calls totals balanced that differ, or out of balance that are its own.

import { z } from 'zod'
import { classOf, isAnswer } from '../../codec/head/mti.js'
import type { Message } from '../../codec/message.js'
import { defineMessageFault, type PassingMessage, type SettlementPlaces } from '../fault.js'
import { deliverChanged, withField } from './changed.js'

export const wrongVerdict = defineMessageFault({
  type: 'wrong_verdict',
  level: 'message',
  about: "the answer to a settlement says 'in balance' for totals that differ, and the other way round",
  attributes: z.strictObject({
    says: z
      .enum(['opposite', 'balanced', 'outOfBalance'])
      .default('opposite')
      .describe('the verdict, whatever the totals; opposite: the other one'),
  }),
  direction: 'answer',
  start:
    ({ says }) =>
    (message) => {
      const { peek, dialect } = message
      if (dialect.settlement === undefined || classOf(peek.mti) !== '5' || !isAnswer(peek.mti)) return undefined
      const before = verdictOf(message, dialect.settlement)
      if (before === undefined) return undefined
      const isBalanced = says === 'opposite' ? !before.isBalanced : says === 'balanced'
      if (isBalanced === before.isBalanced) return undefined
      return deliverChanged(
        message,
        message.rewrite((whole) => before.write(whole, isBalanced)),
      )
    },
})

interface Verdict {
  readonly isBalanced: boolean
  write(whole: Message, isBalanced: boolean): Message
}

/** The verdict stands in places of its own or, where there are none, in the response code. Undefined: the answer has none. */
function verdictOf(
  { peek, dialect }: PassingMessage,
  { places, balanced, outOfBalance, codes }: SettlementPlaces,
): Verdict | undefined {
  const textAt = (field: number) => peek.text(field) ?? ''
  const said = places
    .map((place) => ({ ...place, text: textAt(place.field).slice(place.from, place.to) }))
    .filter(({ text }) => text !== '' && (text === balanced || text === outOfBalance))
  if (said.length > 0) {
    return {
      isBalanced: said.every(({ text }) => text === balanced),
      write: (whole, isBalanced) =>
        said.reduce((changed, { field, from = 0, text }) => {
          const now = changed.fields[field] ?? ''
          if (typeof now !== 'string') return changed
          const verdict = isBalanced ? balanced : outOfBalance
          return withField(changed, field, now.slice(0, from) + verdict + now.slice(from + text.length))
        }, whole),
    }
  }
  const code = textAt(dialect.responseCode)
  if (codes === undefined || (code !== codes.balanced && code !== codes.outOfBalance)) return undefined
  return {
    isBalanced: code === codes.balanced,
    write: (whole, isBalanced) =>
      withField(whole, dialect.responseCode, isBalanced ? codes.balanced : codes.outOfBalance),
  }
}
