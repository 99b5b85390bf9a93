// One proxy whose clients are served by several processes, as the control API sees it: one address, one list of faults, one count.

import { realClock } from '../../base/clock.js'
import { createRandom } from '../../base/random.js'
import { ApiError } from '../../control/api-error.js'
import type { ControlledProxy, FaultSwitch, LiveLatency, ProxyFigures } from '../../control/controlled.js'
import { createFaultChain } from '../../faults/chain.js'
import type { FaultEvent } from '../../faults/fault.js'
import { defaultMaxConnections, type ProxyLimits } from '../../proxy/proxy.js'
import { formatAddress } from '../../transport/network/address.js'
import { type HandOver, startHandOver } from '../../transport/network/handed-network.js'
import type { Address } from '../../transport/network/link.js'
import { createTurnedAway } from '../../transport/server/turned-away.js'
import { leadsToItself, ownUpstream, readAddress } from '../proxy/address-policy.js'
import { samePort, switchOf } from '../proxy/controlled-proxy.js'
import type { LineMaker } from '../proxy/start-proxy.js'
import type { Crew } from './crew.js'
import { joinCounts } from './join-counts.js'
import type { FromProxy, ToldProxy, ToProxy } from './proxy-protocol.js'

export interface ProxyOfProcesses extends ControlledProxy {
  /** A process has told its figures. */
  told(number: number, told: ToldProxy): void
  hit(event: FaultEvent): void
  /** A connection has ended. */
  ended(id: number): void
  /** A process is gone. */
  lost(number: number): void
}

export interface ProxyOfProcessesSetup {
  readonly name: string
  readonly at: { readonly listen: Address; readonly upstream: Address }
  readonly hooks: Parameters<LineMaker['make']>[2]
  readonly crew: Crew<ToProxy, FromProxy>
  readonly peers: ProxyLimits | undefined
  /** Resolves when every process has done it. */
  readonly ask: (message: (id: number) => ToProxy) => Promise<void>
  readonly onGone: () => void
}

/** A proxy that is down: update({ enabled: true }) takes it up. */
export function createProxyOfProcesses(setup: ProxyOfProcessesSetup): ProxyOfProcesses {
  return new Joined(setup)
}

class Joined implements ProxyOfProcesses {
  readonly faults: FaultSwitch
  readonly #setup: ProxyOfProcessesSetup
  readonly #told = new Map<number, ToldProxy>()
  /** Connections by number: who serves each, and which opening of the door let it in. */
  readonly #served = new Map<
    number,
    { readonly number: number; readonly door: number; readonly numberOfDoor: number }
  >()
  #lastId = 0
  #doors = 0
  readonly #turnedAway = createTurnedAway()
  #listen: Address
  #upstream: Address
  #door: HandOver | undefined
  #turn: Promise<void> = Promise.resolve()
  #isTimed = false
  /** Told since somebody last looked. */
  #latencies: LiveLatency[] = []
  #closing: Promise<void> | undefined

  constructor(setup: ProxyOfProcessesSetup) {
    this.#setup = setup
    this.#listen = setup.at.listen
    this.#upstream = setup.at.upstream
    this.faults = this.#switch()
  }

  get listen(): string {
    return formatAddress(this.#listen)
  }

  get upstream(): string {
    return formatAddress(this.#upstream)
  }

  get enabled(): boolean {
    return this.#door !== undefined
  }

  figures(): ProxyFigures {
    const { connections, perAddress } = this.#turnedAway.counts()
    const joined = [...this.#told.values()].map(({ figures }) => figures).reduce(joinCounts, noFigures)
    return { ...joined, turnedAway: { ...joined.turnedAway, connections, perAddress } }
  }

  /** Percentiles cannot be added: the worst of all stands for them. */
  latency(): LiveLatency {
    const { crew, name } = this.#setup
    if (!this.#isTimed) crew.tellAll({ kind: 'time', proxy: name })
    this.#isTimed = true
    const all = this.#latencies
    this.#latencies = []
    const worst = (part: 'p50' | 'p99' | 'max') =>
      all.reduce<number | null>((most, { [part]: ms }) => (ms === null ? most : Math.max(most ?? 0, ms)), null)
    const count = all.reduce((sum, each) => sum + each.count, 0)
    return { count, p50: worst('p50'), p99: worst('p99'), max: worst('max') }
  }

  update(change: Parameters<ControlledProxy['update']>[0]): Promise<void> {
    const mine = this.#turn.then(() => this.#change(change))
    this.#turn = mine.catch(() => {})
    return mine
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  told(number: number, told: ToldProxy): void {
    this.#told.set(number, told)
    if (told.latency !== undefined && told.latency.count > 0) this.#latencies.push(told.latency)
    if (this.#latencies.length > mostLatencies) this.#latencies.shift()
  }

  hit(event: FaultEvent): void {
    this.#setup.hooks.onFault(event)
  }

  ended(id: number): void {
    const served = this.#served.get(id)
    if (served === undefined || !this.#served.delete(id)) return
    this.#setup.crew.ended(served.number)
    if (served.door === this.#doors) this.#door?.ended(served.numberOfDoor)
  }

  lost(number: number): void {
    for (const [id, served] of this.#served) if (served.number === number) this.ended(id)
  }

  async #change({ listen: asked, upstream: wanted, enabled = this.enabled }: Parameters<ControlledProxy['update']>[0]) {
    const { ask, name } = this.#setup
    const listen = asked === undefined ? this.#listen : samePort(asked, this.#listen)
    const upstream = wanted === undefined ? this.#upstream : readAddress(wanted)
    if (leadsToItself(listen, upstream)) throw new ApiError(400, ownUpstream(upstream))
    const stays = formatAddress(listen) === this.listen && formatAddress(upstream) === this.upstream
    if (stays && enabled && this.enabled) return
    await this.#shut()
    this.#listen = listen
    this.#upstream = upstream
    if (this.#closing !== undefined) return
    const change = { upstream: formatAddress(upstream), enabled }
    // Down first: whoever is connected to another upstream is cut.
    await ask((id) => ({ kind: 'update', proxy: name, id, change: { enabled: false } }))
    await ask((id) => ({ kind: 'update', proxy: name, id, change }))
    if (enabled) await this.#open()
  }

  async #open(): Promise<void> {
    const { peers = {}, crew, name, hooks, ask } = this.#setup
    this.#doors++
    try {
      this.#door = await startHandOver({
        address: this.#listen,
        maxConnections: peers.connections ?? defaultMaxConnections,
        ...(peers.perAddress !== undefined && { maxPerAddress: peers.perAddress }),
        give: (socket, numberOfDoor) => {
          const id = ++this.#lastId
          const number = crew.give({ kind: 'connection', proxy: name, id }, socket)
          if (number === undefined) return false
          this.#served.set(id, { number, door: this.#doors, numberOfDoor })
          return true
        },
        onRejected: (peer, why, kind) => {
          this.#turnedAway.add(kind)
          hooks.onTrouble(`${peer}: not let in: ${why}`)
        },
      })
      this.#listen = this.#door.address
    } catch (error) {
      await ask((id) => ({ kind: 'update', proxy: name, id, change: { enabled: false } }))
      throw error
    }
  }

  async #shut(): Promise<void> {
    const door = this.#door
    this.#door = undefined
    await door?.close()
  }

  async #close(): Promise<void> {
    const { ask, name, onGone } = this.#setup
    await this.update({ enabled: false })
    await ask((id) => ({ kind: 'remove', proxy: name, id }))
    onGone()
  }

  /** A chain without a line says what cannot be, before anybody is told. */
  #switch(): FaultSwitch {
    const { crew, name } = this.#setup
    const chain = createFaultChain({ clock: realClock, random: createRandom(0), startedAt: realClock.now() })
    const check = switchOf(chain)
    return {
      add(fault) {
        check.add(fault)
        crew.tellAll({ kind: 'addFault', proxy: name, fault })
      },
      update(fault) {
        check.update(fault)
        crew.tellAll({ kind: 'updateFault', proxy: name, fault })
      },
      remove(fault) {
        check.remove(fault)
        crew.tellAll({ kind: 'removeFault', proxy: name, name: fault })
      },
      applied: () => check.applied().map((fault) => ({ ...fault, applied: this.#appliedOf(fault.name) })),
    }
  }

  #appliedOf(fault: string): number {
    let sum = 0
    for (const { applied } of this.#told.values())
      for (const each of applied) if (each.name === fault) sum += each.applied
    return sum
  }
}

/** Looks of one second that wait to be asked for: some minutes of a few processes. */
const mostLatencies = 1000

const noFigures: ProxyFigures = {
  ...{ connections: 0, accepted: 0, turnedAway: {} },
  ...{ upstream: { received: 0, sent: 0 }, downstream: { received: 0, sent: 0 } },
}
