// Who makes which part of a run. Pure: told what was heard, it says what follows. Rule: a part is made by one incarnation, and
// after the start by no other; before it, the part of one that is gone is free again.

import { counted } from '../base/text/counted.js'
import type { PartPlace } from '../measure/part-record.js'
import type { Hello, Ready } from './protocol.js'

export interface Member {
  readonly part: number
  incarnation: string | undefined
  place: PartPlace | null
  ready: Pick<Ready, 'planned' | 'clock'> | undefined
  /** Its last sign of life, by the coordinator's clock. */
  heardAt: number
  state: 'free' | 'claimed' | 'ready' | 'running' | 'quiet' | 'lost' | 'finished' | 'left'
  /** The reason why it gave up, or was the last time. */
  why: string | undefined
}

export class Membership {
  readonly members: readonly Member[]
  #hasStarted = false
  /** When the start was heard of. */
  startedAt = 0

  constructor(of: number) {
    this.members = Array.from({ length: of }, (_, part) => ({
      part,
      incarnation: undefined,
      place: null,
      ready: undefined,
      heardAt: 0,
      state: 'free' as const,
      why: undefined,
    }))
  }

  /** The part for a generator: the one that it wants, else the lowest that is free; or why there is none. */
  choose({ incarnation, want }: Pick<Hello, 'incarnation' | 'want'>): { part: number } | { refused: string } {
    const own = this.members.find((member) => member.incarnation === incarnation)
    if (own !== undefined) return { part: own.part }
    if (this.#hasStarted) return { refused: 'the run has started: a part is never made twice' }
    const { length } = this.members
    if (want !== undefined && want >= length)
      return { refused: `there is no part ${want + 1}: the run has ${counted(length, 'part')}` }
    const member = want === undefined ? this.members.find(({ state }) => state === 'free') : this.members[want]
    if (member === undefined) return { refused: `the run has ${counted(length, 'part')}, and none is free` }
    if (member.state === 'free') return { part: member.part }
    return { refused: `part ${member.part + 1} is taken by ${member.incarnation}` }
  }

  claim(claim: Pick<Hello, 'incarnation' | 'place'> & { readonly part: number }, now: number): void {
    const member = this.members[claim.part]
    if (member === undefined || this.#hasStarted || member.incarnation === claim.incarnation) return
    Object.assign(member, { ...claim, ready: undefined, heardAt: now, state: 'claimed', why: undefined })
  }

  /** In words, when it may not take part. */
  ready({ part, incarnation, planned, clock }: Ready, now: number): string | undefined {
    const member = this.members[part]
    // Who was out of reach for a while takes its part up again, unless another one has it by now.
    if (member?.state === 'free') member.incarnation = incarnation
    if (member === undefined || member.incarnation !== incarnation)
      return `part ${part + 1} is not yours: ${member?.incarnation ?? 'nobody'} makes it`
    member.heardAt = now
    if (this.#hasStarted) return undefined
    member.ready = { planned, clock }
    member.state = 'ready'
    return undefined
  }

  /** Frees the part of a generator that is gone before the start. */
  free(member: Member, why: string): void {
    Object.assign(member, { incarnation: undefined, place: null, ready: undefined, state: 'free', why })
  }

  left(part: number, incarnation: string, why: string): void {
    const member = this.members[part]
    if (member === undefined || member.incarnation !== incarnation || member.state === 'finished') return
    if (!this.#hasStarted) this.free(member, why)
    else Object.assign(member, { state: 'left', why })
  }

  /** From now on the parts belong to these incarnations, whoever had claimed them. */
  start(incarnations: readonly string[], now: number): void {
    if (this.#hasStarted) return
    this.#hasStarted = true
    this.startedAt = now
    for (const member of this.members) {
      const incarnation = incarnations[member.part]
      if (member.incarnation !== incarnation) member.place = null
      Object.assign(member, { incarnation, heardAt: now, state: 'running', why: undefined })
    }
  }

  heard(member: Member, now: number): void {
    member.heardAt = now
    if (member.state === 'quiet' || member.state === 'lost') member.state = 'running'
  }

  get hasStarted(): boolean {
    return this.#hasStarted
  }

  get allReady(): boolean {
    return this.members.every(({ state }) => state === 'ready')
  }

  /** Nothing more will come of any part. */
  get allOver(): boolean {
    return this.members.every(({ state }) => state === 'finished' || state === 'left')
  }
}
