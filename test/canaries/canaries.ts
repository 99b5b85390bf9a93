// Sixty cards, tracks, PIN blocks and keys that no output may hold, and the search for them: written without the program's
// own masks. Every digit is drawn from a fixed seed, so that a piece of a canary can be told from any other number.

export interface Canary {
  readonly pan: string
  /** The card's number, a separator, expiry and service code, and ten digits of the issuer. */
  readonly track2: string
  readonly track1: string
  /** Digits of the issuer that stand in the tracks alone. */
  readonly discretionary: string
  /** Twelve digits, the longest that there is: it cannot be found by chance. */
  readonly pin: string
  /** Eight bytes in hex. */
  readonly pinBlock: string
  /** Sixteen bytes in hex. */
  readonly key: string
}

/** xorshift32: the same canaries in every run. */
function createDice(seed: number): (sides: number) => number {
  let state = seed
  return (sides) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % sides
  }
}

/** Test ranges of the networks, and how long their numbers are. */
const kinds: readonly (readonly [prefix: string, length: number])[] = [
  ['411111', 16],
  ['453271', 13],
  ['453981', 19],
  ['555555', 16],
  ['222300', 16],
  ['378282', 15],
  ['305693', 14],
  ['601111', 16],
  ['622202', 19],
  ['621700', 18],
  ['623000', 17],
  ['353011', 16],
]

const most = 60

export const canaries: readonly Canary[] = Array.from({ length: most }, (_, index) => {
  const dice = createDice(0x5eed + 7919 * index)
  const digits = (count: number) => Array.from({ length: count }, () => dice(10)).join('')
  const hex = (bytes: number) => Array.from({ length: 2 * bytes }, () => '0123456789ABCDEF'[dice(16)]).join('')
  const [prefix, length] = kinds[index % kinds.length] as (typeof kinds)[number]
  const pan = withCheckDigit(prefix + digits(length - 1 - prefix.length))
  const discretionary = digits(10)
  return {
    pan,
    track2: `${pan}=2912201${discretionary}`,
    track1: `B${pan}^CANARY/TEST^2912201${discretionary}`,
    discretionary,
    pinBlock: hex(8),
    key: hex(16),
    pin: digits(12),
  }
})

function withCheckDigit(digits: string): string {
  let sum = 0
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index])
    sum += index % 2 === 0 ? (digit > 4 ? 2 * digit - 9 : 2 * digit) : digit
  }
  return digits + String((10 - (sum % 10)) % 10)
}

/** How a number may be written where text stands. */
export const spellings: Readonly<Record<string, (digits: string) => string>> = {
  plain: (digits) => digits,
  'with a length in front': (digits) => `${digits.length}${digits}`,
  'with a tag and a length in front': (digits) => `5A08${digits}`,
  'with a digit behind': (digits) => `${digits}2`,
  'with three digits on both sides': (digits) => `123${digits}456`,
  'with spaces': (digits) => digits.replace(/(\d{4})(?=\d)/g, '$1 '),
  'with dashes': (digits) => digits.replace(/(\d{4})(?=\d)/g, '$1-'),
  'with dots': (digits) => digits.replace(/(\d{4})(?=\d)/g, '$1.'),
  'digit by digit': (digits) => [...digits].join(' '),
  'in full width': (digits) => digits.replace(/\d/g, (each) => String.fromCharCode(0xff10 + Number(each))),
  'hex of ASCII': (digits) => hexOf(ascii(digits)),
  'hex of ASCII, small': (digits) => hexOf(ascii(digits)).toLowerCase(),
  'hex of ASCII with spaces': (digits) => hexOf(ascii(digits)).replace(/..(?=.)/g, '$& '),
  'hex of EBCDIC': (digits) => hexOf(ebcdic(digits)),
  'packed, as hex': (digits) => hexOf(packed(digits)),
  'packed, as hex with colons': (digits) => hexOf(packed(digits)).replace(/..(?=.)/g, '$&:'),
  'base64 of ASCII': (digits) => ascii(digits).toString('base64'),
  'base64 of EBCDIC': (digits) => ebcdic(digits).toString('base64'),
  'base64 of packed digits': (digits) => packed(digits).toString('base64'),
}

const ascii = (text: string) => Buffer.from(text, 'latin1')
const ebcdic = (digits: string) => Buffer.from(digits.replace(/./g, 'F$&'), 'hex')
const packed = (digits: string) => Buffer.from(digits.length % 2 === 0 ? digits : `${digits}F`, 'hex')
const hexOf = (bytes: Buffer) => bytes.toString('hex').toUpperCase()

/** Digits of a canary in a row that are found and not only its first six or its last four. */
const tellingDigits = 9

/** The texts that give a canary's card number away, as the bytes of an output read as Latin-1. */
function needlesOfPan({ pan }: Canary): string[] {
  const parts = Array.from({ length: pan.length - tellingDigits + 1 }, (_, at) => pan.slice(at, at + tellingDigits))
  return [...parts.flatMap(asDigits), ...evenParts(pan).flatMap(asBytes)]
}

/** The texts that give its track, PIN block, PIN or key away. */
const needlesOfSecrets = ({ discretionary, pin, pinBlock, key }: Canary): string[] => [
  ...[discretionary, pin].flatMap(asDigits),
  ...[pinBlock, key].flatMap(asBytes),
]

const asDigits = (digits: string): string[] => [
  digits,
  hexOf(ascii(digits)),
  hexOf(ebcdic(digits)),
  ebcdic(digits).toString('latin1'),
  Buffer.from(ebcdic(digits).toString('latin1'), 'utf8').toString('latin1'),
  ...base64Of(ascii(digits)),
  ...base64Of(ebcdic(digits)),
]

const asBytes = (hex: string): string[] => [
  hex,
  Buffer.from(hex, 'hex').toString('latin1'),
  Buffer.from(Buffer.from(hex, 'hex').toString('latin1'), 'utf8').toString('latin1'),
  ...base64Of(Buffer.from(hex, 'hex')),
]

/** Ten digits of a number, from every place on. */
const evenParts = (pan: string) => Array.from({ length: pan.length - 9 }, (_, at) => pan.slice(at, at + 10))

/** Base64 of the bytes at each of three places, without the characters that their neighbours change. */
function base64Of(bytes: Buffer): string[] {
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    const dropped = before === 0 ? 0 : before + 1
    const whole = Math.floor(((before + bytes.length) * 8) / 6)
    return text.slice(dropped, whole)
  })
}

type Needles = ReadonlyMap<string, readonly (readonly [needle: string, canary: string])[]>

/** Needles are found by their first characters: the shortest is ten packed digits. */
const shortest = 5

function byStart(needlesOf: (canary: Canary) => readonly string[]): Needles {
  const found = new Map<string, (readonly [string, string])[]>()
  for (const [index, canary] of canaries.entries()) {
    for (const needle of needlesOf(canary)) {
      const start = needle.slice(0, shortest)
      found.set(start, [...(found.get(start) ?? []), [needle, `canary ${index}`]])
    }
  }
  return found
}

const secrets = byStart(needlesOfSecrets)
const all = byStart((canary) => [...needlesOfPan(canary), ...needlesOfSecrets(canary)])

/** Encodings that are searched for in every output. */
export const searchedEncodings = [
  'ASCII',
  'hex of ASCII',
  'EBCDIC',
  'hex of EBCDIC',
  'packed',
  'packed as hex',
  'base64',
]

/** Which canaries an output gives away, in any encoding, with or without anything between digits; each with what was found. */
export const leaksIn = (output: string | Uint8Array): readonly string[] => searchAll(output, all)

/** The same without card numbers: tracks, PIN blocks, PINs and keys, for what may keep the number of a card. */
export const secretsIn = (output: string | Uint8Array): readonly string[] => searchAll(output, secrets)

function searchAll(output: string | Uint8Array, needles: Needles): readonly string[] {
  const text = typeof output === 'string' ? Buffer.from(output, 'utf8').toString('latin1') : latin1(output)
  const plain = Buffer.from(text, 'latin1').toString('utf8').normalize('NFKC')
  const squeezed = plain.replace(/(?<=[0-9A-F])[ .:_/-]+(?=[0-9A-F])/gi, '')
  const found = [text, text.toUpperCase(), squeezed.toUpperCase()].flatMap((each) => searchOne(each, needles))
  return [...new Set(found)]
}

const latin1 = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')

function searchOne(text: string, needles: Needles): string[] {
  const found: string[] = []
  for (let at = 0; at + shortest <= text.length; at++) {
    for (const [needle, canary] of needles.get(text.slice(at, at + shortest)) ?? []) {
      if (text.startsWith(needle, at)) found.push(`${canary}: ${JSON.stringify(needle)}`)
    }
  }
  return found
}
