// The scenario file: every key, its meaning and its default. The folders own the schemas of their sections; this joins them.

import { z } from 'zod'
import { acquirerSchema } from '../acquirer/options.js'
import { duration } from '../base/units.js'
import { loadSchema } from '../load/options.js'
import { terminalsSchema } from '../terminal/options.js'

/** A message of the user's own. Flat: a field holds a text, with placeholders such as {stan} {amount} {card.pan}. */
export const messageSchema = z.strictObject({
  about: z.string().optional().describe('what the message is for'),
  mti: z
    .string()
    .regex(/^\d{4}$/, 'expected four digits in quotes such as "0200"')
    .describe('message type indicator, four digits in quotes'),
  fields: z.record(z.string(), z.string()).describe('field number to text; placeholders such as {stan} are filled in'),
})

/** The default of `start`: a working day's morning, the same for everyone. */
const usualStart = '2026-01-05T09:00:00+08:00'

const instant = z.iso
  .datetime({ offset: true, error: `expected a date and time with its offset such as ${usualStart}` })
  .transform((text) => Date.parse(text))

const timelySchema = z.strictObject({
  response: duration('3s').prefault('3s').describe('a response time above this is not timely'),
})

export const scenarioSchema = z.strictObject({
  name: z.string().min(1).max(200).describe('name of the scenario, as reports show it'),
  about: z.string().optional().describe('what it shows, in a sentence'),
  dialect: z
    .string()
    .min(1)
    .default('cup-pos')
    .describe('dialect of both roles: a name that `isochron dialects` lists'),
  framing: z.string().min(1).optional().describe('how messages are told apart; left out: as the dialect says'),
  codec: z
    .enum(['isochron', 'iso_8583'])
    .default('isochron')
    .describe('who packs and unpacks: our compiler, or the npm library iso_8583 (its own dialect only)'),
  seed: z
    .int()
    .min(0)
    .optional()
    .describe('equal seeds give equal arrivals, cards and amounts; left out: a new one, which the result names'),
  start: instant.prefault(usualStart).describe('when a run in virtual time begins'),
  timeZone: z
    .string()
    .default('Asia/Shanghai')
    .describe('zone of local times (DE12, DE13): a name such as Europe/Berlin'),
  terminals: terminalsSchema.prefault({}).describe('who pays, over which connections, and how long they wait'),
  messages: z
    .record(z.string().min(1), messageSchema)
    .default({})
    .describe('own messages by name; `mix` may name them'),
  acquirer: acquirerSchema.prefault({}).describe('the embedded acquirer: how fast it works and what it says'),
  load: loadSchema.describe('phases, one after another'),
  warmup: duration('5s').prefault('0s').describe('excluded from every figure, from the start of the load'),
  drain: duration('5s')
    .optional()
    .describe('how long to wait for answers after the last arrival; left out: the timeout of the terminals'),
  timely: timelySchema.prefault({}).describe('what counts as timely'),
  thresholds: z
    .array(z.string().min(1))
    .default([])
    .describe('conditions such as "responseTime.p99 < 800ms"; one that is not met makes the exit code 3'),
})

/** A scenario as read: durations in ms, rates per second, defaults filled in. */
export type Scenario = z.output<typeof scenarioSchema> & {
  /** The timeout of the terminals where the file says nothing: by then every transaction has an outcome. */
  readonly drain: number
}
