// Which characters a field of each kind may hold (ISO 8583-1 §4.3.1), as a table over Latin-1 codes.

import type { Kind } from '../dialect.js'

/** 1 where the character with that code is allowed. */
export type Alphabet = Readonly<Uint8Array>

const digits = '0123456789'
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const upperHex = '0123456789ABCDEF'
/** Track data: ISO 7813 uses 0x30-0x3F; letters are what encrypted tracks show in hex digits. */
const track = `${digits}:;<=>?ABCDEF`

const isPrintable = (code: number) => (code >= 0x20 && code <= 0x7e) || code >= 0xa0
const isLetterOrDigit = (code: number) => (letters + digits).includes(String.fromCharCode(code))

/**
 * The characters of a kind, and `extra`. A space is allowed in every kind of text: it pads in all of them.
 * Characters from 0xA0 count as special.
 */
export function alphabetOf(kind: Kind, extra = ''): Alphabet {
  // A character beyond Latin-1 has no place in the table.
  const code = extra === '' ? 0 : extra.charCodeAt(0)
  if (extra.length > 1 || code > 0xff) return makeAlphabet(kind, extra)
  const key = `${kind} ${extra}`
  const alphabet = alphabets.get(key) ?? makeAlphabet(kind, extra)
  alphabets.set(key, alphabet)
  return alphabet
}

/** Tables by kind and one extra character: at most some thousands of 256 bytes each. */
const alphabets = new Map<string, Alphabet>()

function makeAlphabet(kind: Kind, extra: string): Alphabet {
  const table = new Uint8Array(256)
  const allow = (characters: string) => {
    for (const character of characters) table[character.charCodeAt(0)] = 1
  }
  if (kind === 'n') allow(digits)
  else if (kind === 'x+n') allow(digits)
  else if (kind === 'z') allow(track)
  else if (kind === 'b') allow(upperHex)
  else {
    allow(' ')
    if (kind.includes('a')) allow(letters)
    if (kind.includes('n')) allow(digits)
    if (kind.includes('s')) {
      for (let code = 0; code < 256; code++) if (isPrintable(code) && !isLetterOrDigit(code)) table[code] = 1
    }
  }
  allow(extra)
  return table
}

const nameOf: Record<Kind, string> = {
  a: 'letters',
  n: 'digits',
  s: 'special characters',
  an: 'letters and digits',
  as: 'letters and special characters',
  ns: 'digits and special characters',
  ans: 'printable characters',
  anp: 'letters, digits and spaces',
  b: 'upper-case hex digits, two for each byte',
  z: 'track data: digits and =',
  'x+n': 'C or D and then digits',
}

/** The words of an error for the values that a field of this kind takes. */
export function kindName(kind: Kind): string {
  return nameOf[kind]
}

/** Kinds whose characters are digits, so that anything else on the wire is an error and not odd text. */
export function isNumeric(kind: Kind): boolean {
  return kind === 'n' || kind === 'x+n'
}
