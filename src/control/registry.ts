// The proxies and their toxics, as the control API sees them. Rule: everything is checked before anything is changed,
// and changes are carried out one after another, whoever asks.

import { UsageError } from '../base/errors.js'
import type { FaultSpec } from '../faults/chain.js'
import { ApiError, apiErrors } from './api-error.js'
import type { ControlledProxy, ControlledWorld, ProxyAddresses } from './controlled.js'
import { mapOf, mergeToxic, nameOf, planToxic, readToxic, type Toxic } from './toxic.js'

/** The view of a proxy that Toxiproxy gives. */
export interface ProxyView {
  readonly name: string
  readonly listen: string
  readonly upstream: string
  readonly enabled: boolean
  readonly toxics: readonly Toxic[]
}

export interface ProxyEntry {
  readonly proxy: ControlledProxy
  /** In the order in which they were added. */
  readonly toxics: Map<string, Toxic>
  /** Faults of a plan: not toxics, though of the same kind. */
  plan: readonly FaultSpec[]
}

/** Proxies that one process holds: each has a port. */
const maxProxies = 10_000
/** Proxies that one request makes, one after another: every other request waits meanwhile. */
const maxPopulated = 1000
/** Toxics on one proxy: every chunk passes all of them. */
export const maxToxics = 1000

export interface NewProxy extends ProxyAddresses {
  readonly name: string
  readonly enabled: boolean
}

export interface Registry {
  readonly entries: ReadonlyMap<string, ProxyEntry>
  /** Throws ApiError 404. */
  entry(name: string): ProxyEntry
  view(name: string): ProxyView
  create(body: unknown, toxics?: readonly Toxic[]): Promise<ProxyView>
  populate(body: unknown): Promise<{ readonly proxies: readonly ProxyView[] | null; readonly error?: ApiError }>
  update(name: string, body: unknown): Promise<ProxyView>
  remove(name: string): Promise<void>
  reset(): Promise<void>
  addToxic(name: string, body: unknown): Toxic
  toxic(name: string, toxic: string): Toxic
  updateToxic(name: string, toxic: string, body: unknown): Toxic
  removeToxic(name: string, toxic: string): void
  /** Takes the place of the plan that the proxy had. */
  loadPlan(name: string, plan: readonly FaultSpec[]): void
  close(): Promise<void>
}

export function createRegistry(world: ControlledWorld): Registry {
  return new ProxyRegistry(world)
}

class ProxyRegistry implements Registry {
  readonly entries = new Map<string, ProxyEntry>()
  readonly #world: ControlledWorld
  #turn: Promise<unknown> = Promise.resolve()

  constructor(world: ControlledWorld) {
    this.#world = world
    for (const [name, proxy] of Object.entries(world.initial)) this.#put(name, proxy).plan = world.initialPlan ?? []
  }

  entry(name: string): ProxyEntry {
    const entry = this.entries.get(name)
    if (entry === undefined) throw apiErrors.proxyNotFound()
    return entry
  }

  view(name: string): ProxyView {
    const { proxy, toxics } = this.entry(name)
    const inOrder = [...toxics.values()]
    const of = (stream: Toxic['stream']) => inOrder.filter((toxic) => toxic.stream === stream)
    const { listen, upstream, enabled } = proxy
    return { name, listen, upstream, enabled, toxics: [...of('upstream'), ...of('downstream')] }
  }

  create(body: unknown, toxics: readonly Toxic[] = []): Promise<ProxyView> {
    return this.#inTurn(() => {
      const wanted = this.#readNew(body)
      if (this.entries.has(wanted.name)) throw apiErrors.proxyExists()
      return this.#make(wanted, toxics)
    })
  }

  populate(body: unknown) {
    return this.#inTurn(async () => {
      const done: ProxyView[] = []
      try {
        if (!Array.isArray(body)) throw apiErrors.badBody('expected an array of proxies')
        if (body.length > maxPopulated) throw new ApiError(413, `more than ${maxPopulated} proxies in one request`)
        const wanted = body.map((each, index) => this.#readNew(each, ` at proxy ${index + 1}`))
        for (const each of wanted) done.push(await this.#takeOver(each))
        return { proxies: done }
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        return { proxies: done.length === 0 ? null : done, error }
      }
    })
  }

  update(name: string, body: unknown): Promise<ProxyView> {
    return this.#inTurn(async () => {
      const { proxy } = this.entry(name)
      const change = readChange(body)
      if (change.listen !== undefined && !this.#world.sameAddress(change.listen, proxy.listen))
        this.#world.checkListen(change.listen)
      if (change.upstream !== undefined && !this.#world.sameAddress(change.upstream, proxy.upstream))
        this.#world.checkUpstream(change.upstream)
      await this.#apply(proxy, change)
      return this.view(name)
    })
  }

  remove(name: string): Promise<void> {
    return this.#inTurn(async () => {
      const { proxy } = this.entry(name)
      if (this.#world.create === undefined) throw new ApiError(403, `proxy ${name} belongs to the acquirer and stays`)
      this.entries.delete(name)
      await proxy.close()
    })
  }

  reset(): Promise<void> {
    return this.#inTurn(async () => {
      for (const [name, { proxy, toxics }] of this.entries) {
        for (const toxic of [...toxics.keys()]) this.removeToxic(name, toxic)
        this.loadPlan(name, [])
        await this.#apply(proxy, { enabled: true })
      }
    })
  }

  addToxic(name: string, body: unknown): Toxic {
    const entry = this.entry(name)
    const toxic = readToxic(body)
    if (entry.toxics.has(toxic.name) || entry.plan.some((fault) => fault.name === toxic.name))
      throw apiErrors.toxicExists()
    if (entry.toxics.size >= maxToxics) throw new ApiError(409, `a proxy holds ${maxToxics} toxics at most`)
    this.#plant(entry, toxic)
    return toxic
  }

  toxic(name: string, toxic: string): Toxic {
    const found = this.entry(name).toxics.get(toxic)
    if (found === undefined) throw apiErrors.toxicNotFound()
    return found
  }

  updateToxic(name: string, toxic: string, body: unknown): Toxic {
    const merged = mergeToxic(this.toxic(name, toxic), body)
    const { proxy, toxics } = this.entry(name)
    const planned = planToxic(merged)
    if (planned !== undefined) fitting(() => proxy.faults.update(planned))
    toxics.set(toxic, merged)
    return merged
  }

  removeToxic(name: string, toxic: string): void {
    const { proxy, toxics } = this.entry(name)
    const found = this.toxic(name, toxic)
    if (planToxic(found) !== undefined) proxy.faults.remove(toxic)
    toxics.delete(toxic)
  }

  loadPlan(name: string, plan: readonly FaultSpec[]): void {
    const entry = this.entry(name)
    const taken = plan.find((fault) => entry.toxics.has(fault.name))
    if (taken !== undefined) throw new ApiError(409, `a toxic is named '${taken.name}' already`)
    for (const { name: old } of entry.plan) entry.proxy.faults.remove(old)
    entry.plan = []
    const planted: FaultSpec[] = []
    try {
      for (const fault of plan) {
        fitting(() => entry.proxy.faults.add(fault))
        planted.push(fault)
      }
      entry.plan = plan
    } catch (error) {
      for (const fault of planted) entry.proxy.faults.remove(fault.name)
      throw error
    }
  }

  async close(): Promise<void> {
    await this.#inTurn(async () => {
      await Promise.all([...this.entries.values()].map(({ proxy }) => proxy.close()))
      this.entries.clear()
    })
  }

  #put(name: string, proxy: ControlledProxy): ProxyEntry {
    const entry: ProxyEntry = { proxy, toxics: new Map(), plan: [] }
    this.entries.set(name, entry)
    return entry
  }

  #plant(entry: ProxyEntry, toxic: Toxic): void {
    const planned = planToxic(toxic)
    if (planned !== undefined) fitting(() => entry.proxy.faults.add(planned))
    entry.toxics.set(toxic.name, toxic)
  }

  /** One that did not get its port leaves nothing behind. */
  async #make({ name, enabled, ...addresses }: NewProxy, toxics: readonly Toxic[]): Promise<ProxyView> {
    if (this.#world.create === undefined) throw new ApiError(403, 'this process is an acquirer: it makes no proxies')
    if (this.entries.size >= maxProxies) throw new ApiError(409, `${maxProxies} proxies exist, which is the limit`)
    const entry = this.#put(name, this.#world.create(name, addresses))
    try {
      for (const toxic of toxics) this.#plant(entry, toxic)
      await this.#apply(entry.proxy, { enabled })
      return this.view(name)
    } catch (error) {
      this.entries.delete(name)
      await entry.proxy.close()
      throw error
    }
  }

  /** The act of /populate: the same proxy stays as it is, with its toxics; another of that name makes way. */
  async #takeOver(wanted: NewProxy): Promise<ProxyView> {
    const present = this.entries.get(wanted.name)?.proxy
    if (present === undefined) return await this.#make(wanted, [])
    const { sameAddress } = this.#world
    if (sameAddress(present.listen, wanted.listen) && sameAddress(present.upstream, wanted.upstream))
      return this.view(wanted.name)
    this.entries.delete(wanted.name)
    await present.close()
    return await this.#make(wanted, [])
  }

  /** Throws ApiError 500 as Toxiproxy does where a port cannot be had. */
  async #apply(proxy: ControlledProxy, change: Parameters<ControlledProxy['update']>[0]): Promise<void> {
    try {
      await proxy.update(change)
    } catch (cause) {
      if (cause instanceof ApiError) throw cause
      throw new ApiError(500, cause instanceof Error ? cause.message : String(cause), { cause })
    }
  }

  #readNew(body: unknown, where = ''): NewProxy {
    const { name, upstream, listen, enabled = true } = mapOf(body)
    if (typeof name !== 'string' || name === '') throw apiErrors.missingField(`name${where}`)
    if (typeof upstream !== 'string' || upstream === '') throw apiErrors.missingField(`upstream${where}`)
    if (typeof enabled !== 'boolean') throw apiErrors.badBody('enabled: expected true or false')
    if (listen !== undefined && typeof listen !== 'string') throw apiErrors.badBody('listen: expected host:port')
    const address = listen === undefined || listen === '' ? '127.0.0.1:0' : listen
    this.#world.checkListen(address)
    this.#world.checkUpstream(upstream)
    return { name: nameOf(name), upstream, listen: address, enabled }
  }

  #inTurn<Value>(action: () => Promise<Value>): Promise<Value> {
    const mine = this.#turn.then(action)
    this.#turn = mine.catch(() => {})
    return mine
  }
}

function readChange(body: unknown): { listen?: string; upstream?: string; enabled?: boolean } {
  const { listen, upstream, enabled } = mapOf(body)
  if (enabled !== undefined && typeof enabled !== 'boolean') throw apiErrors.badBody('enabled: expected true or false')
  return {
    ...(typeof listen === 'string' && listen !== '' && { listen }),
    ...(typeof upstream === 'string' && upstream !== '' && { upstream }),
    ...(enabled !== undefined && { enabled }),
  }
}

/** A toxic that the engine refuses is the client's mistake. */
function fitting(plant: () => void): void {
  try {
    plant()
  } catch (error) {
    if (error instanceof UsageError) throw apiErrors.badBody(error.message)
    throw error
  }
}
