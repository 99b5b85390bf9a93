// Values to try a field with: its full length, an odd one, a short one; with sub-fields, all of them and each alone.

import type { FieldDefinition, Inside } from '../dialect.js'
import { parseFormat } from '../fields/format.js'
import type { Fields, FieldValue } from '../message.js'

export const trialSizes = ['full', 'odd', 'short'] as const
export type TrialSize = (typeof trialSizes)[number]

export interface Trial {
  readonly size: TrialSize
  /** Sub-fields that the value has, where it has not all of them. */
  readonly only?: string
  readonly value: FieldValue
}

/** Longer values of variable width show nothing new: a length of three digits and more is written. */
const longestUnits = 1200

const alphabets: Readonly<Record<string, string>> = {
  n: '1234567890',
  z: '1234567890=',
  a: 'ABCDEFGHIJKLM',
  s: '/-.,:+',
  ns: '1234567890/-.',
  as: 'ABCDEFGHIJKLM/-.',
  b: '0123456789ABCDEF',
}

/** Every value that the field is tried with; equal ones once. */
export function trialsOf(definition: FieldDefinition): readonly Trial[] {
  const trials = trialSizes.flatMap((size) => trialsOfSize(definition, size))
  const seen = new Set<string>()
  return trials.filter(({ value }) => {
    const text = JSON.stringify(value)
    const isNew = !seen.has(text)
    seen.add(text)
    return isNew
  })
}

function trialsOfSize(definition: FieldDefinition, size: TrialSize): readonly Trial[] {
  const { inside } = definition
  if (inside === undefined) {
    const value = leafValue(definition, size)
    return value === undefined ? [] : [{ size, value }]
  }
  if (inside.kind === 'positional') {
    return size !== 'full' && isFilledUp(definition, inside) ? [] : [{ size, value: positionalValue(inside, size) }]
  }
  // All together may be more than the field can hold, which is no fault of the table: that is tried with short ones.
  const each = tagValues(inside, size)
  const alone = each.map(([key, value]): Trial => ({ size, only: key, value: { [key]: value } }))
  return size === 'short' ? [{ size, value: Object.fromEntries(each) }, ...alone] : alone
}

/** A field of fixed width has room for every sub-field, and nothing that fills a missing one but behind a last one that may be short. */
function isFilledUp({ format, name, rest, terminator }: FieldDefinition, { fields }: Positional): boolean {
  const isFixed = parseFormat(format, name).dots === 0 && rest !== true && terminator === undefined
  return isFixed && Object.values(fields).at(-1)?.rest !== true
}

type Positional = Extract<Inside, { kind: 'positional' }>

function positionalValue({ fields }: Positional, size: TrialSize): Fields {
  const values = Object.entries(fields).map(([key, inner]) => [key, trialValue(inner, size)] as const)
  // A sub-field that can only be full is not left out among others.
  return Object.fromEntries(size === 'short' ? values.slice(0, 1) : values)
}

function tagValues(inside: Exclude<Inside, { kind: 'positional' }>, size: TrialSize): [string, FieldValue][] {
  if (inside.kind === 'ber-tlv') return berSamples(size)
  if (inside.kind === 'datasets') return datasetSamples(inside.fields ?? {}, size)
  const fields = Object.entries(inside.fields ?? {})
  if (fields.length === 0 && inside.kind === 'tlv') return [['1'.repeat(tagCharacters(inside.tag)), '41']]
  return fields.map(([key, inner]) => [key, trialValue(inner, size)])
}

/** A dataset of tags, and one of elements, each with one value. */
function datasetSamples(elements: Readonly<Record<string, FieldDefinition>>, size: TrialSize): [string, FieldValue][] {
  const [tag = ['82', 'A5A5']] = berSamples(size)
  const each = Object.entries(elements).map(([key, inner], index): [string, FieldValue] => [
    (0x71 + index).toString(16).toUpperCase(),
    { [key]: trialValue(inner, size) },
  ])
  return [['01', Object.fromEntries([tag])], ...each]
}

const tagCharacters = ({ encoding, size }: { readonly encoding: string; readonly size: number }) =>
  encoding === 'hex' || encoding === 'binary' ? 2 * size : size

/** Tags of one, two and three bytes; of the full size a length of two bytes. */
const berSamples = (size: TrialSize): [string, FieldValue][] => {
  const bytes = { full: 130, odd: 7, short: 1 }[size]
  return ['82', '9F26', 'DF8101'].map((tag) => [tag, 'A5'.repeat(tag === '82' ? Math.min(2, bytes) : bytes)])
}

function trialValue(definition: FieldDefinition, size: TrialSize): FieldValue {
  const { inside } = definition
  if (inside === undefined) return leafValue(definition, size) ?? leafValue(definition, 'full') ?? ''
  if (inside.kind === 'positional') return positionalValue(inside, size)
  return Object.fromEntries(tagValues(inside, 'short'))
}

/** Undefined where a value of that size is none for the field. */
function leafValue(definition: FieldDefinition, size: TrialSize): string | undefined {
  const { kind, length, dots } = parseFormat(definition.format, definition.name)
  const isFixed = dots === 0 && definition.rest !== true && definition.terminator === undefined
  if (isFixed && size !== 'full' && !isPadded(definition)) return undefined
  const units = unitsOf(size, isFixed ? length : Math.min(length, longestUnits))
  if (units === undefined) return undefined
  if (kind === 'x+n') return `${size === 'odd' ? 'C' : 'D'}${repeated(alphabets.n as string, length)}`
  if (kind === 'b') return repeated(alphabets.b as string, 2 * units)
  return repeated(alphabetOf(definition, kind), units)
}

/** A value of fixed width may be shorter where something fills it that is taken away again. */
function isPadded({ pad, format, data }: FieldDefinition): boolean {
  if (pad !== undefined) return pad.side !== 'none'
  return !/^(b|z|x\+n) /.test(format) && !(data === 'bcd' && /^an /.test(format))
}

function unitsOf(size: TrialSize, length: number): number | undefined {
  if (size === 'full') return length
  if (size === 'short') return length > 1 ? 1 : undefined
  const odd = length % 2 === 0 ? length - 1 : length - 2
  return odd > 0 ? odd : undefined
}

function alphabetOf({ data }: FieldDefinition, kind: string): string {
  if (data === 'bcd' && kind !== 'n' && kind !== 'z') return alphabets.b as string
  return alphabets[kind] ?? `${alphabets.a}${alphabets.n}`
}

const repeated = (alphabet: string, count: number) =>
  alphabet.repeat(Math.ceil(count / alphabet.length)).slice(0, count)
