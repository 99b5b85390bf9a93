// Single changes of what a whole dialect does by default: MTI, bitmap, length prefixes, digits, text. Data in, data out.

import type { BitmapDefinition, Dialect, FieldDefinition, Format } from '../codec/dialect.js'
import { type Change, dataOf, isSameOdd, oddDigits, oddWords, parsedFormatOf, words } from './change.js'

/** Changes of what the whole dialect does by default. */
export function dialectChanges(dialect: Dialect): readonly Change[] {
  const { encodings } = dialect
  return [
    ...defaultChanges(dialect, 'mti', ['ascii', 'bcd', 'ebcdic037'], 'the MTI'),
    ...bitmapChanges(encodings.bitmap),
    ...defaultChanges(dialect, 'length', ['ascii', 'bcd', 'binary', 'hex'], 'every length prefix'),
    ...defaultChanges(dialect, 'digits', ['ascii', 'bcd', 'ebcdic037'], 'every field of digits'),
    ...defaultChanges(dialect, 'track', ['ascii', 'bcd'], 'the tracks'),
    ...defaultChanges(dialect, 'text', ['ascii', 'ebcdic037'], 'every text'),
    ...defaultChanges(dialect, 'bytes', ['binary', 'hex'], 'every binary field'),
    ...oddChanges(dialect, 'oddFixed', 'fixed'),
    ...oddChanges(dialect, 'oddVariable', 'variable'),
    ...countChanges(dialect),
    ...oneByteLengths(dialect),
  ]
}

/** Visa BASE I: every length is one binary byte, also that of a field of up to 999. */
function oneByteLengths(dialect: Dialect): Change[] {
  const isLong = (field: FieldDefinition) => parsedFormatOf(field).dots > 2
  return [
    {
      reading: `every length prefix in ${words(dialect.encodings.length)} with two or three digits`,
      host: 'writes one binary byte',
      property: 'encodings.length: binary, and of every field with three dots …255 and prefix: { size: 1 }',
      apply: (changed) => ({
        ...changed,
        encodings: { ...changed.encodings, length: 'binary' },
        fields: Object.fromEntries(
          Object.entries(changed.fields).map(([key, field]) => [
            key,
            isLong(field) ? { ...field, format: shortened(field), prefix: { ...field.prefix, size: 1 } } : field,
          ]),
        ),
      }),
    },
  ]
}

const mostInOneByte = 255
const shortened = (field: FieldDefinition): Format => {
  const { kind, dots, length } = parsedFormatOf(field)
  return `${kind}${'.'.repeat(dots)}${Math.min(length, mostInOneByte)}` as Format
}

type DefaultName = 'mti' | 'length' | 'digits' | 'track' | 'text' | 'bytes'

function defaultChanges(dialect: Dialect, name: DefaultName, others: readonly string[], what: string): Change[] {
  const now = dialect.encodings[name]
  return others
    .filter((other) => other !== now)
    .map((other) => ({
      reading: `${what} in ${words(now)}`,
      host: `writes ${words(other)}`,
      property: `encodings.${name}: ${other}`,
      apply: withEncodings({ [name]: other }),
    }))
}

const withEncodings = (changed: Partial<Dialect['encodings']>) => (dialect: Dialect) => ({
  ...dialect,
  encodings: { ...dialect.encodings, ...changed },
})

function bitmapChanges(now: BitmapDefinition): Change[] {
  const encodings = (['binary', 'hex', 'ebcdic-hex'] as const).filter((encoding) => encoding !== now.encoding)
  const extents = (['byNeed', 'always', 'fixed'] as const).filter((extent) => extent !== now.extends)
  const extentWords = {
    byNeed: 'has a second bitmap only where the first bit says so',
    always: 'always sends both bitmaps',
    fixed: 'has one bitmap, whose first bit is no sign of another',
  }
  return [
    ...encodings.map((encoding) => ({
      reading: `the bitmap in ${words(now.encoding)}`,
      host: `writes it in ${words(encoding)}`,
      property: `encodings.bitmap: { encoding: ${encoding} }`,
      apply: withEncodings({ bitmap: { ...now, encoding } }),
    })),
    ...extents.map((extent) => ({
      reading: `the bitmap (${now.extends})`,
      host: extentWords[extent],
      property: `encodings.bitmap: { extends: ${extent} }`,
      apply: (dialect: Dialect) => withExtent(dialect, { ...now, extends: extent }),
    })),
  ]
}

/** Fields that the changed bitmap has no bit for are left out. */
function withExtent(dialect: Dialect, bitmap: BitmapDefinition): Dialect {
  const isLong = bitmap.extends !== 'fixed'
  const most = isLong ? 128 : bitmap.bytes * 8
  const fields = Object.entries(dialect.fields).filter(([key]) => Number(key) <= most && !(isLong && key === '65'))
  return { ...withEncodings({ bitmap })(dialect), fields: Object.fromEntries(fields) }
}

function oddChanges(dialect: Dialect, name: 'oddFixed' | 'oddVariable', which: string): Change[] {
  const now = dialect.encodings[name]
  return oddDigits
    .filter((other) => !isSameOdd(other, now))
    .map((other) => ({
      reading: `an odd count of packed digits of ${which} length ${oddWords(now)}`,
      host: `writes them ${oddWords(other)}`,
      property: `encodings.${name}: { align: ${other.align}, fill: '${other.fill}' }`,
      apply: withEncodings({ [name]: other }),
    }))
}

/** Packed digits whose length counts bytes, in every field. */
function countChanges(dialect: Dialect): Change[] {
  const isPacked = (field: FieldDefinition) => dataOf(field, dialect) === 'bcd' && parsedFormatOf(field).dots > 0
  if (!Object.values(dialect.fields).some(isPacked)) return []
  return [
    {
      reading: 'every length of packed digits counting digits',
      host: 'counts bytes',
      property: 'fields.….prefix: { counts: bytes } of every packed field of variable length',
      apply: (changed) => ({
        ...changed,
        fields: Object.fromEntries(
          Object.entries(changed.fields).map(([key, field]) => [
            key,
            isPacked(field) ? { ...field, prefix: { ...field.prefix, counts: 'bytes' as const } } : field,
          ]),
        ),
      }),
    },
  ]
}
