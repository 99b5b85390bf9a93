// Whole runs, as `isochron run` makes them: terminals in a closed loop or at an open rate, and what one transaction costs them.

import type { LiveSnapshot } from '../../src/report/live/snapshot.js'
import { runScenario } from '../../src/run/run-scenario.js'
import { scenarioFromData } from '../../src/scenario/reader.js'
import { countAllocated } from './allocated.js'
import type { MeasuredJob, MeasureJob } from './job.js'
import { measuredDialect } from './shapes.js'

/** Seconds of a closed loop in which nothing counts: the compiler is at work. */
const warmupSeconds = 2

/** A look in the last so many ms of a run is its last: the end of the arrivals must not be in the figures. */
const lastMs = 1500

const common = { name: 'speed', dialect: measuredDialect, seed: 1, keys: 'none', drain: '3s' }

export function measureClosed(job: MeasureJob & { do: 'closed' }): Promise<MeasuredJob> {
  const { shape, seconds, message, port } = job
  const count = shape.connections * shape.inFlight
  return measureRun({
    ...common,
    terminals: {
      count,
      connections: { shared: shape.connections, inFlight: shape.inFlight },
      mix: { [message]: 1 },
      signOn: false,
      timeout: '5s',
      ...(port !== undefined && { target: [`127.0.0.1:${port}`] }),
    },
    // Ends well before anything counts here.
    warmup: '1s',
    load: [{ concurrency: { terminals: count, for: `${warmupSeconds + seconds + 1}s` } }],
  })
}

export function measureOpen(job: MeasureJob & { do: 'open' }): Promise<MeasuredJob> {
  const { rate, seconds, port } = job
  return measureRun({
    ...common,
    terminals: {
      count: 2000,
      connections: { shared: 16, inFlight: 64 },
      mix: { sale: 1 },
      signOn: false,
      timeout: '5s',
      target: [`127.0.0.1:${port}`],
    },
    ...(job.warmupSeconds > 0 && { warmup: `${job.warmupSeconds}s` }),
    load: [{ hold: { rate: `${rate}/s`, for: `${job.warmupSeconds + seconds}s` } }],
  })
}

/** A moment of a run, from which costs count. */
interface Mark {
  readonly offered: number
  readonly elapsedMs: number
  readonly cpu: NodeJS.CpuUsage
}

async function measureRun(data: Record<string, unknown>): Promise<MeasuredJob> {
  const { scenario } = scenarioFromData(data)
  const marks: Mark[] = []
  let allocated: ReturnType<typeof countAllocated> | undefined
  let costs: ReturnType<ReturnType<typeof countAllocated>> | undefined
  const onSnapshot = (live: LiveSnapshot) => {
    if (live.stage === 'starting') return
    const { offered, elapsedMs, durationMs } = live
    if (elapsedMs < warmupSeconds * 1000 || elapsedMs > durationMs || costs !== undefined) return
    marks.push({ offered, elapsedMs, cpu: process.cpuUsage() })
    if (allocated === undefined) allocated = countAllocated()
    else if (elapsedMs > durationMs - lastMs) costs = allocated()
  }
  const result = await runScenario(scenario, { source: '', onSnapshot })
  const [first, last] = [marks[0], marks.at(-1)]
  if (first === undefined || last === undefined || last.offered === first.offered)
    throw new Error('the run was too short to be measured')
  const transactions = last.offered - first.offered
  const ms = last.elapsedMs - first.elapsedMs
  const cpuUs = last.cpu.user + last.cpu.system - first.cpu.user - first.cpu.system
  const { generator } = result
  return {
    perSecond: (transactions / ms) * 1000,
    cpuUs: cpuUs / transactions,
    ...(costs !== undefined && { bytes: costs.bytes / transactions, gcShare: costs.pausedMs / ms }),
    ...(generator?.waitShare !== undefined && { waitShare: generator.waitShare }),
    lagP50Ms: generator?.lagMs.p50 ?? null,
    lagP99Ms: generator?.lagMs.p99 ?? null,
    responseP99Ms: result.responseTime.p99,
    saturated: generator?.saturated === true,
    booksAgree: result.books?.agree ?? null,
  }
}
