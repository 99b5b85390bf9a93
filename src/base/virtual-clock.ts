// Simulated time: events in a heap, ordered by time and then by the order in which they were asked for.

import type { Clock, Timer } from './clock.js'

interface Event {
  readonly at: number
  readonly order: number
  action: (() => void) | undefined
}

export interface VirtualClock extends Clock {
  /** Runs events until none is left or the next lies after `untilMs`; time then stands at `untilMs` if it is finite. */
  run(untilMs?: number): void
  /** Runs the next event. False when there is none. */
  step(): boolean
  /** Events that wait, those included that were cancelled and have not been swept. */
  readonly pending: number
  /** When the next event is to happen; undefined when there is none. */
  readonly nextAt: number | undefined
}

/** A clock that starts at 0 ms and at `wallStart` (epoch ms), and moves only when it is run. */
export function createVirtualClock(wallStart = 0): VirtualClock {
  const heap: Event[] = []
  const ready: (() => void)[] = []
  let time = 0
  let count = 0

  const drainReady = () => {
    for (let next = ready.shift(); next !== undefined; next = ready.shift()) next()
  }

  const step = (): boolean => {
    drainReady()
    if (firstEvent(heap) === undefined) return false
    const event = popEvent(heap) as Event
    time = Math.max(time, event.at)
    event.action?.()
    drainReady()
    return true
  }

  const after = (delayMs: number, action: () => void): Timer => {
    const event: Event = { at: time + Math.max(0, delayMs), order: count++, action }
    pushEvent(heap, event)
    return {
      cancel: () => {
        event.action = undefined
      },
    }
  }

  return {
    now: () => time,
    wall: () => wallStart + time,
    after,
    // Simulated timers are never late.
    precisely: after,
    soon: (action) => {
      ready.push(action)
    },
    step,
    run(untilMs = Number.POSITIVE_INFINITY) {
      drainReady()
      for (let next = firstEvent(heap); next !== undefined && next.at <= untilMs; next = firstEvent(heap)) step()
      if (Number.isFinite(untilMs)) time = Math.max(time, untilMs)
    },
    get pending() {
      return heap.length
    },
    get nextAt() {
      return ready.length > 0 ? time : firstEvent(heap)?.at
    },
  }
}

/** The next event that is to happen. What was cancelled does not: not even its time comes. */
function firstEvent(heap: Event[]): Event | undefined {
  while (heap[0] !== undefined && heap[0].action === undefined) popEvent(heap)
  return heap[0]
}

const isBefore = (a: Event, b: Event) => a.at < b.at || (a.at === b.at && a.order < b.order)

function pushEvent(heap: Event[], event: Event): void {
  let index = heap.length
  heap.push(event)
  while (index > 0) {
    const parent = (index - 1) >> 1
    const above = heap[parent] as Event
    if (!isBefore(event, above)) break
    heap[index] = above
    index = parent
  }
  heap[index] = event
}

function popEvent(heap: Event[]): Event | undefined {
  const first = heap[0]
  const last = heap.pop()
  if (first === undefined || last === undefined || heap.length === 0) return first
  let index = 0
  for (;;) {
    let child = 2 * index + 1
    if (child >= heap.length) break
    const right = heap[child + 1]
    if (right !== undefined && isBefore(right, heap[child] as Event)) child++
    if (!isBefore(heap[child] as Event, last)) break
    heap[index] = heap[child] as Event
    index = child
  }
  heap[index] = last
  return first
}
