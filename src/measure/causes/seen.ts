// Every transaction of a run in a few words: what a test against chance needs to find whom lateness hits.

/** What a transaction may have in common with others. */
export const traits = ['pin', 'cards', 'kind', 'target', 'merchant', 'amount', 'connection', 'terminal'] as const
export type Trait = (typeof traits)[number]

export interface SeenTransaction {
  /** When the request was written; of one that never was, when it was meant to begin. */
  readonly at: number
  readonly endedAt: number
  readonly isUntimely: boolean
  /** It was written, and nothing was heard of it: its time ran out, or its connection was lost. */
  readonly isSilent: boolean
  /** An answer came, of whatever kind. */
  readonly isAnswered: boolean
  readonly code: string | undefined
  /** Its values; undefined: not known. */
  readonly of: Readonly<Record<Trait, string | undefined>>
  /** How long nothing had passed over its connection, in ms; undefined for one that was opened for it, or not known. */
  readonly idleMs: number | undefined
  /** Its connection had answered a transaction before. */
  readonly wasGood: boolean
  /** The transaction before it on the same connection got no answer. */
  readonly wasSilent: boolean
  /** When its connection was opened; undefined: not known. */
  readonly openedAt: number | undefined
}

/** One life of a connection that may be dialled again: from its opening to the next. */
interface Life {
  generation: number
  /** Anything passed over it, sent or heard. */
  activeAt: number | undefined
  /** First answer to a transaction. */
  goodAt: number | undefined
  openedAt: number | undefined
  /** The last transaction got no answer. */
  isSilent: boolean
}

/** What a connection was like when a request was written on it. `name` tells its lives apart. */
export interface Track extends Pick<SeenTransaction, 'wasGood' | 'wasSilent' | 'openedAt'> {
  readonly name: string
  readonly idleMs: number | undefined
}

/** Connections that are followed, some 20 MB. */
const maxTracks = 200_000

/** Follows the connections of a run by their numbers. Instants are ms since the start of the load. */
export class Tracks {
  readonly #tracks = new Map<number, Life>()

  opened(link: number, at: number): void {
    const track = this.#of(link)
    if (track === undefined) return
    track.generation++
    track.activeAt = at
    track.openedAt = at
    track.goodAt = undefined
    track.isSilent = false
  }

  active(link: number, at: number): void {
    const track = this.#of(link)
    if (track !== undefined && at > (track.activeAt ?? Number.NEGATIVE_INFINITY)) track.activeAt = at
  }

  /** One without an answer: what follows on this connection does not tell what made it silent. */
  echo(link: number, at: number, ms: number | undefined): void {
    this.active(link, at + (ms ?? 0))
    const track = this.#of(link)
    if (track !== undefined && ms === undefined) track.isSilent = true
  }

  /** What is known of a connection when a transaction on it has ended; what it did itself is taken up after. */
  ended(
    link: number,
    { writtenAt, endedAt, isAnswered }: { writtenAt: number; endedAt: number; isAnswered: boolean },
  ): Track | undefined {
    const track = this.#of(link)
    if (track === undefined) return undefined
    const { generation, activeAt, goodAt, openedAt, isSilent } = track
    const known = {
      name: generation <= 1 ? `${link}` : `${link}, dialled ${generation} times`,
      idleMs: activeAt === undefined ? undefined : Math.max(0, writtenAt - activeAt),
      wasGood: goodAt !== undefined && goodAt <= writtenAt,
      ...{ openedAt, wasSilent: isSilent },
    }
    track.isSilent = !isAnswered
    this.active(link, isAnswered ? endedAt : writtenAt)
    if (isAnswered) track.goodAt ??= endedAt
    return known
  }

  #of(link: number): Life | undefined {
    const known = this.#tracks.get(link)
    if (known !== undefined || this.#tracks.size >= maxTracks) return known
    const fresh = {
      ...{ generation: 0, activeAt: undefined, goodAt: undefined },
      ...{ openedAt: undefined, isSilent: false },
    }
    this.#tracks.set(link, fresh)
    return fresh
  }
}

/** By powers of ten, of an amount in minor units. */
export const amountRange = (amount: number): string =>
  `1${'0'.repeat(Math.max(0, String(Math.floor(amount)).length - 1))}+`
