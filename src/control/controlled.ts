// The things that the control API has power over: proxies, and the faults on their lines. run/ puts real ones behind this.

import type { FaultSpec } from '../faults/chain.js'
import type { FaultEvent } from '../faults/fault.js'

/** `listen` and `upstream` are host:port. */
export interface ProxyAddresses {
  readonly listen: string
  readonly upstream: string
}

/** The faults of one proxy, in the order in which they were added. Names are unique; the caller sees to that. */
export interface FaultSwitch {
  /** Throws UsageError for a fault that does not work here: a host fault on a line, a match that cannot be read. */
  add(fault: FaultSpec): void
  /** Takes the place of the fault of that name. Throws as add does. */
  update(fault: FaultSpec): void
  remove(name: string): void
  /** How often each fault was applied. */
  applied(): readonly { readonly name: string; readonly type: string; readonly applied: number }[]
}

/** Bytes of one direction: what came in from its sender, and what went out to its receiver. */
export interface ByteFlow {
  readonly received: number
  readonly sent: number
}

export interface ProxyFigures {
  readonly connections: number
  readonly accepted: number
  readonly upstream: ByteFlow
  readonly downstream: ByteFlow
  /** Peers that were not let in, or were cut off, by why. */
  readonly turnedAway: Readonly<Record<string, number>>
}

/** Request to answer, on the client's side, since it was last looked at; in ms. */
export interface LiveLatency {
  readonly count: number
  readonly p50: number | null
  readonly p99: number | null
  readonly max: number | null
}

export interface ControlledProxy extends ProxyAddresses {
  readonly enabled: boolean
  readonly faults: FaultSwitch
  figures(): ProxyFigures
  /** Begins to measure when it is first asked; undefined where messages cannot be told apart. */
  latency(): LiveLatency | undefined
  /** Rejects with an error that says why; the proxy is down then. */
  update(change: Partial<ProxyAddresses> & { readonly enabled?: boolean | undefined }): Promise<void>
  close(): Promise<void>
}

/** Throws ApiError 403 for an address that may not be used, 400 for one that is none. */
export interface AddressPolicy {
  checkListen(address: string): void
  checkUpstream(address: string): void
}

export interface ControlledWorld extends AddressPolicy {
  /** Makes a proxy that is down. Undefined: this process has the proxies that it has, and no others. */
  readonly create?: ((name: string, addresses: ProxyAddresses) => ControlledProxy) | undefined
  /** Proxies that are there from the start. */
  readonly initial: Readonly<Record<string, ControlledProxy>>
  /** Faults that they have been given already: a plan, as if it had been loaded. */
  readonly initialPlan?: readonly FaultSpec[] | undefined
  /** Whether two addresses are the same place: `localhost:80` and `127.0.0.1:80`. */
  sameAddress(one: string, other: string): boolean
  /** Calls back for every fault that hits something, until the returned function is called. */
  onFault(listener: (proxy: string, event: FaultEvent) => void): () => void
}
