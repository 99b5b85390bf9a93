// The key that tells which request an answer belongs to: version and class of the MTI, then the dialect's fields, as text.
//
// The function and origin digits of the MTI are left out: they differ between request, repeat and answer (0400, 0401, 0410).

import { latin1Text } from '../../base/text/latin1.js'
import type { Peek } from '../../codec/codec.js'

export interface MatchKey {
  /** `text` gives the text of a field that the request carries, in the form of Peek.text. */
  ofRequest(mti: string, text: (field: number) => string | undefined): string
  ofAnswer(answer: Peek): string
  /** Whether some of the fields are missing, so that the key fits more than its equal. */
  isPartial(key: string): boolean
  /** Equal in all that both keys carry. */
  fits(one: string, other: string): boolean
  /** How many parts both keys carry and agree on. */
  likeness(one: string, other: string): number
  /** `class 02, DE11 000123, DE41 absent`. Values of fields that may hold card data are never shown. */
  describe(key: string): string
  /** The fields that both carry and that differ: `DE11`, or `class`. */
  differences(one: string, other: string): string[]
}

/** Stands in no printable field. */
const separator = '\u001f'
const twoSeparators = separator + separator

/** Makes one text of the parts of a key, where each `+` would leave a text behind. */
class Joined {
  readonly #bytes = Buffer.alloc(256)
  #end = 0
  /** The text so far, where it is longer than the bytes or beyond Latin-1. */
  #long: string | undefined

  begin(mti: string): void {
    this.#end = 0
    this.#long = undefined
    this.#put(mti, 2)
  }

  add(text: string): void {
    this.#put(separator, 1)
    this.#put(text, text.length)
  }

  /** As add, of a field of an answer: as its bytes where they are its text, for the key alone is needed as a text. */
  addField(answer: Peek, field: number): void {
    this.#put(separator, 1)
    const end = this.#long === undefined ? (answer.copyText?.(field, this.#bytes, this.#end) ?? -1) : -1
    if (end >= 0) this.#end = end
    else {
      const text = answer.text(field) ?? ''
      this.#put(text, text.length)
    }
  }

  text(): string {
    return this.#long ?? latin1Text(this.#bytes, 0, this.#end)
  }

  #put(text: string, most: number): void {
    if (this.#long !== undefined) {
      this.#long += text.slice(0, most)
      return
    }
    const length = Math.min(text.length, most)
    let end = this.#end
    let all = end + length > this.#bytes.length ? 0x100 : 0
    for (let index = 0; index < length && all < 0x100; index++) {
      const code = text.charCodeAt(index)
      all |= code
      this.#bytes[end++] = code
    }
    if (all < 0x100) this.#end = end
    else this.#long = latin1Text(this.#bytes, 0, this.#end) + text.slice(0, most)
  }
}

const joined = new Joined()

/** Fields whose values are never shown: card numbers, tracks, PIN blocks, chip data and private data. */
const hiddenFields = new Set([2, 34, 35, 36, 45, 48, 52, 53, 55, 62, 63, 102, 103, 125, 127])

/** `matchBy` are the dialect's fields; with none, version and class alone decide. */
export function createMatchKey(matchBy: readonly number[]): MatchKey {
  const names = ['class', ...matchBy.map((field) => `DE${field}`)]
  const isHidden = [false, ...matchBy.map((field) => hiddenFields.has(field))]

  return {
    ofRequest(mti, text) {
      joined.begin(mti)
      for (const field of matchBy) joined.add(text(field) ?? '')
      return joined.text()
    },
    ofAnswer(answer) {
      joined.begin(answer.mti)
      for (const field of matchBy) joined.addField(answer, field)
      return joined.text()
    },
    isPartial: (key) => key.includes(twoSeparators) || key.endsWith(separator),
    fits: (one, other) => compare(one, other).every(([a, b]) => a === b || a === '' || b === ''),
    likeness: (one, other) => compare(one, other).filter(([a, b]) => a === b && a !== '').length,
    describe: (key) => {
      const parts = key.split(separator)
      return parts.map((part, index) => `${names[index]} ${show(part, isHidden[index] === true)}`).join(', ')
    },
    differences: (one, other) =>
      compare(one, other).flatMap(([a, b], index) => (a === b || a === '' || b === '' ? [] : [names[index] as string])),
  }
}

function compare(one: string, other: string): [string, string][] {
  const others = other.split(separator)
  return one.split(separator).map((part, index) => [part, others[index] ?? ''])
}

function show(part: string, hidden: boolean): string {
  if (part === '') return 'absent'
  return hidden ? '(hidden)' : part
}

/** The third digit of the MTI, the function: requests, advices and notifications are even, what answers them is odd. */
export const isResponse = (mti: string) => (mti.charCodeAt(2) & 1) === 1
