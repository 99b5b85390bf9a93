// Small spec files of every kind that can be imported: what the fuzzing damages.

export interface SpecFile {
  readonly name: string
  readonly file: string
  readonly text: string
}

const jpos = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE isopackager PUBLIC "-//jPOS/jPOS Generic Packager DTD 1.0//EN" "http://jpos.org/dtd/generic-packager-1.0.dtd">
<!-- A host of our own. -->
<isopackager>
  <isofield id="0" length="4" name="MTI" class="org.jpos.iso.IFA_NUMERIC"/>
  <isofield id="1" length="16" name="BITMAP" class="org.jpos.iso.IFA_BITMAP"/>
  <isofield id="2" length="19" name="PAN" class="org.jpos.iso.IFA_LLNUM"/>
  <isofield id="3" length="6" name="PROCESSING CODE" class="org.jpos.iso.IFB_NUMERIC" pad="true"/>
  <isofield id="4" length="12" name="AMOUNT" class="org.jpos.iso.IFA_NUMERIC"/>
  <isofield id="11" length="6" name="STAN" class="org.jpos.iso.IFA_NUMERIC"/>
  <isofield id="35" length="37" name="TRACK 2" class="org.jpos.iso.IFB_LLNUM" pad="false"/>
  <isofield id="39" length="2" name="RESPONSE CODE" class="org.jpos.iso.IF_CHAR"/>
  <isofield id="41" length="8" name="TERMINAL" class="org.jpos.iso.IFE_CHAR"/>
  <isofieldpackager id="48" length="999" name="EUROPAY" class="org.jpos.iso.IFA_LLLCHAR" packager="org.jpos.iso.packager.EuroSubFieldPackager">
    <isofield id="1" length="10" name="ONE" class="org.jpos.iso.IFEP_LLCHAR"/>
    <isofield id="42" length="10" name="OTHER" class="org.jpos.iso.IFEP_LLCHAR"/>
  </isofieldpackager>
  <isofieldpackager id="55" length="255" name="CHIP" class="org.jpos.iso.IFB_LLLHBINARY" packager="org.jpos.tlv.packager.bertlv.BERTLVBinaryPackager" emitBitmap="false"/>
  <isofieldpackager id="127" length="999999" name="PRIVATE" class="org.jpos.iso.IFA_LLLLLLBINARY" packager="org.jpos.iso.packager.GenericSubFieldPackager">
    <isofield id="0" length="0" name="PLACEHOLDER" class="org.jpos.iso.IF_CHAR"/>
    <isofield id="1" length="8" name="BITMAP" class="org.jpos.iso.IFB_BITMAP"/>
    <isofield id="2" length="32" name="KEY" class="org.jpos.iso.IFA_LLCHAR"/>
    <isofield id="3" length="48" name="ROUTE" class="org.jpos.iso.IF_CHAR"/>
  </isofieldpackager>
</isopackager>
`

const leaf = (type: string, length: number, enc: string, prefix: string, more: object = {}) => ({
  type,
  length,
  description: `${type} of ${length}`,
  enc,
  prefix,
  ...more,
})
const zeros = { padding: { type: 'Left', pad: '0' } }

const moovFields = {
  0: leaf('String', 4, 'ASCII', 'ASCII.Fixed'),
  1: leaf('Bitmap', 8, 'HexToASCII', 'Hex.Fixed'),
  2: leaf('String', 19, 'ASCII', 'ASCII.LL'),
  3: leaf('Numeric', 6, 'BCD', 'BCD.Fixed', zeros),
  11: leaf('String', 6, 'ASCII', 'ASCII.Fixed'),
  39: leaf('String', 2, 'ASCII', 'ASCII.Fixed'),
  41: leaf('String', 8, 'EBCDIC', 'EBCDIC.Fixed'),
  48: {
    type: 'Composite',
    length: 255,
    description: 'tags',
    prefix: 'ASCII.LLL',
    tag: { length: 2, enc: 'ASCII', sort: 'StringsByInt' },
    subfields: { 1: leaf('String', 9, 'ASCII', 'ASCII.LL'), 2: leaf('Numeric', 9, 'ASCII', 'ASCII.LL') },
  },
  55: {
    type: 'Composite',
    length: 255,
    description: 'chip',
    prefix: 'ASCII.LLL',
    tag: { enc: 'BerTLVTag', sort: 'StringsByHex' },
    subfields: { '9F26': leaf('Binary', 8, 'Binary', 'BerTLV') },
  },
  64: leaf('Binary', 8, 'Binary', 'Binary.Fixed'),
}

/** One field a line: damage to blanks tests nothing. */
const moovJson = `{"name":"a host of our own","fields":{
${Object.entries(moovFields)
  .map((entry) => entry.map((part) => JSON.stringify(part)).join(':'))
  .join(',\n')}
}}
`

const moovYaml = `name: a host of our own
fields:
  0: { type: String, length: 4, description: MTI, enc: BCD, prefix: BCD.Fixed }
  1: { type: Bitmap, description: bitmap, enc: Binary, prefix: Hex.Fixed }
  2: { type: String, length: 19, description: PAN, enc: BCD, prefix: BCD.LL }
  3: { type: Numeric, length: 6, description: processing code, enc: BCD, prefix: BCD.Fixed, padding: { type: Left, pad: "0" } }
  4: { type: Numeric, length: 12, description: amount, enc: BCD, prefix: BCD.Fixed, padding: { type: Left, pad: "0" } }
  11: { type: Numeric, length: 6, description: STAN, enc: BCD, prefix: BCD.Fixed, padding: { type: Left, pad: "0" } }
  35: { type: Track2, length: 37, description: track 2, enc: ASCIIToHex, prefix: Binary.L }
  39: { type: String, length: 2, description: code, enc: ASCII, prefix: ASCII.Fixed }
  41: { type: String, length: 8, description: terminal, enc: EBCDIC1047, prefix: EBCDIC1047.Fixed }
`

const beside = `# A dialect in full, and rules that are its own.
name: mine
framing: ascii4
encodings:
  mti: ascii
  bitmap: { encoding: hex, bytes: 8, extends: byNeed }
  length: ascii
  digits: ascii
  track: ascii
  text: ascii
  bytes: hex
fields:
  3: { name: processingCode, format: 'n 6' }
  4: { name: amount, format: 'n 12' }
  11: { name: stan, format: 'n 6' }
  39: { name: responseCode, format: 'an 2' }
  41: { name: terminal, format: 'ans 8' }
  48: { name: parts, format: 'ans...99', inside: { kind: positional, fields: { 1: { name: one, format: 'n 4' }, 2: { name: two, format: 'ans..20' } } } }
  62: { name: tags, format: 'b...255', inside: { kind: tlv, tag: { encoding: bcd, size: 2 }, length: { encoding: bcd, size: 3, counts: units, inclusive: false } } }
dialectRules: { matchBy: [11, 41], approved: ['00', '10'], retry: ['91'], reversal: '0400', echo: hello }
messages:
  hello: { mti: '0800', fields: { 11: '{stan}', 41: '{terminal}' } }
  sale: { mti: '0200', fields: { 3: '000000', 4: '{amount}', 11: '{stan}', 41: '{terminal}', 48: { 1: '0001', 2: '{merchant}' } } }
`

const j8583 = `<?xml version="1.0" encoding="UTF-8"?>
<j8583-config>
  <header type="0200">ISO015000050</header>
  <template type="0200"><field num="18" type="NUMERIC" length="4">5999</field></template>
  <parse type="0200">
    <field num="3" type="NUMERIC" length="6"/>
    <field num="4" type="AMOUNT"/>
    <field num="11" type="NUMERIC" length="6"/>
    <field num="35" type="LLVAR"/>
    <field num="41" type="ALPHA" length="8"/>
    <field num="48" type="LLLVAR"><field num="1" type="ALPHA" length="5"/><field num="2" type="LLVAR"/></field>
    <field num="55" type="LLLBIN"/>
    <field num="62" type="LLBINLENGTHBIN"/>
  </parse>
  <parse type="0210" extends="0200"><field num="35" type="exclude"/><field num="39" type="ALPHA" length="2"/></parse>
</j8583-config>
`

const pyRow = (key: string, more: string) => `    "${key}": {"len_enc": "ascii", ${more}, "desc": "field ${key}"},\n`
const pyiso8583 = `# A host of our own.
SPEC = {
${pyRow('h', '"data_enc": "ascii", "len_type": 0, "max_len": 0')}${pyRow('t', '"data_enc": "b", "len_type": 0, "max_len": 2')}${pyRow('p', '"data_enc": "b", "len_type": 0, "max_len": 8')}${pyRow('3', '"data_enc": "b", "len_type": 0, "max_len": 3')}${pyRow('4', '"data_enc": "ascii", "len_type": 0, "max_len": 12')}${pyRow('11', '"data_enc": "ascii", "len_type": 0, "max_len": 6')}${pyRow('35', '"data_enc": "b", "len_type": 2, "max_len": 37, "len_count": "nibbles", "right_pad": "F"')}${pyRow('39', '"data_enc": "cp500", "len_type": 0, "max_len": 2')}${pyRow('41', '"data_enc": "cp500", "len_type": 0, "max_len": 8')}}
`

const formats = `// What this host has of its own.
module.exports = {
  '43': { ContentType: 'ans', Label: 'name and place', LenType: 'llvar', MaxLen: 60 },
  '48': { ContentType: 'ans', Label: 'private // data', LenType: 'llllvar', MaxLen: 9999 },
}
`

const layers = `base: iso87-binary
envelope: { tpdu: 6000000000 }
encodings: { length: ascii, bitmap: { encoding: hex } }
fields: { 35: { prefix: { counts: bytes } }, 65: null, 129: { name: own, format: 'n 4' } }
dialectRules: { reversal: '0400' }
`

export function specFiles(): readonly SpecFile[] {
  return [
    { name: 'jPOS XML', file: 'host.xml', text: jpos },
    { name: 'moov JSON', file: 'host.json', text: moovJson },
    { name: 'moov YAML', file: 'host.yaml', text: moovYaml },
    { name: 'j8583 XML', file: 'j8583.xml', text: j8583 },
    { name: 'pyiso8583 Python', file: 'spec.py', text: pyiso8583 },
    { name: 'iso_8583 JavaScript', file: 'formats.js', text: formats },
    { name: 'layers', file: 'layers.yaml', text: layers },
    { name: 'our YAML', file: 'mine.yaml', text: beside },
  ]
}
