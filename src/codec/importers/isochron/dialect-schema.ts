// The shape of our own dialect files, strict: an unknown key is an error, a missing one takes its default.

import { z } from 'zod'
import { writtenOrderOf } from '../../../base/written-order.js'
import type {
  Encodings,
  FieldDefinition,
  Format,
  Inside,
  LayoutPart,
  MessageDefinition,
  MessageEnvelope,
  MessageValue,
} from '../../dialect.js'
import type { DataCheckRules } from '../../rules/data-check-rules.js'
import type { SecurityRules } from '../../rules/security-rules.js'
import { compact } from '../compact.js'
import { fieldNumber, fieldPartSchema, matched, partShape } from './field-part-schema.js'
import { ledgerSchema } from './ledger-schema.js'

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

const layoutPart = z
  .string()
  .regex(/^(?:mti|MMDD|MMDDhhmmss|YYMMDDhhmmss|sign|amount|batch|a?n [1-9]\d{0,2})$/, {
    error: "expected mti, MMDD, MMDDhhmmss, YYMMDDhhmmss, sign, amount, batch, 'n 6' or 'an 6'",
  })
  .transform((part) => part as LayoutPart)

const field: z.ZodType<FieldDefinition, unknown> = z
  .strictObject({
    name: z.string(),
    format,
    data: dataEncoding.optional(),
    prefix: prefix.partial().transform(compact).optional(),
    odd: odd.optional(),
    pad: z
      .strictObject({ side: z.enum(['left', 'right', 'none']), with: z.string(), cut: z.literal(true).optional() })
      .transform(compact)
      .optional(),
    mask: z.enum(['none', 'pan', 'all', 'tlv']).optional(),
    layout: z.array(layoutPart).min(1).optional(),
    filled: z.boolean().optional(),
    terminator: hex.optional(),
    rest: z.literal(true).optional(),
    sign: z.literal('zone').optional(),
    get inside() {
      return inside.optional()
    },
  })
  .transform((value) => compact(value) as FieldDefinition)

/** As FieldDefinition has it; what nothing is said of is as usual. */
const tagLength = prefix.extend({
  counts: prefix.shape.counts.default('units'),
  inclusive: prefix.shape.inclusive.default(false),
})
const tagSort = z.enum(['number', 'hex']).optional()
const header = z.number().int().min(1).max(255).optional()
const inside: z.ZodType<Inside, unknown> = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('positional'),
      fills: z.literal(true).optional(),
      header,
      fields: z.record(z.string(), field),
    }),
    z.strictObject({
      kind: z.literal('bitmap'),
      header,
      bitmap: bitmap.transform(compact),
      fields: z.record(z.string(), field),
    }),
    z.strictObject({ kind: z.literal('ber-tlv'), sort: tagSort }),
    z.strictObject({
      kind: z.literal('tlv'),
      tag: z.strictObject({ encoding: prefixEncoding, size: z.number().int().min(1).max(6) }),
      length: tagLength,
      sort: tagSort,
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

const envelope: z.ZodType<MessageEnvelope, unknown> = z
  .strictObject({
    tpdu: hex.optional(),
    header: hex.optional(),
    headerForm: z.literal('base1').optional(),
    swapTpdu: z.boolean().optional(),
    trailer: hex.optional(),
  })
  .transform((value) => compact(value) as MessageEnvelope)

/** Subfields leave in the order in which the file has them. */
const inWrittenOrder = (value: unknown): unknown => {
  const order = typeof value === 'object' && value !== null ? writtenOrderOf(value) : undefined
  return order === undefined || order.includes('order') ? value : { ...(value as object), order }
}
const messageValue: z.ZodType<MessageValue, unknown> = z.lazy(() =>
  z.preprocess(inWrittenOrder, z.union([z.string(), z.array(z.string()), z.record(z.string(), messageValue)])),
)
const money = z.strictObject({
  names: z.array(z.string()).optional(),
  inDoubt: z.discriminatedUnion('do', [
    z.strictObject({ do: z.literal('reverse'), reversal: z.string() }),
    z.strictObject({ do: z.literal('repeat'), repeatMti: z.string().optional() }).transform(compact),
    z.strictObject({ do: z.literal('nothing') }),
  ]),
})
/** A message to send: placeholders such as {stan} {amount} {card.pan} are filled in, in subfields too. */
export const messageDefinitionSchema = z
  .strictObject({
    about: z.string().optional().describe('what the message is for'),
    mti: z
      .string()
      .regex(/^\d{4}$/, 'expected four digits in quotes such as "0200"')
      .describe('message type indicator, four digits in quotes'),
    fields: z
      .record(z.string(), messageValue)
      .describe('field number to text, or to its subfields; placeholders such as {stan} are filled in'),
    money: money.transform(compact).optional(),
  })
  .transform((value) => compact(value) as MessageDefinition)

const texts = z.record(z.string(), z.string())
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

const keyBytes = z.int().min(8).max(24)
const security = z
  .strictObject({
    terminalField: fieldNumber,
    mac: z
      .strictObject({
        algorithm: z
          .strictObject({ des: z.string().optional(), aes: z.string().optional(), sm4: z.string().optional() })
          .transform(compact),
        answers: z.enum(['approved', 'all']),
      })
      .optional(),
    pin: z
      .strictObject({
        field: fieldNumber,
        format: z.enum(['iso-0', 'iso-3', 'cup-no-pan']),
        panFrom: z.array(fieldNumber),
        together: z.array(fieldNumber),
        formatError: z.string(),
      })
      .optional(),
    signOnKeys: z
      .strictObject({
        field: fieldNumber,
        scheme: fieldPartSchema,
        schemes: z.record(
          z.string(),
          z.strictObject({ pik: keyBytes, mak: keyBytes, tdk: keyBytes.optional() }).transform(compact),
        ),
      })
      .optional(),
    signOnAgain: z.array(z.string()).optional(),
  })
  .transform((value) => compact(value) as SecurityRules)

/** YAML reads 0400 without quotes as a number. */
const quotedMti = (value: unknown) => (typeof value === 'number' ? String(value).padStart(4, '0') : value)

/** What is declared of DialectRules; the rest keeps its default. `echoed` is for every answer. */
export const dialectRulesSchema = z
  .strictObject({
    matchBy: z.array(fieldNumber),
    mustEqual: z.array(z.strictObject({ field: fieldNumber, whenApproved: z.boolean().optional() }).transform(compact)),
    responseCode: fieldNumber,
    approved: z.array(z.string()),
    partial: z.array(z.string()),
    retry: z.array(z.string()),
    codeClasses: z.strictObject({
      dataError: z.array(z.string()),
      setup: z.array(z.string()),
      down: z.array(z.string()),
    }),
    dataChecks: z
      .strictObject({
        requests: matched,
        required: z.strictObject({ of: matched, fields: z.array(fieldNumber) }),
        hint: z.strictObject({ field: fieldNumber, prefix: z.string().optional() }).transform(compact).optional(),
        codes: z.strictObject({
          format: z.string(),
          card: z.string(),
          amount: z.string(),
          currency: z.string(),
          expired: z.string(),
          terminal: z.string(),
        }),
      })
      .transform((value) => compact(value) as DataCheckRules),
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
    reversal: z.preprocess(quotedMti, z.enum(['0400', '0420'])),
    reversalReasons: z.strictObject({ timeout: z.string(), badMac: z.string(), unusable: z.string() }),
    batchOf: z.array(fieldPartSchema),
    batchFromSignOn: fieldPartSchema,
    payoutAdvice: z.strictObject({
      message: z.string(),
      request: matched,
      transactions: z
        .strictObject({ ...partShape, batchDigits: z.int().min(0), stanDigits: z.int().min(1), most: z.int().min(1) })
        .transform(compact),
      answer: z.strictObject({ echoed: z.array(fieldNumber), set: texts }),
    }),
    ledger: ledgerSchema,
    security,
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
  messages: z.record(z.string(), messageDefinitionSchema).optional(),
}

/** A dialect in full. */
export const dialectFileSchema = z.strictObject({ ...shared, encodings, fields: z.record(z.string(), field) })

/** What a spec file beside this one cannot say. */
export const besideFileSchema = z.strictObject({ spec: z.string().min(1), ...shared })
