// Idle terminals, in the order in which they became idle: each takes its turn, of all or of one merchant's.

import { createQueue, type Queue } from '../../base/collections/queue.js'
import type { Terminal } from '../terminal.js'

interface Place {
  readonly terminal: Terminal
  readonly turn: number
}

export interface IdlePlaces {
  add(terminal: Terminal): void
  /** The one that has been idle longest; undefined when none is. Marks it busy. */
  take(merchant: string | undefined): Terminal | undefined
}

/** `merchants` are those that may be asked for by name; the others need no queue of their own. */
export function createIdlePlaces(merchants: ReadonlySet<string>, terminalCount: number): IdlePlaces {
  return merchants.size === 0 ? placesOfAll() : placesByMerchant(merchants, terminalCount)
}

/** Nobody is asked for by name: a terminal stands in one queue, once, and nothing is made for its place. */
function placesOfAll(): IdlePlaces {
  const all = createQueue<Terminal>()
  return {
    add(terminal) {
      terminal.busy = false
      all.push(terminal)
    },
    take(merchant) {
      const terminal = merchant === undefined ? all.shift() : undefined
      if (terminal !== undefined) terminal.busy = true
      return terminal
    },
  }
}

function placesByMerchant(merchants: ReadonlySet<string>, terminalCount: number): IdlePlaces {
  const all = createQueue<Place>()
  const ofMerchant = new Map([...merchants].map((merchant) => [merchant, createQueue<Place>()]))

  const isCurrent = ({ terminal, turn }: Place) => !terminal.busy && terminal.turn === turn

  /** A place that was taken through the other queue stays behind; they are swept before they outnumber the terminals. */
  const join = (places: Queue<Place>, place: Place) => {
    places.push(place)
    if (places.size <= 2 * terminalCount) return
    for (let left = places.size; left > 0; left--) {
      const old = places.shift()
      if (old !== undefined && isCurrent(old)) places.push(old)
    }
  }

  return {
    add(terminal) {
      terminal.busy = false
      const place = { terminal, turn: ++terminal.turn }
      join(all, place)
      const own = ofMerchant.get(terminal.merchant)
      if (own !== undefined) join(own, place)
    },
    take(merchant) {
      const places = merchant === undefined ? all : ofMerchant.get(merchant)
      for (let place = places?.shift(); place !== undefined; place = places?.shift()) {
        if (!isCurrent(place)) continue
        place.terminal.busy = true
        return place.terminal
      }
      return undefined
    },
  }
}
