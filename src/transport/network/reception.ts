// Takes up accepted connections a few in each turn of the event loop: a thousand that come at once keep nobody waiting for
// all of them. Until then nothing is read from them.

import type net from 'node:net'
import type { Clock, Timer } from '../../base/clock.js'
import { createQueue } from '../../base/collections/queue.js'

/** Connections of one turn: about a millisecond of work where each is dialled on. */
export const takenUpPerTurn = 8

export interface Reception {
  /** A socket that was paused when it was accepted. */
  arrived(socket: net.Socket): void
  /** Resets those that wait. Idempotent. */
  close(): void
}

export function createReception(clock: Clock, takeUp: (socket: net.Socket) => void): Reception {
  const waiting = createQueue<net.Socket>()
  let turn: Timer | undefined
  let left = takenUpPerTurn
  const take = (socket: net.Socket) => {
    left--
    socket.resume()
    takeUp(socket)
  }
  const begin = () => {
    turn = clock.precisely(0, () => {
      turn = undefined
      left = takenUpPerTurn
      if (waiting.size > 0) begin()
      while (left > 0 && waiting.size > 0) take(waiting.shift() as net.Socket)
    })
  }
  return {
    arrived(socket) {
      socket.on('error', ignore)
      if (turn === undefined) begin()
      if (left > 0 && waiting.size === 0) take(socket)
      else waiting.push(socket)
    },
    close() {
      turn?.cancel()
      for (let socket = waiting.shift(); socket !== undefined; socket = waiting.shift()) socket.resetAndDestroy()
    },
  }
}

/** The link that is made of it has a handler of its own. */
const ignore = () => {}
