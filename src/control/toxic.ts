// A toxic as Toxiproxy's clients write it, and the fault that it means here. Pure: JSON in, plain data out.

import { suggestion } from '../base/suggest.js'
import {
  faultCatalogue,
  faultOfType,
  type hostFaults,
  type lineFaults,
  type messageFaults,
} from '../faults/catalogue.js'
import type { FaultSpec } from '../faults/chain.js'
import type { AttributeUnit, Direction, Fault } from '../faults/fault.js'
import { type ApiError, apiErrors } from './api-error.js'
import { selectorSchema } from './toxic-selector.js'

export interface Toxic {
  readonly attributes: Readonly<Record<string, unknown>>
  readonly name: string
  readonly type: string
  readonly stream: 'upstream' | 'downstream'
  /** 0 to 1: of connections for Toxiproxy's own types, of messages for message faults. */
  readonly toxicity: number
}

/** A toxic as a test writes it; keys that are none are refused. */
export interface ToxicInput {
  readonly type: ToxicType
  /** The attributes of the fault, and which messages it hits and when: `match`, `first`, `nth`, `from`, `for`, `at`, `every`. */
  readonly attributes?: Readonly<Record<string, unknown>>
  /** Made of type and stream when left out. */
  readonly name?: string
  readonly stream?: 'upstream' | 'downstream'
  readonly toxicity?: number
}

export type ToxicType = (typeof lineFaults | typeof messageFaults | typeof hostFaults)[number]['type'] | 'noop'

/** As readToxic, but what Toxiproxy ignores is refused by name. Throws ApiError 400. */
export function readStrictToxic(toxic: ToxicInput): Toxic {
  refuseUnknown(mapOf(toxic), ['name', 'type', 'stream', 'toxicity', 'attributes'], '')
  const own = Object.keys(faultOfType(toxic.type)?.attributes.shape ?? {})
  const known = [...own, ...Object.keys(toxiproxyAttributes[toxic.type] ?? {}), ...Object.keys(selectorSchema.shape)]
  refuseUnknown(mapOf(toxic.attributes ?? {}), known, 'attributes.')
  return readToxic(toxic)
}

function refuseUnknown(given: Readonly<Record<string, unknown>>, known: readonly string[], where: string): void {
  const unknown = Object.keys(given).find((key) => !known.includes(key))
  if (unknown === undefined) return
  throw apiErrors.badBody(`${where}${unknown}: unknown key${suggestion(unknown, known)}; known are ${known.join(', ')}`)
}

/** Attributes of Toxiproxy's own types. Others are ignored there, and what is missing is what stands here. */
const toxiproxyAttributes: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  latency: { latency: 0, jitter: 0 },
  bandwidth: { rate: 0 },
  slow_close: { delay: 0 },
  timeout: { timeout: 0 },
  reset_peer: { timeout: 0 },
  slicer: { average_size: 0, size_variation: 0, delay: 0 },
  limit_data: { bytes: 0 },
  packet_loss: { loss_rate: 0.1, correlation: 0 },
  noop: {},
}

/** Every type that a toxic may have. */
export const toxicTypes = (): readonly string[] => [
  ...new Set([...Object.keys(toxiproxyAttributes), ...faultCatalogue.map(({ type }) => type)]),
]

/** A toxic from the body of a request. Throws ApiError 400. */
export function readToxic(body: unknown): Toxic {
  const { name, type, stream, toxicity = 1, attributes = {} } = mapOf(body)
  if (typeof type !== 'string' || !toxicTypes().includes(type)) throw unknownType(type)
  const direction = streamOf(stream, type)
  const toxic = {
    attributes: withDefaults(type, mapOf(attributes, 'attributes')),
    name: typeof name === 'string' && name !== '' ? nameOf(name) : `${type}_${direction}`,
    type,
    stream: direction,
    toxicity: shareOf(toxicity),
  }
  planToxic(toxic)
  return toxic
}

/** The toxic with what the body changes: attributes one by one, toxicity. Throws ApiError 400. */
export function mergeToxic(toxic: Toxic, body: unknown): Toxic {
  const { toxicity = toxic.toxicity, attributes = {} } = mapOf(body)
  const merged = { ...toxic.attributes, ...mapOf(attributes, 'attributes') }
  const changed = { ...toxic, attributes: withDefaults(toxic.type, merged), toxicity: shareOf(toxicity) }
  planToxic(changed)
  return changed
}

/** The fault that a toxic means; undefined for `noop`. Throws ApiError 400 for attributes that do not fit. */
export function planToxic(toxic: Toxic): FaultSpec | undefined {
  const fault = faultOfType(toxic.type)
  if (fault === undefined) return undefined
  const own = Object.keys(fault.attributes.shape)
  const given = Object.entries(toxic.attributes)
  const attributes = fault.attributes.safeParse(
    Object.fromEntries(
      given.filter(([key]) => own.includes(key)).map(([key, value]) => [key, written(fault, key, value)]),
    ),
  )
  if (!attributes.success) throw apiErrors.badBody(issueText(attributes.error.issues[0]))
  const selecting = given.filter(([key]) => !own.includes(key) && !isToxiproxys(toxic.type, key))
  if (fault.level !== 'message' && toxic.attributes.match !== undefined)
    throw apiErrors.badBody(
      `attributes.match: ${toxic.type} is a fault of the line and sees no messages: only message faults can match`,
    )
  if (fault.level === 'host' && toxic.toxicity < 1)
    throw apiErrors.badBody(`toxicity: ${toxic.type} is the state of the whole host: leave it out`)
  const rest = Object.fromEntries(selecting.map(([key, value]) => [key, timeWritten(key, value)]))
  const selector = selectorSchema.safeParse(rest)
  if (!selector.success) throw apiErrors.badBody(issueText(selector.error.issues[0]))
  const { remac, ...when } = selector.data
  return {
    name: toxic.name,
    on: fault.level === 'host' ? 'acquirer' : 'network',
    type: toxic.type,
    attributes: attributes.data,
    selector: { ...when, direction: directionOf(toxic.stream), share: toxic.toxicity },
    remac,
  }
}

/** Zod's issue as a sentence; it never quotes what was given. */
function issueText(issue: { readonly path: readonly PropertyKey[]; readonly message: string } | undefined): string {
  if (issue === undefined) return 'attributes'
  return `attributes${issue.path.map((key) => `.${String(key)}`).join('')}: ${issue.message}`
}

const directionOf = (stream: Toxic['stream']): Direction => (stream === 'upstream' ? 'request' : 'answer')

/** A number as a scenario would write it: the unit is the one that the API leaves out. */
function written(fault: Fault, key: string, value: unknown): unknown {
  const unit: AttributeUnit | undefined = fault.units?.[key]
  if (typeof value !== 'number' || unit === undefined || unit === 'bytes') return value
  return unit === 'share' ? `${plainNumber(value * 100)}%` : `${plainNumber(value)}${unit}`
}

/** Times of a selector may be milliseconds, as all times of toxics. */
const timeWritten = (key: string, value: unknown) =>
  typeof value === 'number' && ['from', 'for', 'at', 'every'].includes(key) ? `${plainNumber(value)}ms` : value

/** Without an exponent, which units cannot be read with. */
const plainNumber = (value: number) => String(Number(value.toFixed(6)))

const isToxiproxys = (type: string, key: string) => toxiproxyAttributes[type]?.[key] !== undefined

/** Toxiproxy's types: known attributes and what filters messages; our own: everything, for their schema to judge. */
function withDefaults(type: string, given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const defaults = toxiproxyAttributes[type]
  if (defaults === undefined) return given
  const extra = [...Object.keys(faultOfType(type)?.attributes.shape ?? {}), ...Object.keys(selectorSchema.shape)]
  const kept = Object.entries(given).filter(([key]) => Object.hasOwn(defaults, key) || extra.includes(key))
  for (const [key, value] of kept) {
    if (Object.hasOwn(defaults, key) && typeof value !== 'number')
      throw apiErrors.badBody(`attributes.${key}: expected a number`)
  }
  return { ...defaults, ...Object.fromEntries(kept) }
}

function streamOf(stream: unknown, type: string): Toxic['stream'] {
  if (stream === undefined || stream === '') {
    const fault = faultOfType(type)
    return fault?.level === 'message' && fault.direction === 'request' ? 'upstream' : 'downstream'
  }
  const name = typeof stream === 'string' ? stream.toLowerCase() : ''
  if (name === 'upstream' || name === 'downstream') return name
  throw apiErrors.invalidStream()
}

function shareOf(toxicity: unknown): number {
  if (typeof toxicity === 'number' && toxicity >= 0 && toxicity <= 1) return toxicity
  throw apiErrors.badBody('toxicity: expected a number from 0 to 1')
}

function unknownType(type: unknown): ApiError {
  return apiErrors.invalidToxicType(typeof type === 'string' ? suggestion(type, toxicTypes()) : '')
}

/** The body of a request as a map. Throws ApiError 400. */
export function mapOf(value: unknown, what = 'the body'): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    if (Object.hasOwn(value, '__proto__')) throw apiErrors.badBody(`${what}: the key __proto__ is refused`)
    return value as Record<string, unknown>
  }
  throw apiErrors.badBody(`${what}: expected an object`)
}

/** Characters of a name of a proxy or a toxic: it stands in paths, in metrics and in every event. */
const longestName = 200

/** Throws ApiError 400 for a name that is too long to be one, or that JavaScript takes for something else. */
export function nameOf(name: string): string {
  if (name.length > longestName) throw apiErrors.badBody(`name: longer than ${longestName} characters`)
  if (name === '__proto__') throw apiErrors.badBody('name: __proto__ is refused')
  return name
}
