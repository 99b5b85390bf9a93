// Says which parts of a run are lost. Silence alone is no death: a part is lost when it says nothing, does not answer either, and the
// one who listens has read what the bus keeps. Any word of the part undoes that.

import { type Bus, BusFull } from './bus.js'
import type { Member, Membership } from './membership.js'
import { encode, messages, records, tryDecode } from './protocol.js'

/** Silence after which a part is asked whether it lives, in ms. */
const quietAfterMs = 2000
/** How long that question waits for its answer, in ms. */
const aliveTimeoutMs = 1000
/** A mark that takes longer to come back, in ms, shows a bus that is slow for everyone. */
const slowMarkMs = 1000

export interface JudgeOptions {
  readonly bus: Bus
  /** Whose marks are its own. */
  readonly epoch: string
  readonly membership: Membership
  readonly lostAfterMs: number
  readonly now: () => number
  readonly say: (line: string) => void
}

export class Judge {
  readonly #options: JudgeOptions
  readonly #asked = new Set<Member>()
  /** Silence counts from here on: a bus that was down, or a judge that stood still, heard nobody. */
  #listensSince: number
  #marks = 0
  /** When the mark that is under way was made. */
  #markedAt: number | undefined
  /** Everything that the bus kept before this instant has been read. */
  #hasReadUntil = Number.NEGATIVE_INFINITY
  /** Since when the run has seemed over. */
  #overSince: number | undefined

  constructor(options: JudgeOptions) {
    this.#options = options
    this.#listensSince = options.now()
  }

  listenAnew(now: number): void {
    this.#listensSince = now
  }

  /** Whether everyone who lives has had time to say so. */
  hasHeardAll(now: number): boolean {
    return now > this.#listensSince + this.#lostAfterMs
  }

  look(now: number): void {
    const silent = this.#options.membership.members.filter(
      (member) => isJudged(member) && this.#silence(member, now) >= quietAfterMs,
    )
    if (silent.some(({ state }) => state !== 'lost')) this.#mark(now)
    for (const member of silent) this.#judge(member)
  }

  /** A mark came back in the replay. */
  marked(body: Uint8Array, now: number): void {
    const mark = tryDecode(records.mark, body)
    if (this.#markedAt === undefined || mark?.epoch !== this.#options.epoch || mark.seq !== this.#marks - 1) return
    if (now - this.#markedAt > slowMarkMs) this.listenAnew(now)
    this.#hasReadUntil = this.#markedAt
    this.#markedAt = undefined
  }

  /** True once the run has seemed over for so long that a mark came back: what was kept until then has been read. */
  confirms(seemsOver: boolean, now: number): boolean {
    if (!seemsOver) {
      this.#overSince = undefined
      return false
    }
    this.#overSince ??= now
    if (this.#hasReadUntil >= this.#overSince) return true
    this.#mark(now)
    return false
  }

  get #lostAfterMs(): number {
    return Math.max(this.#options.lostAfterMs, quietAfterMs + aliveTimeoutMs)
  }

  #silence(member: Member, now: number): number {
    return now - Math.max(member.heardAt, this.#listensSince)
  }

  /**
   * Keeps a mark on the bus. It comes back after everything that was kept before, so the last figures of a part that ended well
   * are never missed, however late they are read.
   */
  #mark(now: number): void {
    if (this.#markedAt !== undefined) return
    this.#markedAt = now
    const { bus, epoch } = this.#options
    const seq = this.#marks++
    bus.append('d.mark', encode({ epoch, seq }), `mark.${epoch}.${seq}`).catch((error: unknown) => {
      this.#markedAt = undefined
      // A bus without room is no bus that is away: who was silent until then stays so.
      if (!(error instanceof BusFull)) this.listenAnew(this.#options.now())
    })
  }

  #judge(member: Member): void {
    const { membership, say } = this.#options
    if (member.state === 'running') member.state = 'quiet'
    this.#askWhetherAlive(member)
    const silentMs = this.#silence(member, this.#hasReadUntil)
    if (silentMs < this.#lostAfterMs) return
    const who = `part ${member.part + 1} (${member.place?.host ?? '?'})`
    if (!membership.hasStarted) {
      say(`${who} does not answer: the part is free again`)
      membership.free(member, 'it does not answer any more')
    } else if (member.state !== 'lost') {
      member.state = 'lost'
      member.why = `was lost ${Math.round(Math.max(0, member.heardAt - membership.startedAt) / 1000)} s after the start`
      say(`${who} is lost: ${Math.round(silentMs / 1000)} s of silence`)
    }
  }

  #askWhetherAlive(member: Member): void {
    const { incarnation } = member
    if (incarnation === undefined || this.#asked.has(member)) return
    this.#asked.add(member)
    this.#options.bus
      .ask(`alive.${incarnation}`, encode({}), aliveTimeoutMs)
      .then(
        (body) => {
          if (tryDecode(messages.alive, body)?.incarnation === member.incarnation)
            this.#options.membership.heard(member, this.#options.now())
        },
        () => {},
      )
      .finally(() => this.#asked.delete(member))
  }
}

const isJudged = ({ incarnation, state }: Member): boolean =>
  incarnation !== undefined && state !== 'finished' && state !== 'left'
