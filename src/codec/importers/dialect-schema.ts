// The shape of our own dialect files, strict: an unknown key is an error, a missing one takes its default.

import { z } from 'zod'
import type {
  Encodings,
  Envelope,
  FieldDefinition,
  Format,
  Inside,
  MessageDefinition,
  MessageValue,
} from '../dialect.js'

const dataEncoding = z.enum([
  'ascii',
  'latin1',
  'gbk',
  'ebcdic037',
  'ebcdic500',
  'ebcdic1047',
  'bcd',
  'binary',
  'hex',
  'ebcdic-hex',
])
const prefixEncoding = z.enum(['ascii', 'bcd', 'ebcdic037', 'ebcdic500', 'ebcdic1047', 'binary', 'hex'])
const format = z
  .string()
  .regex(
    /^(x\+n|anp|ans|an|as|ns|[anszb])( |\.{1,6})\d{1,6}$/,
    "expected a kind and a length, such as 'n 6', 'n..19' or 'ans...999'",
  )
  .transform((text) => text as Format)
const hex = z
  .string()
  .regex(/^([0-9A-F]{2})*$/i, 'expected hex digits, two for each byte')
  .transform((text) => text.toUpperCase())
const fieldNumber = z.number().int().min(1).max(192)
const odd = z.strictObject({ align: z.enum(['left', 'right']), fill: z.enum(['0', 'F']) })
const prefix = z.strictObject({
  encoding: prefixEncoding,
  size: z.number().int().min(1).max(6),
  counts: z.enum(['units', 'bytes', 'nibbles']),
  inclusive: z.boolean(),
})
const bitmap = z.strictObject({
  encoding: z.enum(['binary', 'hex', 'ebcdic-hex']),
  bytes: z.number().int().min(1).max(24),
  extends: z.enum(['byNeed', 'always', 'fixed']),
  parts: z.union([z.literal(1), z.literal(2), z.literal(3)]).optional(),
})

/** Absent keys stay absent: `undefined` is no value in a dialect. */
function compact<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined)
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> }
}

const field: z.ZodType<FieldDefinition, unknown> = z
  .strictObject({
    name: z.string(),
    format,
    data: dataEncoding.optional(),
    prefix: prefix.partial().transform(compact).optional(),
    odd: odd.optional(),
    pad: z.strictObject({ side: z.enum(['left', 'right', 'none']), with: z.string() }).optional(),
    mask: z.enum(['none', 'pan', 'all', 'tlv']).optional(),
    filled: z.boolean().optional(),
    terminator: hex.optional(),
    rest: z.literal(true).optional(),
    sign: z.literal('zone').optional(),
    get inside() {
      return inside.optional()
    },
  })
  .transform((value) => compact(value) as FieldDefinition)

const header = z.number().int().min(1).max(255).optional()
const inside: z.ZodType<Inside, unknown> = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('positional'), header, fields: z.record(z.string(), field) }),
    z.strictObject({
      kind: z.literal('bitmap'),
      header,
      bitmap: bitmap.transform(compact),
      fields: z.record(z.string(), field),
    }),
    z.strictObject({ kind: z.literal('ber-tlv') }),
    z.strictObject({
      kind: z.literal('tlv'),
      tag: z.strictObject({ encoding: prefixEncoding, size: z.number().int().min(1).max(6) }),
      length: prefix,
      lengthFirst: z.literal(true).optional(),
      leading: field.optional(),
      fields: z.record(z.string(), field).optional(),
    }),
  ])
  .transform((value) => compact(value) as Inside)

const encodings: z.ZodType<Encodings, unknown> = z
  .strictObject({
    mti: dataEncoding,
    bitmap: bitmap.transform(compact),
    length: prefixEncoding,
    digits: dataEncoding,
    track: dataEncoding,
    text: dataEncoding,
    bytes: dataEncoding,
    oddFixed: odd.default({ align: 'right', fill: '0' }),
    oddVariable: odd.default({ align: 'left', fill: '0' }),
  })
  .transform((value) => value as Encodings)

const envelope: z.ZodType<Envelope, unknown> = z
  .strictObject({
    tpdu: hex.optional(),
    header: hex.optional(),
    swapTpdu: z.boolean().optional(),
    trailer: hex.optional(),
  })
  .transform((value) => compact(value) as Envelope)

const messageValue: z.ZodType<MessageValue, unknown> = z.lazy(() =>
  z.union([z.string(), z.record(z.string(), messageValue)]),
)
const message: z.ZodType<MessageDefinition, unknown> = z
  .strictObject({
    about: z.string().optional(),
    mti: z.string().regex(/^\d{4}$/, 'expected four digits in quotes, such as "0200"'),
    fields: z.record(z.string(), messageValue),
  })
  .transform((value) => compact(value) as MessageDefinition)

const texts = z.record(z.string(), z.string())
const matched = z.record(z.string(), z.union([z.string(), z.array(z.string())]))
const codes = z.strictObject({
  approved: z.string(),
  formatError: z.string(),
  notSupported: z.string(),
  macError: z.string(),
  duplicate: z.string(),
  originalNotFound: z.string(),
  issuerDown: z.string(),
  malfunction: z.string(),
})

/** What is declared of DialectRules; the rest keeps its default. `echoed` is for every answer. */
export const dialectRulesSchema = z
  .strictObject({
    matchBy: z.array(fieldNumber),
    mustEqual: z.array(z.strictObject({ field: fieldNumber, whenApproved: z.boolean().optional() }).transform(compact)),
    responseCode: fieldNumber,
    approved: z.array(z.string()),
    retry: z.array(z.string()),
    codes: codes.partial().transform(compact),
    meanings: texts,
    echoed: z.array(fieldNumber),
    answers: z.array(
      z
        .strictObject({ request: matched, echoed: z.array(fieldNumber), set: texts, setWhenApproved: texts.optional() })
        .transform(compact),
    ),
    signOn: z.string(),
    echo: z.string(),
    reversal: z.enum(['0400', '0420']),
    currency: z.string().regex(/^\d{3}$/, 'expected an ISO 4217 number in quotes, such as "156"'),
  })
  .partial()
  .transform(compact)

export type DeclaredRules = z.output<typeof dialectRulesSchema>

const shared = {
  name: z.string().optional(),
  about: z.string().optional(),
  framing: z.string().optional(),
  envelope: envelope.optional(),
  dialectRules: dialectRulesSchema.optional(),
  messages: z.record(z.string(), message).optional(),
}

/** A dialect in full. */
export const dialectFileSchema = z.strictObject({ ...shared, encodings, fields: z.record(z.string(), field) })

/** What a spec file beside this one cannot say. */
export const besideFileSchema = z.strictObject({ spec: z.string().min(1), ...shared })
