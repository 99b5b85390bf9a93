// The other end of child.ts: what a process hears of the one that started it, and says to it.

import type { HandedSocket } from '../../transport/network/handed-network.js'

export interface Parent<To> {
  tell(message: To): void
}

/**
 * Calls `hear` with each message, and with the socket that came with it, if its peer is still there. The process ends when the one
 * that started it is gone, and by nothing else: Ctrl-C reaches both, and the other one says what is to be done.
 */
export function listenToParent<From, To>(hear: (message: From, socket: HandedSocket | undefined) => void): Parent<To> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
  process.on('disconnect', () => process.exit())
  process.on('message', (message, socket) => hear(message as From, (socket ?? undefined) as HandedSocket | undefined))
  return {
    tell(message) {
      if (process.connected) process.send?.(message)
    },
  }
}
