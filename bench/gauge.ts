// How fast each processor is at this moment, told by a loop that knows nothing of what is measured. As a program of its own it times the
// loop on one processor and prints ns per step.

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { medianOf } from './median.js'
import { eachNode } from './processor.js'

/** ns per step, by processor, in one order. */
export type Gauge = () => Promise<readonly number[]>

const self = fileURLToPath(import.meta.url)
const execute = promisify(execFile)

/** No more than these are at work in a bench; on a larger machine somebody is always busy somewhere. */
const mostGauged = 4
const gauged = eachNode.slice(-mostGauged)

/** The last processors, one of which is the peer's, all at once. Takes about a tenth of a second. */
export const gaugeProcessors: Gauge = () =>
  Promise.all(gauged.map(async ([program, ...before]) => Number((await execute(program, [...before, self])).stdout)))

/** Steps of the loop in one reading, some 4 ms; the median of the readings counts. */
const steps = 4_000_000
const readings = 5

/** Arithmetic that depends on itself, and a table that fits into the nearest cache: as code does that has been compiled. */
function loop(count: number): number {
  const table = new Int32Array(4096)
  let chance = 1
  let sum = 0
  for (let step = 0; step < count; step++) {
    chance = (Math.imul(chance, 1_103_515_245) + 12_345) | 0
    table[chance & 4095] = (table[chance & 4095] as number) + step
    sum ^= table[(chance >>> 8) & 4095] as number
  }
  return sum
}

function reading(): number {
  const began = performance.now()
  loop(steps)
  return ((performance.now() - began) * 1e6) / steps
}

if (process.argv[1] === self) {
  loop(steps)
  console.log(medianOf(Array.from({ length: readings }, reading)))
}
