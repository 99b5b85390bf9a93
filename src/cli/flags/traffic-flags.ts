// `--trace`, `--record` and `--pcap`: every message as it passes, on stderr or in files.

import { UsageError } from '../../base/errors.js'
import { maskText } from '../../base/mask.js'
import { counted } from '../../base/text/counted.js'
import { printableLines } from '../../base/text/shown-text.js'
import { parseSize } from '../../base/units.js'
import type { Dialect } from '../../codec/dialect.js'
import type { TrafficChoice } from '../../run/traffic/open-traffic.js'
import type { ProbeTrafficChoice } from '../../run/traffic/probe-traffic.js'
import type { TrafficEvent } from '../../tap/traffic.js'
import type { Io, Output } from '../io.js'
import { messageTable } from '../message-table.js'
import { flag, text } from './options.js'

export const traceOption = {
  trace: text('trace', 'each message on stderr as it passes, masked, and what faults hit; --trace=full: each field'),
} as const

/** The options of roles that may write down what passes. */
export const trafficOptions = {
  ...traceOption,
  record: text('record', 'file for the messages that pass: JSON lines, masked'),
  pcap: text('pcap', 'file for what passes as packets, for Wireshark: needs --unmasked'),
  'record-limit': text(
    'record-limit',
    'size of each such file with its older parts FILE.1 to FILE.3; 1GiB when left out',
  ),
  force: flag('files of --record and --pcap that are there already are overwritten'),
  unmasked: flag('whole messages in the files of --record and --pcap: THEY THEN HOLD CARD DATA'),
} as const

export interface TrafficFlags {
  readonly trace?: string | undefined
  readonly record?: string | undefined
  readonly pcap?: string | undefined
  readonly 'record-limit'?: string | undefined
  readonly force?: boolean | undefined
  readonly unmasked?: boolean | undefined
}

/** The flags of these names alone. */
export const trafficFlagsOf = ({ trace, record, pcap, force, unmasked, ...rest }: TrafficFlags): TrafficFlags => ({
  trace,
  record,
  pcap,
  'record-limit': rest['record-limit'],
  force,
  unmasked,
})

export type TraceStyle = 'line' | 'full'

/** Undefined where nobody asked for it. Throws UsageError. */
export function traceStyleOf({ trace }: TrafficFlags): TraceStyle | undefined {
  if (trace === undefined || trace === 'line' || trace === 'full') return trace
  throw new UsageError(`--trace: expected nothing, line or full after it, got '${trace}'`)
}

/** Throws UsageError for flags that do not fit, and for a capture without the word that it may hold card data. */
export function trafficChoice(io: Io, dialect: Dialect, flags: TrafficFlags): TrafficChoice {
  const { tracerOf, ...files } = probeTrafficChoice(io, flags)
  return { ...files, ...(tracerOf === undefined ? {} : { onTraffic: tracerOf(dialect) }) }
}

/** The same for connections of several dialects. */
export function probeTrafficChoice(io: Io, flags: TrafficFlags): ProbeTrafficChoice {
  const style = traceStyleOf(flags)
  const { record, pcap, force, unmasked = false } = flags
  const limit = recordLimit(flags)
  if (unmasked && record === undefined && pcap === undefined)
    throw new UsageError('--unmasked: only together with --record FILE or --pcap FILE')
  if (pcap !== undefined && !unmasked) {
    const instead = '--record FILE writes messages masked'
    throw new UsageError(`--pcap: packets hold whole messages with their card data: add --unmasked, or ${instead}`)
  }
  if (unmasked) {
    const files = [record, pcap].filter((file) => file !== undefined)
    io.stderr.write(`warning: ${maskText(files.join(' and '))} will hold card data\n`)
  }
  return {
    ...(style === undefined ? {} : { tracerOf: (dialect) => tracer(io.stderr, dialect, style) }),
    ...(record === undefined ? {} : { record: { file: record, unmasked } }),
    ...(pcap === undefined ? {} : { pcap }),
    ...(limit === undefined ? {} : { recordLimitBytes: limit }),
    ...(force === true && (record ?? pcap) !== undefined && { force }),
  }
}

/** Bytes below which a file of four parts would hold hardly a message. */
const leastLimit = 65_536

/** Bytes; undefined where it is left out. Throws UsageError. */
function recordLimit({ record, pcap, 'record-limit': text }: TrafficFlags): number | undefined {
  if (text === undefined) return undefined
  if (record === undefined && pcap === undefined)
    throw new UsageError('--record-limit: only together with --record FILE or --pcap FILE')
  const bytes = parseSize(text)
  if (bytes !== undefined && bytes >= leastLimit) return bytes
  throw new UsageError(`--record-limit: expected a size of at least 64KiB, such as 200MiB or 1GiB, got '${text}'`)
}

/** Bytes that may wait for a stderr that is not read; further lines are left out, and counted. */
const maxWaitingBytes = 16_777_216

/** Writes events as lines. Their messages are masked field by field, which is more than can be said of a line of digits. */
export function tracer(output: Output, dialect: Dialect, style: TraceStyle): (event: TrafficEvent) => void {
  let leftOut = 0
  const write = (text: string) => {
    if (output.draw === undefined) output.write(text)
    else output.draw(text)
  }
  return (event) => {
    if ((output.waitingBytes ?? 0) > maxWaitingBytes) {
      leftOut++
      return
    }
    if (leftOut > 0) write(`left out: ${counted(leftOut, 'message')}, because stderr is slower\n`)
    leftOut = 0
    write(`${printableLines(trafficLines(event, dialect, style).join('\n'))}\n`)
  }
}

/** `10:15:02.131Z #1 <- 0210 …`: `->` is to the host, `<-` from it. */
export function trafficLines(event: TrafficEvent, dialect: Dialect, style: TraceStyle): readonly string[] {
  const head = `${new Date(event.at).toISOString().slice(11)} #${event.connection}`
  switch (event.kind) {
    case 'opened':
      return [`${head} connected: ${event.peer}`]
    case 'closed':
      return [`${head} closed: ${event.peer}${part(event.why)}${part(event.unread)}`]
    case 'unreadable':
      return [`${head} ${arrows[event.direction]} cannot be read from here on: ${event.why}`]
    default:
      return messageLines(`${head} ${arrows[event.direction]}`, event, dialect, style)
  }
}

const arrows = { upstream: '->', downstream: '<-' } as const
const part = (words: string | undefined) => (words === undefined ? '' : `, ${words}`)

function messageLines(
  head: string,
  { message, bytes, key, answersAfterMs, problem }: Extract<TrafficEvent, { kind: 'message' }>,
  dialect: Dialect,
  style: TraceStyle,
): readonly string[] {
  const { mti, fields } = message
  const code = fields[dialect.rules.responseCode ?? '']
  const what = [
    mti === '' ? '????' : mti,
    counted(bytes, 'byte'),
    ...(typeof code === 'string' ? [`code ${code}`] : []),
    ...(key === undefined ? [] : [key]),
    ...(answersAfterMs === undefined ? [] : [`answers after ${answersAfterMs.toFixed(1)} ms`]),
    ...(problem === undefined ? [] : [problem]),
  ].join(', ')
  if (style === 'line') return [`${head} ${what} ${JSON.stringify(fields)}`]
  return [`${head} ${what}`, ...messageTable(message, dialect).map((line) => `    ${line}`)]
}

/** Throws UsageError for flags that look at one process, where several serve. */
export function refuseTraffic({ trace, record, pcap }: TrafficFlags): void {
  if ((trace ?? record ?? pcap) !== undefined)
    throw new UsageError(
      '--workers: --trace, --record and --pcap look at one process; leave them or --workers out, or give them to `isochron proxy` in front of it',
    )
}
