// The parts of a packager file around its fields, and the refusals, with the line of each.

import { describe, expect, test } from 'vitest'
import { compile } from '../../../../src/codec/compile.js'
import { importDialect } from '../../../../src/codec/importers/import-dialect.js'
import { codecOf, isofield, isofieldpackager, packager } from './jpos-spec.js'

const read = (text: string) => importDialect(text, 'specs/Host One.xml')

describe('a packager file', () => {
  test('gives the dialect its name, the fields theirs, and declares no masks', () => {
    const dialect = read(
      packager('<isofield id="2" length="19" name=" PAN &amp;\n CARD " class="org.jpos.iso.IFB_LLNUM"/>'),
    )
    expect(dialect.name).toBe('host-one')
    expect(dialect.about).toContain('Host One.xml')
    expect(dialect.fields['2']).toEqual({ name: 'PAN & CARD', format: 'n..19' })
  })

  test('with white space around a class is read', () => {
    const dialect = read(packager('<isofield id="52" length="8" name="PIN" class="org.jpos.iso.IFB_BINARY "/>'))
    expect(dialect.fields['52']?.format).toBe('b 8')
  })

  test('with an empty name calls the field by its number', () => {
    expect(read(packager('<isofield id="7" length="10" name="" class="IFA_NUMERIC"/>')).fields['7']?.name).toBe(
      'field 7',
    )
  })

  test('with gaps between ids has no fields there, and their bits are errors', () => {
    const codec = compile(read(packager(isofield(3, 'IFB_NUMERIC', 6) + isofield(90, 'IFA_NUMERIC', 42))))
    expect(() => codec.unpack(Buffer.from('0800' + '4000000000000000' + '1234', 'hex'))).toThrow('field 2')
  })

  test('with headerLength has so many bytes before the message type', () => {
    expect(read(packager(isofield(3, 'IFB_NUMERIC', 6), 'headerLength="9"')).envelope).toEqual({
      header: '00'.repeat(9),
    })
  })

  test('keeps the last of two fields of one id, as jPOS does', () => {
    const dialect = read(packager(isofield(3, 'IFA_NUMERIC', 6) + isofield(3, 'IF_CHAR', 9)))
    expect(dialect.fields['3']?.format).toBe('ans 9')
  })

  test('leaves out an unused field, so that its bit is an error', () => {
    expect(read(packager(isofield(3, 'IFB_NUMERIC', 6) + isofield(5, 'IF_UNUSED', 1))).fields['5']).toBeUndefined()
  })

  test('of 1987 in EBCDIC with a hexadecimal bitmap decodes and packs back', () => {
    const xml = packager(isofield(3, 'IFE_NUMERIC', 6))
      .replace('IFB_NUMERIC"/>', 'IFE_NUMERIC"/>')
      .replace('IFB_BITMAP', 'IFE_BITMAP')
    const bytes = Buffer.from(`F0F2F0F0F2F0${'F0'.repeat(14)}F0F0F0F0F0F1`, 'hex')
    const codec = compile(read(xml))
    expect(codec.unpack(bytes)).toEqual({ mti: '0200', fields: { 3: '000001' } })
    expect(Buffer.from(codec.pack(codec.unpack(bytes)))).toEqual(bytes)
  })

  test('with a bitmap of 24 bytes has fields beyond 128, and bit 65 is no field', () => {
    const xml = packager(isofield(3, 'IFB_NUMERIC', 6) + isofield(65, 'IFB_BINARY', 8) + isofield(130, 'IF_CHAR', 2))
    const codec = compile(read(xml.replace('length="16" name="BIT', 'length="24" name="BIT')))
    const bytes = Buffer.from(
      '0200' + 'A000000000000000' + '8000000000000000' + '4000000000000000' + '000001' + '4142',
      'hex',
    )
    expect(codec.unpack(bytes).fields).toEqual({ 3: '000001', 130: 'AB' })
    expect(Buffer.from(codec.pack(codec.unpack(bytes)))).toEqual(bytes)
  })

  test('with a bitmap of 16 bytes has field 65 as any other', () => {
    expect(codecOf(isofield(65, 'IFB_BINARY', 8) + isofield(66, 'IFA_NUMERIC', 1)).dialect.fields['66']?.format).toBe(
      'n 1',
    )
  })

  test('says what it keeps whole', () => {
    const dialect = read(packager(isofieldpackager('IFB_LLLLBINARY', 'CTCSubFieldPackager', '')))
    expect(dialect.about).toContain('field 60 is kept whole: what CTCSubFieldPackager')
    expect(dialect.fields['60']?.inside).toBeUndefined()
  })

  test('for a validating packager is read without its validators', () => {
    const xml = packager(
      '<isofield id="3" length="6" name="x" class="org.jpos.iso.IFA_NUMERIC"><isofieldvalidator class="org.jpos.iso.IVA_NUM"/></isofield>' +
        '<isovalidator class="x"/>',
    )
    expect(read(xml).fields['3']?.format).toBe('n 6')
  })

  test('may have a DOCTYPE with a URL and declarations, which is neither fetched nor read', () => {
    const doctype =
      '<!DOCTYPE isopackager PUBLIC "-//jPOS//DTD" "http://127.0.0.1:1/none.dtd" [ <!ATTLIST isofield pad CDATA "true"> ]>'
    const xml = packager(isofield(3, 'IFB_NUMERIC', 3)).replace('<isopackager', `<!-- > -->\n${doctype}\n<isopackager`)
    expect(read(xml).fields['3']?.odd).toBeUndefined()
    expect(read(xml).encodings.oddFixed).toEqual({ align: 'left', fill: '0' })
  })
})

const bomb = `<!DOCTYPE isopackager [
<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;">
]>
<isopackager name="&c;"/>`

const refused = [
  {
    name: 'a class that does not exist',
    xml: packager(isofield(60, 'IFA_LLHBINARY', 9)),
    says: ':5:1 field 60: class IFA_LLHBINARY is not a field class of jPOS that can be imported (did you mean',
  },
  {
    name: 'a class of X9.2',
    xml: packager(isofield(60, 'X92_BITMAP', 16)),
    says: ':5:1 field 60: class X92_BITMAP is the bitmap of ANSI X9.2',
  },
  {
    name: 'a packager of X9.2',
    xml: packager(isofieldpackager('IFA_LLCHAR', 'X92GenericPackager', '')),
    says: 'field 60: packager X92GenericPackager is for ANSI X9.2',
  },
  {
    name: 'a field 1 that is no bitmap',
    xml: packager('').replace('IFB_BITMAP', 'IFA_FLLNUM'),
    says: ':4:1 field 1: class org.jpos.iso.IFA_FLLNUM is not a bitmap; ANSI X9.2',
  },
  {
    name: 'no field 1',
    xml: '<isopackager><isofield id="0" length="4" name="" class="IFA_NUMERIC"/></isopackager>',
    says: ':1:1 has no field 1',
  },
  {
    name: 'no field 0',
    xml: '<isopackager><isofield id="1" length="16" name="" class="IFB_BITMAP"/></isopackager>',
    says: ':1:1 has no field 0',
  },
  { name: 'a message without a bitmap', xml: packager('', 'emitBitmap="false"'), says: ':2:1 emitBitmap="false"' },
  {
    name: 'a message type of another width',
    xml: packager('').replace('length="4"', 'length="6"'),
    says: ':3:1 field 0: is the message type',
  },
  { name: 'another bitmapField', xml: packager('', 'bitmapField="3"'), says: ':2:1 bitmapField="3"' },
  {
    name: 'a third bitmap in a field that is none',
    xml: packager('', 'thirdBitmapField="65"'),
    says: ':2:1 thirdBitmapField="65": expected a field from 2 to 128 with a bitmap class',
  },
  {
    name: 'a sub-field whose class does not exist',
    xml: packager(isofieldpackager('IFA_LLCHAR', 'GenericSubFieldPackager', isofield(3, 'IFA_LLCHARS', 9))),
    says: ":6:1 field 60.3: class IFA_LLCHARS is not a field class of jPOS that can be imported (did you mean 'IFA_LLCHAR'?)",
  },
  {
    name: 'an unknown packager',
    xml: packager(isofieldpackager('IFA_LLCHAR', 'GenericSubFieldPackagr', '')),
    says: "(did you mean 'GenericSubFieldPackager'?)",
  },
  {
    name: 'EBCDIC text around bytes',
    xml: packager(
      isofieldpackager('IFE_LLCHAR', 'GenericSubFieldPackager', isofield(1, 'IFB_BINARY', 2), 'emitBitmap="false"'),
    ),
    says: ':5:1 field 60: is EBCDIC text around sub-fields',
  },
  {
    name: 'a field without a class',
    xml: packager('<isofield id="3" length="6" name="x"/>'),
    says: ':5:1 field 3: <isofield> has no attribute class',
  },
  {
    // The field 56 of visapack.xml, vapsms.xml and vapvip.xml, which jPOS refuses as well.
    name: 'a length that the class has no digits for',
    xml: packager('<isofield id="56" length="255" name="RESERVED ISO" class="org.jpos.iso.IFB_LLCHAR"/>'),
    says: ':5:1 field 56: length 255 is more than class IFB_LLCHAR takes, which is 99; jPOS refuses it too. Write 99, or name the class of the host: IFB_LLHCHAR or IFB_LLLCHAR',
  },
  {
    name: 'a length that is no number',
    xml: packager(isofield(3, 'IFA_NUMERIC', 6).replace('"6"', '"six"')),
    says: ':5:1 field 3: length="six" is not a whole number',
  },
  {
    name: 'an id beyond every bitmap',
    xml: packager(isofield(193, 'IFA_NUMERIC', 6)),
    says: ':5:1 field 193: has an id above 192',
  },
  { name: 'a token that is missing', xml: packager(isofield(3, 'IF_TCHAR', 6)), says: ':5:1 field 3: ends at a token' },
  {
    name: 'an unknown element',
    xml: packager('<isofeild id="3"/>'),
    says: ":5:1 <isofeild> is not an element of a jPOS packager (did you mean 'isofield'?)",
  },
  { name: 'another document', xml: '<html></html>', says: ':1:1 <html> is neither a jPOS packager nor a j8583' },
  {
    name: 'text that is not well formed',
    xml: '<isopackager>\n<isofield id="1">\n</isopackager>',
    says: ':3:1 is not well-formed',
  },
  { name: 'entities of its own', xml: bomb, says: ':2:1 declares an XML entity' },
  {
    name: 'an entity that is not declared',
    xml: packager('<isofield id="3" name="&x;" length="1" class="IF_CHAR"/>'),
    says: ':5:1 uses the entity &x;',
  },
  { name: 'a DOCTYPE that does not end', xml: '<!DOCTYPE isopackager [', says: ':1:1 has a DOCTYPE that does not end' },
  {
    name: 'elements nested beyond measure',
    xml: `${'<a>'.repeat(500)}${'</a>'.repeat(500)}`,
    says: 'Maximum nested tags',
  },
]

describe('is refused by line:', () => {
  for (const { name, xml, says } of refused) {
    test(name, () => {
      expect(() => read(xml)).toThrow(says)
      expect(() => read(xml)).toThrow(expect.objectContaining({ name: 'UsageError' }))
    })
  }
})
