// A disk in memory, which may be full or broken.

import { StartError } from '../../../src/base/errors.js'
import type { Spill } from '../../../src/measure/money/spill.js'

export interface MemorySpill extends Spill {
  /** Nothing more can be written. */
  isFull: boolean
  /** Bytes behind this place cannot be read. */
  unreadableFrom: number
  readonly size: number
}

export function memorySpill(): MemorySpill {
  let bytes = new Uint8Array()
  const put = (place: number, more: Uint8Array) => {
    if (spill.isFull) throw new StartError('the disk is full')
    const grown = new Uint8Array(Math.max(bytes.length, place + more.length))
    grown.set(bytes)
    grown.set(more, place)
    bytes = grown
  }
  const spill = {
    isFull: false,
    unreadableFrom: Number.POSITIVE_INFINITY,
    get size() {
      return bytes.length
    },
    append(more: Uint8Array) {
      const place = bytes.length
      put(place, more)
      return place
    },
    write: put,
    read(place: number, into: Uint8Array) {
      if (place + into.length > spill.unreadableFrom) throw new StartError('the disk is gone')
      into.set(bytes.subarray(place, place + into.length))
    },
  }
  return spill
}
