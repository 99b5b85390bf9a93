// The `lies:` key of `terminals:`: terminals that ask for money that is not theirs, to see whether the host says no.

import { z } from 'zod'
import { duration } from '../../base/unit-schemas.js'

/**
 * `overRefund`: refunds that together exceed the sale. `refundAfterVoid`, `voidAfterRefund`, `voidTwice`: money is given back
 * twice. `repeatAfterReversal`: a sale that was reversed is sent again. `foreignOriginal`, `foreignReversal`: another
 * terminal's sale is voided or reversed. `overCapture`: more is captured than was set aside.
 * `falseTotals`: a settlement tells of more than there was.
 */
export const lieKinds = [
  'overRefund',
  'refundAfterVoid',
  'voidAfterRefund',
  'voidTwice',
  'repeatAfterReversal',
  'foreignOriginal',
  'foreignReversal',
  'overCapture',
  'falseTotals',
] as const
export type LieKind = (typeof lieKinds)[number]

export const liesSchema = z.strictObject({
  every: duration('1s')
    .refine((ms) => ms >= 10, 'expected 10ms at least')
    .prefault('1s')
    .describe('a lie is told so often while the load lasts, one at a time'),
  kinds: z
    .array(z.enum(lieKinds))
    .min(1)
    .default([...lieKinds])
    .describe('which; a dialect without the messages for one leaves it out'),
})
