// Specs of j8583, pyiso8583 and the npm library iso_8583: what they say is imported, and what cannot be is named by line.
// Messages that these libraries packed are in bench/peers.

import { describe, expect, test } from 'vitest'
import { compile } from '../../../src/codec/compile.js'
import { importDialect } from '../../../src/codec/importers/import-dialect.js'

const j8583 = (inside: string) => `<j8583-config>\n${inside}\n</j8583-config>`
const field = (num: number, type: string, more = '') => `<field num="${num}" type="${type}" ${more}/>`

describe('a configuration of j8583', () => {
  const spec = importDialect(
    j8583(
      '<header type="0200">ISO</header><header type="0210" ref="0200"/>\n' +
        '<template type="0200"><field num="18" type="NUMERIC" length="4">5999</field></template>\n' +
        `<parse type="200">${field(3, 'NUMERIC', 'length="6"')}${field(4, 'AMOUNT')}${field(11, 'NUMERIC', 'length="6"')}${field(35, 'LLVAR')}</parse>\n` +
        `<parse type="0210" extends="0200">${field(35, 'exclude')}${field(39, 'ALPHA', 'length="2"')}${field(41, 'ALPHA', 'length="8"')}</parse>`,
    ),
    'host.xml',
  )

  test('is one table of all guides and templates, with the header in front', () => {
    expect(Object.keys(spec.fields).map(Number)).toEqual([3, 4, 11, 18, 35, 39, 41])
    expect(spec.envelope).toEqual({ header: '49534F' })
    expect(spec.fields['4']?.format).toBe('n 12')
  })

  test('its template fills a field that no message has of its own', () => {
    expect(spec.messages.sale?.fields['18']).toBe('5999')
    expect(compile(spec).unpack(compile(spec).pack({ mti: '0200', fields: { 3: '0', 41: 'X' } }))).toEqual({
      mti: '0200',
      fields: { 3: '000000', 41: 'X' },
    })
  })

  test('digits and text of one width in two guides are text, and it says so', () => {
    const two = importDialect(
      j8583(
        `<parse type="0200">${field(3, 'NUMERIC', 'length="6"')}</parse><parse type="0210">${field(3, 'ALPHA', 'length="6"')}</parse>`,
      ),
      'host.xml',
    )
    expect(two.fields['3']?.format).toBe('ans 6')
    expect(two.about).toContain('field 3 is NUMERIC 6 in 0200 and ALPHA 6 in 0210: read as ALPHA')
  })

  const refused: readonly [inside: string, message: RegExp][] = [
    [
      `<parse type="0200">${field(3, 'NUMERC')}</parse>`,
      /^host\.xml:2:20 field 3: type NUMERC .*did you mean 'NUMERIC'/,
    ],
    [`<parse type="0200">${field(3, 'NUMERIC')}</parse>`, /field 3: type NUMERIC needs a length/],
    [`<parse type="0200">${field(129, 'LLVAR')}</parse>`, /num="129" is not a field number .*third bitmap in field 65/],
    [`<parse type="0200" extends="0100">${field(3, 'LLVAR')}</parse>`, /extends 0100, of which there is no <parse>/],
    ['<parse type="02x0"></parse>', /type="02x0" is not a message type/],
    ['<pars type="0200"></pars>', /<pars> is not an element of a j8583 configuration/],
    ['<header type="0200">ISO</header><header type="0210">ISO1</header>', /has no <parse>/],
    [
      `<parse type="0200">${field(3, 'LLVAR')}</parse>\n<parse type="0210">${field(3, 'LLLVAR')}</parse>`,
      /^host\.xml:3:20 field 3: is LLLVAR in 0210 and LLVAR in 0200 \(line 2\): .* cannot be imported/,
    ],
    [
      `<parse type="0200" extends="0210">${field(3, 'LLVAR')}</parse><parse type="0210" extends="0200"></parse>`,
      /which extends it in turn/,
    ],
  ]
  for (const [inside, message] of refused)
    test(`refuses ${inside.replaceAll('\n', ' ')}`, () =>
      expect(() => importDialect(j8583(inside), 'host.xml')).toThrow(message))
})

describe('a spec of pyiso8583', () => {
  const row = (more: object) => ({ data_enc: 'ascii', len_enc: 'ascii', len_type: 0, max_len: 4, ...more })
  const spec = (more: object) => ({
    h: row({ max_len: 0 }),
    t: row({}),
    p: row({ data_enc: 'b', max_len: 8 }),
    ...more,
  })
  const read = (more: object) => importDialect(JSON.stringify(spec(more), undefined, 1), 'spec.json')

  test('is read from a Python file too, whatever stands around the dictionary', () => {
    const python = `"""{ no spec }"""\nSPEC: dict = ${JSON.stringify(spec({ 3: row({ max_len: 6 }) }))
      .replaceAll('"', "'")
      .replace("'h'", "# {\n  'h'")}\nOTHER = {}\n`
    expect(importDialect(python, 'spec.py').fields['3']).toMatchObject({ format: 'n 6', pad: { side: 'none' } })
  })

  test('bytes of a field of digits are packed digits, counted in bytes; nibbles have their fill', () => {
    const { fields, encodings } = read({
      2: row({ data_enc: 'b', len_enc: 'bcd', len_type: 1, max_len: 19, len_count: 'nibbles', right_pad: 'F' }),
      32: row({ data_enc: 'b', len_enc: 'b', len_type: 1, max_len: 6 }),
      48: row({ data_enc: 'cp500', len_enc: 'cp500', len_type: 3, max_len: 999 }),
    })
    expect(fields['2']).toMatchObject({ format: 'n..19' })
    expect(fields['32']).toMatchObject({ format: 'n..12', prefix: { encoding: 'binary', counts: 'bytes' } })
    expect(encodings).toMatchObject({ mti: 'ascii', text: 'ebcdic500', oddVariable: { align: 'left', fill: 'F' } })
  })

  test.each([
    [{ 3: row({ data_enc: 'cp1140' }) }, /field 3: data_enc 'cp1140' cannot be imported/],
    [{ 3: row({ len_type: 7 }) }, /spec\.json:\d+:\d+ .*len_type/],
    [{ 3: { ...row({}), max_length: 3 } }, /unknown key 'max_length' \(did you mean 'max_len'\?\)/],
    [{ 1: row({ max_len: 16 }) }, /another encoding than field 1/],
    [{ h: row({ len_type: 2, max_len: 9 }) }, /has a length in front/],
    [{ 2: row({ data_enc: 'b', len_count: 'nibbles', left_pad: '7' }) }, /fills with '7'/],
  ])('refuses %j', (more, message) => expect(() => read(more)).toThrow(message))

  test('a Python file without a dictionary says how to write it as JSON', () => {
    expect(() => importDialect('import copy\nSPEC = copy.deepcopy(other)\n', 'spec.py')).toThrow(/json\.dumps/)
    expect(() => importDialect('SPEC = {"t": {"data_enc": "b"\n', 'spec.py')).toThrow(/^spec\.py:1:1 begins a literal/)
  })
})

describe('formats of the npm library', () => {
  const read = (text: string, file = 'formats.js') => importDialect(text, file)

  test('take the place of its own fields, which stay as they are', () => {
    const { fields } = read(
      "// '2': no\nexport default {\n  '48': { ContentType: 'ans', Label: \"a // b\", LenType: 'llllvar', MaxLen: 9999 },\n}\n",
    )
    expect(fields['48']).toMatchObject({ name: 'a // b', format: 'ans....9999', mask: 'all' })
    expect(fields['2']?.format).toBe('n..19')
  })

  test.each([
    ["{ '48': { ContentType: 'q', LenType: 'fixed', MaxLen: 3 } }", /field 48: ContentType 'q' is not one of/],
    ["{ '55': { ContentType: 'b', LenType: 'lllvar', MaxLen: 255 } }", /field 55: is binary of variable length/],
    ["{ '127.2': { ContentType: 'an', LenType: 'llvar', MaxLen: 25 } }", /field 127\.2: is a sub-field/],
    ["{ '48': { ContentType: 'an', LenType: 'llvarr', MaxLen: 25 } }", /LenType/],
  ])('refuse %s', (text, message) => expect(() => read(`module.exports = ${text}`)).toThrow(message))
})

test('an FSD schema is no ISO 8583, and XML of another kind is named', () => {
  expect(() => importDialect('<schema id="a"><field id="b" type="A" length="2"/></schema>', 'a.xml')).toThrow(
    /FSD schema/,
  )
})
