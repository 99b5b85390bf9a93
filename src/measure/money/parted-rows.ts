// Rows in parts that can be compared one at a time: both sides of a transaction are in the same part, whoever says it.

import { type BookKeeper, createBookKeeper } from './book-keeper.js'
import type { BookRow } from './book-row.js'
import type { Spill } from './spill.js'

/** Rows of one part: some 15 MB while they are looked up. */
export const rowsOfPart = 131_072
/** STANs of one batch that are in one part together, so that a batch of a million is not in one alone. */
const stansTogether = 16_384
/** Rows that a part writes at a time: hundreds of parts are open at once. */
const chunkRows = 1024

export interface PartRoom {
  readonly spill: Spill
  /** Rows of a part that may stay in memory where the disk is full. */
  readonly inMemory?: number
}

export interface PartedRows {
  /** False: neither disk nor memory takes more. */
  add(row: BookRow): boolean
  rows(part: number): Iterable<BookRow>
}

/** On the disk but for the last of each part. */
export function partRows(parts: number, { spill, inMemory = 8 * rowsOfPart }: PartRoom): PartedRows {
  const keepers = Array.from({ length: parts }, () => createBookKeeper({ spill, keptRows: 0, chunkRows, inMemory }))
  return {
    add: (row) => (keepers[partOf(row, parts)] as BookKeeper).add(row) >= 0,
    rows: (part) => (keepers[part] as BookKeeper).rows(),
  }
}

/** FNV-1a, of 32 bits. */
function partOf({ terminal, merchant, batch, stan }: BookRow, parts: number): number {
  let hash = 0x811c9dc5
  for (const text of [terminal, merchant, batch]) {
    for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), prime)
    hash = Math.imul(hash ^ separator, prime)
  }
  const together = Math.floor(Number(stan) / stansTogether)
  return (Math.imul(hash ^ (Number.isFinite(together) ? together : 0), prime) >>> 0) % parts
}

const prime = 0x01000193
const separator = 0x1f
