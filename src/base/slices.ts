// Long work that lets others have their turn: a generator that yields wherever it may be interrupted. Whoever drives it
// decides how long a slice is.

import { realClock } from './clock.js'

export type Slices<Value> = Generator<void, Value, void>

/** A slice, in ms: no server of this process, live view or Ctrl-C waits longer for the work. */
const sliceMs = 10

/** All of it in one go: in virtual time, and where nobody waits. */
export function inOneGo<Value>(work: Slices<Value>): Value {
  for (;;) {
    const step = work.next()
    if (step.done) return step.value
  }
}

/** Slice by slice; between two of them the event loop goes on. */
export async function inSlices<Value>(work: Slices<Value>): Promise<Value> {
  for (;;) {
    const until = realClock.now() + sliceMs
    do {
      const step = work.next()
      if (step.done) return step.value
    } while (realClock.now() < until)
    await nextTurn()
  }
}

/** Resolves in the next turn of the event loop, after waiting I/O. */
export const nextTurn = () => new Promise<void>((resolve) => realClock.precisely(0, resolve))

/** The same list, with a place to interrupt after each so many items. */
export function* sliced<Item>(
  items: Iterable<Item>,
  work: (item: Item, index: number) => void,
  every = 64,
): Slices<void> {
  let index = 0
  for (const item of items) {
    work(item, index++)
    if (index % every === 0) yield
  }
}
