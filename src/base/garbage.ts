// How the collector of this process treats what is thrown away thousands of times a second.

import { setFlagsFromString } from 'node:v8'

/**
 * V8 moves places of the code whose objects once lived long, such as those of a burst while nothing is compiled yet, to the
 * old space for good. An exchange made there keeps all young ones that it names from dying young, although it is dead itself:
 * nine tenths of each transaction were copied twice, and each collection stopped the thread for twice as long. Idempotent.
 */
export function letGarbageDieYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring')
}
