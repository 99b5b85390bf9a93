// Records of the journal on disk. A frame is all that one turn brought: mark 4, length of the payload 4, the same with every bit
// turned 4, CRC-32 of the payload 4 (all big endian), payload. In it records stand one after another; what every sale writes is
// packed, all else is JSON.
//
// Rule: what is torn at the end was never acted upon, so it is left out, and said. A frame is torn when it is the beginning of
// one; whatever else makes no sense is damaged and refused, because what it held may be owed to somebody.

import { crc32 } from 'node:zlib'
import type { BookRow, BookState } from '../../measure/money/books.js'
import { ByteWindow, maxPayloadBytes, type ReadBytes, readFramed } from './framed-records.js'
import { ByteReader, ByteWriter } from './journal-bytes.js'
import type { CaseForm, CaseRecord, FormedCase, JournalRecord } from './journal-records.js'
import { readVersion1 } from './journal-version1.js'

/** The version that is written. */
export const journalVersion = 2

/** No text and no length begins so: version 1 begins with a zero byte. */
const mark = Uint8Array.of(0x1e, 0x49, 0x4a, journalVersion)
const frontBytes = 16
/** A frame that has grown to so many bytes is followed by another one. */
const fullBytes = maxPayloadBytes / 4

const kinds = { json: 0, form: 1, open: 2, ended: 3, row: 4 } as const
const states = [null, 'charged', 'reversed', 'declined', 'unknown'] as const satisfies readonly (BookState | null)[]

/** Writes the records of one file, the first to the last: what they have in common is written once. */
export class FrameWriter {
  readonly #out = new ByteWriter()
  /** The beginning of the payload at hand; 0: no frame is open. */
  #payloadAt = 0
  readonly #forms = new Map<CaseForm, number>()
  /** Forms of cases that have none of their own, by what is in them. */
  readonly #known = new Map<string, CaseForm>()

  get isEmpty(): boolean {
    return this.#out.end === 0
  }

  add(record: JournalRecord): void {
    if (record.kind === 'open') this.open(record.id, record.case)
    else if (record.kind === 'ended') this.ended(record.id, record.state, record.amountMinor)
    else if (record.kind === 'row') this.row(record.row)
    else {
      this.#begin(kinds.json)
      this.#out.text(JSON.stringify(record))
    }
  }

  open(id: number, record: CaseRecord): void {
    const formed = 'form' in record ? (record as FormedCase) : this.#formed(record)
    const { textCount } = formed
    const form = this.#formNumber(formed.form)
    this.#begin(kinds.open)
    const out = this.#out
    out.number(id)
    out.number(form)
    out.text(record.terminal)
    out.text(record.merchant)
    out.text(record.batch)
    out.text(record.stan)
    out.number(record.amountMinor)
    optional(out, record.reason)
    out.number(textCount)
    for (let index = 0; index < textCount; index++) optional(out, formed.text(index))
  }

  ended(id: number, state: BookState | null, amountMinor: number | undefined): void {
    this.#begin(kinds.ended)
    this.#out.number(id)
    this.#out.byte(states.indexOf(state))
    // Zero stands for none.
    this.#out.number(amountMinor === undefined ? 0 : amountMinor + 1)
  }

  row({ terminal, merchant, batch, stan, kind, amountMinor, state }: BookRow): void {
    this.#begin(kinds.row)
    const out = this.#out
    for (const text of [terminal, merchant, batch, stan, kind]) out.text(text)
    out.number(amountMinor)
    out.byte(states.indexOf(state))
  }

  /** All frames so far: a view that is valid until more is written. */
  take(): Uint8Array {
    this.#endFrame()
    const bytes = this.#out.view()
    this.#out.clear()
    return bytes
  }

  #begin(kind: number): void {
    if (this.#payloadAt > 0 && this.#out.end - this.#payloadAt > fullBytes) this.#endFrame()
    if (this.#payloadAt === 0) {
      this.#out.reserve(frontBytes)
      for (const byte of mark) this.#out.byte(byte)
      this.#out.end += frontBytes - mark.length
      this.#payloadAt = this.#out.end
    }
    this.#out.byte(kind)
  }

  #endFrame(): void {
    if (this.#payloadAt === 0) return
    const payload = this.#out.view(this.#payloadAt)
    this.#out.uint32At(this.#payloadAt - 12, payload.length)
    this.#out.uint32At(this.#payloadAt - 8, ~payload.length >>> 0)
    this.#out.uint32At(this.#payloadAt - 4, crc32(payload))
    this.#payloadAt = 0
  }

  #formNumber(form: CaseForm): number {
    const known = this.#forms.get(form)
    if (known !== undefined) return known
    const number = this.#forms.size
    this.#forms.set(form, number)
    this.#begin(kinds.form)
    this.#out.number(number)
    this.#out.text(JSON.stringify(form))
    return number
  }

  /** A case that was read, or that says more than its request does. */
  #formed({ type, owed }: CaseRecord): Pick<FormedCase, 'form' | 'textCount' | 'text'> {
    const names = owed.do === 'reverse' ? Object.keys(owed.original) : []
    const form = { type, reversal: owed.do === 'reverse' ? owed.message : undefined, names }
    const key = JSON.stringify(form)
    const known = this.#known.get(key) ?? form
    this.#known.set(key, known)
    const texts = owed.do === 'reverse' ? Object.values(owed.original) : owed.values
    return { form: known, textCount: texts.length, text: (index) => texts[index] }
  }
}

function optional(out: ByteWriter, text: string | undefined): void {
  if (text === undefined) out.byte(0)
  else {
    out.byte(1)
    out.text(text)
  }
}

/** A file's bytes from its first record on. */
export function encodeRecords(records: Iterable<JournalRecord>): Uint8Array {
  const writer = new FrameWriter()
  for (const record of records) writer.add(record)
  return writer.take().slice()
}

/**
 * Takes all whole records from the start, of either version; it ends at the first that is not. Throws nothing, whatever the bytes
 * are, but what `pieces` and `take` throw.
 */
export function readRecords(pieces: Iterable<Uint8Array>, take: (record: JournalRecord) => void): ReadBytes {
  const window = new ByteWindow(pieces)
  if (window.buffer[0] !== mark[0]) return readVersion1(window, take)
  const forms = new Map<number, CaseForm>()
  return readFramed(window, { payloadAt, read: (payload) => recordsIn(payload, forms), mark, isTorn }, take)
}

/** The length of the payload of the frame that begins here; undefined: no frame does. */
function lengthAt(buffer: Buffer, at: number): number | undefined {
  if (at + frontBytes > buffer.length || mark.some((byte, index) => buffer[at + index] !== byte)) return undefined
  const length = buffer.readUInt32BE(at + 4)
  const isSure = buffer.readUInt32BE(at + 8) === ~length >>> 0
  return isSure && length > 0 && length <= maxPayloadBytes ? length : undefined
}

function payloadAt(buffer: Buffer, at: number) {
  const length = lengthAt(buffer, at)
  const end = at + frontBytes + (length ?? 0)
  if (length === undefined || end > buffer.length) return undefined
  const payload = buffer.subarray(at + frontBytes, end)
  return crc32(payload) === buffer.readUInt32BE(at + 12) ? { payload, end } : undefined
}

function isTorn(buffer: Buffer, at: number): boolean {
  const left = buffer.subarray(at)
  // A system that lost its power may have made room for what it never wrote.
  if (left.every((byte) => byte === 0)) return true
  if (left.length < frontBytes) return left.subarray(0, mark.length).every((byte, index) => byte === mark[index])
  const length = lengthAt(buffer, at)
  return length !== undefined && at + frontBytes + length > buffer.length
}

function* recordsIn(payload: Buffer, forms: Map<number, CaseForm>): Iterable<JournalRecord> {
  const from = new ByteReader(payload)
  while (!from.isAtEnd) {
    const kind = from.byte()
    if (kind === kinds.form) forms.set(from.number(), JSON.parse(from.text()) as CaseForm)
    else if (kind === kinds.open) yield readOpen(from, forms)
    else if (kind === kinds.ended) yield readEnded(from)
    else if (kind === kinds.row) yield { kind: 'row', row: readRow(from) }
    else yield JSON.parse(from.text()) as JournalRecord
  }
}

function readOpen(from: ByteReader, forms: ReadonlyMap<number, CaseForm>): JournalRecord {
  const id = from.number()
  const { type, reversal, names } = forms.get(from.number()) as CaseForm
  const [terminal, merchant, batch, stan] = [from.text(), from.text(), from.text(), from.text()]
  const amountMinor = from.number()
  const reason = readOptional(from)
  const texts = Array.from({ length: from.number() }, () => readOptional(from))
  const original = Object.fromEntries(
    names.flatMap((name, index) => (texts[index] === undefined ? [] : [[name, texts[index]]])),
  )
  const owed: CaseRecord['owed'] =
    reversal === undefined
      ? { do: 'repeat', values: texts.map((text) => text ?? '') }
      : { do: 'reverse', message: reversal, original }
  const record = { terminal, merchant, batch, stan, type, amountMinor, owed }
  return { kind: 'open', id, case: reason === undefined ? record : { ...record, reason } }
}

const readOptional = (from: ByteReader) => (from.byte() === 0 ? undefined : from.text())

function readEnded(from: ByteReader): JournalRecord {
  const id = from.number()
  const state = states[from.byte()] ?? null
  const amount = from.number()
  return amount === 0 ? { kind: 'ended', id, state } : { kind: 'ended', id, state, amountMinor: amount - 1 }
}

function readRow(from: ByteReader): BookRow {
  const [terminal, merchant, batch, stan, kind] = [from.text(), from.text(), from.text(), from.text(), from.text()]
  const amountMinor = from.number()
  const state = states[from.byte()] as BookState
  return { terminal, merchant, batch, stan, kind, amountMinor, state }
}
