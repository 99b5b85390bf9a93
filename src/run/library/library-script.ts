// The answers that a test has chosen for its host: looked up for each request, and put into effect around the acquirer.

import type { Acquirer } from '../../acquirer/acquirer.js'
import type { Clock, Timer } from '../../base/clock.js'
import { UsageError } from '../../base/errors.js'
import { parseDuration } from '../../base/units.js'
import { compileMatch } from '../../codec/checks/match.js'
import type { Codec, Peek } from '../../codec/codec.js'
import type { MatchDefinition } from '../../codec/dialect.js'
import type { FieldValue, Message } from '../../codec/message.js'
import type { Replier } from '../../transport/server/server.js'
import { macFieldNumbers } from '../../transport/wire/mac-field.js'
import { type Check, kind, kindOf, objectOf } from './arguments.js'

const { anyObject, flag, text } = kind

/** The answer of a host to the requests that match, from now on. */
export interface Response {
  /** The response code (DE39), as a rule of a scenario says it. */
  readonly answer?: string
  /** Fields of the answer that are set or replaced; null takes one out. An answer changed like this carries no MAC. */
  readonly fields?: Readonly<Record<string, FieldValue | null>>
  /** Between the request and its answer, beside the time that the host needs: milliseconds, or as a scenario says it (`1.5s`). */
  readonly after?: number | string
  /** Says nothing at all. */
  readonly silent?: boolean
  /** For so many requests only. */
  readonly times?: number
}

export interface Script {
  /** Returns what takes the response away again. Throws UsageError. */
  add(match: MatchDefinition, response: Response): () => void
  /** Hands requests on to the acquirer, in the way that the script wants. */
  over(take: Acquirer['onRequest']): Acquirer['onRequest']
  /** Answers that wait are not sent any more. Idempotent. */
  close(): void
}

/** Responses of one host: a test of more than these has forgotten to take them away. */
const mostResponses = 1000

const anything: Check = () => {}
/** `after` and `times` have words of their own. */
const responseCheck = objectOf({
  ...{ answer: text, fields: anyObject, after: anything, silent: flag, times: anything },
} satisfies Record<keyof Response, Check>)

/** A response that was checked. */
interface Scripted extends Omit<Response, 'after'> {
  /** Milliseconds. */
  readonly after: number
}

interface Entry {
  readonly fits: (request: Peek) => boolean
  readonly response: Scripted
  left: number
}

export function createScript(codec: Codec, clock: Clock): Script {
  const entries: Entry[] = []
  const waiting = new Set<Timer>()
  const remove = (entry: Entry) => {
    const at = entries.indexOf(entry)
    if (at >= 0) entries.splice(at, 1)
  }
  const find = (request: Peek): Scripted | undefined => {
    const entry = entries.find(({ fits }) => fits(request))
    if (entry !== undefined && --entry.left <= 0) remove(entry)
    return entry?.response
  }

  return {
    add(match, response) {
      if (entries.length >= mostResponses)
        throw new UsageError(`more than ${mostResponses} responses: take those away that are not needed any more`)
      const entry = { fits: compileMatch(match), response: checked(codec, response), left: response.times ?? Infinity }
      entries.unshift(entry)
      return () => remove(entry)
    },
    over: (take) => (received, replier) => {
      const response = received.peek === undefined ? undefined : find(received.peek)
      if (response === undefined) return take(received, replier)
      if (response.silent === true) return replier.dismiss()
      take(received, scripted(replier, response, { codec, clock, waiting }))
    },
    close() {
      for (const timer of waiting) timer.cancel()
      waiting.clear()
    },
  }
}

/** Throws UsageError for an answer that the dialect cannot have. */
function checked(codec: Codec, response: Response): Scripted {
  responseCheck('respond', response)
  const { answer, fields = {}, after: delay = 0, times = 1 } = response
  const after = typeof delay === 'string' ? parseDuration(delay) : delay
  if (typeof after !== 'number' || !(after >= 0))
    throw new UsageError(`after: expected milliseconds from 0 or a duration such as 250ms, got ${kindOf(delay)}`)
  if (!Number.isInteger(times) || times < 1)
    throw new UsageError(`times: expected a whole number from 1, got ${kindOf(times)}`)
  const set = Object.entries(fields).filter((entry): entry is [string, FieldValue] => entry[1] !== null)
  const code = answer === undefined ? {} : { [codec.dialect.rules.responseCode]: answer }
  try {
    codec.pack({ mti: '0210', fields: { ...code, ...Object.fromEntries(set) } })
  } catch (cause) {
    throw new UsageError((cause as Error).message, { where: 'respond:', cause })
  }
  return { ...response, after }
}

interface Means {
  readonly codec: Codec
  readonly clock: Clock
  readonly waiting: Set<Timer>
}

function scripted(replier: Replier, { answer, fields, after }: Scripted, { codec, clock, waiting }: Means): Replier {
  const send = (body: Uint8Array): boolean =>
    replier.reply(body.length, (target, at) => {
      target.set(body, at)
      return at + body.length
    })
  return {
    connection: replier.connection,
    code: answer,
    dismiss: () => replier.dismiss(),
    reply(maxBodyBytes, writeBody) {
      if (fields === undefined && after === 0) return replier.reply(maxBodyBytes, writeBody)
      const buffer = new Uint8Array(maxBodyBytes)
      const written = buffer.subarray(0, writeBody(buffer, 0))
      const body = fields === undefined ? written : changed(codec, written, fields)
      if (after === 0) return send(body)
      const timer = clock.after(after, () => {
        waiting.delete(timer)
        send(body)
      })
      waiting.add(timer)
      return true
    },
  }
}

/** The MAC covered what is changed: it goes, since whoever scripts an answer may not have the terminal's key. */
function changed(codec: Codec, body: Uint8Array, fields: NonNullable<Response['fields']>): Uint8Array {
  const message: Message = codec.unpack(body)
  const removed = [...macFieldNumbers.map(String), ...Object.keys(fields)]
  const kept = Object.entries(message.fields).filter(([field]) => !removed.includes(field))
  const set = Object.entries(fields).filter((entry): entry is [string, FieldValue] => entry[1] !== null)
  return codec.pack({ ...message, fields: Object.fromEntries([...kept, ...set]) })
}
