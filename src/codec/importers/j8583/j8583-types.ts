// The types of fields of j8583 as data: what each writes on the wire. A factory of j8583 writes everything as text unless
// the program that uses it says otherwise, which no file does: `encodings:` in a file beside it says so here.

import type { DataEncoding, Kind, LengthPrefix, Padding } from '../../dialect.js'

export interface J8583Type {
  readonly kind: Kind
  /** Width of the type, or digits of its length; `length`: the file says the width. */
  readonly width: number | 'length'
  /** Digits of the length in front: 0 for a fixed width. */
  readonly digits: number
  /** Where it is not as the factory writes values of this kind. */
  readonly data?: DataEncoding
  readonly prefix?: Partial<LengthPrefix>
  readonly pad?: Padding
}

const zeros: Padding = { side: 'left', with: '0' }
/** Padding of text with spaces. A value that is too long is cut without an error. */
const spaces: Padding = { side: 'right', with: ' ', cut: true }
const zeroBytes: Padding = { side: 'right', with: '00' }

const digits = (width: number | 'length'): J8583Type => ({ kind: 'n', width, digits: 0, pad: zeros })
const most = (size: number) => 10 ** size - 1
/** The number counts what stands on the wire: hex digits in text, bytes in binary. */
const onWire: Partial<LengthPrefix> = { counts: 'bytes' }
const counted = (size: number): Partial<LengthPrefix> => ({ encoding: 'binary', size })

export const j8583Types: Readonly<Record<string, J8583Type>> = {
  NUMERIC: digits('length'),
  AMOUNT: digits(12),
  DATE4: digits(4),
  // The only date that stays text in binary messages.
  DATE6: { ...digits(6), data: 'ascii' },
  DATE10: digits(10),
  DATE12: digits(12),
  DATE14: digits(14),
  DATE_EXP: digits(4),
  TIME: digits(6),
  ALPHA: { kind: 'ans', width: 'length', digits: 0, pad: spaces },
  BINARY: { kind: 'b', width: 'length', digits: 0, pad: zeroBytes },
  RAW_BINARY: { kind: 'b', width: 'length', digits: 0, pad: zeroBytes, data: 'binary' },
  ...Object.fromEntries(
    [2, 3, 4].flatMap((size): [string, J8583Type][] => {
      const ls = 'L'.repeat(size)
      return [
        [`${ls}VAR`, { kind: 'ans', width: most(size), digits: size }],
        // As many bytes as a length of hex digits can say.
        [`${ls}BIN`, { kind: 'b', width: most(size) >> 1, digits: size, prefix: onWire }],
        // Digits, two to a byte in binary messages; the type takes half of what its length could say.
        [`${ls}BCDBIN`, { kind: 'n', width: (most(size) + 1) / 2, digits: size }],
      ]
    }),
  ),
  LLBINLENGTHNUM: { kind: 'n', width: 255, digits: 3, data: 'bcd', prefix: counted(1) },
  LLLLBINLENGTHNUM: { kind: 'n', width: 255, digits: 3, data: 'bcd', prefix: counted(2) },
  LLBINLENGTHALPHANUM: { kind: 'ans', width: 255, digits: 3, prefix: counted(1) },
  LLLLBINLENGTHALPHANUM: { kind: 'ans', width: 255, digits: 3, prefix: counted(2) },
  LLBINLENGTHBIN: { kind: 'b', width: 255, digits: 3, data: 'binary', prefix: counted(1) },
  LLLLBINLENGTHBIN: { kind: 'b', width: 65_535, digits: 5, data: 'binary', prefix: counted(2) },
  LLBCDLENGTHALPHANUM: { kind: 'ans', width: 99, digits: 2 },
}
