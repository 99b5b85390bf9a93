// The shape of `dialectRules.ledger` in our dialect files: how the books of a host read requests.

import { z } from 'zod'
import type { LedgerRules } from '../../dialect.js'
import { compact } from '../compact.js'
import { fieldPartSchema, matched, partShape } from './field-part-schema.js'

const effects = [
  ...(['charge', 'capture', 'refund', 'void', 'hold', 'release', 'reverse'] as const),
  ...(['inquire', 'openBatch', 'settle', 'upload'] as const),
] as const

const totals = [
  ...(['debitCount', 'debitAmount', 'creditCount', 'creditAmount'] as const),
  ...(['debitReversalCount', 'debitReversalAmount', 'creditReversalCount', 'creditReversalAmount'] as const),
  ...(['net', 'verdict', 'none'] as const),
] as const

const posting = z
  .strictObject({
    request: matched,
    effect: z.enum(effects),
    kind: z.string().min(1),
    original: z
      .strictObject({
        batch: z.array(fieldPartSchema).optional(),
        stan: fieldPartSchema.optional(),
        reference: fieldPartSchema.optional(),
      })
      .transform(compact)
      .optional(),
  })
  .transform(compact)

const place = z.int().min(0)
const digits = z.int().min(0).max(32)
const span = z.strictObject({ from: place, to: place })

const upload = z.strictObject({
  records: z
    .strictObject({ ...partShape, countDigits: digits, recordDigits: z.int().min(1), stan: span, amount: span })
    .transform(compact),
  end: z.strictObject({ ...partShape, values: z.array(z.string()).min(1) }).transform(compact),
})

export const ledgerSchema: z.ZodType<LedgerRules, unknown> = z
  .strictObject({
    postings: z.array(posting),
    codes: z
      .strictObject({ notInForce: z.string(), amount: z.string(), outOfBalance: z.string().optional() })
      .transform(compact),
    ownReference: z.boolean(),
    mostCaptured: z.int().min(0).max(10_000),
    replacement: fieldPartSchema.optional(),
    totals: z.strictObject({
      over: z.enum(['batch', 'sinceLast']),
      parts: z.array(z.strictObject({ ...partShape, total: z.enum(totals), digits }).transform(compact)),
      verdicts: z.strictObject({ balanced: z.string(), outOfBalance: z.string() }),
      closes: z.enum(['always', 'whenBalanced']),
      sentAs: z
        .array(z.string().regex(/^\d{4}$/))
        .min(1)
        .max(9)
        .optional(),
    }),
    upload: upload.optional(),
  })
  .transform((value) => compact(value) as LedgerRules)
