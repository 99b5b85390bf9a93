// Three China UnionPay POS messages that were published by others, to the last byte: from MTI to last field.

import { expect, test } from 'vitest'
import { compile } from '../../src/codec/compile.js'
import { cupPos } from '../../src/codec/dialects/cup-pos.js'
import type { Message } from '../../src/codec/message.js'

interface Vector {
  readonly name: string
  /** Length (2 bytes, where there is one), TPDU (5) and header (6). */
  readonly front: string
  readonly hex: string
  readonly message: Message
}

const vectors: readonly Vector[] = [
  {
    name: 'a financial request of value-added service with tagged data and a MAC',
    front: '007F6000030000603210320072',
    hex:
      '02003020048000C08015000000000000001234000002030099303030303030303139353237313831383232313738373531353600192600' +
      '000100060000000000435F01123238343431323334353637383930313233345F03063136303033365F04063230303832365C0230314233' +
      '413039324145',
    message: {
      mti: '0200',
      fields: {
        3: '000000',
        4: '000000001234',
        11: '000002',
        22: '030',
        25: '99',
        41: '00000001',
        42: '952718182217875',
        49: '156',
        60: '2600000100060000000',
        62: '5F01123238343431323334353637383930313233345F03063136303033365F04063230303832365C023031',
        64: '4233413039324145',
      },
    },
  },
  {
    name: 'a sign-on that asks for double-length keys',
    front: '005B6000030000603100311312',
    hex:
      '08000020000000C0001600000131303030303135393838303231303031303231303136300011000000010030002953657175656E6365204E' +
      '6F3136333135305358582D34433330343131390003303120',
    message: {
      mti: '0800',
      fields: {
        11: '000001',
        41: '10000159',
        42: '880210010210160',
        60: '00000001003',
        62: '53657175656E6365204E6F3136333135305358582D3443333034313139',
        63: '01 ',
      },
    },
  },
  {
    name: 'a sign-on with binary in a field of text and spaces that count',
    front: '6000030000602200000000',
    hex:
      '08000020000000C2001200045238303837393838383038363035373738303837393838380032000000000000000000000000000000000000' +
      '0000000000000000000000000000001100002199001000432020203031202020202020202020202020202020202020333333332020202020' +
      '2020202020202020202020',
    message: {
      mti: '0800',
      fields: {
        11: '000452',
        41: '80879888',
        42: '086057780879888',
        47: { hex: '00'.repeat(32) },
        60: '00002199001',
        63: '   01                  3333                ',
      },
    },
  },
]

const codec = compile(cupPos)

for (const { name, front, hex, message } of vectors) {
  test(`${name} unpacks to its fields`, () => {
    expect(codec.unpack(Buffer.from(hex, 'hex'))).toEqual(message)
  })

  test(`${name} packs to the same bytes`, () => {
    expect(Buffer.from(codec.pack(message)).toString('hex').toUpperCase()).toBe(hex)
  })

  test(`${name} stands behind an envelope of the dialect's form`, () => {
    const { tpdu = '', header = '' } = cupPos.envelope
    const envelope = front.slice(-(tpdu.length + header.length))
    expect(envelope.slice(0, tpdu.length)).toBe(tpdu)
    expect(envelope).toMatch(/^\d{22}$/)
    if (front.length > envelope.length) expect(Number.parseInt(front.slice(0, 4), 16)).toBe(11 + hex.length / 2)
  })
}
