// Where a run takes place: over TCP in real time, or in memory in virtual time. Everything else is the same.

import { type Clock, realClock } from '../base/clock.js'
import { letGarbageDieYoung } from '../base/process/garbage.js'
import { inOneGo, inSlices, nextTurn, type Slices } from '../base/slices.js'
import { createVirtualClock, type VirtualClock } from '../base/virtual-clock.js'
import type { Pacing } from '../load/pacer.js'
import type { Network } from '../transport/network/link.js'
import { createSimulatedNetwork } from '../transport/network/simulated-network.js'
import { createTcpNetwork, type TcpNetworkOptions } from '../transport/network/tcp-network.js'

export interface World {
  readonly kind: 'real' | 'virtual'
  readonly clock: Clock
  readonly network: Network
  /** Hosts may be there that this run has not started. */
  readonly hasOthers: boolean
  /** Left out: as the user says, or balanced. */
  readonly pacing?: Pacing
  /** Lets time pass until `work` is done. In real time that happens by itself. */
  until<Value>(work: Promise<Value>): Promise<Value>
  /** Long work: in real time in slices, between which the event loop goes on. No time passes for it in virtual time. */
  slices<Value>(work: Slices<Value>): Promise<Value>
}

export function realWorld(options: TcpNetworkOptions = {}): World {
  letGarbageDieYoung()
  return {
    kind: 'real',
    clock: realClock,
    network: createTcpNetwork(options),
    hasOthers: true,
    until: (work) => work,
    slices: inSlices,
  }
}

/** One way over a simulated link, in ms, where no profile says otherwise: about what loopback takes. */
const linkMs = 0.05

/** Callbacks run at their exact times; what is awaited instead may be this much later, in ms. */
const promiseMs = 1

/** A network of the caller's own, on this clock, with whatever hosts are on it. */
export type NetworkOn = (clock: Clock) => Network

/**
 * Starts at `wallStart` (epoch ms). Equal work takes an equal course: nothing here depends on this machine. `networkOn` left
 * out: a network on which only what this run starts can be reached.
 */
export function virtualWorld(wallStart: number, networkOn?: NetworkOn): World & { readonly clock: VirtualClock } {
  letGarbageDieYoung()
  const clock = createVirtualClock(wallStart)
  const network =
    networkOn?.(clock) ?? createSimulatedNetwork({ clock, latencyMs: { request: () => linkMs, answer: () => linkMs } })
  return {
    kind: 'virtual',
    clock,
    network,
    hasOthers: networkOn !== undefined,
    pacing: 'precise',
    slices: async (work) => inOneGo(work),
    async until(work) {
      let settled = false
      const settle = () => {
        settled = true
      }
      work.then(settle, settle)
      await promisesSettle()
      while (!settled) {
        const next = clock.nextAt
        if (next === undefined) throw new Error('virtual time stands still: nothing is left to happen')
        clock.run(next + promiseMs)
        await promisesSettle()
      }
      return work
    },
  }
}

/** Everything that waits for a promise has run when this resolves: it takes the turn of real I/O. */
const promisesSettle = nextTurn
