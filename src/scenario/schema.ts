// The scenario file: every key, its meaning and its default. The folders own the schemas of their sections; this joins them.

import { z } from 'zod'
import { type AcquirerOptions, acquirerSchema } from '../acquirer/options.js'
import { duration } from '../base/unit-schemas.js'
import { isTimeZone } from '../base/zone.js'
import type { Dialect } from '../codec/dialect.js'
import { builtInDialects } from '../codec/dialects/index.js'
import {
  dialectRulesSchema,
  messageDefinitionSchema,
  scenarioLayersSchema,
} from '../codec/importers/isochron/dialect-schema.js'
import { faultsSchema, profilesSchema } from '../faults/options.js'
import { framings } from '../framing/framings.js'
import { loadSchema } from '../load/options.js'
import { thresholdRuleSchema } from '../measure/threshold-rule.js'
import { terminalsSchema } from '../terminal/options/options.js'
import { defaultDialect } from './default-dialect.js'
import { alsoHelpsSchema, remediesSchema } from './remedies-schema.js'
import { tlsSchema } from './tls-schema.js'

/** The default of `start`: a working day's morning, the same for everyone. */
const usualStart = '2026-01-05T09:00:00+08:00'

const instant = z.iso
  .datetime({ offset: true, error: `expected a date and time with its offset such as ${usualStart}` })
  .transform((text) => Date.parse(text))

const timelySchema = z.strictObject({
  response: duration('3s').prefault('3s').describe('a response time above this is not timely'),
  funds: duration('15s').optional().describe('money on the account of the merchant later than this is not timely'),
})

/** Each is a thread with a memory of its own. */
const mostAcquirers = 8

const acquirersSchema = z
  .record(z.string().regex(/^[\w-]{1,50}$/, 'expected a name of letters, digits, - and _'), acquirerSchema)
  .refine((all) => Object.keys(all).length > 0, 'expected one acquirer at least, by its name')
  .refine((all) => Object.keys(all).length <= mostAcquirers, `expected at most ${mostAcquirers} acquirers`)
  .meta({ minProperties: 1, maxProperties: mostAcquirers })

/** A built-in dialect, or a file by its look. */
export const dialectNamePattern = `^(?:${builtInDialects.map(({ name }) => name).join('|')})$|[/\\\\]|\\.(?:ya?ml|json|xml|py|[cm]?js)$`

const dialectName = z.string().min(1).meta({ pattern: dialectNamePattern })

export const scenarioSchema = z.strictObject({
  name: z.string().min(1).max(200).describe('name of the scenario, as reports show it'),
  about: z.string().optional().describe('purpose of the scenario, in a sentence'),
  dialect: z
    .union([dialectName, scenarioLayersSchema])
    .default(defaultDialect)
    .describe(
      'dialect of both roles: a name that `isochron dialects` lists, a file (jPOS, moov, ours) beside this one, or either with what differs: { base: NAME, envelope: … }',
    ),
  dialectRules: dialectRulesSchema
    .optional()
    .describe(
      'rules that a spec file cannot express: matchBy, approved, retry, echoed, echo, signOn, reversal, …; laid over the dialect',
    ),
  framing: z
    .string()
    .min(1)
    .meta({ enum: framings.map(({ name }) => name) })
    .optional()
    .describe('how messages are told apart; left out: as the dialect says'),
  codec: z
    .enum(['isochron', 'iso_8583'])
    .default('isochron')
    .describe('who packs and unpacks: our compiler, or the npm library iso_8583 (its own dialect only)'),
  keys: z
    .string()
    .min(1)
    .optional()
    .describe('key file, beside this file; `none`: without MACs and PINs; left out: ISOCHRON_KEY_*, or the test keys'),
  tls: tlsSchema.optional().describe('TLS to the host; the embedded acquirer shows the same certificate'),
  seed: z
    .int()
    .min(0)
    .optional()
    .describe('equal seeds give equal arrivals, cards and amounts; left out: a new one, which the result names'),
  start: instant.prefault(usualStart).describe('when a run in virtual time begins'),
  timeZone: z
    .string()
    .refine(isTimeZone, 'expected the name of a time zone such as Europe/Berlin')
    .default('Asia/Shanghai')
    .describe('zone of local times (DE12, DE13): a name such as Europe/Berlin'),
  terminals: terminalsSchema.prefault({}).describe('who pays, over which connections, and how long they wait'),
  messages: z
    .record(z.string().min(1), messageDefinitionSchema)
    .default({})
    .describe('own messages by name; `mix` may name them'),
  acquirer: acquirerSchema.optional().describe('the embedded acquirer: how fast it works and what it says'),
  acquirers: acquirersSchema
    .optional()
    .describe(
      'several by name, each in its own thread; terminals use them in this order; `acquirer` is what all have in common',
    ),
  ledgers: z
    .enum(['shared', 'separate'])
    .default('shared')
    .describe('ledgers of `acquirers`: one for all, or one for each, which is a defect that the books find'),
  faults: faultsSchema.prefault([]).describe('faults, in list order: which one, where, when and how often'),
  profiles: profilesSchema.default({}).describe('own kinds of network, which `terminals.network` may name'),
  load: loadSchema.describe('phases, one after another'),
  warmup: duration('5s').prefault('0s').describe('excluded from every figure, from the start of the load'),
  drain: duration('5s')
    .optional()
    .describe(
      'how long to wait for answers, reversals and funds after the last arrival; left out: the timeout of the terminals, and as long as it takes to send reversals twice',
    ),
  timely: timelySchema.prefault({}).describe('limits within which a transaction is timely'),
  thresholds: z
    .array(thresholdRuleSchema)
    .default([])
    .describe(
      'conditions such as "responseTime.p99 < 800ms"; one that is not met makes the exit code 3. { threshold: …, abortOnFail: true } ends the run as soon as it is missed',
    ),
  remedies: remediesSchema
    .default({})
    .describe('remedies by name: `run --with NAME` runs with one, `--with all` tries them all'),
  alsoHelps: alsoHelpsSchema.default({}),
})

/** A scenario's file: durations in ms, rates per second, defaults filled in. */
export type ScenarioFile = z.output<typeof scenarioSchema>

/** A scenario as read. */
export type Scenario = Omit<ScenarioFile, 'dialect' | 'dialectRules' | 'acquirer'> & {
  /** The only one, or the first of `acquirers`. */
  readonly acquirer: AcquirerOptions
  /** With the scenario's own rules and messages laid over it. */
  readonly dialect: Dialect
  /** The timeout of the terminals where the file says nothing: by then every transaction has an outcome. */
  readonly drain: number
  /** Milliseconds beyond `drain` for what is owed then: reversals. 0 where the file says how long to drain. */
  readonly drainOwed: number
}
