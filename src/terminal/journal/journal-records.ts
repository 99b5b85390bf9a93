// Records of the journal on disk: length 4, CRC-32 of the payload 4 (both big endian), payload as JSON in UTF-8.
// Pure. Rule: what is torn at the end was never acted upon, so it is left out, and said; what is damaged before the end is
// refused, because whole records behind it are owed to somebody.

import { crc32 } from 'node:zlib'
import type { BookRow, BookState } from '../../measure/money/books.js'

/** A transaction whose outcome must not be forgotten: enough to undo it, or to send it again, after a crash. */
export interface CaseRecord {
  readonly terminal: string
  readonly merchant: string
  readonly batch: string
  readonly stan: string
  /** Name of its message: sale, void … */
  readonly type: string
  readonly amountMinor: number
  /** Reverse: the name of the reversal, and what it says of the original. Repeat: the gaps of the message itself. */
  readonly owed:
    | { readonly do: 'reverse'; readonly message: string; readonly original: Readonly<Record<string, string>> }
    | { readonly do: 'repeat'; readonly values: readonly string[] }
  /** What its reversal says of why; left out: that no answer came in time, which is all that is known after a crash. */
  readonly reason?: string
}

/** The gaps of a message, by which it is known as the same when it is sent again. */
export interface ToldMessage {
  readonly fields: readonly number[]
  readonly values: readonly string[]
}

export type JournalRecord =
  /** First. `day`: YYYYMMDD, the business day on which the file was begun; `beganAt`: when, in epoch ms. */
  | {
      readonly kind: 'journal'
      readonly version: 1
      readonly dialect: string
      readonly day: string
      readonly beganAt: number
      /** More ended than a journal keeps: the books of a later process cannot be known. */
      readonly rowsLost?: true
    }
  /** STANs up to `stan` of this batch may have been used. */
  | { readonly kind: 'numbers'; readonly terminal: string; readonly batch: string; readonly stan: number }
  /** A transaction that ended, in a journal that was compacted since. */
  | { readonly kind: 'row'; readonly row: BookRow }
  /** What has ended of this terminal, so far or until it was `settling`, was settled: in this batch, or (null) all of it. */
  | { readonly kind: 'settled'; readonly terminal: string; readonly batch: string | null }
  /**
   * Totals of what has ended so far of this terminal, and was not settled, leave in this message; null: the host has refused
   * it, and closed nothing.
   */
  | { readonly kind: 'settling'; readonly terminal: string; readonly message: ToldMessage | null }
  /** Written before the request leaves; written again, with this id, when more is known of the case. */
  | { readonly kind: 'open'; readonly id: number; readonly case: CaseRecord }
  /** Nothing is owed any more; null: the request never left. `amountMinor`: approved in part, so much. */
  | { readonly kind: 'ended'; readonly id: number; readonly state: BookState | null; readonly amountMinor?: number }

export interface ReadRecords {
  readonly records: readonly JournalRecord[]
  /** Bytes at the end that are no whole record. */
  readonly tornBytes: number
  /** Where the bytes stop making sense although whole records follow; undefined: nowhere. */
  readonly damagedAt: number | undefined
}

const frontBytes = 8
/** Bytes of one payload: a case takes some hundreds, one of the largest frame (64 KiB) some times that. */
const maxPayloadBytes = 1_048_576

export function encodeRecord(record: JournalRecord): Uint8Array {
  const text = JSON.stringify(record)
  const bytes = Buffer.allocUnsafe(frontBytes + Buffer.byteLength(text))
  const end = frontBytes + bytes.write(text, frontBytes)
  bytes.writeUInt32BE(end - frontBytes, 0)
  bytes.writeUInt32BE(crc32(bytes.subarray(frontBytes)), 4)
  return bytes
}

/** All whole records from the start; it ends at the first that is not. Throws nothing, whatever the bytes are. */
export function readRecords(bytes: Uint8Array): ReadRecords {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const records: JournalRecord[] = []
  let at = 0
  for (;;) {
    const payload = payloadAt(buffer, at)
    if (payload === undefined) break
    records.push(JSON.parse(payload.toString('utf8')) as JournalRecord)
    at += frontBytes + payload.length
  }
  const damagedAt = hasRecordAfter(buffer, at) ? at : undefined
  return { records, tornBytes: buffer.length - at, damagedAt }
}

function payloadAt(buffer: Buffer, at: number): Buffer | undefined {
  if (at + frontBytes > buffer.length) return undefined
  const length = buffer.readUInt32BE(at)
  const end = at + frontBytes + length
  if (length === 0 || length > maxPayloadBytes || end > buffer.length) return undefined
  const payload = buffer.subarray(at + frontBytes, end)
  return crc32(payload) === buffer.readUInt32BE(at + 4) ? payload : undefined
}

/** Lengths begin with a zero byte, which JSON never has: hardly any place is looked at twice. */
function hasRecordAfter(buffer: Buffer, from: number): boolean {
  for (let at = buffer.indexOf(0, from + 1); at >= 0; at = buffer.indexOf(0, at + 1))
    if (payloadAt(buffer, at) !== undefined) return true
  return false
}
