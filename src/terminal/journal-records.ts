// Records of the journal on disk: length 4, CRC-32 of the payload 4 (both big endian), payload as JSON in UTF-8.
// Pure. Rule: what is torn at the end was never acted upon, so it is left out, and said.

import { crc32 } from 'node:zlib'
import type { BookRow, BookState } from '../measure/books.js'

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
}

export type JournalRecord =
  /** First. `day`: YYYYMMDD, the business day on which the file was begun; `beganAt`: when, in epoch ms. */
  | {
      readonly kind: 'journal'
      readonly version: 1
      readonly dialect: string
      readonly day: string
      readonly beganAt: number
    }
  /** STANs up to `stan` of this batch may have been used. */
  | { readonly kind: 'numbers'; readonly terminal: string; readonly batch: string; readonly stan: number }
  /** A transaction that ended, in a journal that was compacted since. */
  | { readonly kind: 'row'; readonly row: BookRow }
  /** What has ended so far of this terminal was settled: in this batch, or (null) all of it. */
  | { readonly kind: 'settled'; readonly terminal: string; readonly batch: string | null }
  /** Written before the request leaves. */
  | { readonly kind: 'open'; readonly id: number; readonly case: CaseRecord }
  /** Nothing is owed any more; null: the request never left. */
  | { readonly kind: 'ended'; readonly id: number; readonly state: BookState | null }

export interface ReadRecords {
  readonly records: readonly JournalRecord[]
  /** Bytes at the end that are no whole record. */
  readonly tornBytes: number
}

const frontBytes = 8
/** Bytes of one payload: a case takes some hundreds. More is no record of ours. */
const maxPayloadBytes = 65_536

export function encodeRecord(record: JournalRecord): Uint8Array {
  const text = JSON.stringify(record)
  const bytes = Buffer.allocUnsafe(frontBytes + Buffer.byteLength(text))
  const end = frontBytes + bytes.write(text, frontBytes)
  bytes.writeUInt32BE(end - frontBytes, 0)
  bytes.writeUInt32BE(crc32(bytes.subarray(frontBytes)), 4)
  return bytes
}

/** All whole records from the start; it ends at the first that is not. */
export function readRecords(bytes: Uint8Array): ReadRecords {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const records: JournalRecord[] = []
  let at = 0
  while (at + frontBytes <= buffer.length) {
    const end = at + frontBytes + buffer.readUInt32BE(at)
    if (end > buffer.length || end - at > frontBytes + maxPayloadBytes) break
    const payload = buffer.subarray(at + frontBytes, end)
    if (crc32(payload) !== buffer.readUInt32BE(at + 4)) break
    records.push(JSON.parse(payload.toString('utf8')) as JournalRecord)
    at = end
  }
  return { records, tornBytes: buffer.length - at }
}
