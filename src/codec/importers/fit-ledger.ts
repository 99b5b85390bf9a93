// How a host keeps its books of a spec's messages: totals stand in the fields that the spec has, as wide as they are there.

import type { FieldDefinition, LedgerRules, MatchDefinition, OriginalParts } from '../dialect.js'
import { parseFormat } from '../fields/format.js'

type Fields = Readonly<Record<string, FieldDefinition>>
type TotalRules = LedgerRules['totals']
type Part = TotalRules['parts'][number]

/** The same rules for messages of the spec's version, without the totals that the spec has no field for. */
export function ledgerFor(ledger: LedgerRules, fields: Fields, mti: (mti: string) => string): LedgerRules {
  const parts = ledger.totals.parts.flatMap((part) => {
    const digits = digitsOf(part, fields)
    return digits === undefined ? [] : [{ ...part, digits }]
  })
  const { sentAs } = ledger.totals
  return {
    ...ledger,
    postings: ledger.postings.map((posting) => ({
      ...posting,
      request: requestFor(posting.request, mti),
      ...(posting.original === undefined ? {} : { original: originalFor(posting.original, fields) }),
    })),
    totals: {
      ...ledger.totals,
      parts,
      verdicts: verdictsFor(ledger.totals, fields),
      ...(sentAs !== undefined && { sentAs: sentAs.map(mti) }),
    },
  }
}

/** Digits of a field of fixed width; `usual` of any other. */
function digitsIn(fields: Fields, number: number, usual: number): number {
  return Number(/^n (\d+)$/.exec(fields[number]?.format ?? '')?.[1] ?? usual)
}

/** ISO 8583:2003 has trace numbers of twelve digits. */
export const isWiderTrace = (fields: Fields): boolean => digitsIn(fields, 11, 6) > 6

/** Data element 56 names the original by MTI, trace number and local time, each as wide as in the original itself. */
function originalFor(original: OriginalParts, fields: Fields): OriginalParts {
  if (original.stan?.field !== 56) return original
  const [from, stan] = [4, 4 + digitsIn(fields, 11, 6)]
  return {
    ...original,
    stan: { field: 56, from, to: stan },
    ...(original.batch && { batch: [{ field: 56, from: stan, to: stan + digitsIn(fields, 12, 12) }] }),
  }
}

function requestFor({ mti, ...fields }: MatchDefinition, convert: (mti: string) => string): MatchDefinition {
  if (mti === undefined) return fields
  return { mti: typeof mti === 'string' ? convert(mti) : mti.map(convert), ...fields }
}

/** Undefined where the spec has no field for the total, or one that cannot hold it. */
export function digitsOf({ total, field, digits, to }: Part, fields: Fields): number | undefined {
  const definition = fields[field]
  if (definition === undefined) return undefined
  const { kind, length, dots } = parseFormat(definition.format, `field ${field}`)
  if (kind === 'b' || kind === 'z') return undefined
  // Several in one field, each at its place.
  if (to !== undefined) return length >= to ? digits : undefined
  if (definition.inside !== undefined) return undefined
  // The net has its sign in front: a field of characters holds it as one of them, and one of digits not at all.
  if (total === 'net') {
    if (kind === 'x+n') return length
    return kind === 'n' || length < 2 ? undefined : dots === 0 ? length - 1 : Math.min(digits, length - 1)
  }
  if (kind === 'x+n') return undefined
  return dots === 0 && total !== 'verdict' ? length : Math.min(digits, length)
}

/** A verdict in a wider field of digits has zeros in front, as it is read back. */
function verdictsFor({ parts, verdicts }: TotalRules, fields: Fields): TotalRules['verdicts'] {
  const part = parts.find(({ total }) => total === 'verdict')
  const definition = part === undefined ? undefined : fields[part.field]
  if (definition === undefined) return verdicts
  const { kind, length, dots } = parseFormat(definition.format, `field ${part?.field}`)
  if (kind !== 'n' || dots > 0) return verdicts
  const wide = (text: string) => text.padStart(length, '0')
  return { balanced: wide(verdicts.balanced), outOfBalance: wide(verdicts.outOfBalance) }
}
