// The `acquirer:` section of a scenario: how fast the host works and what it says.

import { z } from 'zod'
import { duration, rate } from '../base/unit-schemas.js'
import { type Money, parseMoney, parsePercent } from '../base/units.js'
import { cardOrCards } from '../codec/checks/card-condition.js'
import { compileMatch, matchValuePattern } from '../codec/checks/match.js'
import { peersSchema } from '../transport/server/peer-options.js'
import { contractSchema, merchantsSchema, settlementSchema } from './settlement/options.js'
import { storageSchema } from './storage/options.js'

/** As compileMatch reads them. */
const matchValue = z.string().meta({ pattern: matchValuePattern })
const matchKey = z.string().regex(/^(?:mti|card|[1-9]\d{0,2})$/, 'expected mti, card or a field number from 2 to 192')

export const matchSchema = z
  .record(matchKey, z.union([matchValue, z.array(matchValue).min(1)]))
  .superRefine((match, context) => {
    try {
      compileMatch(match)
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message })
    }
  })
  .meta({ properties: { card: cardOrCards } })
  .describe(
    'mti and field numbers: a value, "prefix*", "from..to", or a list of these; card: a brand or an outcome that `isochron cards` lists',
  )

/** A share of what was asked for, or at most so much of it. */
export type Part = { readonly share: number } | Money

const noPart = (input: unknown) =>
  `expected a share such as 50%, or an amount such as "10.00 CNY", got ${JSON.stringify(input)}`

const part = z
  .string({ error: (issue) => noPart(issue.input) })
  .transform((text, context): Part => {
    const share = parsePercent(text)
    if (share !== undefined && share > 0 && share < 1) return { share }
    const money = parseMoney(text)
    if (money !== undefined && money.minor > 0) return money
    context.addIssue({ code: 'custom', message: noPart(text) })
    return z.NEVER
  })
  .describe(
    'with the code of a partial approval: the amount approved (DE4), a share such as 50% or at most "10.00 CNY"; such a rule is only for requests that take or hold money',
  )

export const ruleSchema = z.strictObject({
  match: matchSchema,
  answer: z.string().min(1).max(4).describe('response code (DE39)'),
  amount: part.optional(),
})

export const acquirerSchema = z.strictObject({
  workers: z
    .int()
    .min(1)
    .max(100_000)
    .default(64)
    .describe('requests worked on at the same time; the rest waits in line'),
  serviceTime: z
    .strictObject({ p50: duration('40ms'), p99: duration('180ms').optional() })
    .refine(({ p50 }) => p50 > 0, {
      path: ['p50'],
      error: 'expected more than 0ms: leave serviceTime out to be served at once',
    })
    .refine(({ p50, p99 }) => p99 === undefined || p99 >= p50, { path: ['p99'], error: 'expected at least p50' })
    .optional()
    .describe('log-normal by its median and 99th percentile; p50 alone: always that long; left out: at once'),
  queueLimit: z
    .int()
    .min(0)
    .default(100_000)
    .describe('requests that may wait in line; one more is answered with the code of a malfunction'),
  limits: z
    .record(
      z.string().min(1).max(15),
      rate('100/s').refine((perSecond) => perSecond > 0, 'expected more than 0/s'),
    )
    .optional()
    .describe(
      'requests a second for each merchant (DE42), "*": each of all others; the rest waits in a line of its own',
    ),
  priority: z
    .array(z.string().min(1).max(15))
    .max(100)
    .default([])
    .describe('merchants (DE42) that are served before all others, the first before the second'),
  rules: z
    .array(ruleSchema)
    .default([])
    .describe('the first match decides the response code, and what is approved in part'),
  cardOutcomes: z
    .boolean()
    .optional()
    .describe(
      'test cards are answered as their numbers say (`isochron cards`), where no rule matches; left out: where terminals.cards has outcomes',
    ),
  thirdPartyCheck: z
    .strictObject({
      url: z
        .url({ protocol: /^http$/, error: 'expected a URL such as http://127.0.0.1:9000/check' })
        .optional()
        .describe('http://HOST:PORT/PATH that is asked; left out, and in virtual time: simulated'),
      timeout: duration('500ms').default(500).describe('how long the host waits for its answer'),
      latency: duration('20ms').default(20).describe('how long the simulated one takes'),
      onTimeout: z
        .enum(['approve', 'decline'])
        .default('approve')
        .describe('when no answer comes in time, the host goes on, or declines with the code of a malfunction'),
    })
    .optional()
    .describe(
      'a third party that checks the data of requests; the clerk is shown what it finds wrong, and corrects it',
    ),
  terminals: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('terminals (DE41) that are registered: a value, "prefix*" or "from..to"; left out: any'),
  storage: storageSchema
    .optional()
    .describe('a ledger that is slow to write, simulated; left out: as fast as the real one'),
  cardKinds: z
    .array(
      z.strictObject({
        kind: z.string().min(1).max(30).describe('a name that settlement.fees uses, such as debit, credit or qr'),
        match: matchSchema,
      }),
    )
    .max(100)
    .default([])
    .describe('kinds of cards that have fees of their own; the first match decides'),
  settlement: settlementSchema.optional(),
  contract: contractSchema.optional(),
  merchants: merchantsSchema.default({}),
  peers: peersSchema.prefault({}).describe('limits for peers: connections, handshakes, deadlines; not in virtual time'),
  durability: z
    .enum(['memory', 'process', 'power'])
    .default('process')
    .describe('durability of a posting before its answer leaves: it survives nothing, kill -9, or loss of power'),
})

export type AcquirerOptions = z.output<typeof acquirerSchema>
