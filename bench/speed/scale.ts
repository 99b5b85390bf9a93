// Whole runs over a network without sockets, for what grows with their size: memory of terminals that are idle, exchanges in flight, and
// processor time by connections. Each is measured in a process of its own.

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { runScenario } from '../../src/run/run-scenario.js'
import { scenarioFromData } from '../../src/scenario/reader.js'
import { hostAddress, nearWorld } from './costs.js'
import { createNearNetwork } from './near-network.js'
import { createRawAnswers } from './raw-answers.js'
import { measuredDialect } from './shapes.js'
import { mainThreadUs } from './thread-time.js'

export interface Size {
  readonly terminals: number
  /** Shared ones; left out: one for each terminal. */
  readonly connections?: number
  /** Answers are held back until so many requests wait; left out: none is. */
  readonly heldUntil?: number
  /** Sales before anything counts, and those that count. */
  readonly warm: number
  readonly measured: number
}

export interface Scaled {
  /** Bytes of the heap when all terminals are up and none has sold. */
  readonly idleBytes: number
  /** Bytes of the heap when the most requests were under way. */
  readonly fullBytes: number
  readonly mostInFlight: number
  readonly answered: number
  /** Processor time of a sale, in µs, the raw host's with it. */
  readonly cpuUs: number
}

const inFlight = 128
/** A scenario takes no more. */
const mostStartingUp = 10_000

/** As data. */
export function scenarioOfSize({ terminals, connections }: Size): Record<string, unknown> {
  const isIdle = connections === undefined
  return {
    name: 'scale',
    dialect: measuredDialect,
    seed: 1,
    keys: 'none',
    terminals: {
      count: terminals,
      connections: isIdle ? 'perTerminal' : { shared: connections, inFlight },
      mix: { sale: 1 },
      signOn: isIdle,
      startUp: Math.min(terminals, mostStartingUp),
      timeout: '300s',
      target: ['127.0.0.1:1'],
    },
    // Idle terminals: a sale now and then, and the second one finds all that signing on has left behind.
    load: [isIdle ? { hold: { rate: '1/s', for: '1h' } } : { concurrency: { terminals, for: '1h' } }],
  }
}

/** All of a size in one run. */
export async function measureScale(size: Size): Promise<Scaled> {
  const stop = new AbortController()
  const host = new HoldingHost(size, () => stop.abort())
  const network = createNearNetwork()
  await network.listen(hostAddress, (link) => ({
    onData: (bytes) => host.take(bytes, (frames) => link.write(frames)),
    onClose: () => {},
  }))
  const { scenario } = scenarioFromData(scenarioOfSize(size))
  await runScenario(scenario, { source: '', signal: stop.signal, world: nearWorld(network) })
  return host.scaled()
}

/** Reads whole frames, as the near network brings them: one reader for all connections, so that a connection costs it nothing. */
class HoldingHost {
  readonly #size: Size
  readonly #done: () => void
  readonly #answers = createRawAnswers()
  readonly #reader = this.#answers.createReader()
  readonly #looks = this.#answers.createReader()
  readonly #held: (() => void)[] = []
  #idleBytes = 0
  #fullBytes = 0
  #sales = 0
  #waiting = 0
  #most = 0
  #answered = 0
  #from: { readonly answered: number; readonly us: number } | undefined
  #cpuUs = 0
  #isOver = false

  constructor(size: Size, done: () => void) {
    this.#size = size
    this.#done = done
  }

  take(bytes: Uint8Array, send: (frames: Uint8Array) => void): void {
    // When all are up, and that has been measured, everything is a sale.
    const isSale = this.#idleBytes > 0 || this.#isSale(bytes)
    if (isSale && this.#idleBytes === 0 && ++this.#sales > this.#size.warm) this.#idleBytes = heapBytes()
    this.#reader.push(bytes)
    const { frames, count } = this.#answers.answer(this.#reader)
    if (isSale) this.#hold(count, Buffer.from(frames), send)
    else send(frames)
  }

  /** Read as a message: the digits of its MTI stand in trace numbers and times too. */
  #isSale(bytes: Uint8Array): boolean {
    this.#looks.push(bytes)
    let isSale = false
    for (let message = this.#looks.next(); message !== undefined; message = this.#looks.next())
      isSale ||= message.peek?.mti === saleMti
    return isSale
  }

  #hold(count: number, frames: Uint8Array, send: (frames: Uint8Array) => void): void {
    this.#waiting += count
    this.#most = Math.max(this.#most, this.#waiting)
    this.#held.push(() => {
      this.#waiting -= count
      this.#count(count)
      send(frames)
    })
    const { heldUntil = 0 } = this.#size
    if (this.#waiting < heldUntil) return
    if (heldUntil > 0 && this.#fullBytes === 0) this.#fullBytes = heapBytes()
    for (const release of this.#held.splice(0)) release()
  }

  scaled(): Scaled {
    return {
      ...{ idleBytes: this.#idleBytes, fullBytes: this.#fullBytes, mostInFlight: this.#most },
      ...{ answered: this.#answered, cpuUs: this.#cpuUs },
    }
  }

  #count(answered: number): void {
    this.#answered += answered
    const { warm, measured } = this.#size
    if (this.#from === undefined && this.#answered >= warm)
      this.#from = { answered: this.#answered, us: mainThreadUs() }
    if (this.#from === undefined || this.#isOver || this.#answered < warm + measured) return
    this.#isOver = true
    this.#cpuUs = (mainThreadUs() - this.#from.us) / Math.max(1, this.#answered - this.#from.answered)
    this.#done()
  }
}

const saleMti = '0200'

/** After two collections: buffers that the first one found free are given back when the second begins. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
