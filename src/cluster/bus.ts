// The bus between the coordinator of a run and its generators. Every subject is one of the run: a bus belongs to one run.

/** Ends what was begun. Idempotent. */
export type Stop = () => void

/** Nobody answered in time. */
export class BusSilent extends Error {
  override readonly name = 'BusSilent'
}

/** The bus has no room for what is to be kept. */
export class BusFull extends Error {
  override readonly name = 'BusFull'
}

export interface BusReader {
  /** `time`: when it was kept, in ms of the bus's own clock. */
  onMessage(subject: string, body: Uint8Array, time: number): void
  /** Everything that was kept when the replay began has been read. */
  onCaughtUp(): void
}

export interface Bus {
  /** At most once. Rejects with BusSilent when no answer comes within `timeoutMs`. */
  ask(subject: string, body: Uint8Array, timeoutMs: number): Promise<Uint8Array>
  serve(subject: string, answer: (body: Uint8Array) => Uint8Array | Promise<Uint8Array>): Stop
  /** Best effort: may be lost. */
  tell(subject: string, body: Uint8Array): void
  listen(subject: string, hear: (body: Uint8Array) => void): Stop
  /**
   * Kept once for each `id`, however often it is tried; resolves when it is. Tries again while the bus is open, so it may
   * take as long as the bus is down. Rejects with BusFull.
   */
  append(subject: string, body: Uint8Array, id: string): Promise<void>
  /** All that was kept, in order, then what is being kept. */
  replay(reader: BusReader): Stop
  readonly isUp: boolean
  onUp(listener: (isUp: boolean) => void): Stop
  /** Nothing is tried again after that. */
  close(): Promise<void>
}
