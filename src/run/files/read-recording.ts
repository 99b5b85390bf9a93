// Recordings that a scenario plays back: the requests in the file, as messages that a terminal can send, at their times.
//
// Fields that identify a transaction are made anew: STAN, dates, terminal, merchant, MAC. Masked values come from the
// scenario's cards, or are left out.

import { existsSync } from 'node:fs'
import { UsageError } from '../../base/errors.js'
import { reasonOf } from '../../base/text/system-words.js'
import type { Codec } from '../../codec/codec.js'
import type { MessageDefinition, MessageValue } from '../../codec/dialect.js'
import type { Fields, FieldValue, Message } from '../../codec/message.js'
import type { PhaseOptions } from '../../load/options.js'
import type { RecordedArrival, Recordings } from '../../load/plan.js'
import type { RecordedLine, RecordingHead } from '../../tap/recorder.js'
import { isResponse } from '../../transport/wire/match-key.js'
import { readBounded } from '../disk/read-bounded.js'
import { olderParts, partName } from '../disk/recording-parts.js'

export interface ReadRecordings {
  readonly recordings: Recordings
  /** The messages in them, by the names that their arrivals give. */
  readonly messages: Readonly<Record<string, MessageDefinition>>
}

/** Bytes of one recording: a day of a large merchant. */
const maxFileBytes = 536_870_912
/** Different messages of one run: each is prepared before the load begins. */
const maxMessages = 50_000

const namePrefix = 'replay '

/** Whether a message's name is one of a recording's. */
export const isRecorded = (name: string) => name.startsWith(namePrefix)

/** Throws UsageError that names file and line. */
export function readRecordings(load: readonly PhaseOptions[], codec: Codec): ReadRecordings {
  const names = new Map<string, string>()
  const messages: Record<string, MessageDefinition> = {}
  const nameOf = (definition: MessageDefinition): string => {
    const key = JSON.stringify(definition)
    const known = names.get(key)
    if (known !== undefined) return known
    if (names.size >= maxMessages) throw new UsageError(`more than ${maxMessages} different messages`)
    const name = `${namePrefix}${definition.mti} ${names.size + 1}`
    names.set(key, name)
    messages[name] = definition
    return name
  }
  const files = new Set(load.flatMap((phase) => ('replay' in phase ? phase.replay : [])))
  const recordings = new Map([...files].map((file) => [file, readOne(file, codec, nameOf)]))
  return { recordings, messages }
}

function readOne(file: string, codec: Codec, nameOf: (of: MessageDefinition) => string): readonly RecordedArrival[] {
  let firstAt: number | undefined
  const arrivals = partsOf(file).flatMap((part) => arrivalsOf(part))
  if (arrivals.length > 0) return arrivals.toSorted((one, other) => one.offset - other.offset)
  throw new UsageError('holds no request that could be played back', { where: `${file}:` })

  function arrivalsOf({ name, lines }: Part): readonly RecordedArrival[] {
    return lines.flatMap((line, index) => arrivalOf(line, `${name}:${index + 2}:`))
  }
  function arrivalOf(line: string, where: string): readonly RecordedArrival[] {
    if (line === '') return []
    const recorded = parse<RecordedLine>(line, where)
    const message = recorded.direction === 'upstream' ? messageOf(recorded, codec, where) : undefined
    if (message === undefined || !isPlayed(message.mti)) return []
    firstAt ??= recorded.at
    return [{ offset: Math.max(0, recorded.at - firstAt), message: nameOf(definitionOf(message)) }]
  }
}

interface Part {
  readonly name: string
  /** First line of the file. */
  readonly first: string
  /** The others. */
  readonly lines: readonly string[]
}

/** The file with the older parts of the same recording (recording-file.ts), oldest first. A part begins with the head of all. */
function partsOf(file: string): readonly Part[] {
  const newest = readPart(file)
  const parts = [newest]
  for (let part = 1; part <= olderParts && existsSync(partName(file, part)); part++) {
    const name = partName(file, part)
    const [first, ...lines] = readText(name).split('\n')
    if (first !== newest.first) break
    parts.unshift({ name, first, lines })
  }
  return parts
}

function readPart(name: string): Part {
  const [first = '', ...lines] = readText(name).split('\n')
  const head = parse<Partial<RecordingHead>>(first, `${name}:1:`)
  if (head.recording === 'isochron/recording@1') return { name, first, lines }
  throw new UsageError('expected a recording of `isochron proxy --record FILE`', { where: `${name}:1:` })
}

function readText(file: string): string {
  try {
    const text = readBounded(file, maxFileBytes)?.toString('utf8')
    if (text === undefined)
      throw new UsageError(`larger than ${maxFileBytes} bytes: cut it into several`, { where: `${file}:` })
    return text
  } catch (cause) {
    if (cause instanceof UsageError) throw cause
    throw new UsageError(`cannot be read (${reasonOf(cause)})`, { where: `${file}:`, cause })
  }
}

function parse<Line>(text: string, where: string): Line {
  try {
    const line: unknown = JSON.parse(text)
    if (typeof line === 'object' && line !== null) return line as Line
  } catch {
    // Said below, without quoting the line: it may hold card data.
  }
  throw new UsageError('expected a line of a recording, which is an object of JSON', { where })
}

function messageOf({ message, hex }: RecordedLine, codec: Codec, where: string): Message | undefined {
  if (hex === undefined) return message
  try {
    return codec.unpack(Buffer.from(hex, 'hex'))
  } catch (cause) {
    throw new UsageError(`dialect ${codec.dialect.name} cannot read it: ${(cause as Error).message}`, { where, cause })
  }
}

/** Network messages are the terminals' own affair, and reversals follow from what happens now. */
const isPlayed = (mti: string) => /^\d[1235]\d\d$/.test(mti) && !isResponse(mti)

function definitionOf({ mti, fields }: Message): MessageDefinition {
  const made = Object.entries(fields).flatMap(([field, value]) => {
    const anew = valueAnew(field, value, fields)
    return anew === undefined ? [] : [[field, anew] as const]
  })
  return { mti, fields: Object.fromEntries(made) }
}

/** Undefined: left out. */
function valueAnew(field: string, value: FieldValue, fields: Fields): MessageValue | undefined {
  const text = typeof value === 'string' ? value : undefined
  if (field === '7' && text?.length === 10) return '{utc:MMDDhhmmss}'
  if (field === '12' && text?.length === 6) return '{local:hhmmss}'
  if (field === '12' && text?.length === 12) return '{local:YYMMDDhhmmss}'
  // In ISO 8583:1993, where field 12 holds the date too, field 13 is another date.
  if (field === '13' && text?.length === 4 && String(fields['12'] ?? '').length === 6) return '{local:MMDD}'
  const placeholder = placeholders[field]
  if (placeholder !== undefined) return placeholder
  if (!isMasked(value)) return value as MessageValue
  return ofCard[field]
}

/** The placeholders of fields that belong to the transaction or to the terminal, by field number. */
const placeholders: Readonly<Record<string, string>> = {
  11: '{stan}',
  41: '{terminal}',
  42: '{merchant}',
  52: '{pinBlock}',
  64: '{mac}',
  128: '{mac}',
}

/** Where a card's own value was masked. */
const ofCard: Readonly<Record<string, string>> = {
  2: '{card.pan}',
  14: '{card.expiry}',
  23: '{card.sequence}',
  35: '{card.track2}',
}

function isMasked(value: FieldValue): boolean {
  if (typeof value === 'string') return value.includes('*')
  return Object.values(value).some((inner) => isMasked(inner as FieldValue))
}
