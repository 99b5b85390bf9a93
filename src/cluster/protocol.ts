// The messages between the coordinator and the generators of one run: version 1. Everything on the bus may have been written
// by anyone, so every message is checked when it is read.

import { z } from 'zod'
import { UsageError } from '../base/errors.js'
import { counted } from '../base/text/counted.js'

export const protocolVersion = 1

/** Bytes of one message of the bus; NATS takes 1 MB unless it is told otherwise. */
export const maxMessageBytes = 512 * 1024
/** Parts of one run at the most. */
export const maxParts = 1000

const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)
const word = z.string().min(1).max(300)
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const part = z
  .number()
  .int()
  .min(0)
  .max(maxParts - 1)
const of = z.number().int().min(1).max(maxParts)
const files = z.record(z.string().max(300), sha256)
const clock = z.object({ offsetMs: z.number(), rttMs: z.number().min(0), epoch: word })
const refusal = z.object({ refused: z.string().max(2000) })
const place = z.object({ host: word, pid: count, cpus: count })

/** Requests and answers. A generator is named by its incarnation: a process that is started anew is another one. */
export const messages = {
  hello: z.object({ protocol: count, incarnation: word, want: part.optional(), version: word, place }),
  welcome: z.union([refusal, z.object({ part, of, sha256, chunks: z.number().int().min(1).max(10_000) })]),
  bundle: z.object({ i: count }),
  clock: z.object({}),
  /** The coordinator's clock in ms, and whose it is. */
  time: z.object({ c: z.number(), epoch: word }),
  ready: z.object({
    part,
    incarnation: word,
    planned: count,
    files,
    kcvs: z.array(z.string().max(40)).max(1000),
    clock,
  }),
  begin: z.union([
    refusal,
    z.object({
      stop: z.string().max(500).optional(),
      /** Its reading is of another coordinator's clock: it must ask for the time again. */
      askTime: z.boolean().optional(),
      /** The instant of the first arrival by the clock of `epoch`, and who makes which part. */
      start: z.object({ at: z.number(), epoch: word, incarnations: z.array(word).max(maxParts) }).optional(),
    }),
  ]),
  start: z.object({ at: z.number(), epoch: word, incarnations: z.array(word).max(maxParts) }),
  stop: z.object({ why: z.string().max(500) }),
  alive: z.object({ incarnation: word, handed: count, ended: count }),
} as const

/** The records that are kept on the bus beside the parcels of generators. */
export const records = {
  run: z.object({
    protocol: count,
    version: word,
    of,
    sha256,
    seed: count,
    planned: z.array(count).max(maxParts),
    chunks: z.number().int().min(1).max(10_000),
  }),
  /** Who coordinates from now on: the last one does. */
  lead: z.object({ epoch: word }),
  /** A coordinator's own: when it comes back, everything that was kept before has been read. */
  mark: z.object({ epoch: word, seq: count }),
  claim: z.object({ part, incarnation: word, place }),
  start: messages.start,
  /** A generator gave up its part. */
  left: z.object({ part, incarnation: word, why: z.string().max(2000) }),
  end: z.object({ whole: z.boolean() }),
} as const

export type Hello = z.output<typeof messages.hello>
export type Ready = z.output<typeof messages.ready>
export type Start = z.output<typeof messages.start>
export type RunHead = z.output<typeof records.run>

/** The head of a parcel, which may come in several messages. */
const parcelHead = z.object({
  part,
  incarnation: word,
  /** From 0, without gaps. */
  seq: count,
  kind: z.enum(['delta', 'final']),
  i: count,
  n: z.number().int().min(1).max(4096),
})
export type ParcelHead = z.output<typeof parcelHead>

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })

export const encode = (message: object): Uint8Array => encoder.encode(JSON.stringify(message))

/** Throws UsageError for a body that is no such message. */
export function decode<Schema extends z.ZodType>(schema: Schema, body: Uint8Array, what: string): z.output<Schema> {
  const checked = schema.safeParse(parsed(body, what))
  if (checked.success) return checked.data
  const [issue] = checked.error.issues
  throw new UsageError(`bus: not a message '${what}': ${(issue?.path ?? []).join('.')} ${issue?.message}`)
}

/** As `decode`; undefined for what is no such message. For what anyone may tell at any time. */
export function tryDecode<Schema extends z.ZodType>(schema: Schema, body: Uint8Array): z.output<Schema> | undefined {
  try {
    return schema.safeParse(JSON.parse(decoder.decode(body))).data
  } catch {
    return undefined
  }
}

function parsed(body: Uint8Array, what: string): unknown {
  if (body.length > 2 * maxMessageBytes)
    throw new UsageError(`bus: a message '${what}' of ${counted(body.length, 'byte')} is too long`)
  try {
    return JSON.parse(decoder.decode(body))
  } catch (cause) {
    throw new UsageError(`bus: a message '${what}' is no JSON`, { cause })
  }
}

const lineFeed = 0x0a

/** Cuts a parcel into messages: a line of JSON, then bytes. */
export function wrapParcel(head: Omit<ParcelHead, 'i' | 'n'>, bytes: Uint8Array): readonly Uint8Array[] {
  const n = Math.max(1, Math.ceil(bytes.length / maxMessageBytes))
  return Array.from({ length: n }, (_, i) => {
    const chunk = bytes.subarray(i * maxMessageBytes, (i + 1) * maxMessageBytes)
    return Buffer.concat([encode({ ...head, i, n }), new Uint8Array([lineFeed]), chunk])
  })
}

/** Undefined for bytes that are no part of a parcel. */
export function unwrapParcel(body: Uint8Array): { readonly head: ParcelHead; readonly chunk: Uint8Array } | undefined {
  const end = body.subarray(0, 2000).indexOf(lineFeed)
  if (end === -1) return undefined
  const head = tryDecode(parcelHead, body.subarray(0, end))
  return head === undefined ? undefined : { head, chunk: body.subarray(end + 1) }
}

/** In words, when another version of the protocol or of isochron speaks; undefined when it is ours. */
export function versionRefusal(theirs: { readonly protocol: number; readonly version: string }, version: string) {
  if (theirs.protocol !== protocolVersion)
    return `it speaks protocol ${theirs.protocol} of the bus, the coordinator ${protocolVersion}: use one version of isochron`
  if (theirs.version !== version)
    return `it is isochron ${theirs.version}, the coordinator is ${version}: figures of two versions are not one result`
  return undefined
}
