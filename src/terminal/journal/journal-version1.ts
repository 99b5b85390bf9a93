// Journals of the version before, which are read and then written anew: length 4, CRC-32 of the payload 4 (both big endian),
// and one record as JSON in UTF-8.

import { crc32 } from 'node:zlib'
import { type ByteWindow, maxPayloadBytes, type ReadBytes, readFramed } from './framed-records.js'
import type { JournalRecord } from './journal-records.js'

const frontBytes = 8

/** Lengths begin with a zero byte, which JSON never has: hardly any place is looked at twice. */
const mark = Uint8Array.of(0)

/** All whole records from the start; it ends at the first that is not. Throws nothing, whatever the bytes are. */
export function readVersion1(window: ByteWindow, take: (record: JournalRecord) => void): ReadBytes {
  return readFramed(window, { payloadAt, read, mark, isTorn: () => true }, take)
}

function* read(payload: Buffer): Iterable<JournalRecord> {
  yield JSON.parse(payload.toString('utf8')) as JournalRecord
}

function payloadAt(buffer: Buffer, at: number) {
  if (at + frontBytes > buffer.length) return undefined
  const length = buffer.readUInt32BE(at)
  const end = at + frontBytes + length
  if (length === 0 || length > maxPayloadBytes || end > buffer.length) return undefined
  const payload = buffer.subarray(at + frontBytes, end)
  return crc32(payload) === buffer.readUInt32BE(at + 4) ? { payload, end } : undefined
}
