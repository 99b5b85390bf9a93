// Several faults in the order of a list: added, changed and taken away while connections are busy. It knows which fault
// acts when, and counts; connections ask it and are told when something changes.

import type { Clock } from '../base/clock.js'
import { createBusyMap } from '../base/collections/busy-map.js'
import { UsageError } from '../base/errors.js'
import type { Random } from '../base/random.js'
import { suggestion } from '../base/suggest.js'
import type { Peek } from '../codec/codec.js'
import { createAlarm } from '../transport/client/alarm.js'
import { faultCatalogue, faultOfType } from './catalogue.js'
import type { Direction, FaultContext, FaultEvent, FaultPlace, LineFault, MessageFault } from './fault.js'
import { createSchedule, type Schedule } from './schedule.js'
import { compileSelectorMatch, createSelection, type Selection, type Selector } from './selector.js'

/** One fault of a list, as options.ts reads it: plain data, so that it can be handed to a thread. */
export interface FaultSpec {
  readonly name: string
  readonly on: FaultPlace
  readonly type: string
  /** As the schema of the fault gives them. */
  readonly attributes: Readonly<Record<string, unknown>>
  readonly selector: Selector
  /** The one host or route, among several, that the fault is for. Whoever makes the chains uses it: a chain knows neither. */
  readonly target?: string | undefined
  readonly route?: string | undefined
  /** Changed messages carry a right MAC. Left out: where keys are at hand. */
  readonly remac?: boolean | undefined
}

export interface FaultCount {
  readonly name: string
  readonly on: FaultPlace
  readonly kind: string
  readonly applied: number
}

/** A connection that takes part. */
export interface ChainMember {
  /** Faults came, went or changed, or the time of one has come or passed. */
  refresh(): void
  /** Writes bytes that belong to another connection. False when it cannot. */
  writeAstray(direction: Direction, bytes: Uint8Array): boolean
}

/** A fault of the chain, as a connection sees it. A changed fault is another entry of the same name. */
export interface ChainEntry {
  readonly spec: FaultSpec
  readonly fault: LineFault | MessageFault
  actsOn(direction: Direction): boolean
  /** How many windows or instants of it have begun; 0 before the first. */
  occurrence(now: number): number
  /** A line fault that takes new connections now. */
  isActive(now: number): boolean
  /** Line faults whose instant takes the connections that are open then. */
  readonly isInstant: boolean
  takesConnection(connection: number): boolean
  /** A message fault that may take a message now. */
  isDue(now: number): boolean
  /** `followed`: it goes on with what it began with another message. */
  takesMessage(peek: Peek, now: number, dice: Random): 'selected' | 'followed' | undefined
  context(on: {
    readonly connection: number
    readonly direction: Direction
    /** Which of its windows: each has dice of its own. */
    readonly occurrence: number
    readonly peerTimeoutMs: number | undefined
  }): FaultContext
  count(event: Omit<FaultEvent, 'fault' | 'type'>): void
}

export interface FaultChain {
  /** In list order. Host faults are not among them: the acquirer's service model acts on those. */
  readonly entries: readonly ChainEntry[]
  /** Throws UsageError for a name that is taken, a type that is not known and a match that cannot be read. */
  add(spec: FaultSpec): void
  /** Puts other attributes, another selector in place. False when there is no such fault. Throws as add does. */
  update(name: string, change: Partial<Pick<FaultSpec, 'attributes' | 'selector' | 'remac'>>): boolean
  /** False when there is no such fault. */
  remove(name: string): boolean
  clear(): void
  /** The load begins: keys of time count from here, message faults act from here on. Default: nothing timed acts. */
  start(at: number): void
  /** How often each acted, in list order; faults that were taken away stay counted. */
  counts(): readonly FaultCount[]
  /** Returns the connection's number. */
  join(member: ChainMember): number
  leave(connection: number): void
  /** The next open connection after this one, in a circle; undefined when there is no other. */
  neighbour(connection: number): ChainMember | undefined
  readonly members: number
}

export interface FaultChainOptions {
  readonly clock: Clock
  readonly random: Random
  readonly faults?: readonly FaultSpec[]
  /** When the load began, in ms of the clock, where it has: a proxy's begins at once. */
  readonly startedAt?: number
  readonly onApplied?: (event: FaultEvent) => void
}

/** Less than any time that counts, more than the last digits in which sums of times differ. */
const grainMs = 1e-6

/** Faults of one chain: far more than anybody can follow. */
const mostFaults = 1000
/** Faults that are counted: those that went longest ago are forgotten where tests add ever new ones by hand. */
const mostCounters = 2 * mostFaults

export function createFaultChain(options: FaultChainOptions): FaultChain {
  const chain = new Chain(options)
  for (const spec of options.faults ?? []) chain.add(spec)
  return chain
}

class Chain implements FaultChain {
  entries: readonly Entry[] = []
  readonly #options: FaultChainOptions
  readonly #clock: Clock
  readonly #alarm
  readonly #members = createBusyMap<number, ChainMember>()
  readonly #counters = new Map<string, { -readonly [Key in keyof FaultCount]: FaultCount[Key] }>()
  #startedAt: number | undefined
  #connections = 0

  constructor(options: FaultChainOptions) {
    this.#options = options
    this.#clock = options.clock
    this.#startedAt = options.startedAt
    this.#alarm = createAlarm(options.clock, () => this.#refresh())
  }

  add(spec: FaultSpec): void {
    if (this.entries.some((entry) => entry.spec.name === spec.name)) {
      throw new UsageError(`a fault named '${spec.name}' is there already: give it another name`)
    }
    if (this.entries.length >= mostFaults) throw new UsageError(`more than ${mostFaults} faults at once`)
    this.entries = [...this.entries, this.#entry(spec)]
    this.#refresh()
  }

  update(name: string, change: Partial<Pick<FaultSpec, 'attributes' | 'selector' | 'remac'>>): boolean {
    const old = this.entries.find((entry) => entry.spec.name === name)
    if (old === undefined) return false
    const entry = this.#entry({ ...old.spec, ...change })
    this.entries = this.entries.map((each) => (each === old ? entry : each))
    this.#refresh()
    return true
  }

  remove(name: string): boolean {
    const left = this.entries.filter((entry) => entry.spec.name !== name)
    if (left.length === this.entries.length) return false
    this.entries = left
    this.#refresh()
    return true
  }

  clear(): void {
    this.entries = []
    this.#refresh()
  }

  start(at: number): void {
    this.#startedAt = at
    // Faults that count from the start begin anew; what others have drawn and counted so far stays.
    this.entries = this.entries.map((entry) => {
      entry.startAt(at)
      const followsStart = entry.fault.level === 'line' && entry.fault.followsStart === true
      return followsStart ? this.#entry(entry.spec) : entry
    })
    this.#refresh()
  }

  counts(): readonly FaultCount[] {
    return [...this.#counters.values()].map((counter) => ({ ...counter }))
  }

  join(member: ChainMember): number {
    const connection = ++this.#connections
    this.#members.set(connection, member)
    if (this.#members.size === 1) this.#setAlarm()
    return connection
  }

  leave(connection: number): void {
    this.#members.delete(connection)
    if (this.#members.size === 0) this.#alarm.clear()
  }

  get members(): number {
    return this.#members.size
  }

  neighbour(connection: number): ChainMember | undefined {
    const others = [...this.#members.keys()].filter((each) => each !== connection)
    const next = others.find((each) => each > connection) ?? others[0]
    return next === undefined ? undefined : this.#members.get(next)
  }

  #entry(spec: FaultSpec): Entry {
    const fault = faultOfType(spec.type)
    if (fault === undefined || fault.level === 'host') throw unknownType(spec)
    return new Entry(spec, fault, {
      random: this.#options.random.fork(spec.name),
      startedAt: this.#startedAt,
      addedAt: this.#clock.now(),
      onApplied: (event) => {
        this.#counter(spec).applied++
        this.#options.onApplied?.({ ...event, fault: spec.name, type: spec.type })
      },
      seen: () => this.#counter(spec),
    })
  }

  #counter({ name, on, type: kind }: FaultSpec) {
    let counter = this.#counters.get(name)
    if (counter === undefined) {
      counter = { name, on, kind, applied: 0 }
      this.#counters.set(name, counter)
      if (this.#counters.size > mostCounters) this.#forgetOldest()
    }
    return counter
  }

  #forgetOldest(): void {
    const gone = [...this.#counters.keys()].find((name) => !this.entries.some((entry) => entry.spec.name === name))
    if (gone !== undefined) this.#counters.delete(gone)
  }

  #refresh(): void {
    for (const member of [...this.#members.values()]) member.refresh()
    this.#setAlarm()
  }

  /** Wakes at the next beginning or end of a line fault, while there are connections that it could concern. */
  #setAlarm(): void {
    this.#alarm.clear()
    if (this.#members.size === 0) return
    const now = this.#clock.now()
    const changes = this.entries.map((entry) => entry.nextChange(now))
    this.#alarm.setBy(Math.min(Number.POSITIVE_INFINITY, ...changes))
  }
}

interface EntrySetting {
  readonly random: Random
  readonly startedAt: number | undefined
  readonly addedAt: number
  readonly onApplied: (event: Omit<FaultEvent, 'fault' | 'type'>) => void
  /** Makes its counter, so that a fault that never acts is in the counts too. */
  readonly seen: () => void
}

class Entry implements ChainEntry {
  readonly spec: FaultSpec
  readonly fault: LineFault | MessageFault
  readonly isInstant: boolean
  readonly #setting: EntrySetting
  readonly #schedule: Schedule
  readonly #selection: Selection
  readonly #matches: ((message: Peek) => boolean) | undefined
  readonly #direction: Direction | undefined
  readonly #isFollowedBy: MessageFault['isFollowedBy']
  readonly #kept = new Map<string, Uint8Array>()
  #startedAt: number | undefined
  /** Instants that have had their message. */
  #spent = 0

  constructor(spec: FaultSpec, fault: LineFault | MessageFault, setting: EntrySetting) {
    this.spec = spec
    this.fault = fault
    this.#setting = setting
    this.#schedule = createSchedule(spec.selector)
    this.#selection = createSelection(spec.selector)
    this.#matches = compileSelectorMatch(spec.selector.match)
    this.#direction = spec.selector.direction ?? (fault.level === 'message' ? fault.direction : undefined)
    this.#isFollowedBy = fault.level === 'message' ? fault.isFollowedBy : undefined
    this.isInstant = fault.level === 'line' && this.#schedule.kind === 'instants'
    this.startAt(setting.startedAt)
    setting.seen()
  }

  startAt(at: number | undefined): void {
    this.#startedAt = at === undefined ? undefined : Math.max(at, this.#setting.addedAt)
  }

  actsOn(direction: Direction): boolean {
    return this.#direction === undefined || this.#direction === direction
  }

  occurrence(now: number): number {
    return this.#schedule.begunBy(this.#elapsed(now))
  }

  isActive(now: number): boolean {
    return this.#schedule.activeAt(this.#elapsed(now))
  }

  takesConnection(connection: number): boolean {
    return this.#selection.takes(this.#setting.random.fork(`connection ${connection}`))
  }

  isDue(now: number): boolean {
    return this.#isSelecting(now) || this.#isFollowedBy !== undefined
  }

  /** Its selector may take a message now. */
  #isSelecting(now: number): boolean {
    const elapsed = this.#elapsed(now)
    if (this.#schedule.kind === 'instants') return this.#schedule.begunBy(elapsed) > this.#spent
    return elapsed >= 0 && this.#schedule.activeAt(elapsed)
  }

  takesMessage(peek: Peek, now: number, dice: Random): 'selected' | 'followed' | undefined {
    if (this.#isFollowedBy?.(peek) === true) return 'followed'
    if (!this.#isSelecting(now) || this.#matches?.(peek) === false || !this.#selection.takes(dice)) return undefined
    this.#spent = this.occurrence(now)
    return 'selected'
  }

  context({ connection, direction, occurrence, peerTimeoutMs }: Parameters<ChainEntry['context']>[0]): FaultContext {
    return {
      random: this.#setting.random.fork(`${direction} ${connection} ${occurrence}`),
      direction,
      peerTimeoutMs,
      kept: this.#kept,
      since: this.#startedAt ?? this.#setting.addedAt,
    }
  }

  count(event: Omit<FaultEvent, 'fault' | 'type'>): void {
    this.#setting.onApplied(event)
  }

  /** Milliseconds of the clock; Infinity for message faults, which look at the time themselves. */
  nextChange(now: number): number {
    if (this.fault.level === 'message' || this.#startedAt === undefined) return Number.POSITIVE_INFINITY
    return this.#startedAt + this.#schedule.nextChange(this.#elapsed(now))
  }

  #elapsed(now: number): number {
    return this.#startedAt === undefined ? Number.NEGATIVE_INFINITY : now - this.#startedAt + grainMs
  }
}

function unknownType({ type }: FaultSpec): UsageError {
  if (faultOfType(type) !== undefined) return new UsageError(`${type} is a fault of the acquirer, not of a line`)
  const types = faultCatalogue.filter(({ level }) => level !== 'host').map((fault) => fault.type)
  return new UsageError(`no fault of the line or of messages is called '${type}'${suggestion(type, types)}`)
}
