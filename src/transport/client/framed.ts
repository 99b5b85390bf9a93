// The exchanges that stand in the outbox and have not been handed over: two lists take turns, so that a write leaves nothing behind.

import type { Exchange } from './exchange.js'
import type { Pending, PendingEntry } from './pending.js'

type Entry = PendingEntry<Exchange>

/** It stays as long as it has ever been. */
class Entries {
  size = 0
  readonly #entries: (Entry | undefined)[] = []

  add(entry: Entry): void {
    this.#entries[this.size++] = entry
  }

  /** Their time runs from now on. */
  start(pending: Pending<Exchange>, at: number): void {
    for (let index = 0; index < this.size; index++) {
      const entry = this.#entries[index] as Entry
      pending.start(entry, at, entry.item.timeoutMs)
    }
  }

  tell(at: number): void {
    for (let index = 0; index < this.size; index++) (this.#entries[index] as Entry).item.onWritten(at)
  }

  clear(): void {
    this.#entries.fill(undefined, 0, this.size)
    this.size = 0
  }
}

export class Framed {
  #entries = new Entries()
  #spare: Entries | undefined

  add(entry: Entry): void {
    this.#entries.add(entry)
  }

  /** All so far, in their order, until they are told. Whoever is told may add others meanwhile, which are taken by themselves. */
  take(): Entries {
    const taken = this.#entries
    this.#entries = this.#spare ?? new Entries()
    this.#spare = undefined
    return taken
  }

  /** Tells each that it was written at `at`, and takes the list back. */
  tell(taken: Entries, at: number): void {
    taken.tell(at)
    taken.clear()
    this.#spare = taken
  }

  clear(): void {
    this.#entries.clear()
  }
}
