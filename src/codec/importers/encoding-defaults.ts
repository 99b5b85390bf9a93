// Chooses the dialect's default encodings from its fields, and leaves in each field only what differs: a table for readers.

import type {
  BitmapDefinition,
  DataEncoding,
  Encodings,
  FieldDefinition,
  Inside,
  Kind,
  LengthPrefix,
  OddDigit,
  PrefixEncoding,
} from '../dialect.js'

/** Fields whose every property is written out. */
export interface SpelledFields {
  readonly mti: DataEncoding
  readonly bitmap: BitmapDefinition
  readonly fields: Readonly<Record<string, FieldDefinition>>
}

/** The same meaning, with defaults. */
export function withDefaults({ mti, bitmap, fields }: SpelledFields): {
  readonly encodings: Encodings
  readonly fields: Readonly<Record<string, FieldDefinition>>
} {
  const all = Object.values(fields)
  const dataOf = (kinds: readonly Kind[] | 'text', otherwise: DataEncoding) =>
    commonest(
      all.filter(({ format }) => isOf(kindOf(format), kinds)).map(({ data }) => data),
      otherwise,
    )
  const digits = dataOf(['n', 'x+n'], 'ascii')
  const odds = (isFixed: boolean, otherwise: OddDigit) =>
    JSON.parse(
      commonest(
        all
          .filter(({ format, odd }) => odd !== undefined && isFixedFormat(format) === isFixed)
          .map(({ odd }) => JSON.stringify(odd)),
        JSON.stringify(otherwise),
      ),
    ) as OddDigit
  const encodings: Encodings = {
    mti,
    bitmap,
    length: commonest<PrefixEncoding>(
      all.map(({ prefix }) => prefix?.encoding),
      'ascii',
    ),
    digits,
    track: dataOf(['z'], digits),
    text: dataOf('text', 'ascii'),
    bytes: dataOf(['b'], 'binary'),
    oddFixed: odds(true, { align: 'right', fill: '0' }),
    oddVariable: odds(false, { align: 'left', fill: '0' }),
  }
  return { encodings, fields: stripAll(fields, encodings) }
}

function commonest<T extends string>(values: readonly (T | undefined)[], otherwise: T): T {
  const counts = new Map<T, number>()
  for (const value of values) if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? otherwise
}

const kindOf = (format: string): Kind => format.split(/[ .]/)[0] as Kind
const isFixedFormat = (format: string) => format.includes(' ')

function isOf(kind: Kind, kinds: readonly Kind[] | 'text'): boolean {
  return kinds === 'text' ? !['n', 'x+n', 'z', 'b'].includes(kind) : kinds.includes(kind)
}

function stripAll(
  fields: Readonly<Record<string, FieldDefinition>>,
  encodings: Encodings,
): Record<string, FieldDefinition> {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, strip(value, encodings)]))
}

function strip(definition: FieldDefinition, encodings: Encodings): FieldDefinition {
  const { data, prefix, odd, pad, inside, ...rest } = definition
  const kind = kindOf(definition.format)
  const isFixed = isFixedFormat(definition.format) || definition.filled === true
  const defaultOdd = isFixed ? encodings.oddFixed : encodings.oddVariable
  const own = prefix === undefined ? {} : stripPrefix(prefix, definition.format, encodings)
  return {
    ...rest,
    ...(data === undefined || data === defaultData(kind, encodings) ? {} : { data }),
    ...(Object.keys(own).length === 0 ? {} : { prefix: own }),
    ...(odd === undefined || (odd.align === defaultOdd.align && odd.fill === defaultOdd.fill) ? {} : { odd }),
    ...(pad === undefined || isDefaultPad(kind, pad, data) ? {} : { pad }),
    // Inside text the defaults are those of that text, so that everything stays spelled out there.
    ...(inside === undefined ? {} : { inside: kind === 'b' ? stripInside(inside, encodings) : inside }),
  }
}

function stripInside(inside: Inside, encodings: Encodings): Inside {
  if (inside.kind === 'ber-tlv' || inside.fields === undefined) return inside
  if (inside.kind !== 'tlv') return { ...inside, fields: stripAll(inside.fields, encodings) }
  // A prefix of a tag is compared with the family's length and not with the defaults.
  const fields = Object.entries(inside.fields).map(([tag, { prefix, ...rest }]) => {
    const own = strip(rest as FieldDefinition, encodings)
    return [tag, prefix === undefined ? own : { ...own, prefix }]
  })
  const leading = inside.leading === undefined ? {} : { leading: strip(inside.leading, encodings) }
  return { ...inside, ...leading, fields: Object.fromEntries(fields) as Record<string, FieldDefinition> }
}

function stripPrefix(prefix: Partial<LengthPrefix>, format: string, encodings: Encodings): Partial<LengthPrefix> {
  const dots = /\.+/.exec(format)?.[0].length ?? 0
  const usual = prefix.encoding === 'binary' ? Math.ceil(dots / 2) : dots
  return {
    ...(prefix.encoding === undefined || prefix.encoding === encodings.length ? {} : { encoding: prefix.encoding }),
    ...(prefix.size === undefined || prefix.size === usual ? {} : { size: prefix.size }),
    ...(prefix.counts === undefined || prefix.counts === 'units' ? {} : { counts: prefix.counts }),
    ...(prefix.inclusive ? { inclusive: true } : {}),
  }
}

function defaultData(kind: Kind, encodings: Encodings): DataEncoding {
  if (kind === 'b') return encodings.bytes
  if (kind === 'z') return encodings.track
  return kind === 'n' || kind === 'x+n' ? encodings.digits : encodings.text
}

function isDefaultPad(kind: Kind, pad: NonNullable<FieldDefinition['pad']>, data: DataEncoding | undefined): boolean {
  if (pad.cut) return false
  if (kind === 'n' || kind === 'x+n') return pad.side === 'left' && pad.with === '0'
  return kind !== 'b' && data !== 'bcd' && pad.side === 'right' && pad.with === ' '
}
