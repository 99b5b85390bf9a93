// How records stand on disk: each comes back as it was, journals of the version before too, and what is damaged is told from
// what was torn.

import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  encodeRecords,
  journalVersion,
  readRecords as readPieces,
} from '../../../src/terminal/journal/journal-frames.js'
import type { CaseRecord, JournalRecord } from '../../../src/terminal/journal/journal-records.js'

const header = { kind: 'journal', version: journalVersion, dialect: 'cup-pos', day: '20261122', beganAt: 1 } as const
const sale: CaseRecord = {
  ...{ terminal: '00000001', merchant: '000000000000001', batch: '000001', stan: '000007', type: 'sale' },
  amountMinor: 999_999_999_999,
  owed: { do: 'reverse', message: 'reversal', original: { 'original.stan': '000007', 'original.60': '22000001' } },
}
const advice: CaseRecord = { ...sale, type: 'advice', owed: { do: 'repeat', values: ['', 'a', '刷卡'] }, reason: 'A0' }

const records: readonly JournalRecord[] = [
  header,
  { kind: 'numbers', terminal: '00000001', batch: '000001', stan: 256 },
  { kind: 'open', id: 1, case: sale },
  { kind: 'open', id: 300, case: advice },
  { kind: 'open', id: 2 ** 40, case: { ...sale, reason: '98' } },
  { kind: 'ended', id: 1, state: 'charged' },
  { kind: 'ended', id: 300, state: null },
  { kind: 'ended', id: 2 ** 40, state: 'charged', amountMinor: 0 },
  { kind: 'settling', terminal: '00000001', message: { fields: [11], values: ['000009'] } },
  { kind: 'settled', terminal: '00000001', batch: null },
  {
    kind: 'row',
    row: {
      ...{ terminal: 'ä', merchant: '', batch: '', stan: '000001', kind: 'sale' },
      amountMinor: 5,
      state: 'unknown',
    },
  },
]

/** As version 1 stood on disk. */
function asVersion1(record: unknown): Buffer {
  const payload = Buffer.from(JSON.stringify(record))
  const front = Buffer.alloc(8)
  front.writeUInt32BE(payload.length, 0)
  front.writeUInt32BE(crc32(payload), 4)
  return Buffer.concat([front, payload])
}

/** From pieces of so many bytes. */
function readRecords(bytes: Uint8Array, pieceBytes = bytes.length) {
  const pieces = Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, index) =>
    bytes.subarray(index * pieceBytes, (index + 1) * pieceBytes),
  )
  const records: unknown[] = []
  const { bytes: all, ...found } = readPieces(pieces, (record) => records.push(record))
  expect(all).toBe(bytes.length)
  return { records, ...found }
}

test('each record comes back as it was written', () => {
  expect(readRecords(encodeRecords(records))).toEqual({ records, tornBytes: 0, damagedAt: undefined })
})

test('in pieces of any length a journal is read as in one: whole, torn or damaged', () => {
  const [first, second] = [encodeRecords(records), encodeRecords(records.slice(1))]
  const whole = Buffer.concat([first, second])
  const damaged = Buffer.from(whole)
  damaged[first.length - 3] = (damaged[first.length - 3] as number) ^ 1
  for (const bytes of [
    whole,
    whole.subarray(0, -5),
    damaged,
    Buffer.concat(records.map(asVersion1)),
    whole.subarray(9),
  ])
    for (const pieceBytes of [1, 7, first.length, first.length + 1])
      expect(readRecords(bytes, pieceBytes)).toEqual(readRecords(bytes))
})

test('texts of any length and characters come back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.nat(), (text, amountMinor) => {
      const open = { kind: 'open', id: 1, case: { ...sale, merchant: text, amountMinor } } as const
      expect(readRecords(encodeRecords([header, open])).records).toEqual([header, open])
    }),
    { numRuns: 50 },
  )
})

test('a journal of version 1 is read', () => {
  const old = [{ ...header, version: 1 }, ...records.slice(1)]
  const bytes = Buffer.concat(old.map(asVersion1))
  expect(readRecords(bytes)).toEqual({ records: old, tornBytes: 0, damagedAt: undefined })
  expect(readRecords(bytes.subarray(0, -1))).toMatchObject({ records: old.slice(0, -1), damagedAt: undefined })
})

describe('more than one frame', () => {
  const many = Array.from({ length: 20_000 }, (_, id) => ({ kind: 'open', id, case: sale }) as const)
  const bytes = encodeRecords([header, ...many])

  test('is what much is written as', () => {
    expect(readRecords(bytes).records).toHaveLength(20_001)
    expect(bytes.length / many.length).toBeLessThan(90)
  })

  test('cut, it is torn, and what was whole is there', () => {
    const { records: found, tornBytes, damagedAt } = readRecords(bytes.subarray(0, -1))
    expect(damagedAt).toBeUndefined()
    expect(found.length).toBeGreaterThan(10_000)
    expect(tornBytes).toBeGreaterThan(1000)
  })

  test('with a byte changed anywhere it is damaged, in its last frame too', () => {
    for (const at of [20, 300_000, bytes.length - 5_000, bytes.length - 1]) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] as number) ^ 0x01
      expect(readRecords(changed).damagedAt).toBeDefined()
    }
  })

  test('with room behind it that was never written, it is torn there', () => {
    expect(readRecords(Buffer.concat([bytes, Buffer.alloc(100)]))).toMatchObject({
      tornBytes: 100,
      damagedAt: undefined,
    })
  })
})
