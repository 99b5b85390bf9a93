// `node bytes.js sale|balance|acquirer`: bytes that one transaction allocates on that side, as a line of JSON. For the gate of
// `npm test`, which runs it in a process of its own: what a thread allocates hangs on what has run in it before.

import { type Counts, costOfAcquirer, costOfTerminals } from './costs.js'

/** Enough for the compiler where nothing else runs; `bench -- stages` counts more. */
const counts: Counts = { warm: 12_000, measured: 8_000 }

const [, , side] = process.argv
const cost = side === 'sale' || side === 'balance' ? costOfTerminals(side, counts) : costOfAcquirer(counts)
const { bytes } = await cost
process.stdout.write(`${JSON.stringify({ bytes: Math.round(bytes) })}\n`, () => process.exit())
