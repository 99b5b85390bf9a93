// Encodings alone: every byte of the code pages, every digit, and characters that have no place.

import { describe, expect, test } from 'vitest'
import { alphabetOf } from '../../src/codec/encodings/alphabet.js'
import { characters } from '../../src/codec/encodings/characters.js'
import { type EbcdicPage, ebcdicToLatin1 } from '../../src/codec/encodings/ebcdic.js'
import { gbk } from '../../src/codec/encodings/gbk.js'
import { packed } from '../../src/codec/encodings/packed.js'
import { compilePrefix } from '../../src/codec/fields/prefix.js'
import { Source } from '../../src/codec/source.js'

const pages: readonly EbcdicPage[] = ['ebcdic037', 'ebcdic500', 'ebcdic1047']

describe('EBCDIC', () => {
  for (const page of pages) {
    const table = ebcdicToLatin1(page)

    test(`${page} has each of the 256 characters once`, () => {
      expect(new Set(table).size).toBe(256)
    })

    test(`${page} has letters, digits and the space where every page has them`, () => {
      const textAt = (from: number, count: number) => String.fromCharCode(...table.subarray(from, from + count))
      expect(textAt(0xc1, 9)).toBe('ABCDEFGHI')
      expect(textAt(0xd1, 9)).toBe('JKLMNOPQR')
      expect(textAt(0xe2, 8)).toBe('STUVWXYZ')
      expect(textAt(0x81, 9)).toBe('abcdefghi')
      expect(textAt(0x91, 9)).toBe('jklmnopqr')
      expect(textAt(0xa2, 8)).toBe('stuvwxyz')
      expect(textAt(0xf0, 10)).toBe('0123456789')
      expect(table[0x40]).toBe(0x20)
    })

    test(`${page} reads back every printable character that it writes`, () => {
      const encoding = characters(page, alphabetOf('ans'))
      const printable = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join('')
      const bytes = Buffer.alloc(95)
      expect(encoding.write(bytes, 0, printable)).toBe(true)
      expect(encoding.read(new Source(bytes), 0, 95, 95)).toBe(printable)
    })
  }

  // Brackets, not sign, circumflex and vertical bar are what tells the pages apart (IBM CDRA).
  const variants: readonly (readonly [page: EbcdicPage, hex: string])[] = [
    ['ebcdic037', 'BABB5FB04F'],
    ['ebcdic500', '4A5ABA5FBB'],
    ['ebcdic1047', 'ADBDB05F4F'],
  ]
  for (const [page, hex] of variants) {
    test(`${page} has []¬^| at ${hex}`, () => {
      const bytes = Buffer.alloc(5)
      characters(page, alphabetOf('ans')).write(bytes, 0, '[]¬^|')
      expect(bytes.toString('hex').toUpperCase()).toBe(hex)
    })
  }
})

describe('characters', () => {
  test('beyond the alphabet are refused both ways', () => {
    const digits = characters('ascii', alphabetOf('n'))
    for (const text of ['1a', '1 ', '１', '\u{1F600}']) expect(digits.write(Buffer.alloc(8), 0, text)).toBe(false)
    expect(digits.read(new Source(Buffer.from('1a')), 0, 2, 2)).toBeUndefined()
  })

  test('of GBK are taken only where special characters are', () => {
    expect(gbk(alphabetOf('ans'), true).write(Buffer.alloc(8), 0, '银联')).toBe(true)
    expect(gbk(alphabetOf('an'), false).write(Buffer.alloc(8), 0, '银联')).toBe(false)
    expect(gbk(alphabetOf('ans'), true).measure('银联A')).toBe(5)
  })
})

test('packed digits are any of 100 pairs and no other byte', () => {
  const digits = packed('digits', { align: 'left', fill: '0' })
  for (let byte = 0; byte < 256; byte++) {
    const text = digits.read(new Source(Buffer.from([byte])), 0, 1, 2)
    const hex = byte.toString(16).padStart(2, '0')
    expect(text).toBe(/^\d\d$/.test(hex) ? hex : undefined)
  }
})

describe('a length prefix', () => {
  for (const encoding of ['ascii', 'bcd', 'ebcdic037', 'binary', 'hex'] as const) {
    for (let size = 1; size <= 6; size++) {
      test(`in ${encoding} of size ${size} reads what it writes, from 0 to its largest number`, () => {
        const prefix = compilePrefix(encoding, size, 'case')
        const target = Buffer.alloc(prefix.bytes)
        for (const value of [0, 1, 9, 10, 99, 100, 12_345, prefix.largest]) {
          if (value > prefix.largest) continue
          prefix.write(target, 0, value)
          expect(prefix.read(target, 0)).toBe(value)
        }
      })
    }
  }
})
