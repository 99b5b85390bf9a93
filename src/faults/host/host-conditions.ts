// The present condition of the host: the host faults at work, by their schedules. It decides and tells; the acquirer acts.

import type { Clock, Timer } from '../../base/clock.js'
import { UsageError } from '../../base/errors.js'
import type { Random } from '../../base/random.js'
import { faultOfType } from '../catalogue.js'
import type { FaultCount, FaultSpec } from '../chain.js'
import type { HostFault, HostFaultState } from '../fault.js'
import { createSchedule, type Schedule } from '../schedule.js'

export interface HostConditions {
  /** Merged over all faults at work: times multiply, missing workers add up, of the rest the last counts. */
  state(): HostFaultState
  /** Calls back when a fault begins or ends, with the states that began just now. */
  onChange(listener: (begun: readonly HostFaultState[]) => void): void
  /** Its times count from now, or from the start when that is to come. Throws UsageError for a fault of another kind. */
  add(spec: FaultSpec): void
  /** Takes the place of the fault of that name. Throws as add does. */
  update(spec: FaultSpec): void
  remove(name: string): void
  /** The load begins: times count from here. Before it nothing is the matter. */
  start(at: number): void
  /** How many times each fault began. */
  counts(): readonly FaultCount[]
  /** Ends all faults, without a word. Idempotent. */
  close(): void
}

export interface HostConditionsOptions {
  readonly clock: Clock
  readonly random: Random
  /** When the load began, in ms of the clock, where it has. */
  readonly startedAt?: number | undefined
  readonly faults?: readonly FaultSpec[]
}

/** Nothing is the matter. */
export const usualState: HostFaultState = {}

interface AtWork {
  readonly spec: FaultSpec
  readonly fault: HostFault
  readonly schedule: Schedule
  readonly lastsMs: number
  readonly random: Random
  /** From which its schedule counts, in ms of the clock; Infinity before the start. */
  startAt: number
  /** Occurrences that have begun, and when the last one did, in ms of the clock. */
  begun: number
  beganAt: number
  /** As of the last look. */
  isActive: boolean
}

export function createHostConditions(options: HostConditionsOptions): HostConditions {
  const conditions = new Conditions(options)
  for (const spec of options.faults ?? []) conditions.add(spec)
  return conditions
}

class Conditions implements HostConditions {
  readonly #clock: Clock
  readonly #random: Random
  readonly #listeners: ((begun: readonly HostFaultState[]) => void)[] = []
  #faults: AtWork[] = []
  #active: readonly AtWork[] = []
  #timer: Timer | undefined
  #startedAt: number | undefined

  constructor({ clock, random, startedAt }: HostConditionsOptions) {
    this.#clock = clock
    this.#random = random
    this.#startedAt = startedAt
  }

  state(): HostFaultState {
    if (this.#active.length === 0) return usualState
    const now = this.#clock.now()
    return this.#active.map((each) => stateOf(each, now)).reduce(merge, usualState)
  }

  onChange(listener: (begun: readonly HostFaultState[]) => void): void {
    this.#listeners.push(listener)
  }

  add(spec: FaultSpec): void {
    this.#faults.push(this.#atWork(spec))
    this.#look()
  }

  update(spec: FaultSpec): void {
    const changed = this.#atWork(spec)
    this.#faults = this.#faults.map((each) => (each.spec.name === spec.name ? changed : each))
    this.#look()
  }

  remove(name: string): void {
    this.#faults = this.#faults.filter(({ spec }) => spec.name !== name)
    this.#look()
  }

  start(at: number): void {
    this.#startedAt = at
    for (const each of this.#faults) each.startAt = at
    this.#look()
  }

  counts(): readonly FaultCount[] {
    return this.#faults.map(({ spec, begun }) => ({ name: spec.name, on: spec.on, kind: spec.type, applied: begun }))
  }

  close(): void {
    this.#timer?.cancel()
    this.#faults = []
    this.#active = []
  }

  #atWork(spec: FaultSpec): AtWork {
    const fault = faultOfType(spec.type)
    if (fault?.level !== 'host') throw new UsageError(`'${spec.type}' is no fault of the host`)
    const { attributes, selector, name } = spec
    return {
      spec,
      fault,
      schedule: createSchedule(selector),
      lastsMs: fault.lastsMs?.(attributes) ?? Number.POSITIVE_INFINITY,
      random: this.#random.fork(name),
      startAt: this.#startedAt === undefined ? Number.POSITIVE_INFINITY : Math.max(this.#startedAt, this.#clock.now()),
      begun: 0,
      beganAt: Number.NEGATIVE_INFINITY,
      isActive: false,
    }
  }

  /** Finds out who is at work, tells, and sets the timer for the next change. */
  #look(): void {
    this.#timer?.cancel()
    const now = this.#clock.now()
    const begun = this.#faults.filter((each) => this.#advance(each, now))
    const before = this.#active
    this.#active = this.#faults.filter(({ isActive }) => isActive)
    const isSame = before.length === this.#active.length && before.every((each) => this.#active.includes(each))
    if (begun.length > 0 || !isSame) {
      const states = begun.map((each) => stateOf(each, now))
      for (const listener of this.#listeners) listener(states)
    }
    this.#arm(now)
  }

  /** True when an occurrence began since the last look. */
  #advance(each: AtWork, now: number): boolean {
    const elapsed = now - each.startAt
    if (elapsed < 0) return false
    const begun = each.schedule.begunBy(elapsed)
    const isNew = begun > each.begun
    if (isNew) each.beganAt = now
    each.begun = begun
    const isScheduled = each.schedule.kind === 'instants' ? begun > 0 : each.schedule.activeAt(elapsed)
    each.isActive = isScheduled && now < each.beganAt + each.lastsMs
    return isNew && each.isActive
  }

  #arm(now: number): void {
    const next = this.#faults.map(({ schedule, startAt, beganAt, lastsMs, isActive }) => {
      if (startAt === Number.POSITIVE_INFINITY) return startAt
      // One without a key of time begins with the load, and its schedule knows of no change.
      const change = now < startAt && schedule.begunBy(0) > 0 ? 0 : schedule.nextChange(now - startAt)
      return Math.max(startAt, Math.min(startAt + change, endOf(isActive, beganAt + lastsMs)))
    })
    const at = Math.min(...next)
    if (Number.isFinite(at)) this.#timer = this.#clock.after(Math.max(0, at - now), () => this.#look())
  }
}

const endOf = (isActive: boolean, end: number) => (isActive ? end : Number.POSITIVE_INFINITY)

/** Faults of a host keep no frames back. */
const noFrames = new Map<string, Uint8Array>()

function stateOf({ spec, fault, beganAt, random }: AtWork, now: number): HostFaultState {
  const context = { random, direction: 'request', peerTimeoutMs: undefined, kept: noFrames, since: beganAt } as const
  return fault.state(spec.attributes, now - beganAt, context)
}

function merge(one: HostFaultState, other: HostFaultState): HostFaultState {
  return {
    ...one,
    ...other,
    ...(one.slowdown !== undefined && other.slowdown !== undefined && { slowdown: one.slowdown * other.slowdown }),
    ...(one.workersLost !== undefined &&
      other.workersLost !== undefined && { workersLost: one.workersLost + other.workersLost }),
  }
}
