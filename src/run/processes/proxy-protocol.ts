// The messages between a proxy and its processes.

import type { Share } from '../../base/share.js'
import type { Message } from '../../codec/message.js'
import type { ControlledProxy, LiveLatency, ProxyFigures } from '../../control/controlled.js'
import type { FaultSpec } from '../../faults/chain.js'
import type { FaultEvent } from '../../faults/fault.js'
import type { Metered } from '../../measure/meter.js'
import type { TlsOptions } from '../../transport/network/tcp-network.js'
import type { KeyData } from '../keys/run-keys.js'
import type { ProxyStart } from '../proxy/start-proxy.js'
import type { SpeakerOptions } from '../speaker.js'

export interface ProxyStartData extends SpeakerOptions {
  readonly seed: number
  readonly peers: ProxyStart['peers']
  readonly clientTls: TlsOptions | undefined
  readonly upstreamTls: TlsOptions | undefined
  readonly keys: readonly KeyData[] | undefined
}

interface Changed {
  readonly listen?: string
  readonly upstream?: string
  readonly enabled?: boolean
}

export type ToProxy =
  | { readonly kind: 'start'; readonly start: ProxyStartData; readonly share: Share; readonly metered: boolean }
  | { readonly kind: 'make'; readonly proxy: string; readonly listen: string; readonly upstream: string }
  /** With a socket. */
  | { readonly kind: 'connection'; readonly proxy: string; readonly id: number }
  | { readonly kind: 'update'; readonly proxy: string; readonly id: number; readonly change: Changed }
  | { readonly kind: 'remove'; readonly proxy: string; readonly id: number }
  | { readonly kind: 'addFault'; readonly proxy: string; readonly fault: FaultSpec }
  | { readonly kind: 'updateFault'; readonly proxy: string; readonly fault: FaultSpec }
  | { readonly kind: 'removeFault'; readonly proxy: string; readonly name: string }
  /** Somebody wants to know how long its answers take. */
  | { readonly kind: 'time'; readonly proxy: string }
  /** Hits of faults are told, or not. */
  | { readonly kind: 'watch'; readonly isWatched: boolean }
  | { readonly kind: 'tellFigures' }
  | { readonly kind: 'close' }

/** The figures of one proxy in one process. */
export interface ToldProxy {
  readonly name: string
  readonly figures: ProxyFigures
  readonly applied: ReturnType<ControlledProxy['faults']['applied']>
  readonly latency?: LiveLatency | undefined
}

export type FromProxy =
  | { readonly kind: 'trouble'; readonly line: string }
  | { readonly kind: 'gone'; readonly proxy: string; readonly id: number }
  | { readonly kind: 'changed'; readonly id: number }
  | { readonly kind: 'figures'; readonly proxies: readonly ToldProxy[]; readonly metered?: Metered }
  | {
      readonly kind: 'fault'
      readonly proxy: string
      readonly event: Omit<FaultEvent, 'masked'>
      readonly message: Message | undefined
    }
