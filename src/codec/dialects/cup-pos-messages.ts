// The messages that a China UnionPay POS terminal sends. MAC and PIN block are left out where there are no keys for them.
//
// Data element 60: transaction type 2, batch 6, network management code 3, terminal reading capability 1 (5: stripe and
// chip), chip condition 1.

import type { MessageDefinition } from '../dialect.js'
import { chipTags, pbocProfile } from './chip-data.js'
import { cupPosMoney, cupPosSaleMoney } from './cup-pos-money.js'

const terminal = { 41: '{terminal}', 42: '{merchant}' }

const card = {
  2: '{card.pan}',
  14: '{card.expiry}',
  // Magnetic stripe without PIN.
  22: '022',
  25: '00',
  35: '{card.track2}',
  49: '{currency}',
}

const pin = {
  // Magnetic stripe with PIN.
  22: '021',
  26: '12',
  52: '{pinBlock}',
  // A PIN block with the card number, under a key of double length.
  53: '2600000000000000',
}

/** The text 'Sequence No', the length 12, the vendor's certificate 3136 and a made-up serial number, as hex. */
const sequenceNumber = Buffer.from('Sequence No12313600000001', 'ascii').toString('hex').toUpperCase()

export const cupPosMessages = {
  signOn: {
    about: '签到, asks for double-length keys',
    mti: '0800',
    fields: { 11: '{stan}', ...terminal, 60: '00{batch}003', 62: sequenceNumber, 63: '{operator} ' },
  },
  signOff: {
    about: '签退',
    mti: '0820',
    fields: { 11: '{stan}', ...terminal, 60: '00{batch}002' },
  },
  echo: {
    about: '回响测试; has no trace number, so one is in flight on a connection',
    mti: '0820',
    fields: { ...terminal, 60: '00{batch}301' },
  },
  sale: {
    about: '消费 by magnetic stripe without PIN',
    mti: '0200',
    money: cupPosSaleMoney,
    fields: { ...card, ...terminal, 3: '000000', 4: '{amount}', 11: '{stan}', 60: '22{batch}00050', 64: '{mac}' },
  },
  salePin: {
    about: '消费 by magnetic stripe with PIN (联机密码)',
    mti: '0200',
    money: cupPosSaleMoney,
    fields: {
      ...card,
      ...terminal,
      ...pin,
      3: '000000',
      4: '{amount}',
      11: '{stan}',
      60: '22{batch}00050',
      64: '{mac}',
    },
  },
  saleChip: {
    about: '消费 by chip without PIN',
    mti: '0200',
    money: cupPosSaleMoney,
    fields: {
      ...card,
      ...terminal,
      3: '000000',
      4: '{amount}',
      11: '{stan}',
      22: '052',
      35: '{card.chipTrack2}',
      23: '{card.sequence}',
      55: chipTags(pbocProfile),
      60: '22{batch}00050',
      64: '{mac}',
    },
  },
  balance: {
    about: '查余额 by magnetic stripe without PIN',
    mti: '0200',
    fields: { ...card, ...terminal, 3: '310000', 11: '{stan}', 60: '01{batch}00050', 64: '{mac}' },
  },
  ...cupPosMoney,
} satisfies Record<string, MessageDefinition>
