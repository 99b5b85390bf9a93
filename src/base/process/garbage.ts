// How the collector of this process treats what is thrown away thousands of times a second.
//
// An object for each connection or transaction is one of a class, or a literal without accessors: V8 puts the function
// of a literal's `get size() {…}` into the old space at once, and that keeps all that it can see until a whole collection:
// each connection was copied twice. busy-map.ts and busy-set.ts tell of tables that do the same.

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Clock } from '../clock.js'

/**
 * V8 moves places of the code whose objects once lived long, such as those of a burst while nothing is compiled yet, to the
 * old space for good. An exchange made there keeps all young ones that it names from dying young, although it is dead itself:
 * nine tenths of each transaction were copied twice, and each collection stopped the thread for twice as long.
 *
 * The space of young objects shrinks with a whole collection, and doubles when enough has survived in it: for a host, minutes later.
 * While it is small it is collected so often that what is under way is moved to the old space (5,000/s: 1.8 MB in 5 s, and 0.2 MB
 * since it grows in one step). Idempotent.
 */
export function letGarbageDieYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring')
  setFlagsFromString('--semi-space-growth-factor=16')
}

/**
 * Moves all that lives to the old space, by two collections of what is young. Before a load, because all that starting up has made is
 * young then, and the first two collections would copy it, which stopped the thread for 8 to 23 ms each. A whole collection would
 * forget the shapes of all objects of which none is there just now: the code that was compiled for them is lost with them
 * (20,000/s after a rehearsal: lag p99 70 ms after a whole collection, 1.5 ms after these two).
 */
export function moveToOldSpace(): void {
  collectYoungGarbage()
  collectYoungGarbage()
}

/**
 * Collects what is young: about a millisecond. For whoever passes many bytes on and makes few objects: V8 counts the bytes of each
 * read, finds 32 MB of them, and collects everything, in 5 to 20 ms, where young garbage was all that there was.
 */
export function collectYoungGarbage(): void {
  collector()({ type: 'minor' })
}

/** From when on a load is long, in ms: its code is compiled, and its shapes are there. */
const longMs = 60_000
/** A part of the garbage that V8 would let gather in the old space, in per cent; 0 stands for V8's own ways. */
const soonerPercent = 10

/**
 * From a minute on, collects the old space when a tenth of the garbage is there that V8 would wait for, which are 24 MB on top of the
 * 17 that live: a load of 5,000/s took them up in half an hour, which looked like a leak. Most of it is what Node makes of each
 * collection that is observed. It takes as long as a later one, some 10 ms, because that is the time for what lives; not in the
 * first minute, when thousands of arrivals a second wait for code. Returns what ends it.
 */
export function collectOldSooner(clock: Clock): () => void {
  const timer = clock.after(longMs, () => setPercent(soonerPercent))
  return () => {
    timer.cancel()
    setPercent(0)
  }
}

const setPercent = (percent: number) => setFlagsFromString(`--incremental-marking-soft-trigger=${percent}`)

type Collect = (options: { readonly type: 'minor' }) => void
let collect: Collect | undefined

function collector(): Collect {
  if (collect !== undefined) return collect
  // Stays so: the flag is the process's, and another thread may be about to ask for the same.
  setFlagsFromString('--expose-gc')
  collect = runInNewContext('gc') as Collect
  return collect
}
