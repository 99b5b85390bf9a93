// The key that tells which request an answer belongs to: version and class of the MTI, then the dialect's fields, as text.
//
// The function and origin digits of the MTI are left out: they differ between request, repeat and answer (0400, 0401, 0410).

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

/** Fields whose values are never shown: card numbers, tracks, PIN blocks, chip data and private data. */
const hiddenFields = new Set([2, 34, 35, 36, 45, 48, 52, 53, 55, 62, 63, 102, 103, 125, 127])

/** `matchBy` are the dialect's fields; with none, version and class alone decide. */
export function createMatchKey(matchBy: readonly number[]): MatchKey {
  const names = ['class', ...matchBy.map((field) => `DE${field}`)]
  const isHidden = [false, ...matchBy.map((field) => hiddenFields.has(field))]

  return {
    ofRequest(mti, text) {
      let key = mti.slice(0, 2)
      for (const field of matchBy) key += separator + (text(field) ?? '')
      return key
    },
    ofAnswer(answer) {
      let key = answer.mti.slice(0, 2)
      for (const field of matchBy) key += separator + (answer.text(field) ?? '')
      return key
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
