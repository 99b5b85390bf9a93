// The `remedies:` section of a scenario: overlays by name. What an overlay says is checked where it is laid over the scenario.

import { z } from 'zod'

/** A remedy is never called so: `--with all` runs every one of them, and `baseline` is the scenario without any. */
export const reservedNames = ['all', 'baseline'] as const

/** The sections that a remedy must leave alone, and why: it changes how things are, never what is asked of them. */
const untouchable: Readonly<Record<string, string>> = {
  name: 'a scenario keeps its name',
  seed: 'before and after must meet the same cards and amounts',
  timely: 'the limit of timely is the goal, not a remedy',
  thresholds: 'thresholds are the goal, not a remedy',
  remedies: 'a remedy has no remedies',
  alsoHelps: 'a remedy has no remedies',
}

const remedyName = z
  .string()
  .max(60)
  .regex(/^[A-Za-z0-9][A-Za-z0-9-]*$/, 'expected a name of letters, digits and dashes such as more-workers')
  .refine((name) => !(reservedNames as readonly string[]).includes(name), {
    error: `expected a name other than ${reservedNames.join(' and ')}, which mean something to --with`,
  })

const overlay = z
  .looseObject({ about: z.string().optional().describe('action of the remedy, in a sentence') })
  .superRefine((keys, context) => {
    for (const key of Object.keys(keys)) {
      const why = Object.hasOwn(untouchable, key) ? untouchable[key] : undefined
      if (why !== undefined) context.addIssue({ code: 'custom', path: [key], message: `not in a remedy: ${why}` })
    }
  })
  .describe('keys of the scenario with new values: maps are merged, lists replaced whole, null takes a key away')

export const remediesSchema = z.record(remedyName, overlay)

export const alsoHelpsSchema = z
  .record(z.string().min(1), z.string().min(1))
  .describe('remedies of other causes that help here too, by name, and why; `--with all` says so below its table')
