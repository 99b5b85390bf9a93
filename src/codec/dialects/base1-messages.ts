// The messages that a station of Visa's BASE I sends: authorisations and their reversals, and network management under
// codes of its own. No reconciliation: what was authorised is cleared in files of BASE II.

import type { MessageDefinition, MoneyRule } from '../dialect.js'
import { iso87Messages } from './iso87-messages.js'
import { varyFields } from './vary-messages.js'

const reversed = (...names: readonly string[]): MoneyRule => ({
  ...(names.length > 0 && { names }),
  inDoubt: { do: 'reverse', reversal: 'reversal' },
})

/** Merchant type and countries, which V.I.P. routes by: miscellaneous retail (ISO 18245), 840. */
const routed = { 18: '5999', 19: '840' }

// Four digits: card number and PIN as in 1987, and a fourth that is not used.
const entry = { 22: '{original.22}' }

const {
  signOn,
  signOff,
  echo,
  sale,
  saleChip,
  balance,
  reversal,
  void: taken,
} = varyFields(iso87Messages, {
  25: '00',
  56: null,
  95: null,
})

const authorisation = ({ fields, ...message }: MessageDefinition, entryMode: string): MessageDefinition => ({
  ...message,
  mti: '0100',
  fields: { ...fields, ...routed, 22: entryMode },
})

export const base1Messages = {
  signOn: { ...signOn, fields: { ...signOn.fields, 70: '071' } },
  signOff: { ...signOff, fields: { ...signOff.fields, 70: '072' } },
  echo,
  sale: { ...authorisation(sale, '0210'), about: 'authorisation of a purchase by magnetic stripe' },
  saleChip: { ...authorisation(saleChip, '0510'), about: 'authorisation of a purchase by chip' },
  balance: { ...authorisation(balance, '0210') },
  void: {
    ...taken,
    about: 'takes an authorisation back',
    mti: '0100',
    money: reversed('sale'),
    fields: { ...taken.fields, ...routed, ...entry },
  },
  reversal: {
    ...reversal,
    about: 'undoes an authorisation whose answer is in doubt',
    mti: '0400',
    money: { inDoubt: { do: 'repeat', repeatMti: '0401' } },
    fields: { ...reversal.fields, ...routed },
  },
} satisfies Record<string, MessageDefinition>
