// The messages that a terminal of an ISO 8583:1987 dialect sends. Values fit fields of fixed width exactly, so that
// dialects without padding use them too.

import type { MessageDefinition } from '../dialect.js'
import { chipHex, cvn10Profile } from './chip-data.js'
import { iso87Money, iso87SaleMoney } from './iso87-money.js'

const card = {
  2: '{card.pan}',
  14: '{card.expiry}',
  // Magnetic stripe; the terminal can take a PIN.
  22: '021',
  25: '00',
  35: '{card.track2}',
}

const terminal = { 41: '{terminal}', 42: '{merchant}' }

const times = { 7: '{utc:MMDDhhmmss}', 11: '{stan}', 12: '{local:hhmmss}', 13: '{local:MMDD}' }

const networkManagement = (about: string, code: string): MessageDefinition => ({
  about,
  mti: '0800',
  fields: { ...times, 41: '{terminal}', 70: code },
})

const sale = { ...times, ...card, ...terminal, 3: '000000', 4: '{amount}', 37: '{rrn}', 49: '{currency}' }

export const iso87Messages = {
  signOn: networkManagement('sign-on', '001'),
  signOff: networkManagement('sign-off', '002'),
  echo: networkManagement('echo test', '301'),
  sale: {
    about: 'purchase by magnetic stripe',
    mti: '0200',
    money: iso87SaleMoney,
    fields: sale,
  },
  salePin: {
    about: 'purchase by magnetic stripe with PIN',
    mti: '0200',
    money: iso87SaleMoney,
    fields: { ...sale, 52: '{pinBlock}' },
  },
  saleChip: {
    about: 'purchase by chip',
    mti: '0200',
    money: iso87SaleMoney,
    fields: {
      ...sale,
      22: '051',
      35: '{card.chipTrack2}',
      23: '{card.sequence}',
      55: chipHex(cvn10Profile),
    },
  },
  balance: {
    about: 'balance inquiry by magnetic stripe',
    mti: '0200',
    fields: { ...times, ...card, ...terminal, 3: '310000', 37: '{rrn}', 49: '{currency}' },
  },
  ...iso87Money,
} satisfies Record<string, MessageDefinition>
