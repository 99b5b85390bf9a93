// Captured exchanges as the samples that a run would have made of them, and the events that a diagnosis looks at.
//
// A terminal's timers cannot be seen from outside: what has no answer ends when its connection does, when it is reversed,
// or after `timeoutMs`.

import type { ConnectSeen, DownSeen, EchoSeen, TcpSeen } from '../../measure/causes/observations.js'
import type { ObserverOptions } from '../../measure/causes/observing.js'
import type { Outcome, Sample } from '../../measure/sample.js'
import type { CapturedConnection, CapturedExchange } from './exchanges.js'

export interface CapturedSample {
  readonly sample: Sample
  readonly exchange: CapturedExchange
  readonly link: number
  readonly ownLink: boolean
}

/** Instants in epoch ms. */
export interface CaptureEvents {
  readonly samples: readonly CapturedSample[]
  readonly echoes: readonly EchoSeen[]
  readonly reversals: readonly EchoSeen[]
  readonly connects: readonly ConnectSeen[]
  readonly downs: readonly DownSeen[]
  readonly unmatchedAt: readonly number[]
  readonly tcp: readonly (TcpSeen & { readonly at: number })[]
  /** Sign-ons and the like that the host took. */
  readonly worked: readonly { readonly at: number; readonly terminal: string }[]
  readonly lastingLinks: number
}

export interface SampleOptions extends Pick<ObserverOptions, 'timelyWithinMs' | 'timeoutMs'> {
  /** The last packet of the capture. */
  readonly endedAt: number
  readonly target: string
}

export function captureEvents(connections: readonly CapturedConnection[], options: SampleOptions): CaptureEvents {
  const all = connections.map((captured, link) => eventsOf(captured, link, options))
  return {
    samples: all.flatMap(({ samples }) => samples),
    echoes: all.flatMap(({ echoes }) => echoes),
    reversals: all.flatMap(({ reversals }) => reversals),
    connects: all.flatMap(({ connects }) => connects),
    downs: all.flatMap(({ downs }) => downs),
    unmatchedAt: connections.flatMap((each) => each.unmatchedAt),
    tcp: connections.flatMap(({ exchanges }) =>
      exchanges.flatMap(({ tcp, requestedAt: at }) => (tcp === undefined ? [] : [{ ...tcp, at }])),
    ),
    worked: connections.flatMap(({ exchanges }) =>
      exchanges.flatMap(({ kind, terminal, answer }) =>
        kind === 'other' && answer?.judgement.outcome === 'approved' ? [{ at: answer.at, terminal }] : [],
      ),
    ),
    lastingLinks: lastingOf(connections),
  }
}

/** A share of the connections: where fewer stay, terminals open one for each transaction, and what stays is chance. */
const fewLasting = 0.1

function lastingOf(connections: readonly CapturedConnection[]): number {
  const used = connections.filter(({ exchanges }) => exchanges.length > 0)
  const lasting = used.filter(isLasting).length
  return lasting < fewLasting * used.length ? 0 : lasting
}

/** Opened before the capture, or used more than once. */
const isLasting = ({ exchanges, connection: { life } }: CapturedConnection) =>
  exchanges.length > 1 || (exchanges.length === 1 && life.synAt === undefined)

function eventsOf(captured: CapturedConnection, link: number, options: SampleOptions) {
  const { exchanges } = captured
  const ownLink = !isLasting(captured)
  const samples = exchanges
    .filter(({ kind }) => kind === 'financial')
    .flatMap((exchange): CapturedSample[] => {
      const sample = sampleOf(exchange, captured, { ...options, ownLink })
      return sample === undefined ? [] : [{ sample, exchange, link, ownLink }]
    })
  const controls = (wanted: 'echo' | 'reversal') =>
    exchanges
      .filter(({ kind, answer, requestedAt }) => kind === wanted && isKnown(answer, requestedAt, options))
      .map(({ requestedAt: at, answer }) => ({ at, ms: answer && answer.at - at, link }))
  return {
    samples,
    echoes: controls('echo'),
    reversals: controls('reversal'),
    connects: connectOf(captured, link, options),
    downs: downOf(captured, link),
  }
}

/** A request shortly before the end of the capture may have been answered after that end. */
function isKnown(answer: unknown, requestedAt: number, { endedAt, timelyWithinMs }: SampleOptions): boolean {
  return answer !== undefined || endedAt - requestedAt > timelyWithinMs
}

function sampleOf(
  exchange: CapturedExchange,
  { connection: { life }, exchanges }: CapturedConnection,
  options: SampleOptions & { readonly ownLink: boolean },
): Sample | undefined {
  const { requestedAt, answer } = exchange
  if (!isKnown(answer, requestedAt, options) && life.reset === undefined) return undefined
  const intendedAt = options.ownLink ? presentedAt(life, requestedAt) : requestedAt
  const ending = answer === undefined ? endingOf(exchange, exchanges, life, options) : answered(answer)
  return {
    ...{ type: exchange.type, terminal: exchange.terminal, merchant: exchange.merchant, target: options.target },
    ...{ phase: 'captured', stan: exchange.stan, intendedAt, startedAt: intendedAt, writtenAt: requestedAt },
    ...ending,
    ...{ backPressure: false, tries: 1, firstCode: undefined },
  }
}

/**
 * A connection that stood open for longer than this before its first request was not opened for it: a quarter of a second, or
 * on a line that is slow as long as three handshakes take, and never a second. A SYN that had to be sent again makes no line slow.
 */
const [leastIdleMs, mostIdleMs] = [250, 1000]
const handshakes = 3

/**
 * A terminal that connects for a card sends as soon as it can: the card was presented when it began to connect, and the wait for
 * the connection is the cardholder's too. The request on a connection that stood idle left when it left.
 */
function presentedAt(
  { synAt, acceptedAt, openedAt }: CapturedConnection['connection']['life'],
  requestedAt: number,
): number {
  if (synAt === undefined) return requestedAt
  const open = openedAt ?? acceptedAt ?? synAt
  const atOnceMs = Math.min(mostIdleMs, Math.max(leastIdleMs, handshakes * (open - synAt)))
  return requestedAt - open > atOnceMs ? requestedAt : synAt
}

type Ending = Pick<Sample, 'endedAt' | 'outcome' | 'responseCode' | 'retryCode' | 'reason'>

function answered({ at, judgement }: NonNullable<CapturedExchange['answer']>): Ending {
  const { outcome, code, retryCode, reason } = judgement
  return { endedAt: at, outcome, responseCode: code, retryCode, reason }
}

function endingOf(
  { requestedAt, stan, terminal }: CapturedExchange,
  exchanges: readonly CapturedExchange[],
  { ended, reset }: CapturedConnection['connection']['life'],
  { endedAt, timeoutMs }: SampleOptions,
): Ending {
  const nothing = { responseCode: undefined, retryCode: false, reason: undefined }
  const isLater = (at: number | undefined): at is number => at !== undefined && at >= requestedAt
  const broken = [reset, ended].find((parting) => parting?.by === 'server' && isLater(parting.at))
  if (broken !== undefined && broken.at - requestedAt < timeoutMs)
    return {
      endedAt: broken.at,
      outcome: 'failed' satisfies Outcome,
      ...nothing,
      reason: broken === reset ? 'ECONNRESET' : 'ended',
    }
  const reversal = exchanges.find(
    (other) =>
      other.kind === 'reversal' &&
      other.requestedAt > requestedAt &&
      other.terminal === terminal &&
      other.stan === stan,
  )
  const gaveUp = [reversal?.requestedAt, ended?.at, reset?.at, endedAt, requestedAt + timeoutMs].filter(isLater)
  return { endedAt: Math.min(...gaveUp), outcome: 'timedOut' satisfies Outcome, ...nothing }
}

function connectOf(
  { connection: { life } }: CapturedConnection,
  link: number,
  { endedAt, timelyWithinMs }: SampleOptions,
): readonly ConnectSeen[] {
  const { synAt, acceptedAt, openedAt, reset, lastAt } = life
  if (synAt === undefined) return []
  if (acceptedAt !== undefined) return [{ at: synAt, ms: (openedAt ?? acceptedAt) - synAt, result: 'open', link }]
  if (reset?.by === 'server') return [{ at: synAt, ms: reset.at - synAt, result: 'refused', link }]
  const isOver = endedAt - synAt > timelyWithinMs
  return isOver ? [{ at: synAt, ms: Math.max(lastAt - synAt, timelyWithinMs), result: 'timeout', link }] : []
}

/** A connection that stays, or that still owed an answer, and was ended by the other side. */
function downOf(captured: CapturedConnection, link: number): CaptureEvents['downs'] {
  const { exchanges, connection } = captured
  const { reset, ended, acceptedAt, synAt } = connection.life
  const wasOpen = acceptedAt !== undefined || synAt === undefined
  const owes = exchanges.some(({ answer }) => answer === undefined)
  if (!wasOpen) return []
  if (reset?.by === 'server') return [{ at: reset.at, reason: 'ECONNRESET', link }]
  if (ended?.by === 'server' && (owes || isLasting(captured))) return [{ at: ended.at, reason: 'ended', link }]
  return []
}
