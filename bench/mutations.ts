// Small damage to bytes and texts, as lines, hosts and people do it.

import type { Random } from '../src/base/random.js'

/** The most changes to one text or message. */
const mostChanges = 6

/** One change at least; few more often than many, because what has many is refused at the first of them. */
const changes = (random: Random) => 1 + random.below(1 + random.below(mostChanges))

/** Bytes that mean something somewhere: ends of ranges, digits, blanks in ASCII and EBCDIC. */
const telling = [
  0x00, 0x01, 0x0f, 0x10, 0x1f, 0x20, 0x30, 0x39, 0x3d, 0x40, 0x7f, 0x80, 0x81, 0x84, 0x99, 0xf0, 0xf9, 0xff,
]

/** A copy with bytes changed, bits flipped, pieces cut out, doubled, put in, or the end cut off. */
export function mutateBytes(bytes: Uint8Array, random: Random): Uint8Array {
  let changed = Buffer.from(bytes)
  for (let left = changes(random); left > 0; left--) changed = Buffer.from(changeBytes(changed, random))
  return changed
}

function changeBytes(bytes: Buffer, random: Random): Uint8Array {
  const at = random.below(bytes.length + 1)
  const to = Math.min(bytes.length, at + 1 + random.below(8))
  const before = bytes.subarray(0, at)
  switch (random.below(6)) {
    case 0:
      return Buffer.concat([before, byteOf(telling[random.below(telling.length)] as number), bytes.subarray(at + 1)])
    case 1:
      return Buffer.concat([before, byteOf((bytes[at] ?? 0) ^ (1 << random.below(8))), bytes.subarray(at + 1)])
    case 2:
      return Buffer.concat([before, bytes.subarray(to)])
    case 3:
      return Buffer.concat([bytes.subarray(0, to), bytes.subarray(at)])
    case 4:
      return Buffer.concat([before, byteOf(random.below(256)), bytes.subarray(at)])
    default:
      return before
  }
}

const byteOf = (value: number) => Buffer.from([value])

/** The pieces that spec files are made of, right and wrong. */
const words = [
  ...['0', '-1', '1', '2', '64', '128', '192', '999', '999999', '99999999999', '1e9', 'NaN', '""', 'true', 'null', '~'],
  ...[
    'IFA_NUMERIC',
    'IFB_BITMAP',
    'IFA_LLLLLLBINARY',
    'IF_NOP',
    'IFB_LLHFBINARY',
    'X92_BITMAP',
    'constructor',
    '__proto__',
  ],
  ...[
    'ASCII.Fixed',
    'BerTLV',
    'Binary.LLLL',
    'String',
    'Composite',
    'Bitmap',
    'n..19',
    'ans...999',
    'b 8',
    'z..37',
    'x+n 9',
  ],
  ...[
    '<isofield ',
    '</isopackager>',
    '<!DOCTYPE x [',
    '<!ENTITY a "b">',
    '&a;',
    '&#0;',
    '&#x110000;',
    '<![CDATA[',
    '-->',
  ],
  ...[
    '{',
    '}',
    '[',
    ']',
    ':',
    '- ',
    '&a',
    '*a',
    '!!js/function',
    '|',
    '>',
    '#',
    '\t',
    '\n',
    '\u0000',
    '\uFEFF',
    '\uFFFD',
    '😀',
  ],
]

/** A copy with pieces cut out, doubled or moved, characters changed, and words of spec files put in. */
export function mutateText(text: string, random: Random): string {
  let changed = text
  for (let left = changes(random); left > 0; left--) changed = changeText(changed, random)
  return changed
}

function changeText(text: string, random: Random): string {
  const at = random.below(text.length + 1)
  const to = Math.min(text.length, at + 1 + random.below(random.below(4) === 0 ? 400 : 12))
  const word = words[random.below(words.length)] as string
  switch (random.below(7)) {
    case 0:
      return text.slice(0, at) + text.slice(to)
    case 1:
      return text.slice(0, to) + text.slice(at)
    case 2:
      return text.slice(0, at) + word + text.slice(at)
    case 3:
      return text.slice(0, at) + String.fromCharCode(random.below(256)) + text.slice(at + 1)
    case 4:
      return swapWord(text, at, word)
    case 5:
      return swapWord(text, at, String(random.below(10 ** (1 + random.below(6)))))
    default:
      return text.slice(0, at)
  }
}

/** Puts `word` where a word stands: most changes inside a word only misspell it. */
function swapWord(text: string, at: number, word: string): string {
  const start = text.slice(at).search(/[\w.+-]+/)
  if (start === -1) return text
  const from = at + start
  return text.slice(0, from) + word + text.slice(from).replace(/^[\w.+-]+/, '')
}
