// A proxy in several processes: this one accepts, and gives each client to the process that has the fewest. The control API is here,
// and what it asks for is told to all of them.

import type { ControlledProxy } from '../../control/controlled.js'
import type { Metered } from '../../measure/meter.js'
import { formatAddress } from '../../transport/network/address.js'
import { keysToData } from '../keys/run-keys.js'
import { type LineMaker, type ProxyStart, type RunningProxy, startProxy } from '../proxy/start-proxy.js'
import { Crew } from './crew.js'
import { createProxyOfProcesses, type ProxyOfProcesses } from './proxy-of-processes.js'
import type { FromProxy, ProxyStartData, ToProxy } from './proxy-protocol.js'

export interface ProxyProcesses extends RunningProxy {
  /** The meter of each process, as it was last told. */
  metered(): readonly Metered[]
  /** Resolves, in words, when one of its processes has died. */
  readonly died: Promise<string>
  readonly pids: readonly number[]
}

/** Rejects as startProxy does. */
export async function startProxyProcesses(
  start: ProxyStart,
  how: { readonly count: number; readonly metered: boolean },
): Promise<ProxyProcesses> {
  const lines = new Lines(start, how)
  await lines.crew.begin()
  try {
    const running = await startProxy(start, lines)
    return Object.assign(running, {
      metered: () => lines.metered(),
      died: lines.crew.died,
      pids: lines.crew.pids,
    })
  } catch (error) {
    lines.crew.kill()
    throw error
  }
}

class Lines implements LineMaker {
  readonly crew: Crew<ToProxy, FromProxy>
  readonly #start: ProxyStart
  readonly #proxies = new Map<string, ProxyOfProcesses>()
  readonly #meters = new Map<number, Metered>()
  readonly #asked = new Map<number, { readonly waitsFor: Set<number>; readonly done: () => void }>()
  #lastAsked = 0
  /** Processes whose figures are waited for, and who waits. */
  #fresh: { readonly waitsFor: Set<number>; readonly done: () => void } | undefined

  constructor(start: ProxyStart, { count, metered }: { readonly count: number; readonly metered: boolean }) {
    this.#start = start
    this.crew = new Crew({
      entry: new URL('./proxy-process.js', import.meta.url),
      count,
      begin: (share) => ({ kind: 'start', share, metered, start: dataOf(start) }),
      hear: (message, number) => this.#hear(message, number),
      lost: (number) => this.#lost(number),
    })
  }

  make(...[name, at, hooks]: Parameters<LineMaker['make']>): ControlledProxy {
    const addresses = { listen: formatAddress(at.listen), upstream: formatAddress(at.upstream) }
    this.crew.tellAll({ kind: 'make', proxy: name, ...addresses })
    const proxy = createProxyOfProcesses({
      ...{ name, at, hooks, crew: this.crew, peers: this.#start.peers },
      ask: (message) => this.#ask(message),
      onGone: () => this.#proxies.delete(name),
    })
    this.#proxies.set(name, proxy)
    return proxy
  }

  watch(isWatched: boolean): void {
    this.crew.tellAll({ kind: 'watch', isWatched })
  }

  metered(): readonly Metered[] {
    return [...this.#meters.values()]
  }

  refresh(): Promise<void> {
    const waitsFor = new Set(this.crew.alive)
    if (waitsFor.size === 0) return Promise.resolve()
    return new Promise((done) => {
      this.#fresh = { waitsFor, done }
      this.crew.tellAll({ kind: 'tellFigures' })
    })
  }

  close(): Promise<void> {
    return this.crew.close({ kind: 'close' })
  }

  /** Resolves when every process has done it. */
  #ask(message: (id: number) => ToProxy): Promise<void> {
    const waitsFor = new Set(this.crew.alive)
    if (waitsFor.size === 0) return Promise.resolve()
    const id = ++this.#lastAsked
    return new Promise((done) => {
      this.#asked.set(id, { waitsFor, done })
      this.crew.tellAll(message(id))
    })
  }

  #hear(message: FromProxy, number: number): void {
    if (message.kind === 'trouble') this.#start.onTrouble?.(message.line)
    else if (message.kind === 'changed') this.#changed(message.id, number)
    else if (message.kind === 'gone') this.#proxies.get(message.proxy)?.ended(message.id)
    else if (message.kind === 'fault')
      this.#proxies.get(message.proxy)?.hit({ ...message.event, masked: () => message.message })
    else {
      if (message.metered !== undefined) this.#meters.set(number, message.metered)
      for (const told of message.proxies) this.#proxies.get(told.name)?.told(number, told)
      this.#isFresh(number)
    }
  }

  #changed(id: number, number: number): void {
    const asked = this.#asked.get(id)
    asked?.waitsFor.delete(number)
    if (asked === undefined || asked.waitsFor.size > 0) return
    this.#asked.delete(id)
    asked.done()
  }

  #isFresh(number: number): void {
    this.#fresh?.waitsFor.delete(number)
    if (this.#fresh?.waitsFor.size === 0) this.#fresh.done()
  }

  #lost(number: number): void {
    for (const proxy of this.#proxies.values()) proxy.lost(number)
    for (const id of [...this.#asked.keys()]) this.#changed(id, number)
    this.#isFresh(number)
  }
}

function dataOf({
  dialect,
  framing,
  codec,
  seed = 0,
  peers,
  clientTls,
  upstreamTls,
  keys,
}: ProxyStart): ProxyStartData {
  return {
    ...{ seed, peers, clientTls, upstreamTls, keys: keys && keysToData(keys) },
    ...(dialect !== undefined && { dialect }),
    ...(framing !== undefined && { framing }),
    ...(codec !== undefined && { codec }),
  } as ProxyStartData
}
