// The storage of a journal's bytes. Two of them: a file (journal-file.ts), and memory for simulated terminals.

export interface JournalStorage {
  /** All that was appended before, piece by piece. Asked for once, before anything is appended. */
  read(): Iterable<Uint8Array>
  /** In full or, after a crash, in part. Throws when the disk does. The bytes are the caller's again afterwards. */
  append(bytes: Uint8Array): void
  /** Begins another one, which is to take the place of this one. One at a time. Throws when the disk does. */
  renew(): Renewal
  /** Once what was begun to take its place does, or was let go of. */
  close(): void
}

/** The bytes that are to take the place of all others. What throws leaves the others as they are. */
export interface Renewal {
  append(bytes: Uint8Array): void
  /** Calls `done` when all that was appended so far is safe from a loss of power. */
  sync(done: (error: Error | null) => void): void
  /** Takes the place of the others, all or nothing, safe from a loss of power: where nobody has synced it before, it does so. */
  take(): void
  /** Lets go of them. Idempotent. */
  drop(): void
}

/** In memory: `put` gets all the bytes when they take the place of the others. */
export function renewalInMemory(put: (bytes: Uint8Array) => void): Renewal {
  const pieces: Uint8Array[] = []
  return {
    append: (bytes) => void pieces.push(Uint8Array.from(bytes)),
    sync: (done) => done(null),
    take: () => put(Buffer.concat(pieces)),
    drop: () => {},
  }
}
