// Says which parts of a run are lost. Silence alone is no death: a part is lost when it says nothing, does not answer either, and the
// one who listens hears itself. Any word of the part undoes that.

import type { Bus } from './bus.js'
import type { Member, Membership } from './membership.js'
import { encode, messages, tryDecode } from './protocol.js'

/** Silence after which a part is asked whether it lives, in ms. */
const quietAfterMs = 2000
/** How long that question waits for its answer, in ms. */
const aliveTimeoutMs = 1000
/** How long an answer of its own over the bus shows that the bus works, in ms. */
const heardItselfForMs = 2000

export interface JudgeOptions {
  readonly bus: Bus
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
  #isHearing = false
  #heardItselfAt = Number.NEGATIVE_INFINITY

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
    if (silent.length > 0) this.#hearItself()
    for (const member of silent) this.#judge(member, now)
  }

  get #lostAfterMs(): number {
    return Math.max(this.#options.lostAfterMs, quietAfterMs + aliveTimeoutMs)
  }

  #silence(member: Member, now: number): number {
    return now - Math.max(member.heardAt, this.#listensSince)
  }

  /** Whether the bus carries anything at all. Who does not hear itself has heard nobody. */
  #hearItself(): void {
    if (this.#isHearing) return
    this.#isHearing = true
    const { bus, now } = this.#options
    bus
      .ask('clock', encode({}), aliveTimeoutMs)
      .then(
        () => {
          this.#heardItselfAt = now()
        },
        () => this.listenAnew(now()),
      )
      .finally(() => {
        this.#isHearing = false
      })
  }

  #judge(member: Member, now: number): void {
    const { membership, say } = this.#options
    const silentMs = this.#silence(member, now)
    if (member.state === 'running') member.state = 'quiet'
    this.#askWhetherAlive(member)
    if (silentMs < this.#lostAfterMs || now - this.#heardItselfAt > heardItselfForMs) return
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
