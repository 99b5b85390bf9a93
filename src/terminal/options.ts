// The `terminals:` section of a scenario: who pays, over which connections, and how long they wait.

import { z } from 'zod'
import { duration, money } from '../base/units.js'

const address = z.string().regex(/^(\[[0-9a-fA-F:]+\]|[^:\s]*):\d{1,5}$/, 'expected HOST:PORT such as 127.0.0.1:8583')

export const terminalsSchema = z.strictObject({
  count: z.int().min(1).max(1_000_000).default(1).describe('how many terminals'),
  idPattern: z.string().default('{n:8}').describe('terminal ids: {n:8} is the number in 8 digits'),
  merchants: z
    .union([z.int().min(1).max(100_000), z.array(z.string().min(1).max(15)).min(1).max(100_000)])
    .default(1)
    .describe('how many merchants, or their ids (DE42); terminals are dealt to them in turn'),
  target: z.array(address).min(1).max(1).optional().describe('left out: the embedded acquirer'),
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
    .describe('what the line to the host is like: gprs, 3g, 4g, wifi, satellite, … or a name in `profiles`'),
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
      'what is in doubt is undone: again up to `retries` times every `interval`, then before the next transaction, on reconnect and at the end; giveUp: dropped instead; false: nothing is reversed',
    ),
  settle: z
    .boolean()
    .default(false)
    .describe('reconcile each terminal with the host at the end (0500), and upload its batch where totals differ'),
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
  cards: z
    .string()
    .optional()
    .describe('CSV file with columns pan, expiry and optionally track2 and sequence; test cards otherwise'),
  echoProbe: z
    .strictObject({ every: duration('5s'), connections: z.int().min(1).max(10_000).default(10) })
    .optional()
    .describe('echo messages beside the load, on at most so many connections; counted apart'),
})

export type TerminalOptions = z.output<typeof terminalsSchema>
