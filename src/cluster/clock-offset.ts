// How far another machine's clock is from this one, by questions and answers (RFC 5905, section 8): the answer of the shortest
// round trip is the best, and half of that trip bounds its error.

export interface ClockReading {
  /** The other clock minus this one, in ms. */
  readonly offsetMs: number
  readonly rttMs: number
}

/** Collects the probes of one remote clock. Instants are ms of either side's own monotonic clock. */
export class ClockOffset {
  #best: ClockReading | undefined
  #latest: ClockReading | undefined

  /** Answers so far. */
  count = 0

  /** Asked at `sentAt`, answered at `heardAt` with the other clock's `theirs`. */
  add(sentAt: number, heardAt: number, theirs: number): void {
    this.count++
    const reading = { offsetMs: theirs - (sentAt + heardAt) / 2, rttMs: heardAt - sentAt }
    if (this.#best === undefined || reading.rttMs < this.#best.rttMs) this.#best = reading
    if (this.#latest === undefined || reading.rttMs < this.#latest.rttMs) this.#latest = reading
  }

  /** Undefined before the first answer. */
  get best(): ClockReading | undefined {
    return this.#best
  }

  /** Takes the best reading since the last call: how the offset moves while a run lasts. */
  takeLatest(): ClockReading | undefined {
    const latest = this.#latest
    this.#latest = undefined
    return latest
  }
}

/** Coordinators whose clocks are remembered: each was started anew. */
const mostEpochs = 16

/** The clocks of all coordinators that answered: a start is by the clock of the one that gave it. */
export class ClockOffsets {
  readonly #offsets = new Map<string, ClockOffset>()
  /** The one that answered last. */
  epoch = ''

  add(epoch: string, probe: { readonly sentAt: number; readonly heardAt: number; readonly theirs: number }): void {
    const offset = this.#offsets.get(epoch) ?? new ClockOffset()
    this.#offsets.delete(epoch)
    this.#offsets.set(epoch, offset)
    const [oldest] = this.#offsets.keys()
    if (this.#offsets.size > mostEpochs && oldest !== undefined) this.#offsets.delete(oldest)
    offset.add(probe.sentAt, probe.heardAt, probe.theirs)
    this.epoch = epoch
  }

  /** Undefined for one that never answered. */
  of(epoch: string): ClockOffset | undefined {
    return this.#offsets.get(epoch)
  }
}
