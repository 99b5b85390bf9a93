// Packing a message: which fields it has, their bitmap, and then each field in turn. Messages come in kinds: where one has the fields of
// the one before, a value that stands where it stood is not written again.

import { isHex } from './encodings/hex.js'
import type { FieldCodec } from './fields/field-codec.js'
import { createFieldList, type FieldList, mostFields } from './head/bitmap.js'
import type { ThirdBitmap } from './head/third-bitmap.js'
import type { Layout } from './layout.js'
import type { FieldValue, Message } from './message.js'
import { PackError } from './pack-error.js'

/** First size of the memory that messages are packed in; it grows to the longest message. */
const usualMessageBytes = 2048

/** Makes pack(). What it returns is the caller's own. */
export function compilePack(layout: Layout): (message: Message) => Buffer {
  const packer = new Packer(layout)
  return (message) => packer.pack(message)
}

class Packer {
  readonly #layout: Layout
  #target = Buffer.allocUnsafeSlow(usualMessageBytes)
  /** The fields of the message that stands in the target. */
  readonly #list = createFieldList()
  /** The text of each field in it, by its place in the list, where it stands and where it ends; undefined: other than text. */
  readonly #texts: (string | undefined)[] = []
  readonly #starts = new Int32Array(mostFields)
  readonly #ends = new Int32Array(mostFields)
  /** It was written to its end, and a message with the same fields has the same bitmap. */
  #isKnown = false

  constructor(layout: Layout) {
    this.#layout = layout
  }

  pack(message: Message): Buffer {
    let end = this.#write(message)
    if (end > this.#target.length) {
      this.#target = Buffer.allocUnsafeSlow(end * 2)
      this.#isKnown = false
      end = this.#write(message)
    }
    const packed = Buffer.allocUnsafe(end)
    this.#target.copy(packed, 0, 0, end)
    return packed
  }

  #write({ mti, fields, bitmap }: Message): number {
    const layout = this.#layout
    const isLike = bitmap === undefined && this.#isLike(fields)
    this.#isKnown = false
    if (!isLike) listFields(layout, fields, this.#list)
    const at = layout.mti.write(this.#target, 0, mti)
    const end = isLike ? this.#writeChanges(fields) : this.#writeAll(fields, this.#writeBitmap(bitmap, at))
    this.#isKnown = bitmap === undefined && layout.third === undefined
    return end
  }

  /** A message with as many fields that has all of these has no other. */
  #isLike(fields: Message['fields']): boolean {
    const { numbers, count } = this.#list
    if (!this.#isKnown || count === 0 || Object.values(fields).length !== count) return false
    for (let index = 0; index < count; index++) if (fields[numbers[index] as number] === undefined) return false
    return true
  }

  #writeBitmap(given: string | undefined, at: number): number {
    return given === undefined
      ? this.#layout.bitmap.write(this.#target, at, this.#list)
      : writeGivenBitmap(this.#layout, given, this.#list, this.#target, at)
  }

  #writeAll(fields: Message['fields'], from: number): number {
    const { count } = this.#list
    let at = from
    for (let index = 0; index < count; index++) at = this.#writeField(index, fields, at)
    return at
  }

  #writeChanges(fields: Message['fields']): number {
    const { count, numbers } = this.#list
    const [texts, starts, ends] = [this.#texts, this.#starts, this.#ends]
    let at = starts[0] as number
    for (let index = 0; index < count; index++) {
      const text = texts[index]
      const stands = text !== undefined && fields[numbers[index] as number] === text && starts[index] === at
      at = stands ? (ends[index] as number) : this.#writeField(index, fields, at)
    }
    return at
  }

  #writeField(index: number, fields: Message['fields'], at: number): number {
    const { third, fields: codecs } = this.#layout
    const number = this.#list.numbers[index] as number
    const value = (fields[number] ?? third?.valueFor(this.#list)) as FieldValue
    const end = (codecs[number] as FieldCodec).write(this.#target, at, value)
    this.#texts[index] = typeof value === 'string' ? value : undefined
    this.#starts[index] = at
    this.#ends[index] = end
    return end
  }
}

/** Keys that are numbers come first and ascending in every object; any other key is no field. */
function listFields(layout: Layout, fields: Message['fields'], list: FieldList): void {
  const keys = Object.keys(fields)
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index] as string
    const number = Number(key)
    const length = number < 10 ? 1 : number < 100 ? 2 : 3
    if (key.length !== length || layout.fields[number] === undefined) knownField(layout, key)
    list.numbers[index] = number
  }
  list.count = keys.length
  if (layout.third !== undefined) announceThird(layout.third, fields, list)
}

/** A message names its third bitmap only where it is not in its usual form. */
function announceThird(third: ThirdBitmap, fields: Message['fields'], list: FieldList): void {
  const given = fields[third.field]
  third.announce(list)
  if (typeof given === 'string' && given !== third.valueFor(list))
    throw new PackError('BAD_BITMAP', [String(third.field)], 'a bitmap that names exactly the fields above 128')
}

/** The field's number. Throws PackError where the dialect has no such field. */
export function knownField(layout: Layout, key: string): number {
  const number = Number(key)
  if (layout.fields[number] !== undefined && String(number) === key) return number
  throw new PackError('UNKNOWN_FIELD', [key], `a field of dialect ${layout.dialect.name}`)
}

/** A bitmap that is not in its usual form packs back as it was, if it still says the same. */
function writeGivenBitmap(layout: Layout, hex: string, list: FieldList, target: Uint8Array, at: number): number {
  const given = Buffer.from(hex, 'hex')
  const said = createFieldList()
  const isGood = isHex(hex) && saysFields(layout, given, said) && said.count === list.count
  if (!isGood || !said.numbers.subarray(0, said.count).every((number, index) => number === list.numbers[index])) {
    throw new PackError(
      'BAD_BITMAP',
      ['bitmap'],
      'upper-case hex of a bitmap that names exactly the fields of the message',
    )
  }
  for (let index = 0; index < given.length; index++) target[at + index] = given[index] as number
  return at + given.length
}

function saysFields(layout: Layout, given: Buffer, said: FieldList): boolean {
  try {
    return layout.bitmap.read(given, 0, given.length, said) === given.length
  } catch {
    return false
  }
}
