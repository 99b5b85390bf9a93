// The cost of one transaction to each side in a thread of its own, without sockets: bytes allocated, which no busy machine changes,
// and processor time. Counted over transactions and not over time, once the code is hot.

import { acquirerSchema } from '../../src/acquirer/options.js'
import { realClock } from '../../src/base/clock.js'
import { inSlices } from '../../src/base/slices.js'
import { createLedgerFile } from '../../src/run/hosts/ledger-file.js'
import { startAcquirer } from '../../src/run/hosts/start-acquirer.js'
import { runScenario } from '../../src/run/run-scenario.js'
import type { World } from '../../src/run/world.js'
import { scenarioFromData } from '../../src/scenario/reader.js'
import type { Network } from '../../src/transport/network/link.js'
import { countAllocated } from './allocated.js'
import { createNearNetwork } from './near-network.js'
import { createRawAnswers } from './raw-answers.js'
import { createRawApprovals, createRawSales } from './raw-sales.js'
import { measuredDialect } from './shapes.js'
import { mainThreadUs } from './thread-time.js'

export interface Cost {
  /** Bytes allocated for a transaction. */
  readonly bytes: number
  /** Processor time of the thread for a transaction, in µs. */
  readonly cpuUs: number
}

export interface Counts {
  /** Transactions before anything counts. */
  readonly warm: number
  readonly measured: number
}

/** Enough for the compiler to settle. */
export const usualCounts: Counts = { warm: 30_000, measured: 60_000 }

export const hostAddress = { host: '127.0.0.1', port: 1 }
const terminalsAtOnce = 64

/** Looks on while the transactions that count are made: a profiler. */
export interface CostWatch {
  begin(): void
  end(transactions: number): void
}

/** Looks at the costs between two counts; `done` when the second is reached. */
function createStopwatch({ warm, measured }: Counts, done: () => void, watch?: CostWatch) {
  let seen = 0
  let from: { readonly at: number; readonly cpuUs: number; readonly end: () => { bytes: number } } | undefined
  let cost: Cost | undefined
  return {
    count(answers: number): void {
      seen += answers
      if (seen >= warm && from === undefined) {
        watch?.begin()
        from = { at: seen, cpuUs: mainThreadUs(), end: countAllocated() }
      }
      if (from === undefined || cost !== undefined || seen < from.at + measured) return
      const transactions = seen - from.at
      const cpuUs = (mainThreadUs() - from.cpuUs) / transactions
      cost = { bytes: from.end().bytes / transactions, cpuUs }
      watch?.end(transactions)
      done()
    },
    cost(): Cost {
      if (cost === undefined) throw new Error(`only ${seen} transactions came to their end`)
      return cost
    },
  }
}

export const nearWorld = (network: Network): World => ({
  kind: 'real',
  clock: realClock,
  network,
  hasOthers: true,
  until: (work) => work,
  slices: inSlices,
})

/** The cost of a message of the dialect to the terminals' thread, beside what the raw host pays in the same thread. */
export async function costOfTerminals(
  message: 'sale' | 'balance',
  counts: Counts = usualCounts,
  watch?: CostWatch,
): Promise<Cost> {
  const stop = new AbortController()
  const stopwatch = createStopwatch(counts, () => stop.abort(), watch)
  const network = createNearNetwork()
  const answers = createRawAnswers()
  await network.listen(hostAddress, (link) => {
    const reader = answers.createReader()
    return {
      onData(bytes) {
        reader.push(bytes)
        const { frames, count } = answers.answer(reader)
        link.write(frames)
        stopwatch.count(count)
      },
      onClose: () => {},
    }
  })
  const { scenario } = scenarioFromData({
    name: 'costs',
    dialect: measuredDialect,
    seed: 1,
    keys: 'none',
    terminals: {
      count: terminalsAtOnce,
      connections: { shared: 1, inFlight: terminalsAtOnce },
      mix: { [message]: 1 },
      signOn: false,
      timeout: '30s',
      target: ['127.0.0.1:1'],
    },
    load: [{ concurrency: { terminals: terminalsAtOnce, for: '1h' } }],
  })
  await runScenario(scenario, { source: '', signal: stop.signal, world: nearWorld(network) })
  const host = await costOfRawHost(counts)
  const { bytes, cpuUs } = stopwatch.cost()
  return { bytes: bytes - host.bytes, cpuUs: cpuUs - host.cpuUs }
}

/** The same network and host under a client that makes nothing of the answers. */
async function costOfRawHost(counts: Counts): Promise<Cost> {
  const answers = createRawAnswers()
  const reader = answers.createReader()
  const frames = createRawSales(1, terminalsAtOnce).next(terminalsAtOnce)
  return inTurns(counts, () => {
    reader.push(frames)
    return answers.answer(reader).count
  })
}

/** `work`, which says how many transactions it made, in one turn after another. */
function inTurns(counts: Counts, work: () => number): Promise<Cost> {
  return new Promise((resolve) => {
    let isDone = false
    const stopwatch = createStopwatch(counts, () => {
      isDone = true
    })
    const turn = () => {
      stopwatch.count(work())
      if (isDone) resolve(stopwatch.cost())
      else setImmediate(turn)
    }
    turn()
  })
}

/** The raw client where nobody answers it: it reads the same answers again and again. */
async function costOfRawClient(counts: Counts): Promise<Cost> {
  const sales = createRawSales(1, terminalsAtOnce)
  const answers = createRawAnswers()
  const asked = answers.createReader()
  asked.push(sales.next(terminalsAtOnce))
  const { frames } = answers.answer(asked)
  const approvals = createRawApprovals()
  return inTurns(counts, () => {
    const answered = approvals.count(frames)
    sales.next(answered)
    return answered
  })
}

/** The cost of a sale that it posts to the acquirer's thread, beside what the raw client pays in the same thread. */
export async function costOfAcquirer(counts: Counts = usualCounts, watch?: CostWatch): Promise<Cost> {
  const { bytes, cpuUs } = await costOfPosting(counts, watch)
  const client = await costOfRawClient(counts)
  return { bytes: bytes - client.bytes, cpuUs: cpuUs - client.cpuUs }
}

async function costOfPosting(counts: Counts, watch: CostWatch | undefined): Promise<Cost> {
  const network = createNearNetwork()
  using ledger = createLedgerFile({ file: undefined, run: undefined, durability: 'process' })
  await using _acquirer = await startAcquirer(
    {
      ...{ dialect: measuredDialect, listen: hostAddress, seed: 1, ledger: ledger.place },
      acquirer: { ...acquirerSchema.parse({}), durability: 'process' },
    },
    nearWorld(network),
  )
  const sales = createRawSales(1, terminalsAtOnce)
  const approvals = createRawApprovals()
  // Awaited here: the acquirer lives until this function has returned.
  return await new Promise((resolve) => {
    let isDone = false
    const done = () => {
      isDone = true
    }
    const stopwatch = createStopwatch(counts, done, watch)
    const link = network.connect(
      hostAddress,
      {
        onOpen: () => link.write(sales.next(terminalsAtOnce)),
        onData(bytes) {
          const answered = approvals.count(bytes)
          stopwatch.count(answered)
          if (isDone) resolve(stopwatch.cost())
          else if (answered > 0) link.write(sales.next(answered))
        },
        onClose: () => {},
      },
      { connectTimeoutMs: 1000 },
    )
  })
}
