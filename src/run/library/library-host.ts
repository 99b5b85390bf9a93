// An acquirer for other people's tests: started with nothing but a dialect, scripted and looked at while it runs.
//
// Rule: what a test asks for is written as a scenario writes it, and what it sees are plain messages.

import type { z } from 'zod'
import type { AcquirerCounts } from '../../acquirer/acquirer.js'
import type { acquirerSchema, ruleSchema } from '../../acquirer/options.js'
import { realClock } from '../../base/clock.js'
import { UsageError } from '../../base/errors.js'
import { freshSeed } from '../../base/random.js'
import type { Dialect, MatchDefinition } from '../../codec/dialect.js'
import type { Message } from '../../codec/message.js'
import type { faultsSchema } from '../../faults/options.js'
import { acquirerFromData, faultsFromData } from '../../scenario/reader.js'
import { parseAddress } from '../../transport/network/address.js'
import { startAcquirer } from '../hosts/start-acquirer.js'
import { requireUsed } from '../keys/key-uses.js'
import { keysToData, readRunKeys } from '../keys/run-keys.js'
import { readTls, type TlsFiles } from '../keys/tls-files.js'
import { createSpeaker } from '../speaker.js'
import { openTraffic, type TrafficChoice } from '../traffic/open-traffic.js'
import { type Check, kind, objectOf } from './arguments.js'
import { dialectChoice } from './checked-codec.js'
import { createLibraryInbox } from './library-inbox.js'
import { createScript, type Response } from './library-script.js'
import { inOptions, namingOptions } from './option-names.js'
import { tlsFiles, trafficChecks } from './traffic-checks.js'

const { amount, anyObject, call, list, text, whole } = kind

/** Every one may be left out. */
export interface LibraryHostOptions extends TrafficChoice {
  /** A built-in dialect, the file of one, or the dialect itself; `cup-pos` when left out. */
  readonly dialect?: string | Dialect
  readonly framing?: string
  /** `HOST:PORT`; a free port of 127.0.0.1 when left out. */
  readonly listen?: string
  /** As a scenario's `acquirer.rules`: the first that matches decides the response code. */
  readonly rules?: readonly z.input<typeof ruleSchema>[]
  /** As a scenario's `acquirer:` section. */
  readonly acquirer?: z.input<typeof acquirerSchema>
  /** As a scenario's `faults:`, of those with `on: acquirer`. Their times count from the start. */
  readonly faults?: z.input<typeof faultsSchema>
  /** A key file; the built-in test keys when left out. */
  readonly keys?: string
  /** Files of a certificate and its key; without TLS when left out. */
  readonly tls?: TlsFiles
  /** Equal seeds give equal answers; a fresh one when left out. */
  readonly seed?: number
  /** IANA name, for local times; Asia/Shanghai when left out. */
  readonly timeZone?: string
  /** Called with one line for each problem in the data of a peer. */
  readonly onTrouble?: (line: string) => void
}

/** Rules and sections of a scenario are held against their schemas afterwards. */
const hostOptions = objectOf({
  ...trafficChecks,
  ...{
    dialect: dialectChoice,
    framing: text,
    listen: text,
    rules: list,
    acquirer: anyObject,
    faults: list,
    keys: text,
  },
  ...{ tls: tlsFiles, seed: whole, timeZone: text, onTrouble: call },
} satisfies Record<keyof LibraryHostOptions, Check>)
const requestCheck = objectOf({ match: anyObject }, ['match'])
const waitingCheck = objectOf({ timeout: amount })

/** `mti` and field numbers, as rules match: a value, `prefix*`, `from..to`, or a list of these. */
export type MessageMatch = MatchDefinition

export interface LibraryHost extends AsyncDisposable {
  readonly host: string
  readonly port: number
  /** `HOST:PORT`. */
  readonly address: string
  /**
   * Answers the requests that match otherwise from now on; of several responses the one given last counts. Returns what
   * takes it away again. Throws UsageError for a match or fields that the dialect cannot have.
   */
  respond(request: { readonly match: MessageMatch }, response: Response): () => void
  /** The readable messages so far, oldest first: whole, with card numbers. */
  received(match?: MessageMatch): readonly Message[]
  /** The next message that matches, of those that no next() has returned. Rejects after `timeout` ms (5000). */
  next(match?: MessageMatch, options?: { readonly timeout?: number }): Promise<Message>
  /** Messages that could not be read: why, a line each. */
  readonly unreadable: readonly string[]
  counts(): AcquirerCounts
  /** Stops accepting, answers what it has taken in, closes. Idempotent. */
  close(): Promise<void>
}

/** Rejects with UsageError for options that do not fit, with StartError when the port cannot be had. */
export async function startLibraryHost(options: LibraryHostOptions = {}): Promise<LibraryHost> {
  hostOptions('startAcquirer', options)
  const { onTrouble: tell } = options
  const telling = tell === undefined ? {} : { onTrouble: (line: string) => tell(inOptions(line)) }
  return await namingOptions(() => openHost({ ...options, ...telling }))
}

async function openHost(options: LibraryHostOptions): Promise<LibraryHost> {
  const { dialect = 'cup-pos', framing, listen = '127.0.0.1:0', seed = freshSeed(), timeZone, onTrouble } = options
  const speaker = createSpeaker({ dialect, framing })
  const inbox = createLibraryInbox(speaker.codec, realClock)
  const script = createScript(speaker.codec, realClock)
  const traffic = await openTraffic(options, {
    wire: speaker.wire,
    clock: realClock,
    onTrouble: (line) => onTrouble?.(line),
  })
  const keys = readRunKeys(options.keys)
  requireUsed(keys, speaker.dialect)
  const running = await startAcquirer({
    around: traffic.around,
    dialect: speaker.dialect,
    framing,
    listen: parseAddress(listen, 'listen:'),
    acquirer: acquirerFromData(sectionOf(options)),
    faults: faultsFromData(options.faults ?? []).filter(({ on }) => on === 'acquirer'),
    keys: keysToData(keys.set),
    tls: options.tls && readTls(options.tls),
    seed,
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(onTrouble === undefined ? {} : { onTrouble }),
    intercept: (take) => {
      const answer = script.over(take)
      return (received, replier) => {
        inbox.take(received)
        answer(received, replier)
      }
    },
  })
  running.startFaults(realClock.wall())
  const close = async () => {
    inbox.close()
    script.close()
    await running.close()
    await traffic.close()
  }
  const { host, port } = running.address
  return {
    host,
    port,
    address: host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`,
    respond(request, response) {
      requestCheck('respond', request)
      return script.add(request.match, response)
    },
    received(match = {}) {
      anyObject('received: match', match)
      return inbox.received(match)
    },
    async next(match = {}, waiting = {}) {
      anyObject('next: match', match)
      waitingCheck('next: options', waiting)
      return await inbox.next(match, waiting.timeout)
    },
    unreadable: inbox.unreadable,
    counts: () => running.counts(),
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Throws UsageError where rules are given twice. */
function sectionOf({ rules, acquirer = {} }: LibraryHostOptions): unknown {
  if (rules === undefined) return acquirer
  if (acquirer.rules !== undefined) throw new UsageError('rules and acquirer.rules: expected one of them')
  return { ...acquirer, rules }
}
