// The field classes of jPOS's GenericPackager as data: what each writes on the wire.
// Facts about a public format; a class that is not here is refused by name.

import type { DataEncoding, Kind, LengthPrefix, Padding, PrefixEncoding } from '../../dialect.js'

/** How a class's wire follows from its name; what its `length` and `pad` attributes add is read by jpos-field.ts. */
export interface FieldClass {
  readonly kind: Kind
  readonly data: DataEncoding
  readonly prefix?: LengthPrefix
  /** Largest `length` that the class takes; what its prefix can say may be less. */
  readonly max?: number
  /** A larger `length` is taken as `max`, and not refused. */
  readonly caps?: true
  /** Spare half byte: `zero` at the side that `pad` says, `f` always F at the end, `zeroOrF` a zero in front or F at the end. */
  readonly odd?: 'zero' | 'f' | 'zeroOrF'
  readonly pad?: Padding
  readonly filled?: true
  readonly sign?: 'zone'
  /** `length` counts half bytes (`nibbles`), includes the sign (`signed`), or says nothing (`none`: no bytes at all). */
  readonly length?: 'nibbles' | 'signed' | 'none'
  /** The end of the value when there is no prefix and no fixed length. */
  readonly end?: 'token' | 'rest'
  /** The digits of the sub-field's number in front of its length, or behind it and counted by it. */
  readonly tag?: { readonly encoding: PrefixEncoding; readonly size: number; readonly lengthFirst?: true }
  /** One character that may be missing, in front of tagged sub-fields. */
  readonly leading?: true
}

/** A class that holds a bitmap. */
export interface BitmapClass {
  readonly encoding: 'binary' | 'hex' | 'ebcdic-hex'
  /** `length` bytes and no more, whatever the first bit says. */
  readonly fixed?: true
}

export const bitmapClasses: Readonly<Record<string, BitmapClass>> = {
  IFA_BITMAP: { encoding: 'hex' },
  IFB_BITMAP: { encoding: 'binary' },
  IFE_BITMAP: { encoding: 'ebcdic-hex' },
  Base1_BITMAP126: { encoding: 'binary', fixed: true },
}

/** Classes that exist and cannot be imported, with the reason. */
export const refusedClasses: Readonly<Record<string, string>> = {
  X92_BITMAP: 'is the bitmap of ANSI X9.2, which is not ISO 8583; X9.2 packagers cannot be imported',
}

/** Classes without a wire of their own: a field of this class must not be sent. */
export const unusedClasses: readonly string[] = ['IF_UNUSED']

const digits = (encoding: PrefixEncoding, size: number, counts: LengthPrefix['counts'] = 'units'): LengthPrefix => ({
  encoding,
  size,
  counts,
  inclusive: false,
})
const most = (size: number): number => 10 ** size - 1

const spaces: Padding = { side: 'right', with: ' ' }
/** jPOS cuts what is too long for these without a word. */
const cutting: Padding = { ...spaces, cut: true }
const zeros: Padding = { side: 'left', with: '0' }
const ebcdic = 'ebcdic1047'

const number = (data: DataEncoding, more: Partial<FieldClass> = {}): FieldClass => ({
  kind: 'n',
  data,
  pad: zeros,
  ...more,
})
const variable = (
  kind: Kind,
  data: DataEncoding,
  encoding: PrefixEncoding,
  size: number,
  more: Partial<FieldClass> = {},
): FieldClass => ({
  kind,
  data,
  prefix: digits(encoding, size),
  max: encoding === 'binary' ? 256 ** size - 1 : most(size),
  ...more,
})
const tagged = (
  body: FieldClass,
  encoding: PrefixEncoding,
  size: number,
  order: { readonly lengthFirst?: true } = {},
): FieldClass => ({ ...body, tag: { encoding, size, ...order } })

/** `PREFIX_LCHAR`, `PREFIX_LLCHAR`, … : one entry for each number of length digits. */
function family(name: (ls: string) => string, sizes: readonly number[], make: (size: number) => FieldClass) {
  return Object.fromEntries(sizes.map((size) => [name('L'.repeat(size)), make(size)]))
}

const text = 'latin1'
const amount: Partial<FieldClass> = { kind: 'x+n', length: 'signed' }
const counted = (size: number, counts: LengthPrefix['counts'], encoding: PrefixEncoding): Partial<FieldClass> => ({
  prefix: digits(encoding, size, counts),
})
const oneAhead = { lengthFirst: true } as const

export const fieldClasses: Readonly<Record<string, FieldClass>> = {
  // Fixed and unframed text.
  IF_CHAR: { kind: 'ans', data: text, pad: cutting },
  IF_ECHAR: { kind: 'ans', data: ebcdic, pad: spaces },
  IF_NOP: { kind: 'ans', data: text, length: 'none' },
  IF_TCHAR: { kind: 'ans', data: text, end: 'token' },
  IF_FCHAR: { kind: 'ans', data: text, end: 'rest' },
  IF_FSTCHAR: { kind: 'ans', data: text, end: 'rest' },
  IF_FBINARY: { kind: 'b', data: 'binary', end: 'rest' },
  IF_FSTBINARY: { kind: 'b', data: 'binary', end: 'rest' },

  // ASCII.
  IFA_NUMERIC: number('ascii'),
  IFA_AMOUNT: number('ascii', amount),
  IFA_AMOUNT2003: number('ascii'),
  IFA_BINARY: { kind: 'b', data: 'hex' },
  ...family(
    (ls) => `IFA_${ls}CHAR`,
    [1, 2, 3, 4, 5, 6],
    (size) => variable('ans', text, 'ascii', size),
  ),
  ...family(
    (ls) => `IFA_${ls}NUM`,
    [2, 3],
    (size) => variable('n', 'ascii', 'ascii', size),
  ),
  ...family(
    (ls) => `IFA_${ls}BINARY`,
    [1, 2, 3, 4, 5, 6],
    (size) => variable('b', 'binary', 'ascii', size),
  ),
  ...family(
    (ls) => `IFA_${ls}ABINARY`,
    [2, 3],
    (size) => variable('b', 'hex', 'ascii', size),
  ),
  IFA_LLBNUM: variable('n', 'bcd', 'ascii', 2, { odd: 'zero', ...counted(2, 'nibbles', 'ascii') }),
  IFA_FLLCHAR: variable('ans', text, 'ascii', 2, { filled: true, pad: spaces }),
  IFA_FLLNUM: variable('n', 'ascii', 'ascii', 2, { filled: true, pad: spaces }),
  ...family(
    (ls) => `IFA_TT${ls}CHAR`,
    [1, 2, 3, 4],
    (size) => tagged(variable('ans', text, 'ascii', size), 'ascii', 2),
  ),
  ...family(
    (ls) => `IFA_TT${ls}BINARY`,
    [1, 2, 3, 4],
    (size) => tagged(variable('b', 'binary', 'ascii', size), 'ascii', 2),
  ),
  IFA_TTTLLLCHAR: tagged(variable('ans', text, 'ascii', 3), 'ascii', 3),

  // BCD and binary.
  IFB_NUMERIC: number('bcd', { odd: 'zero' }),
  IFB_FNUMERIC: number('bcd', { odd: 'zeroOrF' }),
  IFB_AMOUNT: number('bcd', { ...amount, odd: 'zero' }),
  IFB_AMOUNT2003: number('bcd', { odd: 'zero' }),
  IFB_HEX: number('bcd', { odd: 'zeroOrF', length: 'nibbles' }),
  IFB_BINARY: { kind: 'b', data: 'binary' },
  ...family(
    (ls) => `IFB_${ls}NUM`,
    [2, 3],
    (size) => variable('n', 'bcd', 'bcd', size, { odd: 'zero' }),
  ),
  ...family(
    (ls) => `IFB_F${ls}NUM`,
    [2, 3],
    (size) => variable('n', 'bcd', 'bcd', size, { odd: 'f' }),
  ),
  ...family(
    (ls) => `IFB_${ls}CHAR`,
    [2, 3, 4, 6],
    (size) => variable('ans', text, 'bcd', size),
  ),
  ...family(
    (ls) => `IFB_${ls}BINARY`,
    [2, 3, 4],
    (size) => variable('b', 'binary', 'bcd', size),
  ),
  ...family(
    (ls) => `IFB_${ls}HEX`,
    [2, 3],
    (size) => variable('b', 'binary', 'bcd', size, counted(size, 'nibbles', 'bcd')),
  ),
  IFB_LLHNUM: variable('n', 'bcd', 'binary', 1, { odd: 'zero' }),
  IFB_LLLHNUM: variable('n', 'bcd', 'binary', 2, { odd: 'zero' }),
  IFB_LLHCHAR: variable('ans', text, 'binary', 1),
  IFB_LLLHCHAR: variable('ans', text, 'binary', 2),
  IFB_LLHECHAR: variable('ans', ebcdic, 'binary', 1),
  IFB_LLLHECHAR: variable('ans', ebcdic, 'binary', 2),
  IFB_LLHBINARY: variable('b', 'binary', 'binary', 1),
  IFB_LLLHBINARY: variable('b', 'binary', 'binary', 2),
  IFB_LHBINARY: variable('b', 'binary', 'binary', 1),
  IFB_LLHFBINARY: variable('b', 'binary', 'binary', 1, { filled: true, pad: { side: 'right', with: '00' } }),

  // EBCDIC (IBM code page 1047).
  IFE_NUMERIC: number(ebcdic),
  IFE_SIGNED_NUMERIC: number(ebcdic, { sign: 'zone' }),
  IFE_AMOUNT: number(ebcdic, amount),
  IFE_CHAR: { kind: 'ans', data: ebcdic, pad: cutting },
  IFE_BINARY: { kind: 'b', data: 'ebcdic-hex' },
  ...family(
    (ls) => `IFE_${ls}NUM`,
    [1, 2, 3],
    (size) => variable('n', ebcdic, ebcdic, size),
  ),
  ...family(
    (ls) => `IFE_${ls}CHAR`,
    [1, 2, 3, 4],
    (size) => variable('ans', ebcdic, ebcdic, size),
  ),
  ...family(
    (ls) => `IFE_${ls}BINARY`,
    [1, 2, 3, 4],
    (size) => variable('b', 'binary', ebcdic, size),
  ),
  IFE_LLLEBINARY: variable('ans', ebcdic, ebcdic, 3),
  IFEA_LLCHAR: variable('ans', text, ebcdic, 2),
  IFAE_LLCHAR: variable('ans', ebcdic, 'ascii', 2),
  ...family(
    (ls) => `IFEB_${ls}NUM`,
    [2, 3],
    (size) => variable('n', 'bcd', ebcdic, size, { odd: 'f', ...counted(size, 'bytes', ebcdic) }),
  ),

  // Sub-fields that carry their number.
  IFEP_LLCHAR: tagged(variable('ans', text, 'ascii', 2, { max: 97, caps: true }), 'ascii', 2, oneAhead),
  IFEP_LLLCHAR: tagged({ ...variable('ans', text, ebcdic, 3), max: 997, caps: true }, ebcdic, 2, oneAhead),
  IFEP_LLLBINARY: tagged({ ...variable('b', 'binary', ebcdic, 3), max: 997, caps: true }, ebcdic, 2, oneAhead),
  IFELPE_LLLCHAR: tagged(variable('ans', ebcdic, ebcdic, 3), ebcdic, 2, oneAhead),
  IFEPE_LLCHAR: tagged(variable('ans', ebcdic, ebcdic, 2), ebcdic, 2),
  IFEPE_LLLCHAR: tagged(variable('ans', ebcdic, ebcdic, 3), ebcdic, 3),
  IFEPE_LLBINARY: tagged(variable('b', 'binary', ebcdic, 2), ebcdic, 2),
  ...family(
    (ls) => `IFMC_${ls}CHAR`,
    [2, 3],
    (size) => tagged(variable('ans', text, 'ascii', size), 'ascii', 2),
  ),
  ...family(
    (ls) => `IFMC_${ls}BINARY`,
    [2, 3],
    (size) => tagged(variable('b', 'binary', 'ascii', size), 'ascii', 2),
  ),
  IFEMC_LLCHAR: tagged(variable('ans', ebcdic, ebcdic, 2), 'ascii', 2),
  IFEMC_LLLCHAR: tagged(variable('ans', ebcdic, ebcdic, 3), ebcdic, 4),
  IFIPM_LLLCHAR: tagged({ ...variable('ans', text, 'ascii', 3), max: 997, caps: true }, 'ascii', 4),
  ...family(
    (ls) => `IFTA_${ls}CHAR`,
    [2, 3],
    (size) => tagged(variable('ans', text, 'ascii', size), 'ascii', 0),
  ),
  ...family(
    (ls) => `IFTA_${ls}NUM`,
    [2, 3],
    (size) => tagged(variable('n', 'ascii', 'ascii', size), 'ascii', 0),
  ),
  ...family(
    (ls) => `IFTA_${ls}BINARY`,
    [2, 3],
    (size) => tagged(variable('b', 'binary', 'ascii', size), 'ascii', 0),
  ),
  IFMC_TCC: { kind: 'an', data: text, leading: true },
  IFEMC_TCC: { kind: 'an', data: ebcdic, leading: true },
}

/** `org.jpos.iso.IFA_LLCHAR ` as IFA_LLCHAR: files are found with white space around a class. */
export function shortName(className: string): string {
  const trimmed = className.trim()
  return trimmed.slice(trimmed.lastIndexOf('.') + 1)
}

/** The classes that differ in nothing but how their length is written, and take as much as this. */
export function widerClasses(name: string, length: number): readonly string[] {
  const [, family = '', ls = '', content = ''] = /^([A-Z]+_)(L+)([A-Z]+)$/.exec(name) ?? []
  const named = [
    // One byte says up to 255.
    ...(length <= 0xff ? [`${family}LLH${content}`] : []),
    ...[1, 2, 3, 4].map((more) => `${family}${ls}${'L'.repeat(more)}${content}`),
  ]
  const takes = (each: FieldClass | undefined) => each !== undefined && (each.max ?? length) >= length
  return named.filter((each) => Object.hasOwn(fieldClasses, each) && takes(fieldClasses[each])).slice(0, 2)
}
