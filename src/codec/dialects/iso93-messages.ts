// The messages that a terminal of an ISO 8583:1993 dialect sends.

import type { MessageDefinition } from '../dialect.js'
import { chipTags, cvn10Profile } from './chip-data.js'
import { iso93Money, iso93SaleMoney } from './iso93-money.js'

const times = { 7: '{utc:MMDDhhmmss}', 11: '{stan}', 12: '{local:YYMMDDhhmmss}' }

const card = {
  2: '{card.pan}',
  14: '{card.expiry}',
  // Magnetic stripe and PIN pad, attended, card and cardholder present, stripe read, signature checked by the merchant.
  22: '210101254146',
  35: '{card.track2}',
}

const merchant = {
  // Miscellaneous retail (ISO 18245).
  26: '5999',
  41: '{terminal}',
  42: '{merchant}',
  49: '{currency}',
}

const networkManagement = (about: string, functionCode: string): MessageDefinition => ({
  about,
  mti: '1804',
  fields: { ...times, 24: functionCode, 41: '{terminal}' },
})

// Function 200: original financial request.
const sale = { ...times, ...card, ...merchant, 3: '000000', 4: '{amount}', 24: '200', 37: '{rrn}' }

// Position 8 of 22: PIN.
const salePin = { ...sale, 22: '210101214146', 52: '{pinBlock}' }

export const iso93Messages = {
  signOn: networkManagement('sign-on', '801'),
  signOff: networkManagement('sign-off', '802'),
  echo: networkManagement('echo test', '831'),
  sale: {
    about: 'purchase by magnetic stripe',
    mti: '1200',
    money: iso93SaleMoney,
    fields: sale,
  },
  salePin: {
    about: 'purchase by magnetic stripe with PIN',
    mti: '1200',
    money: iso93SaleMoney,
    fields: salePin,
  },
  salePinDukpt: {
    about: 'purchase by magnetic stripe with PIN and MAC under DUKPT',
    mti: '1200',
    money: iso93SaleMoney,
    fields: { ...salePin, 53: '{ksn}', 64: '{mac}' },
  },
  saleChip: {
    about: 'purchase by chip',
    mti: '1200',
    money: iso93SaleMoney,
    fields: {
      ...sale,
      // As by magnetic stripe, but a chip that was read by a terminal that can.
      22: '510101554146',
      35: '{card.chipTrack2}',
      23: '{card.sequence}',
      55: chipTags(cvn10Profile),
    },
  },
  balance: {
    about: 'balance inquiry by magnetic stripe',
    mti: '1200',
    fields: { ...times, ...card, ...merchant, 3: '310000', 24: '200', 37: '{rrn}' },
  },
  ...iso93Money,
} satisfies Record<string, MessageDefinition>
