// The `terminals:` section of a scenario: who pays, over which connections, and how long they wait.

import { z } from 'zod'
import { duration, money, percent } from '../../base/unit-schemas.js'
import { dataChecks } from '../../codec/checks/data-checks.js'
import { cardsSchema } from './card-options.js'
import { failoverSchema, routesSchema } from './failover-options.js'
import { liesSchema } from './lies-options.js'
import { mistakeKinds } from './mistakes.js'
import { modelsSchema } from './models.js'

const address = z.string().regex(/^(\[[0-9a-fA-F:]+\]|[^:\s]*):\d{1,5}$/, 'expected HOST:PORT such as 127.0.0.1:8583')

/** Hosts of one group: far more than anybody runs. */
const mostTargets = 8

const targets = z
  .union([address.transform((one) => [one]), z.array(address).min(1).max(mostTargets)], {
    error: (issue) => (typeof issue.input === 'string' ? 'expected HOST:PORT such as 127.0.0.1:8583' : undefined),
  })
  .superRefine((list, context) => {
    for (const [index, target] of list.entries()) {
      if (list.indexOf(target) === index) continue
      context.addIssue({ code: 'custom', path: [index], message: `${target} stands in the list before` })
    }
  })

export const terminalsSchema = z.strictObject({
  count: z.int().min(1).max(1_000_000).default(1).describe('how many terminals'),
  idPattern: z.string().default('{n:8}').describe('terminal ids: {n:8} is the number in 8 digits'),
  merchants: z
    .union([z.int().min(1).max(100_000), z.array(z.string().min(1).max(15)).min(1).max(100_000)])
    .default(1)
    .describe('how many merchants, or their ids (DE42); terminals are dealt to them in turn'),
  target: targets
    .optional()
    .describe(
      'a host, or several in the order of failover; left out: the embedded acquirer, or `acquirers` in their order',
    ),
  connections: z
    .union([
      z.enum(['perTerminal', 'perTransaction']),
      z.strictObject({
        shared: z.int().min(1).max(10_000),
        inFlight: z.int().min(1).max(65_536).default(1024).describe('requests without an answer on one connection'),
      }),
    ])
    .default('perTerminal')
    .describe('one per terminal, one per transaction, or shared ones'),
  network: z
    .string()
    .min(1)
    .optional()
    .describe('kind of the line to the host: gprs, 3g, 4g, wifi, satellite, … or a name in `profiles`'),
  routes: routesSchema
    .optional()
    .describe('several lines to each host, of which one is used at a time: `failover` says which'),
  failover: failoverSchema.prefault({}).describe('when to speak to another host, or over another route'),
  oneAtATime: z.boolean().default(true).describe('an arrival takes an idle terminal or waits for one'),
  timeout: duration('30s').default(30_000).describe('how long a terminal waits for an answer'),
  connectTimeout: duration('10s').default(10_000).describe('how long it waits for a connection'),
  reconnect: z
    .strictObject({
      from: duration('200ms').default(200),
      to: duration('10s').default(10_000),
      jitter: z.boolean().default(true),
    })
    .prefault({})
    .describe('pause before connecting anew: doubles from `from` to `to`, a random share of it with jitter'),
  dialAnew: z
    .boolean()
    .default(true)
    .describe(
      'true: a terminal dials anew after a request without an answer when nothing else has come on that connection since, as real terminals do; its reversal goes over the new connection; false: only after `failover.afterTimeouts` such requests',
    ),
  reversal: z
    .union([
      z.literal(false),
      z.strictObject({
        retries: z.int().min(0).max(1000).default(3),
        interval: duration('5s').default(5000),
        giveUp: z.boolean().default(false),
      }),
    ])
    .prefault({})
    .describe(
      'a transaction in doubt is reversed: the reversal is repeated up to `retries` times, every `interval`, then before the next transaction, on reconnect and at the end; giveUp: it is dropped instead; false: nothing is reversed',
    ),
  settle: z
    .boolean()
    .default(false)
    .describe('reconcile each terminal with the host at the end (0500), and upload its batch where totals differ'),
  signOff: z
    .boolean()
    .default(false)
    .describe('sign off at the end, after the settlement, where the dialect has a message `signOff`'),
  startUp: z.int().min(1).max(10_000).default(50).describe('connects and sign-ons under way at the same time'),
  signOn: z.boolean().default(true).describe('sign on before the first transaction, where the dialect has a sign-on'),
  mix: z.record(z.string(), z.number().positive()).default({ sale: 1 }).describe('kinds of transaction by weight'),
  amounts: z
    .union([
      money(),
      z.strictObject({ from: money('1.00 CNY'), to: money('500.00 CNY') }),
      z.strictObject({ p50: money('35.00 CNY'), p99: money('900.00 CNY') }),
    ])
    .optional()
    .describe('one amount, evenly between two, or log-normal by median and 99th percentile'),
  models: modelsSchema
    .optional()
    .describe(
      'device models by name: their share of the terminals, and the time that they work on a card before they send',
    ),
  cards: cardsSchema.optional(),
  dataErrors: z
    .strictObject({
      share: percent('5%').default(0.05).describe('share of the transactions in which a clerk enters an amount'),
      kinds: z
        .array(z.enum(mistakeKinds))
        .min(1)
        .default([...mistakeKinds])
        .describe('kinds of mistakes: an entry is left out, wrongly written, or at odds with the rest'),
      think: duration('8s').default(8000).describe('time from the refusal to the next try'),
      retries: z.int().min(0).max(100).default(1).describe('further tries; in the last of them all is right'),
    })
    .optional()
    .describe("clerk's errors in entering data; a further try belongs to the same transaction, and so does its time"),
  checks: z
    .array(z.enum(dataChecks))
    .min(1)
    .optional()
    .describe('checks of the terminal before it sends; the clerk corrects what they find without asking the host'),
  checkTime: duration('300ms')
    .default(300)
    .describe('time to correct an entry that the terminal or the answer has named as wrong'),
  wrongSetup: z
    .strictObject({
      share: percent('20%').default(0.2).describe('share of the terminals; at least one terminal'),
      key: z.literal('wrong').optional().describe('another MAC key than the host'),
      timeout: duration('500ms').optional().describe('another answer timer than `timeout`'),
      framing: z.string().min(1).optional().describe('messages are told apart in another way'),
      dialect: z.string().min(1).optional().describe('messages are written in another built-in dialect'),
      id: z
        .string()
        .min(1)
        .optional()
        .describe('other terminal ids than the host knows: {n:8} is the number in 8 digits'),
    })
    .refine(({ share: _share, ...wrong }) => Object.values(wrong).some((value) => value !== undefined), {
      error: 'name one thing that is wrong: key, timeout, framing, dialect or id',
    })
    .meta({ anyOf: ['key', 'timeout', 'framing', 'dialect', 'id'].map((key) => ({ required: [key] })) })
    .optional()
    .describe('so many terminals are set up wrongly'),
  lies: liesSchema
    .optional()
    .describe('two terminals more, which ask for money that is not theirs: the result says what the host gave them'),
  echoProbe: z
    .strictObject({
      every: duration('5s'),
      connections: z.int().min(1).max(10_000).default(10),
      connect: z
        .boolean()
        .default(true)
        .describe('with each echo a new connection is opened and closed, to see what connecting alone takes'),
    })
    .optional()
    .describe('echo messages beside the load, on at most so many connections; counted apart'),
})

export type TerminalOptions = z.output<typeof terminalsSchema>
