// The `faults:`, `profiles:` and `terminals.network:` sections of a scenario.

import { z } from 'zod'
import { suggestion } from '../base/suggest.js'
import { duration, percent } from '../base/unit-schemas.js'
import { bandwidthOf } from './attributes.js'
import { faultCatalogue } from './catalogue.js'
import type { FaultSpec } from './chain.js'
import { type NetworkProfile, networkProfiles } from './profiles.js'
import { compileSelectorMatch, selectorShape } from './selector.js'

const ownKeys = {
  name: z.string().min(1).max(100).optional().describe('as results and events name it; left out: the fault itself'),
  on: z.enum(['terminal', 'network', 'acquirer']).default('network').describe('whose fault it is'),
  target: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe('only this host of several: a name of `acquirers`, or an address of terminals.target; left out: all'),
  route: z.string().min(1).max(50).optional().describe('only this route of terminals.routes; left out: all'),
  remac: z.boolean().optional().describe('a changed message carries a right MAC; left out: where the keys are at hand'),
}

const faultShape = Object.fromEntries(
  faultCatalogue.map(({ type, attributes, about }) => [type, attributes.optional().describe(about)]),
)

/** Selectors of connections and messages; `match` is refused for line faults too. */
const notOfHosts = ['direction', 'share', 'first', 'nth'] as const

const faultSchema = z
  .strictObject({ ...ownKeys, ...selectorShape, ...faultShape })
  .superRefine((entry, context) => {
    // A key that is not known has been told already, and may have been meant for what is missing here.
    if (context.issues.length > 0) return
    for (const { path, message } of misfits(entry)) context.addIssue({ code: 'custom', path, message })
  })
  .meta(misfitsForEditors())
  .transform(toSpec)

export const faultsSchema = z
  .array(faultSchema)
  .max(1000)
  .superRefine((specs, context) => {
    const names = named(specs).map(({ name }) => name)
    for (const [index, name] of names.entries()) {
      if (names.indexOf(name) === index) continue
      context.addIssue({ code: 'custom', path: [index, 'name'], message: `a second fault named '${name}'` })
    }
  })
  .transform(named)

type Entry = Readonly<Record<string, unknown>> & z.output<z.ZodObject<typeof ownKeys & typeof selectorShape>>

/** The problems of an entry whose keys are all right by themselves. */
function misfits(entry: Entry): readonly { path: string[]; message: string }[] {
  const types = faultCatalogue.filter(({ type }) => entry[type] !== undefined)
  const [fault] = types
  if (fault === undefined) return [{ path: [], message: 'expected one fault such as latency: { latency: 250ms }' }]
  const found: { path: string[]; message: string }[] = []
  const problem = (key: string, message: string) => found.push({ path: [key], message })
  for (const second of types.slice(1)) problem(second.type, `a second fault beside ${fault.type}: make it an entry`)
  if (fault.level === 'host' && entry.on !== 'acquirer') problem('on', `${fault.type} is a fault of the acquirer`)
  if (fault.level !== 'message' && entry.match !== undefined)
    problem('match', `${fault.type} is a fault of the line and sees no messages: only message faults can match`)
  for (const key of fault.level === 'host' ? notOfHosts : []) {
    if (entry[key] !== undefined) problem(key, `${fault.type} is the state of the whole host: only times select it`)
  }
  if (entry.route !== undefined && entry.on === 'acquirer')
    problem('route', 'a fault of the acquirer does not know by which route its peers come: say on: network')
  if (entry.from !== undefined && entry.at !== undefined) problem('at', 'stands beside from: give one of them')
  if (entry.first !== undefined && entry.nth !== undefined) problem('nth', 'stands beside first: give one of them')
  return [...found, ...timeMisfits(entry, fault.type), ...matchMisfits(entry)]
}

/** The same for the schema of editors, as far as JSON Schema can say it. */
function misfitsForEditors() {
  const oneOf = (types: readonly { readonly type: string }[]) => ({
    anyOf: types.map(({ type }) => ({ required: [type] })),
  })
  const host = faultCatalogue.filter(({ level }) => level === 'host')
  const notOfMessages = faultCatalogue.filter(({ level }) => level !== 'message')
  const without = (...keys: readonly string[]) => ({ not: { required: keys } })
  const onAcquirer = { required: ['on'], properties: { on: { const: 'acquirer' } } }
  return {
    oneOf: faultCatalogue.map(({ type }) => ({ required: [type] })),
    allOf: [
      { anyOf: [{ not: oneOf(host) }, { allOf: [onAcquirer, ...notOfHosts.map((key) => without(key))] }] },
      { anyOf: [{ not: oneOf(notOfMessages) }, without('match')] },
      { anyOf: [without('every'), { required: ['for'] }, { required: ['at'] }] },
      without('from', 'at'),
      without('first', 'nth'),
    ],
  }
}

/** Line faults that only ever act while a connection is being made: an instant is too short for them. */
const needLength = ['refuse', 'attach']

function timeMisfits({ every, for: length, at }: Entry, type: string): readonly { path: string[]; message: string }[] {
  const isInstant = at !== undefined && length === undefined
  if (every !== undefined && every <= 0) return [{ path: ['every'], message: 'expected more than 0ms' }]
  if (every !== undefined && !isInstant && length === undefined)
    return [{ path: ['every'], message: 'say with `for` how long each time, or with `at` when the first instant is' }]
  if (every !== undefined && length !== undefined && length > every)
    return [{ path: ['for'], message: 'longer than every: it would never pause' }]
  if (isInstant && needLength.includes(type)) return [{ path: ['at'], message: 'say with `for` how long' }]
  return []
}

function matchMisfits({ match }: Entry): readonly { path: string[]; message: string }[] {
  try {
    compileSelectorMatch(match)
    return []
  } catch (error) {
    return [{ path: ['match'], message: error instanceof Error ? error.message : String(error) }]
  }
}

/** A fault's name may still be missing. */
function toSpec({
  name,
  on,
  target,
  route,
  remac,
  ...rest
}: Entry): Omit<FaultSpec, 'name'> & { readonly name: string | undefined } {
  const fault = faultCatalogue.find(({ type }) => rest[type] !== undefined)
  const type = fault?.type ?? ''
  const { direction, share, match, first, nth, from, for: length, at, every } = rest
  return {
    name,
    on,
    type,
    attributes: (rest[type] ?? {}) as FaultSpec['attributes'],
    selector: { direction, share, match, first, nth, from, for: length, at, every },
    ...(target !== undefined && { target }),
    ...(route !== undefined && { route }),
    ...(remac !== undefined && { remac }),
  }
}

/** Faults without a name are called after their type: latency, latency 2 … */
function named(specs: readonly ReturnType<typeof toSpec>[]): FaultSpec[] {
  const taken = new Set(specs.flatMap(({ name }) => name ?? []))
  return specs.map((spec) => {
    let name = spec.name ?? spec.type
    for (let count = 2; spec.name === undefined && taken.has(name); count++) name = `${spec.type} ${count}`
    taken.add(name)
    return { ...spec, name }
  })
}

const profileSchema = z
  .strictObject({
    latency: duration('85ms').describe('one way'),
    jitter: duration('17ms').optional().describe('give or take; left out: 20 % of the latency'),
    down: bandwidthOf('9000kbit/s').optional().describe('towards the terminal; left out: without a limit'),
    up: bandwidthOf('9000kbit/s').optional().describe('from the terminal'),
    loss: percent('1.5%')
      .default(0)
      .describe('share of the segments that are lost: TCP sends them again, so they come late'),
    attach: duration('2s').default(0).describe('before a connection can be dialled'),
  })
  .describe('a line of a kind')

/** The kinds of network that need no `profiles:`. */
export const builtInProfiles: readonly string[] = Object.keys(networkProfiles)

/** `profiles:`, by name. */
export const profilesSchema = z.record(z.string().min(1).max(50), profileSchema)

/** The profile of that name, the scenario's own first; else what to say about it. */
export function findProfile(
  name: string,
  own: Readonly<Record<string, NetworkProfile>>,
): NetworkProfile | { readonly problem: string } {
  const found = Object.hasOwn(own, name) ? own[name] : networkProfiles[name]
  if (found !== undefined) return found
  const known = [...Object.keys(own), ...builtInProfiles]
  return { problem: `no profile '${name}'${suggestion(name, known)}; known are ${known.join(', ')}` }
}
