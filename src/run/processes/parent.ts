// The other end of child.ts: what a process hears of the one that started it, and says to it.

import { realClock } from '../../base/clock.js'
import type { HandedSocket } from '../../transport/network/handed-network.js'

/** How often the process that started this one is told what was counted, in ms. */
const tellEveryMs = 1000

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

/** Tells the figures again and again, as long as this process lives. */
export function keepTelling(tellFigures: () => void): void {
  realClock.after(tellEveryMs, () => {
    tellFigures()
    keepTelling(tellFigures)
  })
}

/**
 * Takes up a connection that was handed over; `gone` is called when it has ended. One whose peer has gone on the way comes without a
 * socket, and one that nobody takes is reset.
 */
export function takeUp(
  socket: HandedSocket | undefined,
  take: ((socket: HandedSocket) => void) | undefined,
  gone: () => void,
): void {
  socket?.once('close', gone)
  if (socket === undefined) gone()
  else if (take === undefined) socket.resetAndDestroy()
  else take(socket)
}
