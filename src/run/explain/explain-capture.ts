// The causes of someone else's traffic: a capture becomes what terminals observe, and the cause files of runs explain it.

import { currencyLetters } from '../../base/currencies.js'
import { UsageError } from '../../base/errors.js'
import { agreeing, counted } from '../../base/text/counted.js'
import { formatMoney } from '../../base/units.js'
import { localInstant, type Zone } from '../../base/zone.js'
import { type CaptureFiles, readCapture } from '../../doctor/pcap.js'
import { endpointText, reassemble, type TcpConnection } from '../../doctor/reassembly.js'
import { type TcpSegment, tcpSegmentOf } from '../../doctor/tcp-segment.js'
import { type CauseRow, diagnose } from '../../measure/causes/diagnose.js'
import { createObserver } from '../../measure/causes/observer.js'
import type { Observer } from '../../measure/causes/observing.js'
import type { EvidenceLine, StepName } from '../../measure/evidence.js'
import { isTimely, responseTime } from '../../measure/sample.js'
import { maskedMessage } from '../../terminal/evidence/evidence.js'
import { type CapturedSample, type CaptureEvents, captureEvents } from './capture-samples.js'
import { type CaptureWire, captureWire, unreadable, type WireChoice } from './capture-wire.js'
import { exchangesOf } from './exchanges.js'

/** Bytes kept of one direction of one connection: hundreds of thousands of messages. */
const mostStreamBytes = 67_108_864

export interface ExplainOptions extends WireChoice {
  readonly timelyMs: number
  /** How long a terminal is taken to wait. */
  readonly timeoutMs: number
  readonly zone: Zone
}

export interface CaptureExplanation {
  readonly dialect: string
  readonly framing: string
  /** host:port of the busiest host. */
  readonly target: string
  readonly connections: number
  readonly transactions: number
  readonly timely: number
  readonly echoes: number
  /** Epoch ms of the first and the last packet. */
  readonly startedAt: number
  readonly endedAt: number
  /** Sentences about what was missing, repeated or left out. */
  readonly notes: readonly string[]
  readonly causes: readonly CauseRow[]
  /** Transactions that were not timely. */
  readonly lines: readonly EvidenceLine[]
}

/** Throws UsageError for a capture without TCP data, or of which nothing can be read. */
export function explainCapture(input: CaptureFiles, name: string, options: ExplainOptions): CaptureExplanation {
  const wire = captureWire(input, name, options)
  const { packets, isTruncated } = readCapture(input)
  const segments = packets.flatMap((packet) => tcpSegmentOf(packet) ?? [])
  const { connections: all, leftOut } = reassemble(segments, mostStreamBytes)
  const connections = all.filter(({ server }) => server.port === wire.port)
  const captured = exchangesOf(connections, wire)
  if (captured.every(({ exchanges, unmatchedAt }) => exchanges.length + unmatchedAt.length === 0))
    throw new UsageError(unreadable(name, options))
  const { startedAt, endedAt } = spanOf(segments)
  const target = targetOf(connections)
  const events = captureEvents(captured, {
    timelyWithinMs: options.timelyMs,
    timeoutMs: options.timeoutMs,
    endedAt,
    target,
  })
  const observer = createObserver({
    ...{ startedAt, wallAtStart: startedAt, timelyWithinMs: options.timelyMs, timeoutMs: options.timeoutMs },
    codeClasses: wire.dialect.rules.codeClasses,
    signOnCodes: wire.dialect.rules.security?.signOnAgain,
    lastingLinks: events.lastingLinks,
  })
  const ids = observe(observer, events)
  const { verdicts, causes } = diagnose(observer.observations({ fundsAreTold: false, eventLoopP99Ms: null }))
  const untimely = events.samples.filter(({ sample }) => !isTimely(sample, options.timelyMs))
  return {
    ...{ dialect: wire.dialect.name, framing: wire.framing, target, connections: connections.length },
    ...{ transactions: events.samples.length, timely: events.samples.length - untimely.length },
    ...{ echoes: events.echoes.length, startedAt, endedAt, causes },
    notes: [
      ...(isTruncated ? ['the capture file ends inside a packet'] : []),
      ...(leftOut > 0
        ? [`${counted(leftOut, 'segment')} of further connections ${agreeing(leftOut, 'was', 'were')} left out`]
        : []),
      ...notesOf(captured, events),
    ],
    lines: untimely.map((each) => {
      const id = ids.get(each)
      return lineOf(each, wire, { ...options, cause: (id !== undefined && verdicts.get(id)) || null })
    }),
  }
}

function spanOf(segments: readonly TcpSegment[]): { startedAt: number; endedAt: number } {
  let startedAt = Number.POSITIVE_INFINITY
  let endedAt = Number.NEGATIVE_INFINITY
  for (const { atMs } of segments) {
    if (atMs < startedAt) startedAt = atMs
    if (atMs > endedAt) endedAt = atMs
  }
  return { startedAt, endedAt }
}

/** The host with the most connections. */
function targetOf(connections: readonly TcpConnection[]): string {
  const counts = new Map<string, number>()
  for (const { server } of connections) counts.set(endpointText(server), (counts.get(endpointText(server)) ?? 0) + 1)
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? ''
}

/** Tells the observer everything in the order in which it became known. */
function observe(observer: Observer, events: CaptureEvents): ReadonlyMap<CapturedSample, number> {
  const ids = new Map<CapturedSample, number>()
  const told: (readonly [at: number, tell: () => void])[] = [
    ...events.connects.map((each) => [each.at + each.ms, () => observer.connect(each)] as const),
    ...events.echoes.map((each) => [each.at + (each.ms ?? 0), () => observer.echo(each)] as const),
    ...events.reversals.map((each) => [each.at + (each.ms ?? 0), () => observer.reversal(each)] as const),
    ...events.tcp.map((each) => [each.at, () => observer.segment(each)] as const),
    ...events.downs.map((each) => [each.at, () => observer.down(each)] as const),
    ...events.worked.map(({ at, terminal }) => [at, () => observer.worked(terminal)] as const),
    ...events.unmatchedAt.map((at) => [at, () => observer.unmatched(at)] as const),
    ...events.samples.map((each) => {
      const tell = () => {
        const { cards, hasPin, amount, tcp } = each.exchange
        const id = observer.sample(each.sample, {
          ...{ link: each.link, ownLink: each.ownLink, cards, hasPin, tcp },
          amount: amount === undefined ? undefined : Number(amount),
        })
        if (id !== undefined) ids.set(each, id)
      }
      return [each.sample.endedAt, tell] as const
    }),
  ]
  for (const [, tell] of told.sort(([a], [b]) => a - b)) tell()
  return ids
}

function notesOf(captured: ReturnType<typeof exchangesOf>, events: CaptureEvents): readonly string[] {
  const sum = (count: (each: (typeof captured)[number]) => number) =>
    captured.reduce((total, each) => total + count(each), 0)
  const missing = sum(({ connection: { requests, answers } }) =>
    [...requests.runs, ...answers.runs].reduce((bytes, { missingBefore }) => bytes + missingBefore, 0),
  )
  const unopened = captured.filter(({ connection: { life } }) => life.synAt === undefined).length
  const resets = (by: 'client' | 'server', wasOpen: boolean) =>
    captured.filter(({ connection: { life } }) => life.reset?.by === by && isOpened(life) === wasOpen).length
  const notes: readonly (readonly [count: number, one: string, many: string])[] = [
    [resets('server', true), 'connection was reset by the host', 'connections were reset by the host'],
    [resets('client', true), 'connection was reset by the terminals', 'connections were reset by the terminals'],
    [resets('server', false), 'connection was refused by the host (RST)', 'connections were refused by the host (RST)'],
    [
      missing,
      'byte of messages is missing: a missing answer may be there',
      'bytes of messages are missing: a missing answer may be among them',
    ],
    [
      unopened,
      `of ${counted(captured.length, 'connection')} was open before the capture began: no connect time is known of it`,
      `of ${counted(captured.length, 'connection')} were open before the capture began: no connect time is known of them`,
    ],
    [
      sum(({ connection: { requests, answers } }) => requests.repeats + answers.repeats),
      'segment was sent again (TCP retransmission)',
      'segments were sent again (TCP retransmission)',
    ],
    [
      sum(({ connection: { trace } }) => trace.duplicateAcks),
      'duplicate acknowledgement: something was lost or overtaken',
      'duplicate acknowledgements: something was lost or overtaken',
    ],
    [
      sum(({ connection: { trace } }) => trace.zeroWindows),
      'time a side said that it takes no more (zero window)',
      'times a side said that it takes no more (zero window)',
    ],
    [
      sum(({ trouble }) => trouble.broken),
      'place could not be cut into messages',
      'places could not be cut into messages',
    ],
    [sum(({ trouble }) => trouble.unreadable), 'message could not be read', 'messages could not be read'],
    [
      events.unmatchedAt.length,
      'answer belongs to no request of the capture',
      'answers belong to no request of the capture',
    ],
  ]
  const found = notes.filter(([count]) => count > 0)
  return [
    ...found.map(([count, one, many]) => `${count} ${count === 1 ? one : many}`),
    ...(events.echoes.length === 0 ? [noEchoes] : []),
  ]
}

/** It was accepted, or was open before the capture began. */
const isOpened = ({ synAt, acceptedAt }: TcpConnection['life']) => acceptedAt !== undefined || synAt === undefined

const noEchoes =
  'there is no echo message in the capture: network and host can only be told apart by how connections open'

interface LineContext extends ExplainOptions {
  readonly cause: EvidenceLine['cause']
}

function lineOf(
  { sample, exchange }: CapturedSample,
  { codec, dialect }: CaptureWire,
  { timelyMs, zone, cause }: LineContext,
): EvidenceLine {
  const answer = exchange.answer && maskedMessage(codec, exchange.answer.body)
  const request = maskedMessage(codec, exchange.request)
  // A request carries its own number only where terminals give one; in others it is that of an earlier transaction.
  const isOwn = dialect.messages[exchange.type]?.fields['37'] === '{rrn}'
  const rrn = answer?.fields['37'] ?? (isOwn ? request?.fields['37'] : undefined)
  const code = sample.responseCode
  return {
    rrn: typeof rrn === 'string' ? rrn.trim() : null,
    ...{
      terminal: sample.terminal,
      merchant: sample.merchant,
      batch: exchange.batch || null,
      stan: sample.stan ?? null,
    },
    ...{
      type: sample.type,
      amount: amountOf(exchange, dialect.rules.currency),
      phase: sample.phase,
      target: sample.target,
    },
    ...{ outcome: sample.outcome, code: code ?? null, reason: sample.reason ?? null, tries: 1, firstCode: null },
    codeMeaning: (code !== undefined && dialect.rules.meanings?.[code]) || null,
    responseMs: responseTime(sample) ?? null,
    ...{
      withinMs: timelyMs,
      timelyResponse: false,
      timeZone: zone.name,
      steps: stepsOf({ ...sample, deliveredAt: deliveredAt(exchange) }, zone),
    },
    ...{ request, answer: answer ?? null, lateAnswer: null, reversal: null, payout: null, cause },
  }
}

function amountOf({ amount, currency }: CapturedSample['exchange'], usual: string | undefined): string | null {
  if (amount === undefined || !/^\d+$/.test(amount)) return null
  const numeric = currency ?? usual ?? ''
  return formatMoney({ minor: Number(amount), currency: currencyLetters(numeric) ?? numeric }).trimEnd()
}

/** When TCP of the host acknowledged the whole request; undefined where the capture does not show it. */
const deliveredAt = ({ requestedAt, tcp }: CapturedSample['exchange']) =>
  tcp?.ackedMs === undefined ? undefined : requestedAt + tcp.ackedMs

function stepsOf(
  {
    intendedAt,
    writtenAt,
    deliveredAt,
    endedAt,
    outcome,
  }: CapturedSample['sample'] & { readonly deliveredAt: number | undefined },
  zone: Zone,
): EvidenceLine['steps'] {
  const last: StepName = outcome === 'timedOut' ? 'gaveUp' : outcome === 'failed' ? 'failed' : 'answered'
  const steps: (readonly [StepName, number | undefined])[] = [
    // On a connection that stays nobody but the terminal knows when the card was presented.
    ['presented', intendedAt === writtenAt ? undefined : intendedAt],
    ['written', writtenAt],
    // An answer may carry the acknowledgement: the request was there before it.
    ['delivered', deliveredAt === undefined || deliveredAt >= endedAt ? undefined : deliveredAt],
    [last, endedAt],
  ]
  return steps.flatMap(([step, at]) => {
    if (at === undefined) return []
    const wall = Math.round(at)
    const afterMs = Math.round((at - intendedAt) * 1000) / 1000
    return [{ step, utc: new Date(wall).toISOString(), local: localInstant(zone, wall), afterMs }]
  })
}
