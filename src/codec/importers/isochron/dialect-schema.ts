// The shape of our own dialect files, strict: an unknown key is an error, a missing one takes its default.

import { z } from 'zod'
import { type CardOutcome, cardOutcomeNames } from '../../../base/cards/outcomes.js'
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
const odd = z.strictObject({
  align: z.enum(['left', 'right']).describe('left: the spare half byte stands at the end; right: in front'),
  fill: z.enum(['0', 'F']).describe('content of the spare half byte'),
})
const prefix = z.strictObject({
  encoding: prefixEncoding.describe('how the number is written'),
  size: z.number().int().min(1).max(6).describe('digits of the number; for binary, bytes'),
  counts: z
    .enum(['units', 'bytes', 'nibbles'])
    .describe('unit of the number: units of the value, bytes on the wire, or twice those'),
  inclusive: z.boolean().describe("the number includes the prefix's own bytes"),
})
const bitmap = z.strictObject({
  encoding: z.enum(['binary', 'hex', 'ebcdic-hex']).describe('raw bytes, or two digits for each'),
  bytes: z.number().int().min(1).max(24).describe('bytes of one part'),
  extends: z
    .enum(['byNeed', 'always', 'fixed'])
    .describe('byNeed: a set first bit says that another part follows; always: every part; fixed: one part'),
  parts: z
    .union([z.literal(1), z.literal(2), z.literal(3)])
    .optional()
    .describe('most parts, 2 when left out'),
  thirdIn: z
    .number()
    .int()
    .min(2)
    .max(128)
    .optional()
    .describe('the field that holds a third bitmap, for fields from 129 on: 65 in jPOS'),
})

const layoutPart = z
  .string()
  .regex(/^(?:mti|MMDD|MMDDhhmmss|YYMMDDhhmmss|sign|amount|batch|a?n [1-9]\d{0,2})$/, {
    error: "expected mti, MMDD, MMDDhhmmss, YYMMDDhhmmss, sign, amount, batch, 'n 6' or 'an 6'",
  })
  .transform((part) => part as LayoutPart)

const fieldObject = z.strictObject({
  name: z.string().describe('name of the field, as tables show it'),
  format: format.describe("kind and length in the standard's notation, such as n 6, n..19 or ans...999"),
  data: dataEncoding.optional().describe("how the value is written, where not as the dialect's encodings say"),
  prefix: prefix.partial().transform(compact).optional().describe('the length in front of the value'),
  odd: odd.optional().describe('the spare half byte of an odd number of packed digits'),
  pad: z
    .strictObject({ side: z.enum(['left', 'right', 'none']), with: z.string(), cut: z.literal(true).optional() })
    .transform(compact)
    .optional()
    .describe('filler of a value of fixed width, and its side'),
  mask: z.enum(['none', 'pan', 'all', 'tlv']).optional().describe('the part of the value that may be shown'),
  layout: z.array(layoutPart).min(1).optional().describe('the parts that the value is made of, for masks'),
  filled: z
    .boolean()
    .optional()
    .describe('always as wide as the format says; the length in front says how much of it counts'),
  terminator: hex.optional().describe('hex of the bytes that end the value'),
  rest: z.literal(true).optional().describe('takes every byte that is left'),
  sign: z.literal('zone').optional().describe('the sign is the zone half of the last digit'),
  get inside() {
    return inside.optional()
  },
})
const field: z.ZodType<FieldDefinition, unknown> = fieldObject.transform((value) => compact(value) as FieldDefinition)

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
    z.strictObject({ kind: z.literal('datasets'), fields: z.record(z.string(), field).optional() }),
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

const encodingsShape = {
  mti: dataEncoding.describe('how the message type is written'),
  bitmap: bitmap.transform(compact).describe('how the bitmap is written, and when it grows'),
  length: prefixEncoding.describe('how lengths are written'),
  digits: dataEncoding.describe('how values of kind n are written'),
  track: dataEncoding.describe('how values of kind z are written'),
  text: dataEncoding.describe('how values of characters are written'),
  bytes: dataEncoding.describe('how values of kind b are written'),
}
const encodings: z.ZodType<Encodings, unknown> = z
  .strictObject({
    ...encodingsShape,
    oddFixed: odd.default({ align: 'right', fill: '0' }),
    oddVariable: odd.default({ align: 'left', fill: '0' }),
  })
  .transform((value) => value as Encodings)

/** YAML reads ten digits without quotes as a number; one that lost zeros in front, or has letters, is refused. */
const tpdu = z.preprocess(
  (value) => (Number.isInteger(value) && String(value).length === 10 ? String(value) : value),
  hex.refine((text) => text === '' || text.length === 10, 'expected 10 hex digits in quotes such as "6000000000"'),
)
const envelope: z.ZodType<MessageEnvelope, unknown> = z
  .strictObject({
    tpdu: tpdu.optional().describe('10 hex digits in front of every message'),
    header: hex.optional().describe('hex of the header between TPDU and message'),
    headerForm: z
      .enum(['base1', 'cups'])
      .optional()
      .describe('base1 (22 bytes), cups (46): length and addresses are made for each message'),
    swapTpdu: z.boolean().optional().describe('an answer carries the TPDU with its addresses changed over'),
    trailer: hex.optional().describe('hex of the bytes behind the last field'),
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
    about: z.string().optional().describe('purpose of the message'),
    mti: z
      .string()
      .regex(/^\d{4}$/, 'expected four digits in quotes such as "0200"')
      .describe('message type indicator, four digits in quotes'),
    fields: z
      .record(z.string().meta({ pattern: '^\\d{1,3}$' }), messageValue)
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
        format: z.enum(['iso-0', 'iso-3', 'iso-4', 'cup-no-pan']),
        panFrom: z.array(fieldNumber),
        together: z.array(fieldNumber),
        formatError: z.string(),
      })
      .optional(),
    dukpt: z.strictObject({ field: fieldNumber }).optional(),
    cardCheck: z
      .strictObject({
        track: z.strictObject({ field: fieldNumber, from: z.int().min(0).max(16) }),
        chip: z.strictObject({ ...partShape, values: z.array(z.string()) }).transform(compact),
        panel: fieldPartSchema.optional(),
        expiry: fieldNumber,
        wrong: z.string(),
      })
      .transform(compact)
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

/** The DialectRules that a file declares; the rest keep their defaults. `echoed` is for every answer. */
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
        currency: fieldPartSchema.optional(),
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
    cardOutcomes: z
      .partialRecord(z.enum(cardOutcomeNames as [CardOutcome, ...CardOutcome[]]), z.string())
      .describe('response codes of an issuer that refuses a card, by outcome'),
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
  name: z.string().optional().describe('name of the dialect; left out: that of its file or of its base'),
  about: z.string().optional().describe('the dialect in a sentence'),
  framing: z.string().optional().describe('how messages are told apart'),
  envelope: envelope.optional().describe('bytes in front of messages and behind them'),
  form: z.literal('xml').optional().describe('xml: messages are text of the jPOS XMLPackager, with framing xml'),
  dialectRules: dialectRulesSchema.optional().describe('how messages belong together, and what codes mean'),
  messages: z.record(z.string(), messageDefinitionSchema).optional().describe('messages by name'),
}

/** A dialect in full. */
export const dialectFileSchema = z.strictObject({ ...shared, encodings, fields: z.record(z.string(), field) })

/** The shape that a merge of layers must have in the end. */
export const tableSchema = z.object({ encodings, fields: z.record(z.string(), field) })

const anyMap = z.record(z.string(), z.unknown())
/** Any key of it may be left out; `inside` is merged key by key, and checked when it is. */
const layers = {
  ...shared,
  encodings: z
    .strictObject({
      ...encodingsShape,
      bitmap: bitmap.partial().transform(compact).describe('how the bitmap is written, and when it grows'),
      oddFixed: odd.describe('the spare half byte of fields of fixed width'),
      oddVariable: odd.describe('the spare half byte of fields with a length'),
    })
    .partial()
    .optional()
    .describe('encodings that differ from those of the base'),
  fields: z
    .record(
      z.string().regex(/^[1-9]\d{0,2}$/, 'expected a field number from 1 to 192'),
      fieldObject
        .extend({
          inside: anyMap.describe('content inside the field'),
          odd: odd.partial().describe('the spare half byte of an odd number of packed digits'),
          pad: anyMap.describe('filler of a value of fixed width, and its side'),
          prefix: prefix.partial(),
        })
        .partial()
        .nullable(),
    )
    .optional()
    .describe('fields that differ: null takes one away; one that the base has not needs name and format'),
}

/**
 * The layers over a built-in dialect, or over a spec file beside this one: `base`, or `spec` as an older word for it.
 */
export const layersFileSchema = z
  .strictObject({ base: z.string().min(1).optional(), spec: z.string().min(1).optional(), ...layers })
  .refine(({ base, spec }) => (base === undefined) !== (spec === undefined), {
    error: 'expected one of base: and spec:, which mean the same',
    path: ['base'],
  })

/** The same in a scenario. */
export const scenarioLayersSchema = z.strictObject({
  base: z
    .string({ error: 'expected the name of a dialect, or of a spec file' })
    .min(1)
    .describe('the dialect that this is laid over: a built-in one, or a spec file beside this one'),
  ...layers,
})
