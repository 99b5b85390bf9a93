// The connections and messages that hosts of a run turned away or cut off, because of a limit or of what they were.

/**
 * Connections: `connections`, `perAddress`, `handshakes` (as many as may be at a time), `handshake` (it took too long or failed), `badFrame`
 * (bytes that are no frame), `neverReads` (answers piled up), `slowMessage` (the rest of a message did not come), `idle` (no message for
 * too long). Messages: `queueFull` (as many were waiting as may).
 */
export type LimitCounts = Readonly<Record<string, number>>

/** The sum of several; null where none is known. */
export function addTurnedAway(all: readonly (LimitCounts | null | undefined)[]): LimitCounts | null {
  const known = all.filter((each) => each !== null && each !== undefined)
  if (known.length === 0) return null
  const kinds = new Set(known.flatMap((each) => Object.keys(each)))
  return Object.fromEntries([...kinds].map((kind) => [kind, known.reduce((sum, each) => sum + (each[kind] ?? 0), 0)]))
}
