// ISO 8583 messages as small hosts need them: two wire formats, written from the standards alone and sharing no code with
// what they are to judge. Fields are text; binary ones are upper-case hexadecimal.

/** `fixed`: characters, digits or bytes of a field without a length; else digits of the length in front of it. */
interface FieldFormat {
  readonly kind: 'n' | 'z' | 'an' | 'b'
  readonly fixed?: number
  readonly prefix?: 2 | 3
}

export interface WireMessage {
  readonly mti: string
  readonly fields: Map<number, string>
  /** The bytes in front of the MTI: a TPDU and a header, or none. */
  readonly front: Uint8Array
}

export interface OutsideWire {
  readonly name: 'iso87-ascii' | 'cup-pos'
  /** Without the length in front. Throws for what it cannot read. */
  read(bytes: Uint8Array): WireMessage
  /** Without the length in front. */
  write(message: WireMessage): Uint8Array
}

const n = (fixed: number): FieldFormat => ({ kind: 'n', fixed })
const an = (fixed: number): FieldFormat => ({ kind: 'an', fixed })
const b = (fixed: number): FieldFormat => ({ kind: 'b', fixed })
const upTo = (kind: FieldFormat['kind'], prefix: 2 | 3): FieldFormat => ({ kind, prefix })

/** ISO 8583:1987, table of data elements; those that terminals send and hosts answer. */
const iso87: Readonly<Record<number, FieldFormat>> = {
  ...{ 2: upTo('n', 2), 3: n(6), 4: n(12), 7: n(10), 11: n(6), 12: n(6), 13: n(4), 14: n(4), 15: n(4), 18: n(4) },
  ...{ 22: n(3), 23: n(3), 25: n(2), 26: n(2), 32: upTo('n', 2), 33: upTo('n', 2), 35: upTo('z', 2), 37: an(12) },
  ...{ 38: an(6), 39: an(2), 41: an(8), 42: an(15), 49: an(3), 52: b(8), 53: n(16), 54: upTo('an', 3) },
  ...{
    55: upTo('an', 3),
    56: upTo('an', 3),
    59: upTo('an', 3),
    60: upTo('an', 3),
    64: b(8),
    70: n(3),
    90: n(42),
    95: an(42),
    128: b(8),
  },
}

/** China UnionPay POS specification, part 1: message formats. */
const cupPos: Readonly<Record<number, FieldFormat>> = {
  ...{ 2: upTo('n', 2), 3: n(6), 4: n(12), 11: n(6), 12: n(6), 13: n(4), 14: n(4), 15: n(4), 22: n(3), 23: n(3) },
  ...{ 25: n(2), 26: n(2), 32: upTo('n', 2), 35: upTo('z', 2), 36: upTo('z', 3), 37: an(12), 38: an(6), 39: an(2) },
  ...{ 41: an(8), 42: an(15), 44: upTo('an', 2), 48: upTo('n', 3), 49: an(3), 52: b(8), 53: n(16), 54: upTo('an', 3) },
  ...{
    55: upTo('b', 3),
    56: upTo('an', 3),
    60: upTo('n', 3),
    61: upTo('n', 3),
    62: upTo('b', 3),
    63: upTo('an', 3),
    64: b(8),
  },
}

/** Text throughout: hexadecimal bitmap, binary fields as hexadecimal digits, lengths in decimal. */
export const iso87Wire: OutsideWire = {
  name: 'iso87-ascii',
  read(bytes) {
    const text = Buffer.from(bytes).toString('latin1')
    let at = 0
    const take = (count: number) => {
      const found = text.slice(at, at + count)
      if (found.length < count) throw new Error(`message ends at ${at}`)
      at += count
      return found
    }
    const mti = take(4)
    const first = take(16)
    const bits = bitsOf(first)
    if (bits.has(1)) for (const bit of bitsOf(take(16))) bits.add(bit + 64)
    bits.delete(1)
    const fields = new Map<number, string>()
    for (const bit of [...bits].sort((one, other) => one - other)) {
      const { kind, fixed, prefix } = formatOf(iso87, bit)
      const length = fixed ?? Number(take(prefix as number))
      fields.set(bit, take(kind === 'b' ? length * 2 : length))
    }
    return { mti, fields, front: new Uint8Array(0) }
  },
  write({ mti, fields }) {
    const sorted = [...fields].sort(([one], [other]) => one - other)
    const body = sorted.map(([bit, text]) => {
      const { prefix } = formatOf(iso87, bit)
      return prefix === undefined ? text : String(text.length).padStart(prefix, '0') + text
    })
    return Buffer.from(mti + bitmapOf(sorted.map(([bit]) => bit)) + body.join(''), 'latin1')
  },
}

/** TPDU of 5 bytes and a header of 6; digits packed, a fixed odd number with a zero in front, others with one behind. */
export const cupPosWire: OutsideWire = {
  name: 'cup-pos',
  read(bytes) {
    const hex = Buffer.from(bytes).toString('hex').toUpperCase()
    let at = 22
    const take = (count: number) => {
      const found = hex.slice(at, at + count)
      if (found.length < count) throw new Error(`message ends at ${at / 2}`)
      at += count
      return found
    }
    const mti = take(4)
    const bits = bitsOf(take(16))
    const fields = new Map<number, string>()
    for (const bit of [...bits].sort((one, other) => one - other)) {
      const { kind, fixed, prefix } = formatOf(cupPos, bit)
      const length = fixed ?? Number(take(prefix === 2 ? 2 : 4))
      const isDigits = kind === 'n' || kind === 'z'
      const taken = take(isDigits ? length + (length % 2) : length * 2)
      // An odd number of digits: entry mode (22) and variable fields stand to the left.
      const digits = fixed !== undefined && bit !== 22 ? taken.slice(length % 2) : taken.slice(0, length)
      fields.set(bit, isDigits ? digits : kind === 'b' ? taken : Buffer.from(taken, 'hex').toString('latin1'))
    }
    return { mti, fields, front: bytes.slice(0, 11) }
  },
  write({ mti, fields, front }) {
    const sorted = [...fields].sort(([one], [other]) => one - other)
    const body = sorted.map(([bit, text]) => cupField(bit, text))
    const [tpdu0 = 0x60, to1 = 0, to2 = 0, from1 = 0, from2 = 0, ...header] = front
    const turned = Buffer.from([tpdu0, from1, from2, to1, to2, ...header])
    return Buffer.concat([turned, Buffer.from(mti + bitmapOf(sorted.map(([bit]) => bit)) + body.join(''), 'hex')])
  },
}

function cupField(bit: number, text: string): string {
  const { kind, fixed, prefix } = formatOf(cupPos, bit)
  const isDigits = kind === 'n' || kind === 'z'
  const length = kind === 'b' ? text.length / 2 : text.length
  const front = prefix === undefined ? '' : String(length).padStart(prefix === 2 ? 2 : 4, '0')
  if (!isDigits) return front + (kind === 'b' ? text : Buffer.from(text, 'latin1').toString('hex'))
  if (text.length % 2 === 0) return front + text.replaceAll('=', 'D')
  return front + (fixed !== undefined && bit !== 22 ? `0${text}` : `${text}0`).replaceAll('=', 'D')
}

function formatOf(table: Readonly<Record<number, FieldFormat>>, bit: number): FieldFormat {
  const format = table[bit]
  if (format === undefined) throw new Error(`field ${bit} is not in the table of this host`)
  return format
}

/** Numbers of the bits that are set, from 1. */
function bitsOf(hex: string): Set<number> {
  const found = new Set<number>()
  for (let digit = 0; digit < hex.length; digit++) {
    const value = Number.parseInt(hex[digit] as string, 16)
    for (let bit = 0; bit < 4; bit++) if ((value & (8 >> bit)) !== 0) found.add(digit * 4 + bit + 1)
  }
  return found
}

function bitmapOf(bits: readonly number[]): string {
  const wide = bits.some((bit) => bit > 64)
  const set = new Set(wide ? [1, ...bits] : bits)
  let hex = ''
  for (let digit = 0; digit < (wide ? 32 : 16); digit++) {
    let value = 0
    for (let bit = 0; bit < 4; bit++) if (set.has(digit * 4 + bit + 1)) value |= 8 >> bit
    hex += value.toString(16).toUpperCase()
  }
  return hex
}

/** A length of two bytes in front, high byte first. */
export function framed(body: Uint8Array): Uint8Array {
  const whole = new Uint8Array(body.length + 2)
  whole[0] = body.length >> 8
  whole[1] = body.length & 255
  whole.set(body, 2)
  return whole
}

/** Cuts a stream of such messages; bytes go in, whole messages come out. */
export function createCutter(): (bytes: Uint8Array) => readonly Uint8Array[] {
  let rest = new Uint8Array(0)
  return (bytes) => {
    const joined = new Uint8Array(rest.length + bytes.length)
    joined.set(rest)
    joined.set(bytes, rest.length)
    const found: Uint8Array[] = []
    let at = 0
    while (joined.length - at >= 2) {
      const length = ((joined[at] as number) << 8) | (joined[at + 1] as number)
      if (joined.length - at - 2 < length) break
      found.push(joined.slice(at + 2, at + 2 + length))
      at += 2 + length
    }
    rest = joined.slice(at)
    return found
  }
}
