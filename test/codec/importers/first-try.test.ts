// Specs as users have them, against messages that the peers packed themselves.

import { describe, expect, test } from 'vitest'
import { parseJsonInOrder } from '../../../src/base/written-order.js'
import { compileMatch } from '../../../src/codec/checks/match.js'
import { compile } from '../../../src/codec/compile.js'
import { importDialect } from '../../../src/codec/importers/import-dialect.js'
import { readMessage } from '../../../src/codec/message-json.js'
import { isofield, packager } from './jpos/jpos-spec.js'

const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

/** As moov spells these fields of its own ASCII spec; field 1 is 16 bytes whether or not the second half is needed. */
const fixed = (type: string, length: number, zeros = false) => ({
  ...{ type, length, enc: 'ASCII', prefix: 'ASCII.Fixed' },
  ...(zeros && { padding: { type: 'Left', pad: '0' } }),
})
const moov = JSON.stringify({
  name: 'ISO 8583 v1987 ASCII',
  fields: {
    0: fixed('String', 4),
    1: { type: 'Bitmap', length: 16, enc: 'HexToASCII', prefix: 'Hex.Fixed' },
    2: { type: 'String', length: 19, enc: 'ASCII', prefix: 'ASCII.LL' },
    3: fixed('Numeric', 6, true),
    4: fixed('String', 12, true),
    11: fixed('String', 6, true),
    41: fixed('String', 8),
  },
})

describe('a spec of moov', () => {
  // Packed by moov-io/iso8583 itself.
  const packed =
    '3032303037303230303030303030383030303030303030303030303030303030303030303136343131313131313131313131' +
    '313131313030303030303030303030303030313030303030303030315445524d30303031'
  const fields = { 2: '4111111111111111', 3: '000000', 4: '1000', 11: '000001', 41: 'TERM0001' }
  const codec = compile(importDialect(moov, 'spec.json'))

  test('its bitmap is as long as it says, and its own message is read and packed', () => {
    expect(hexOf(codec.pack({ mti: '0200', fields }))).toBe(packed)
    const read = codec.unpack(Buffer.from(packed, 'hex'))
    expect(read.fields).toMatchObject({ 2: '4111111111111111', 4: '1000', 41: 'TERM0001' })
    expect(hexOf(codec.pack(read))).toBe(packed)
  })

  test('rules and amounts are asked with all their digits, whatever the spec shows', () => {
    const peek = codec.peek(Buffer.from(packed, 'hex'))
    expect([peek.text(3), peek.text(4)]).toEqual(['000000', '000000001000'])
    for (const amount of ['1000', '000000001000', '000000000900..000000001100'])
      expect(compileMatch({ 3: '000000', 4: amount })(peek)).toBe(true)
    expect(compileMatch({ 4: '000000009999' })(peek)).toBe(false)
  })

  test('keys of its newest version are known; a message type in hexadecimal text is read', () => {
    const tagged = {
      type: 'Composite',
      length: 999,
      prefix: 'ASCII.LLL',
      disableAutoExpand: true,
      tag: {
        ...{ enc: 'BerTLVTag', sort: 'StringsByHex', skipUnknownTLVTags: true, storeUnknownTLVTags: true },
        prefUnknownTLV: 'BerTLV',
      },
      subfields: { '9F26': { type: 'Hex', enc: 'Binary', prefix: 'BerTLV' } },
    }
    const hexadecimal = { type: 'String', length: 4, enc: 'HexToASCII', prefix: 'Hex.Fixed' }
    const bitmap = { type: 'Bitmap', enc: 'HexToASCII', prefix: 'Hex.Fixed' }
    const spec = importDialect(
      JSON.stringify({ fields: { 0: hexadecimal, 1: bitmap, 3: hexadecimal, 55: tagged } }),
      'h.json',
    )
    const hex = Buffer.from('30323030' + '2000000000000000' + '31323334', 'latin1').toString('hex')
    expect(hexOf(compile(spec).pack({ mti: '0200', fields: { 3: '1234' } }))).toBe(hex)
    expect(compile(spec).unpack(Buffer.from(hex, 'hex'))).toEqual({ mti: '0200', fields: { 3: '1234' } })
  })

  test('a header in field 0 is sent to where headers belong', () => {
    const composite = { type: 'Composite', length: 16, prefix: 'ASCII.Fixed', tag: { sort: 'StringsByInt' } }
    const subfields = { 1: fixed('String', 12), 2: fixed('String', 4) }
    const spec = { ...JSON.parse(moov), fields: { ...JSON.parse(moov).fields, 0: { ...composite, subfields } } }
    expect(() => importDialect(JSON.stringify(spec), 'h.json')).toThrow(/envelope/)
  })

  test('tags leave in the order that the spec sorts them in, or in the one that was written', () => {
    const sub = { type: 'String', length: 9, enc: 'ASCII', prefix: 'ASCII.LL' }
    const composite = (sort: string) => ({
      ...{ type: 'Composite', length: 999, prefix: 'ASCII.LLL', tag: { length: 2, enc: 'ASCII', sort } },
      subfields: { '01': sub, '05': sub, 10: sub, 42: sub },
    })
    const spec = { ...JSON.parse(moov), fields: { ...JSON.parse(moov).fields, 48: composite('StringsByInt') } }
    const sorted = compile(importDialect(JSON.stringify(spec), 's.json'))
    const text = '{"mti":"0200","fields":{"48":{"01":"a","05":"b","42":"c","10":"d"}}}'
    const body = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1').slice(39)
    expect(body(sorted.pack({ mti: '0200', fields: { 48: { 42: 'c', 10: 'd', '01': 'a', '05': 'b' } } }))).toBe(
      '0101a0501b1001d4201c',
    )
    expect(body(sorted.pack(readMessage(parseJsonInOrder(text))))).toBe('0101a0501b4201c1001d')
  })
})

test('a tag of two digits is given as moov spells its keys: 1 or 01', () => {
  const tagged = {
    ...{ type: 'Composite', length: 255, prefix: 'ASCII.LLL' },
    tag: { length: 2, enc: 'ASCII', sort: 'StringsByInt', padding: { type: 'Left', pad: '0' } },
    subfields: { 1: { type: 'String', length: 9, enc: 'ASCII', prefix: 'ASCII.LL' } },
  }
  const { name, fields } = JSON.parse(moov) as { name: string; fields: object }
  const codec = compile(importDialect(JSON.stringify({ name, fields: { ...fields, 48: tagged } }), 'tags.json'))
  const [short, full] = ['1', '01'].map((key) => codec.pack({ mti: '0200', fields: { 48: { [key]: 'AB' } } }))
  expect(
    Buffer.from(short as Uint8Array)
      .subarray(-9)
      .toString(),
  ).toBe('0060102AB')
  expect(short).toEqual(full)
  expect(() => codec.pack({ mti: '0200', fields: { 48: { 1: 'AB', '01': 'AB' } } })).toThrow(/48\.1/)
})

describe('a packager of jPOS', () => {
  const processing =
    '<isofieldpackager id="3" length="6" name="PROCESSING CODE" class="org.jpos.iso.IF_CHAR"' +
    ' packager="org.jpos.iso.packager.GenericSubFieldPackager" emitBitmap="false">' +
    isofield(1, 'IFA_NUMERIC', 2) +
    isofield(2, 'IFA_NUMERIC', 2) +
    isofield(3, 'IFA_NUMERIC', 2) +
    '</isofieldpackager>'
  const totals = [74, 75, 76, 77].map((id) => isofield(id, 'IFB_NUMERIC', 10)).join('')
  const amounts = [86, 87, 88, 89].map((id) => isofield(id, 'IFB_NUMERIC', 16)).join('')
  const others = isofield(4, 'IFB_NUMERIC', 12) + isofield(11, 'IFB_NUMERIC', 6) + isofield(39, 'IF_CHAR', 2)
  const more = isofield(41, 'IF_CHAR', 8) + isofield(66, 'IFB_NUMERIC', 1) + isofield(97, 'IFB_AMOUNT', 17)
  const dialect = importDialect(packager(processing + others + more + totals + amounts), 'host.xml')

  test('a processing code of three parts is sent and asked as one text', () => {
    const codec = compile(dialect)
    expect(dialect.messages.balance?.fields['3']).toBe('310000')
    const bytes = codec.pack({ mti: '0200', fields: { 3: '310000' } })
    expect(codec.unpack(bytes).fields['3']).toEqual({ 1: '31', 2: '00', 3: '00' })
    expect(compileMatch({ 3: '3*' })(codec.peek(bytes))).toBe(true)
  })

  test('totals are answered in the fields that the spec has, as wide as they are there', () => {
    const { answers, ledger } = dialect.rules
    const settled = answers.find(({ request }) => JSON.stringify(request).includes('050'))
    expect(settled?.set).toMatchObject({ 66: '{totals.66}', 74: '{totals.74}', 97: '{totals.97}' })
    expect(dialect.messages.settlement?.fields).toMatchObject({ 86: '{totals.creditAmount.16}', 97: '{totals.net.16}' })
    expect(ledger?.totals.parts.map(({ field }) => field)).toEqual([74, 75, 76, 77, 86, 87, 88, 89, 97, 66])
  })

  test('messages that would be others without a field are left out, and it says why', () => {
    expect(dialect.messages).not.toHaveProperty('void')
    expect(dialect.lacks).toMatchObject({ void: 'a host would take it for refund without field 90' })
  })

  test('a trimmed sub-field at the end may be short; one before another is refused', () => {
    const inside = (last: string, first = '') =>
      '<isofieldpackager id="59" length="14" name="GEOGRAPHY" class="org.jpos.iso.IFB_LLHBINARY" emitBitmap="false"' +
      ` packager="org.jpos.iso.packager.GenericSubFieldPackager">${isofield(1, 'IFE_CHAR', 2, first)}` +
      `${isofield(2, 'IFE_CHAR', 9, last)}</isofieldpackager>`
    const codec = compile(importDialect(packager(inside('trim="true"')), 'host.xml'))
    const short = Buffer.from('0200' + '0000000000000020' + '05C1C2F1F2F3', 'hex')
    expect(codec.unpack(short).fields['59']).toEqual({ 1: 'AB', 2: '123' })
    expect(hexOf(codec.pack({ mti: '0200', fields: { 59: { 1: 'AB', 2: '123' } } }))).toBe(short.toString('hex'))
    expect(() => importDialect(packager(inside('', 'trim="true"')), 'host.xml')).toThrow(/last sub-field/)
  })

  test('text of fixed width around a trimmed sub-field is filled with spaces', () => {
    const inside =
      '<isofieldpackager id="22" length="12" name="POS" class="org.jpos.iso.IF_CHAR" emitBitmap="false"' +
      ` packager="org.jpos.iso.packager.GenericSubFieldPackager">${isofield(1, 'IF_CHAR', 3)}` +
      `${isofield(2, 'IF_CHAR', 9, 'trim="true"')}</isofieldpackager>`
    const codec = compile(importDialect(packager(inside), 'host.xml'))
    const bytes = Buffer.from(codec.pack({ mti: '0200', fields: { 22: { 1: '051', 2: '12345' } } }))
    expect(bytes.subarray(10).toString('latin1')).toBe('05112345    ')
    expect(codec.pack(codec.unpack(bytes))).toEqual(bytes)
    const numeric = (id: number) => isofield(id, 'IFA_NUMERIC', 2)
    const code = processing.replace(/<isofield id="2".*/, `${numeric(2)}${numeric(3)}</isofieldpackager>`)
    const strict = compile(importDialect(packager(code), 'host.xml'))
    expect(() => strict.pack({ mti: '0200', fields: { 3: { 1: '00' } } })).toThrow(/exactly 6 bytes inside, got 2/)
  })

  test('a class that caps its length takes a longer one', () => {
    const euro =
      '<isofieldpackager id="48" length="999" name="PRIVATE" class="org.jpos.iso.IFA_LLLCHAR"' +
      ` packager="org.jpos.iso.packager.EuroSubFieldPackager">${isofield(1, 'IFEP_LLCHAR', 99)}</isofieldpackager>`
    const codec = compile(importDialect(packager(euro), 'europay.xml'))
    const bytes = codec.pack({ mti: '0200', fields: { 48: { '01': 'AB' } } })
    expect(Buffer.from(bytes.subarray(10)).toString('latin1')).toBe('0060401AB')
  })
})

// The fields of jPOS's cmf.xml and iso2003binary.xml: amounts behind their currency, the original in 56, all totals in 74.
describe('a packager of ISO 8583:2003', () => {
  const digits: readonly (readonly [number, number])[] = [
    ...([
      [7, 10],
      [11, 12],
      [12, 14],
      [14, 4],
      [24, 3],
      [25, 4],
      [26, 4],
      [39, 4],
    ] as const),
  ]
  const totals = Array.from({ length: 12 }, (_, id) => isofield(id, 'IFB_NUMERIC', id % 2 === 0 ? 16 : 10)).join('')
  const text = [
    isofield(2, 'IFB_LLNUM', 19),
    isofield(3, 'IF_CHAR', 6),
    isofield(4, 'IFB_AMOUNT2003', 16),
    ...digits.map(([id, length]) => isofield(id, 'IFB_NUMERIC', length)),
    isofield(22, 'IFB_BINARY', 16),
    isofield(35, 'IFB_LLCHAR', 37),
    isofield(37, 'IF_CHAR', 12),
    isofield(38, 'IF_CHAR', 6),
    isofield(41, 'IF_CHAR', 16),
    isofield(42, 'IFB_LLCHAR', 35),
    isofield(52, 'IFB_BINARY', 8),
    isofield(56, 'IFB_LLNUM', 41),
    isofield(64, 'IFB_BINARY', 4),
    '<isofieldpackager id="74" length="78" name="TOTALS" class="org.jpos.iso.IFB_BINARY" emitBitmap="false" firstField="0"',
    ` packager="org.jpos.iso.packager.GenericSubFieldPackager">${totals}</isofieldpackager>`,
    isofield(97, 'IFB_AMOUNT2003', 21),
  ].join('\n')
  const dialect = importDialect(packager(text), 'host2003.xml')

  test('names originals in 56, as wide as they are', () => {
    for (const name of ['void', 'refund', 'completion', 'preauthVoid', 'reversal'])
      expect(dialect.messages[name]?.fields['56']).toBe('{original.mti}{original.11}{original.12}')
    const voids = dialect.rules.ledger?.postings.find(({ kind }) => kind === 'void')
    expect(voids?.original).toMatchObject({
      stan: { field: 56, from: 4, to: 16 },
      batch: [{ field: 56, from: 16, to: 30 }],
    })
    expect(dialect.rules.codes.approved).toBe('0000')
  })

  test('tells its totals in 74, whose sub-fields are digits in packed digits', () => {
    const codec = compile(dialect)
    const total = dialect.messages.settlement?.fields['74'] as string
    expect(total).toContain('{totals.debitAmount.16}{totals.debitCount.10}')
    expect(dialect.messages.settlement?.fields['97']).toBeUndefined()
    const value = `${'0'.repeat(78)}${'0000000000012345'}${'0000000007'}${'0'.repeat(52)}`
    const bytes = codec.pack({ mti: '2500', fields: { 74: value } })
    expect(hexOf(bytes.subarray(-78))).toBe(value)
    expect(codec.unpack(bytes).fields['74']).toMatchObject({ 6: '0000000000012345', 7: '0000000007' })
  })

  test('says how a card was read, and carries a PIN block; a MAC of four bytes has no place for one of eight', () => {
    expect(dialect.messages.salePin?.fields).toMatchObject({ 22: '10000000080000000200000002000000', 52: '{pinBlock}' })
    expect(Object.values(dialect.messages).every(({ fields }) => fields['64'] === undefined)).toBe(true)
  })
})
