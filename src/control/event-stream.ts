// Which fault hit which message, as it happens: server-sent events to whoever listens, masked.

import { maskTexts } from '../base/mask.js'
import type { FaultEvent } from '../faults/fault.js'
import type { ControlledWorld } from './controlled.js'

export interface EventStream {
  /** `write` takes text as it goes to the client. Returns what ends the subscription. */
  subscribe(write: (text: string) => void): () => void
}

/** Listens to the world only while somebody listens here: masking a message costs more than passing it on. */
export function createEventStream(world: ControlledWorld): EventStream {
  const subscribers = new Set<(text: string) => void>()
  let release: (() => void) | undefined
  let id = 0

  const tell = (proxy: string, event: FaultEvent) => {
    const text = `id: ${++id}\nevent: fault\ndata: ${JSON.stringify(dataOf(proxy, event))}\n\n`
    for (const write of [...subscribers]) write(text)
  }

  return {
    subscribe(write) {
      subscribers.add(write)
      release ??= world.onFault(tell)
      write(': listening\n\n')
      return () => {
        subscribers.delete(write)
        if (subscribers.size > 0) return
        release?.()
        release = undefined
      }
    },
  }
}

function dataOf(proxy: string, { fault, type, at, connection, peer, direction, masked }: FaultEvent) {
  // The message is masked by its dialect already, which knows more of it than its text says.
  const told = maskTexts({ proxy, fault, type, at, connection, peer, direction })
  return { ...(told as object), message: masked() ?? null }
}
