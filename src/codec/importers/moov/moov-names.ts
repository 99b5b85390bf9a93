// The vocabulary of moov-io/iso8583 spec files, in the spelling of today and in older ones, as data.

import type { DataEncoding, OddDigit, PrefixEncoding } from '../../dialect.js'
import { ownEntry } from '../own-entry.js'

/** How an encoding writes a value; `bytes` and `text` differ in what the value is. */
export interface MoovEncoding {
  /** For fields of text and digits. */
  readonly text: DataEncoding
  /** For fields of bytes. */
  readonly bytes: DataEncoding
  /** True for a text value whose encoding is about bytes. */
  readonly isBytes?: true
  readonly odd?: OddDigit
}

const encodings: Readonly<Record<string, MoovEncoding>> = {
  ascii: { text: 'ascii', bytes: 'binary' },
  ebcdic: { text: 'ebcdic037', bytes: 'binary' },
  ebcdic1047: { text: 'ebcdic1047', bytes: 'binary' },
  bcd: { text: 'bcd', bytes: 'binary', odd: { align: 'right', fill: '0' } },
  lbcd: { text: 'bcd', bytes: 'binary', odd: { align: 'left', fill: '0' } },
  binary: { text: 'latin1', bytes: 'binary', isBytes: true },
  hextoascii: { text: 'hex', bytes: 'hex', isBytes: true },
  hex: { text: 'hex', bytes: 'hex', isBytes: true },
  asciitohex: { text: 'bcd', bytes: 'binary', isBytes: true, odd: { align: 'left', fill: 'F' } },
  bertlvtag: { text: 'hex', bytes: 'binary' },
}

const aliases: Readonly<Record<string, string>> = { bytestoasciihex: 'hextoascii', asciihextobytes: 'asciitohex' }

export const encodingNames = ['ASCII', 'EBCDIC', 'EBCDIC1047', 'BCD', 'LBCD', 'Binary', 'HexToASCII', 'ASCIIToHex']

/** `ASCII`, `encoding.asciiEncoder`, `Hex`: one meaning each. Undefined for a name that is none. */
export function moovEncoding(name: string): MoovEncoding | undefined {
  const plain = lastPart(name)
    .toLowerCase()
    .replace(/encoder$/, '')
  const key = ownEntry(aliases, plain) ?? plain
  return ownEntry(encodings, key)
}

/** A length prefix of moov; size 0 is a fixed width. */
export type MoovPrefix =
  | { readonly kind: 'digits'; readonly encoding: PrefixEncoding; readonly size: number }
  | { readonly kind: 'none' }
  | { readonly kind: 'ber' }

const prefixes: Readonly<Record<string, PrefixEncoding>> = {
  ascii: 'ascii',
  bcd: 'bcd',
  hex: 'hex',
  ebcdic: 'ebcdic037',
  ebcdic1047: 'ebcdic1047',
  binary: 'binary',
}

export const prefixNames = Object.keys(prefixes).flatMap((name) => {
  const spelled =
    name === 'hex' || name === 'binary' ? name.charAt(0).toUpperCase() + name.slice(1) : name.toUpperCase()
  return ['Fixed', 'L', 'LL', 'LLL', 'LLLL'].map((size) => `${spelled}.${size}`)
})

/** `ASCII.LL`, `ASCII.fixed`, `prefix.asciiVarPrefixer` with prefix_length 2. Undefined for a name that is none. */
export function moovPrefix(name: string, prefixLength: number | undefined): MoovPrefix | undefined {
  const plain = name.replace(/^prefix\./, '')
  if (/^bertlv$/i.test(plain)) return { kind: 'ber' }
  if (/^none(\.fixed)?$/i.test(plain)) return { kind: 'none' }
  const today = /^(\w+)\.(fixed|L{1,6})$/i.exec(plain)
  const older = /^([a-z]+?)(Fixed|Var)Prefixer$/.exec(plain)
  const encoding = ownEntry(prefixes, (today?.[1] ?? older?.[1] ?? '').toLowerCase())
  if (encoding === undefined) return undefined
  const isFixed = (today?.[2] ?? older?.[2] ?? '').toLowerCase() === 'fixed'
  const digits = isFixed ? 0 : (today?.[2]?.length ?? prefixLength ?? 0)
  if (digits === 0) return isFixed ? { kind: 'none' } : undefined
  // One L of Hex is one byte written as two digits.
  return { kind: 'digits', encoding, size: encoding === 'hex' ? 2 * digits : digits }
}

export const typeNames = ['String', 'Track1', 'Track2', 'Track3', 'Numeric', 'Binary', 'Bitmap', 'Composite', 'Hex']

/** `Numeric`, `field.Numeric`. Undefined for a name that is none. */
export function moovType(name: string): string | undefined {
  const plain = lastPart(name).toLowerCase()
  return typeNames.find((known) => known.toLowerCase() === plain)
}

/** `Left`, `padding.leftPadder`. */
export function moovPadSide(name: string): 'left' | 'right' | 'none' | undefined {
  const plain = lastPart(name)
    .toLowerCase()
    .replace(/padder$/, '')
  return plain === 'left' || plain === 'right' || plain === 'none' ? plain : undefined
}

const lastPart = (name: string) => name.trim().slice(name.trim().lastIndexOf('.') + 1)
