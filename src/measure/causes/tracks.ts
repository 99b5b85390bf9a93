// The lives of connections: what one was like when a request was written on it. Instants are ms since the start of the load;
// what is not known is NaN, so that nothing is allocated for a transaction.

/** Connections that are followed, some 20 MB. */
const maxTracks = 200_000

/** One life of a connection that may be dialled again: from its opening to the next. */
interface Life {
  generation: number
  /** The life before: what was written in it may end after it. */
  before: Life | undefined
  /** Anything passed over it, sent or heard. */
  activeAt: number
  /** First answer to a transaction. */
  goodAt: number
  openedAt: number
  /** The last transaction got no answer. */
  isSilent: boolean
}

const unborn: Readonly<Life> = {
  ...{ generation: 0, before: undefined, activeAt: Number.NaN, goodAt: Number.NaN },
  ...{ openedAt: Number.NaN, isSilent: false },
}

/** The state of a connection when a request was written on it. */
export interface Track {
  /** Its number, and which of its lives. */
  link: number
  generation: number
  idleMs: number
  openedAt: number
  wasGood: boolean
  wasSilent: boolean
}

/** The name of a life: tells it from all others. */
export const nameOfLife = (link: number, generation: number): string =>
  generation <= 1 ? `${link}` : `${link}, dialled ${generation} times`

/** Follows the connections of a run by their numbers. */
export class Tracks {
  readonly #lives: (Life | undefined)[] = []
  readonly #track: Track = {
    ...{ link: -1, generation: 0, idleMs: Number.NaN, openedAt: Number.NaN },
    ...{ wasGood: false, wasSilent: false },
  }

  opened(link: number, at: number): void {
    const last = this.#of(link)
    if (last === undefined) return
    last.before = undefined
    this.#lives[link] = { ...unborn, before: last, generation: last.generation + 1, activeAt: at, openedAt: at }
  }

  /**
   * The state of a connection when an echo or a reversal on it has ended. After one without an answer, what follows does not
   * tell what made it silent. Valid until the next call.
   */
  control(kind: 'echo' | 'reversal', link: number, at: number, ms: number | undefined): Track | undefined {
    const life = this.#at(link, at)
    if (life === undefined) return undefined
    const track = this.#stateOf(link, life, at)
    beActive(life, at + (ms ?? 0))
    if (ms === undefined) life.isSilent = true
    else if (kind === 'reversal' && Number.isNaN(life.goodAt)) life.goodAt = at + ms
    return track
  }

  /**
   * The state of a connection when a transaction on it has ended; that transaction is taken up after. The same object
   * each time: valid until the next call.
   */
  ended(link: number, writtenAt: number, endedAt: number, isAnswered: boolean): Track | undefined {
    const life = this.#at(link, writtenAt)
    if (life === undefined) return undefined
    const track = this.#stateOf(link, life, writtenAt)
    life.isSilent = !isAnswered
    beActive(life, isAnswered ? endedAt : writtenAt)
    if (isAnswered && Number.isNaN(life.goodAt)) life.goodAt = endedAt
    return track
  }

  /** The life in which something was written. */
  #at(link: number, writtenAt: number): Life | undefined {
    const last = this.#of(link)
    if (last === undefined) return undefined
    return writtenAt < last.openedAt && last.before !== undefined ? last.before : last
  }

  #stateOf(link: number, life: Life, writtenAt: number): Track {
    const track = this.#track
    track.link = link
    track.generation = life.generation
    track.idleMs = Math.max(0, writtenAt - life.activeAt)
    track.openedAt = life.openedAt
    track.wasGood = life.goodAt <= writtenAt
    track.wasSilent = life.isSilent
    return track
  }

  #of(link: number): Life | undefined {
    if (link >= maxTracks) return undefined
    const known = this.#lives[link]
    if (known !== undefined) return known
    while (this.#lives.length < link) this.#lives.push(undefined)
    const fresh: Life = { ...unborn }
    this.#lives[link] = fresh
    return fresh
  }
}

function beActive(life: Life, at: number): void {
  if (!(at <= life.activeAt)) life.activeAt = at
}
