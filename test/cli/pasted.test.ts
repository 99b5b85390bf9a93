// Pasted text is read: every shape of hex, dumps, byte lists, base64 and text gives the same message.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { compile } from '../../src/codec/compile.js'
import { dialectNamed } from '../../src/run/files/read-dialect.js'
import { isochron } from './fake-io.js'

const dialect = dialectNamed('iso87-ascii')
const fields = { '3': '000000', '4': '000000001000', '7': '1126101500', '11': '000123', '41': 'TERM0001' }
const message = { mti: '0200', fields }
const body = Buffer.from(compile(dialect).pack(message))
const second = Buffer.from(compile(dialect).pack({ ...message, fields: { ...fields, '11': '000124' } }))
const framed = Buffer.concat([Buffer.from([0, body.length]), body])
const hex = framed.toString('hex')
const bytes = [...framed]

const chunks = (width: number) =>
  Array.from({ length: Math.ceil(framed.length / width) }, (_, line) =>
    framed.subarray(line * width, (line + 1) * width),
  )
const pairs = (part: Buffer) => part.toString('hex').replace(/..(?=.)/g, '$& ')
const characters = (part: Buffer) => part.toString('latin1').replace(/[^ -~]/g, '.')
const dump = (line: (offset: number, part: Buffer) => string, width = 16) =>
  `${chunks(width)
    .map((part, index) => line(index * width, part))
    .join('\n')}\n`
const offset = (at: number, digits: number, radix = 16) => at.toString(radix).padStart(digits, '0')
/** Words of 16 bits with the low byte last, as hexdump writes them, and `od -x` with octal offsets. */
const words = (radix: number) => {
  const lines = dump((at, part) => {
    const even = Buffer.concat([part, Buffer.alloc(part.length % 2)]).swap16()
    return `${offset(at, 7, radix)} ${even.toString('hex').replace(/.{4}(?=.)/g, '$& ')}`
  })
  return `${lines}${offset(framed.length, 7, radix)}\n`
}

/** An Ethernet frame with IPv4 and TCP around the bytes. */
function packet(payload: Buffer): Buffer {
  const ip = Buffer.alloc(20)
  ip[0] = 0x45
  ip.writeUInt16BE(40 + payload.length, 2)
  ip[9] = 6
  Buffer.from([10, 0, 0, 1, 10, 0, 0, 2]).copy(ip, 12)
  const tcp = Buffer.alloc(20)
  tcp.writeUInt16BE(40_000, 0)
  tcp.writeUInt16BE(8583, 2)
  tcp[12] = 0x50
  tcp[13] = 0x18
  return Buffer.concat([Buffer.alloc(12, 2), Buffer.from([8, 0]), ip, tcp, payload])
}
const sniffed = packet(framed)
const tcpdump = Array.from({ length: Math.ceil((sniffed.length - 14) / 16) }, (_, line) => {
  const part = sniffed.subarray(14).subarray(line * 16, line * 16 + 16)
  const groups = part.toString('hex').replace(/.{4}(?=.)/g, '$& ')
  return `\t0x${offset(line * 16, 4)}:  ${groups.padEnd(39)}  ${characters(part)}`
}).join('\n')

/** As a logger of jPOS prints what it sends; attributes and text around the message are not the same in all versions. */
function jposLog({ mti, fields }: { mti: string; fields: Readonly<Record<string, string>> }): string {
  const values = Object.entries({ '0': mti, ...fields }).map(
    ([id, value]) => `    <field id="${id}" value="${value}"/>`,
  )
  return [
    '<log realm="pos-channel/127.0.0.1:8000" at="2026-11-26T10:15:00.123" lifespan="3ms">',
    '  <send>',
    '   <isomsg direction="outgoing">',
    '     <!-- org.jpos.iso.packager.GenericPackager -->',
    ...values,
    '   </isomsg>',
    '  </send>',
    '</log>',
    '',
  ].join('\n')
}

const shapes: readonly [name: string, input: string | Buffer][] = [
  ['hex with a newline', `${hex}\n`],
  ['hex with CRLF', `${hex}\r\n`],
  ['hex with 0x, blanks and colons', `0x${framed.toString('hex').replace(/..(?=.)/g, '$&:')}`],
  ['hex with hyphens', hex.replace(/..(?=.)/g, '$&-')],
  ['hex wrapped at 32 digits', hex.replace(/.{32}/g, '$&\n')],
  ['hex wrapped at an odd count', hex.replace(/.{31}/g, '$&\r\n')],
  [
    'hex in UTF-16 with a mark, as Windows writes it',
    Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(hex, 'utf16le')]),
  ],
  ['jPOS', dump((at, part) => `${offset(at, 4)}  ${pairs(part).toUpperCase().padEnd(47)}  ${characters(part)}`)],
  [
    'xxd',
    dump(
      (at, part) =>
        `${offset(at, 8)}: ${part
          .toString('hex')
          .replace(/.{4}(?=.)/g, '$& ')
          .padEnd(39)}  ${characters(part)}`,
    ),
  ],
  [
    'xxd -c 8',
    dump(
      (at, part) =>
        `${offset(at, 8)}: ${part
          .toString('hex')
          .replace(/.{4}(?=.)/g, '$& ')
          .padEnd(19)}  ${characters(part)}`,
      8,
    ),
  ],
  [
    'hexdump -C',
    `${dump((at, part) => `${offset(at, 8)}  ${pairs(part).padEnd(48)} |${characters(part)}|`)}${offset(framed.length, 8)}\n`,
  ],
  [
    'od -t x1, with offsets in octal',
    `${dump((at, part) => `${offset(at, 7, 8)} ${pairs(part)}`)}${offset(framed.length, 7, 8)}\n`,
  ],
  ['hexdump', words(16)],
  ['od -x', words(8)],
  ['tcpdump -X', `10:15:00.000000 IP 10.0.0.1.40000 > 10.0.0.2.8583: Flags [P.], length 70\n${tcpdump}\n`],
  ['Wireshark, an Ethernet packet as hex', sniffed.toString('hex')],
  [
    'a C array',
    `char pkt1[${bytes.length}] = { /* Packet 1 */\n${bytes.map((byte) => `0x${byte.toString(16)}`).join(', ')}\n};`,
  ],
  ['a Go slice', `[]byte{${bytes.join(', ')}}`],
  ['a Go slice as %v prints it', `[${bytes.join(' ')}]`],
  ['a Java array with signs', `{${bytes.map((byte) => (byte > 127 ? byte - 256 : byte)).join(',')}}`],
  ['a Python list', `[${bytes.join(', ')}]`],
  ['Python bytes', `b'${bytes.map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}'`],
  ['Python bytes with characters', `b'\\x00\\x${hex.slice(2, 4)}${body.toString('latin1')}'`],
  ['Python bytes of characters alone', `b'${body.toString('latin1')}'`],
  [
    'a C string over two lines',
    `"\\x00\\x${hex.slice(2, 4)}${body.toString('latin1', 0, 20)}"\n"${body.toString('latin1', 20)}";`,
  ],
  ['a Node buffer', `<Buffer ${pairs(framed)}>`],
  ['base64', framed.toString('base64')],
  ["an assembler's bytes", bytes.map((byte) => `${byte.toString(16).padStart(2, '0')}h`).join(', ')],
  ["Visual Basic's bytes", bytes.map((byte) => `&H${byte.toString(16).padStart(2, '0').toUpperCase()}`).join(' ')],
  ['percents, all of them', bytes.map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')],
  [
    'a value of a form',
    bytes
      .map((byte) => (byte < 48 || byte > 57 ? `%${byte.toString(16).padStart(2, '0')}` : String.fromCharCode(byte)))
      .join(''),
  ],
  ['a log of jPOS', jposLog(message)],
  ['a log line with a label', `2026-11-26 10:15:00 OUT len=${bytes.length} ${hex}`],
  ['the characters of the message', body.toString('latin1')],
  ['the characters and a newline', `${body.toString('latin1')}\n`],
  ['raw bytes', framed],
]

/** All shapes are read by the same reader, and guessing takes long: doctor is asked about a few. */
const forDoctor = ['hex wrapped at 32 digits', 'jPOS', 'tcpdump -X', 'a C array', 'the characters and a newline']

describe('decode, encode and doctor read', () => {
  for (const [name, input] of shapes) {
    test(name, async () => {
      const flags = ['--dialect', 'iso87-ascii', '--framing', 'binary2']
      const { stdout, stderr, code } = await isochron(['decode', '--json', ...flags], input)
      expect([code, stderr]).toEqual([0, ''])
      expect(JSON.parse(stdout)).toEqual(message)
      const encoded = await isochron(['encode', ...flags], input)
      expect([encoded.code, encoded.stdout.trim()]).toEqual([0, hex.toUpperCase()])
      if (!forDoctor.includes(name)) return
      const doctor = await isochron(['doctor', '--dialect', 'iso87-ascii'], input)
      expect([doctor.code, doctor.stdout]).toEqual([0, expect.stringContaining('iso87-ascii')])
    })
  }

  const two = [body, second].map((one) => one.toString('latin1'))
  const several: readonly [name: string, input: string][] = [
    ['two messages of characters, one a line', `${two.join('\n')}\n`],
    ['two messages of hex, one a line', [body, second].map((one) => one.toString('hex')).join('\n')],
    [
      'two wrapped messages with an empty line between',
      [body, second].map((one) => one.toString('hex').replace(/.{64}/g, '$&\n')).join('\n\n'),
    ],
  ]
  for (const [name, input] of several) {
    test(name, async () => {
      const { stdout, code } = await isochron(['decode', '--json', '--dialect', 'iso87-ascii'], input)
      expect(code).toBe(0)
      expect(
        stdout
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line).fields['11']),
      ).toEqual(['000123', '000124'])
    })
  }
})

describe('a log of jPOS', () => {
  test('may hold several messages, and fields of tags', async () => {
    const tagged = { mti: '0200', fields: { '3': '000000', '11': '000124', '55': '9F2608AABBCCDDEEFF0011' } }
    const log = jposLog({ ...tagged, fields: { '11': '000123' } }) + jposLog(tagged)
    const read = await isochron(['decode', '--json', '--unmask', '--dialect', 'cup-pos'], log)
    expect(read.code).toBe(0)
    const packed = await isochron(['encode', '--dialect', 'cup-pos'], log)
    const back = await isochron(['decode', '--json', '--unmask', '--dialect', 'cup-pos'], packed.stdout)
    const tags = back.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).fields['55'])
    expect(tags).toEqual([undefined, { '9F26': 'AABBCCDDEEFF0011' }])
  })

  test('that hides a value says which', async () => {
    const log = jposLog({ ...message, fields: { ...fields, '2': '411111______1111' } })
    const read = await isochron(['decode', '--dialect', 'iso87-ascii'], log)
    expect([read.code, read.stderr]).toEqual([2, expect.stringMatching(/^stdin: field 2: the log hides its value/)])
    expect((await isochron(['encode', '--dialect', 'iso87-ascii'], log)).code).toBe(2)
  })

  test('that was cut off says so', async () => {
    const { code, stderr } = await isochron(['decode'], jposLog(message).slice(0, -40))
    expect([code, stderr]).toEqual([2, 'no message: an <isomsg> begins, and none ends\n'])
  })
})

describe('decode says of an input without a message', () => {
  test.each([
    ['a page', '<html><body>502 Bad Gateway</body></html>', 'this is text for people, not ISO 8583'],
    ['an answer of HTTP', 'HTTP/1.1 502 Bad Gateway\r\n', 'this is HTTP, not ISO 8583'],
    ['the start of TLS', Buffer.from('160301020001000001fc0303', 'hex'), 'this is a TLS handshake'],
    ['JSON', '{ "MTI": "0800" }', 'this looks like JSON: `isochron encode` packs'],
  ])('%s', async (_, input, says) => {
    const { code, stdout, stderr } = await isochron(['decode'], input)
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(`stdin: no message: ${says}`)])
  })
})

describe('decode of digits that are the message itself', () => {
  const text = body.toString('latin1')
  test('names the field that is cut off or wrong, and no hex', async () => {
    const flags = ['decode', '--dialect', 'iso87-ascii']
    expect((await isochron(flags, `  ${text}  \n`)).code).toBe(0)
    expect((await isochron(flags, '08002220000000000000112610150000012')).stderr).toMatch(/^stdin: field 7 at byte/)
    expect((await isochron(flags, '02004000000000000000251234567')).stderr).toMatch(/^stdin: field 2 at byte/)
  })
})

describe('decode reads a length of another shape', () => {
  const lrc = [...body, 3].reduce((parity, byte) => parity ^ byte, 0)
  const front = (text: string) => Buffer.concat([Buffer.from(text, 'latin1'), body])
  const length = String(body.length)
  const packed = Buffer.concat([Buffer.from(length.padStart(4, '0'), 'hex'), body])
  test.each([
    ['six digits', front(length.padStart(6, '0')), '--framing ascii6'],
    ['two of them, in packed digits', Buffer.concat([packed, packed]), '--framing bcd2'],
    ['none, between STX, ETX and a sum', Buffer.from([2, ...body, 3, lrc]), 'behind 1 byte'],
  ])('%s', async (_, input, says) => {
    const { stdout, stderr, code } = await isochron(['decode', '--json', '--dialect', 'iso87-ascii'], input)
    expect([code, stderr]).toEqual([0, expect.stringContaining(says)])
    expect(JSON.parse(stdout.split('\n')[0] as string)).toEqual(message)
  })
})

describe('diff and encode', () => {
  test('take the same message as JSON and as a dump', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'isochron-pasted-'))
    const file = join(folder, 'message.json')
    writeFileSync(file, JSON.stringify(message, undefined, 2))
    const diffed = await isochron(['diff', file, '-', '--dialect', 'iso87-ascii', '--framing', 'binary2'], hex)
    rmSync(folder, { recursive: true })
    expect([diffed.code, diffed.stderr]).toEqual([0, 'no difference\n'])
  })

  test('say what they take where nothing of it was given', async () => {
    const { code, stderr } = await isochron(['encode', '--dialect', 'iso87-ascii'], 'hello there\n')
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/^stdin: no message: expected JSON .*hex, a dump or base64/),
    ])
  })
})

describe('behind what no list knows', () => {
  const tpdu = '6000030000'
  const cups = `2E82${Buffer.from('02410001034402  1002000   ').toString('hex')}`.padEnd(92, '0')
  const length = (rest: string) => (rest.length / 2).toString(16).padStart(4, '0')
  const withLength = (rest: string) => `${length(rest)}${rest}`
  const ascii = body.toString('hex')
  const cases: readonly [name: string, input: string, says: RegExp][] = [
    ['a header of four characters', withLength(`41344D30${ascii}`), /a header of 4 bytes +1 of 1/],
    ['the header of a CUPS switch', withLength(`${cups}${ascii}`), /a header of 46 bytes +1 of 1/],
    ['a TPDU and a version', withLength(`${tpdu}0100${ascii}`), /a TPDU and a header of 2 bytes +1 of 1/],
    ['a TPDU and six bytes', withLength(`${tpdu}603200323102${ascii}`), /a TPDU and a header of 6 bytes +1 of 1/],
    ['zeros', withLength(`00000000${ascii}`), /a header of 4 bytes +1 of 1/],
    ['a second length', withLength(withLength(ascii)), /the length stands twice/],
    [
      'a second length in ASCII',
      `${Buffer.from(String(body.length + 4).padStart(4, '0')).toString('hex')}${Buffer.from(String(body.length).padStart(4, '0')).toString('hex')}${ascii}`,
      /the length stands twice/,
    ],
    [
      'a length that counts hex digits',
      `${(2 * body.length).toString(16).padStart(4, '0')}${ascii}`,
      /it counts hex digits, and must count bytes/,
    ],
    [
      'a length that is wrong',
      `${(body.length + 3).toString(16).padStart(4, '0')}${ascii}`,
      /says \d+ where \d+ bytes follow: it is wrong, or the message lost 3/,
    ],
  ]
  for (const [name, input, says] of cases) {
    test(`${name}, doctor finds the message and decode reads what doctor recommends`, async () => {
      const { stdout, code } = await isochron(['doctor', '--dialect', 'iso87-ascii'], input)
      expect(stdout).toMatch(says)
      expect(code).toBe(0)
      const framing = /--framing (\S+)/.exec(stdout)?.[1] as string
      const decoded = await isochron(['decode', '--json', '--dialect', 'iso87-ascii', '--framing', framing], input)
      expect(JSON.parse(decoded.stdout)).toMatchObject(message)
      expect(decoded.code).toBe(0)
    })
  }

  test('a message of 1987 is never one of 1993', async () => {
    const { stdout } = await isochron(['doctor'], ascii)
    expect(stdout).not.toContain('iso93')
  })
})
