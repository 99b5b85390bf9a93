// Sub-fields of jPOS packagers against bytes written by hand.

import { describe, expect, test } from 'vitest'
import type { FieldValue } from '../../../../src/codec/message.js'
import { codecOf, isofield, isofieldpackager, packField, unpackField } from './jpos-spec.js'

const text = (value: string) => Buffer.from(value, 'latin1').toString('hex').toUpperCase()
const fields = (...lines: string[]) => lines.join('\n')

interface Case {
  readonly name: string
  readonly xml: string
  readonly value: FieldValue
  readonly bytes: string
}

const cases: readonly Case[] = [
  {
    name: 'positional sub-fields without a bitmap, from 1 on',
    xml: isofieldpackager(
      'IFA_LLLCHAR',
      'GenericSubFieldPackager',
      fields(isofield(1, 'IFA_NUMERIC', 3), isofield(2, 'IF_CHAR', 4), isofield(5, 'IFA_LLCHAR', 10)),
      'emitBitmap="false"',
    ),
    value: { 1: '012', 2: 'AB', 5: 'XYZ' },
    bytes: text('012' + '012' + 'AB  ' + '03XYZ'),
  },
  {
    name: 'positional sub-fields from firstField="0", the last ones missing',
    xml: isofieldpackager(
      'IFB_LLBINARY',
      'GenericSubFieldPackager',
      fields(isofield(0, 'IF_CHAR', 1), isofield(1, 'IFB_NUMERIC', 4), isofield(2, 'IFB_BINARY', 2)),
      'emitBitmap="false" firstField="0"',
    ),
    value: { 0: 'R', 1: '1234' },
    bytes: `03${text('R')}1234`,
  },
  {
    name: 'a bitmap of 8 bytes behind a placeholder, as Postilion field 127 has it',
    xml: isofieldpackager(
      'IFA_LLLLLLBINARY',
      'GenericSubFieldPackager',
      fields(
        isofield(0, 'IF_CHAR', 0),
        isofield(1, 'IFB_BITMAP', 8),
        isofield(2, 'IFA_LLCHAR', 32),
        isofield(9, 'IFA_LLLCHAR', 255),
      ),
    ),
    value: { 2: '0000000042', 9: 'AB' },
    bytes: `${text('000025')}4080000000000000${text('100000000042' + '002AB')}`,
  },
  {
    name: 'a bitmap in sub-field 0, as Visa field 62 has it',
    xml: isofieldpackager(
      'IFB_LLHBINARY',
      'Base1SubFieldPackager',
      fields(isofield(0, 'Base1_BITMAP126', 8), isofield(1, 'IFE_CHAR', 1), isofield(2, 'IFB_NUMERIC', 16)),
    ),
    value: { 1: 'E', 2: '0123456789012345' },
    bytes: '11C000000000000000C50123456789012345',
  },
  {
    name: 'a nested GenericPackager with bitmapField, firstField and headerLength',
    xml: isofieldpackager(
      'IFE_LLLBINARY',
      'GenericPackager',
      fields(isofield(0, 'IFB_BITMAP', 8), isofield(1, 'IFE_CHAR', 2), isofield(3, 'IFE_NUMERIC', 2)),
      'bitmapField="0" firstField="0" headerLength="1"',
    ),
    value: { header: '7F', 1: 'AB', 3: '07' },
    bytes: `F0F1F3${'7F'}A000000000000000C1C2F0F7`,
  },
  {
    name: 'a short bitmap inside a sub-field of a sub-field',
    xml: isofieldpackager(
      'IFA_LLLBINARY',
      'GenericSubFieldPackager',
      fields(
        isofield(1, 'IFB_BITMAP', 8),
        '<isofieldpackager id="25" length="99" name="ICC" class="org.jpos.iso.IFA_LLLLBINARY" packager="org.jpos.iso.packager.GenericSubFieldPackager">',
        isofield(1, 'IFB_BITMAP', 2),
        isofield(2, 'IFA_NUMERIC', 2),
        '</isofieldpackager>',
      ),
    ),
    value: { 25: { 2: '99' } },
    bytes: `${text('016')}0000008000000000${text('0004')}4000${text('99')}`,
  },
  {
    name: 'Europay sub-fields: length, tag, value; a number of length 0 is kept all the same',
    xml: isofieldpackager(
      'IFA_LLLCHAR',
      'EuroSubFieldPackager',
      fields(isofield(1, 'IFEP_LLCHAR', 0), isofield(40, 'IFEP_LLCHAR', 42), isofield(92, 'IFEP_LLCHAR', 5)),
    ),
    value: { 40: 'ABC', '01': 'X' },
    bytes: text('012' + '0540ABC' + '0301X'),
  },
  {
    name: 'Mastercard sub-fields behind a transaction category code',
    xml: isofieldpackager(
      'IFA_LLLCHAR',
      'EuroSubFieldPackager',
      fields(isofield(0, 'IFMC_TCC', 1), isofield(26, 'IFMC_LLCHAR', 19), isofield(42, 'IFMC_LLLCHAR', 7)),
    ),
    value: { 0: 'R', 26: '123', 42: '0000000' },
    bytes: text('020' + 'R' + '2603123' + '420070000000'),
  },
  {
    name: 'Mastercard sub-fields in EBCDIC, without their optional code, the first one blank',
    xml: isofieldpackager(
      'IFE_LLLCHAR',
      'EuroSubFieldPackager',
      fields(isofield(0, 'IFMC_TCC', 1), isofield(14, 'IFMC_LLCHAR', 9), isofield(74, 'IFMC_LLCHAR', 9)),
    ),
    value: { 14: ' ', 74: '50C' },
    bytes: 'F0F1F2' + 'F1F4F0F140' + 'F7F4F0F3F5F0C3',
  },
  {
    name: 'Mastercard sub-fields without their optional code',
    xml: isofieldpackager(
      'IFA_LLLCHAR',
      'EuroSubFieldPackager',
      fields(isofield(0, 'IFMC_TCC', 1), isofield(26, 'IFMC_LLCHAR', 19)),
    ),
    value: { 26: '123' },
    bytes: text('007' + '2603123'),
  },
  {
    name: 'Mastercard PDS with tags of four digits',
    xml: isofieldpackager(
      'IFA_LLLCHAR',
      'GenericSubFieldPackager',
      isofield(23, 'IFIPM_LLLCHAR', 30),
      'emitBitmap="false"',
    ),
    value: { '0023': 'CT6', '0148': '9782' },
    bytes: text('021' + '0023003CT6' + '01480049782'),
  },
  {
    name: 'EBCDIC text around ASCII sub-fields, which jPOS translates as a whole',
    xml: isofieldpackager(
      'IFE_LLLCHAR',
      'GenericSubFieldPackager',
      fields(isofield(1, 'IFA_NUMERIC', 2), isofield(2, 'IFA_LLCHAR', 9)),
      'emitBitmap="false"',
    ),
    value: { 1: '12', 2: 'AB' },
    bytes: 'F0F0F6F1F2F0F2C1C2',
  },
  {
    name: 'packed digits around sub-fields of digits',
    xml: isofieldpackager(
      'IFB_LLNUM',
      'GenericSubFieldPackager',
      fields(isofield(1, 'IFA_NUMERIC', 2), isofield(2, 'IFA_NUMERIC', 6)),
      'emitBitmap="false"',
    ),
    value: { 1: '22', 2: '000001' },
    bytes: '0822000001',
  },
  {
    name: 'BER-TLV in bytes',
    xml: isofieldpackager('IFA_LLLBINARY', 'BERTLVBinaryPackager', ''),
    value: { '9F26': '0123456789ABCDEF', '82': '1980', order: ['9F26', '82'] },
    bytes: `${text('015')}9F26080123456789ABCDEF82021980`,
  },
  {
    name: 'BER-TLV in hexadecimal text',
    xml: isofieldpackager('IFA_LLLCHAR', 'BERTLVAsciiHexPackager', ''),
    value: { '9F27': '80' },
    bytes: text('008' + '9F270180'),
  },
]

describe('sub-fields', () => {
  for (const { name, xml, value, bytes } of cases) {
    test(`${name}, both ways`, () => {
      const codec = codecOf(xml)
      expect(packField(codec, value)).toBe(bytes)
      expect(unpackField(codec, bytes)).toEqual(value)
    })
  }

  test('a tagged sequence takes its tags from the token, and keeps tags that only the default knows', () => {
    const codec = codecOf(
      '<isofieldpackager id="60" length="99" name="x" class="org.jpos.iso.IFA_LLLCHAR" token="0000" packager="org.jpos.tlv.packager.TaggedSequencePackager">' +
        '<isofield id="1" length="99" token="####" name="d" class="org.jpos.tlv.packager.IFTA_LLLCHAR"/>' +
        '<isofield id="2" length="99" token="12" name="d" class="org.jpos.tlv.packager.IFTA_LLLNUM"/></isofieldpackager>',
    )
    const bytes = text('025' + '0012004' + '0831' + '9999' + '007' + 'UNKNOWN')
    expect(unpackField(codec, bytes)).toEqual({ '0012': '0831', 9999: 'UNKNOWN', order: ['0012', '9999'] })
  })

  test('tags whose lengths have different widths stand in one field', () => {
    const codec = codecOf(
      isofieldpackager(
        'IFA_LLLCHAR',
        'GenericTaggedFieldsPackager',
        fields(isofield(1, 'IFA_TTLCHAR', 9), isofield(2, 'IFA_TTLLLCHAR', 99)),
      ),
    )
    expect(packField(codec, { '01': 'A', '02': 'BC' })).toBe(text('011' + '011A' + '02002BC'))
  })

  test('a tag mapper is a program: one form of length is read, several are kept whole', () => {
    const one = codecOf(
      isofieldpackager('IFA_LLCHAR', 'GenericTaggedFieldsPackager', isofield(1, 'IFA_TTLLCHAR', 9), 'tagMapper="x.Y"'),
    )
    expect(unpackField(one, text('06' + 'ZZ02AB'))).toEqual({ ZZ: 'AB' })
    const several = codecOf(
      isofieldpackager(
        'IFA_LLCHAR',
        'GenericTaggedFieldsPackager',
        fields(isofield(1, 'IFA_TTLLCHAR', 9), isofield(2, 'IFA_TTLCHAR', 9)),
        'tagMapper="x.Y"',
      ),
    )
    expect(unpackField(several, text('06' + 'ZZ02AB'))).toBe('ZZ02AB')
    expect(several.dialect.about).toContain('field 60 is kept whole')
  })

  test('a truncated sub-field is an error that names it', () => {
    const codec = codecOf(cases[0]!.xml)
    expect(() => unpackField(codec, text('008' + '012' + 'AB  ' + '9'))).toThrow('field 60.5')
  })
})
