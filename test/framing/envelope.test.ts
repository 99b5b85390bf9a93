import { describe, expect, test } from 'vitest'
import { createEnvelope } from '../../src/framing/envelope.js'
import { bytes, hex } from './feeding.js'

const cases = [
  {
    name: 'TPDU and header, addresses swapped in the answer',
    definition: { tpdu: '6000030000', header: '603210320072', swapTpdu: true },
    frame: '6000120034 613100310001 0200',
    opened: { tpdu: '6000120034', header: '613100310001', body: '0200' },
    answer: '6000340012 613100310001',
  },
  {
    name: 'a TPDU that goes back as it came',
    definition: { tpdu: '6000030000', swapTpdu: false },
    frame: '6000120034 0200',
    opened: { tpdu: '6000120034', header: undefined, body: '0200' },
    answer: '6000120034',
  },
  {
    name: 'a literal header and a trailer',
    definition: { header: '49534F', trailer: '03' },
    frame: '49534F 0200 03',
    opened: { tpdu: undefined, header: '49534F', body: '0200' },
    answer: '49534F',
  },
  {
    name: 'nothing around the message',
    definition: {},
    frame: '0200',
    opened: { tpdu: undefined, header: undefined, body: '0200' },
    answer: '',
  },
]

describe('an envelope', () => {
  for (const { name, definition, frame, opened, answer } of cases) {
    test(`opens and answers ${name}`, () => {
      const envelope = createEnvelope(definition)
      const found = envelope.open(bytes(frame))
      const text = (part: Uint8Array | undefined) => part && hex(part)
      expect({ tpdu: text(found?.tpdu), header: text(found?.header), body: text(found?.body) }).toEqual(opened)
      expect(hex(envelope.answerFront(bytes(frame)))).toBe(answer.replaceAll(' ', ''))
    })
  }

  test('stands in front of our own requests as declared', () => {
    expect(hex(createEnvelope({ tpdu: '6000030000', header: '603210320072' }).requestFront)).toBe(
      '6000030000603210320072',
    )
  })

  test('does not open a frame that is too short or lacks the trailer', () => {
    expect(createEnvelope({ tpdu: '6000030000' }).open(bytes('60000300'))).toBeUndefined()
    expect(createEnvelope({ trailer: '03' }).open(bytes('0200'))).toBeUndefined()
  })
})
