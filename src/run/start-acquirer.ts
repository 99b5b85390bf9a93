// An acquirer that listens on a port of this machine, in the thread that starts it.

import { type AcquirerCounts, createAcquirer } from '../acquirer/acquirer.js'
import type { AcquirerOptions } from '../acquirer/options.js'
import { createRandom } from '../base/random.js'
import { createZone } from '../base/zone.js'
import type { Address } from '../transport/link.js'
import { startServer } from '../transport/server.js'
import { createSpeaker, type SpeakerOptions } from './speaker.js'
import { realWorld, type World } from './world.js'

export interface AcquirerStart extends SpeakerOptions {
  /** Port 0: any free one. */
  readonly listen: Address
  readonly acquirer: AcquirerOptions
  readonly seed: number
  /** IANA name, for DE12 and DE13; Asia/Shanghai when left out. */
  readonly timeZone?: string
  /** One line for each connection that was closed because of what it sent. */
  readonly onTrouble?: (line: string) => void
}

export interface RunningAcquirer extends AsyncDisposable {
  readonly address: Address
  counts(): AcquirerCounts
  /** Stops accepting, answers what it has taken in, closes. Idempotent. */
  close(): Promise<void>
}

/** Rejects with StartError when the port cannot be had, with UsageError for options that do not fit. */
export async function startAcquirer(
  start: AcquirerStart,
  { clock, network }: World = realWorld(),
): Promise<RunningAcquirer> {
  const { codec, wire } = createSpeaker(start)
  const zone = createZone(start.timeZone ?? 'Asia/Shanghai')
  const random = createRandom(start.seed).fork('acquirer')
  const acquirer = createAcquirer({ codec, options: start.acquirer, clock, random, zone })
  const trouble = start.onTrouble ?? (() => {})
  const server = await startServer({
    network,
    address: start.listen,
    wire,
    clock,
    onRequest: acquirer.onRequest,
    onBadMessage: acquirer.onRequest,
    onBadFrame: ({ peer }, error) => trouble(`${peer}: ${error.message}`),
  })
  const close = () => server.close()
  return { address: server.address, counts: acquirer.counts, close, [Symbol.asyncDispose]: close }
}
