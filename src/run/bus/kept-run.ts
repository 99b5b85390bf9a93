// A run that a bus has kept: read back by a coordinator that takes it up.

import { type Clock, sleep } from '../../base/clock.js'
import { StartError } from '../../base/errors.js'
import type { Bus } from '../../cluster/bus.js'
import { decode, type RunHead, records, versionRefusal } from '../../cluster/protocol.js'
import { type Bundle, unpackBundle } from './bundle.js'

/** For the head of the run to be read, in ms. */
const readTimeoutMs = 30_000

interface Kept {
  readonly head: RunHead
  readonly bundle: Bundle
  readonly chunks: readonly Uint8Array[]
}

/** Rejects with StartError where the run is not there, or was begun by another version. */
export async function readKept(bus: Bus, clock: Clock, version: string): Promise<Kept> {
  const done = new AbortController()
  let head: RunHead | undefined
  const chunks: Uint8Array[] = []
  const stop = bus.replay({
    onMessage(subject, body) {
      if (subject === 'd.run') head = decode(records.run, body, 'run')
      else if (subject.startsWith('d.bundle.')) chunks[Number(subject.slice('d.bundle.'.length))] = body
      if (head !== undefined && chunks.filter(Boolean).length === head.chunks) done.abort()
    },
    onCaughtUp: () => done.abort(),
  })
  await sleep(clock, readTimeoutMs, done.signal)
  stop()
  if (head === undefined || chunks.filter(Boolean).length !== head.chunks)
    throw new StartError('the bus does not hold the whole scenario of this run: it cannot be resumed')
  const refused = versionRefusal(head, version)
  if (refused !== undefined)
    throw new StartError(`the run cannot be resumed: ${refused.replace('it ', 'its coordinator ')}`)
  return { head, chunks, bundle: unpackBundle(Buffer.concat(chunks), head.sha256) }
}
