// A rehearsal before the load: the scenario's own messages in virtual time, against an acquirer in memory, so that the first
// real arrivals find their code compiled. Nothing of it is in any figure, and nothing of it leaves this process.
//
// It is done twice. The compiler ties code to the first instance that runs it, and lets go of that with the second one: only from
// then on does a third instance, the run itself, find compiled code (10,000/s: lag p99 25 ms without, 13 after one, 3 after two).

import { acquirerSchema } from '../acquirer/options.js'
import { realClock } from '../base/clock.js'
import { inSlices } from '../base/slices.js'
import type { LoadPlan } from '../load/plan.js'
import type { Scenario } from '../scenario/schema.js'
import type { JournalStorage } from '../terminal/journal/journal-storage.js'
import { createTcpNetwork } from '../transport/network/tcp-network.js'
import { memoryJournal } from './terminals/memory-journal.js'
import { virtualWorld, type World } from './world.js'

/** Arrivals a second from which cold code is late: below, each has the time that it takes. */
const worthRate = 1000
const worthTerminals = 16
/** Arrivals of each of the two: they take as long as the machine needs for them. */
const inMemory = { rate: 4000, for: 750 }
/** Over sockets: so close to each other that several are in one turn, as at any rate at which cold code is too slow. */
const onLoopback = { rate: 10_000, for: 600 }
/** All of it takes no longer, in ms. */
const longestMs = 3000
const mostTerminals = 256
const mostConnections = 16

/** Dialects whose code this process has compiled: that outlives every run. */
const rehearsed = new Set<string>()

/** Whether the load is fast enough for it, and no run of this process has had it before. */
export function needsRehearsal(plan: LoadPlan, dialect: string): boolean {
  if (rehearsed.has(dialect) || !isFast(plan)) return false
  rehearsed.add(dialect)
  return true
}

export function isFast({ phases }: LoadPlan): boolean {
  return phases.some((phase) =>
    phase.kind === 'closed'
      ? phase.thinkMs === 0 && phase.terminals >= worthTerminals
      : phase.recorded !== undefined || Math.max(phase.rate.from, phase.rate.to) >= worthRate,
  )
}

/** Plays a scenario in virtual time. */
export type PlayScenario = (
  scenario: Scenario,
  options: {
    readonly source: string
    readonly world: World
    readonly journalIn: JournalStorage
    readonly signal: AbortSignal
  },
) => Promise<unknown>

/** Resolves to how long it took, in ms; undefined: it could not be played, and the run begins cold. */
export async function rehearse(
  scenario: Scenario,
  play: PlayScenario,
  mostMs = longestMs,
): Promise<number | undefined> {
  const stop = new AbortController()
  const limit = realClock.after(mostMs, () => stop.abort())
  const startedAt = realClock.now()
  const acts = [
    [virtualWorld(scenario.start), inMemory],
    [virtualWorld(scenario.start), inMemory],
    [loopbackWorld(), onLoopback],
  ] as const
  try {
    for (const [world, load] of acts) {
      if (stop.signal.aborted) break
      await play(rehearsalOf(scenario, load), { source: '', world, journalIn: memoryJournal(), signal: stop.signal })
    }
    return realClock.now() - startedAt
  } catch {
    // The run itself reports a problem of the scenario, with its place.
    return undefined
  } finally {
    limit.cancel()
  }
}

function rehearsalOf(
  { acquirers: _all, tls: _tls, ...scenario }: Scenario,
  load: { readonly rate: number; readonly for: number },
): Scenario {
  const { target: _hosts, routes: _routes, ...terminals } = scenario.terminals
  const count = Math.min(terminals.count, mostTerminals)
  const { connections } = terminals
  const shared =
    typeof connections === 'string'
      ? connections
      : { ...connections, shared: Math.min(connections.shared, mostConnections) }
  return {
    ...scenario,
    seed: 1,
    terminals: { ...terminals, count, connections: shared, settle: false, signOff: false, echoProbe: undefined },
    acquirer: acquirerSchema.parse({}),
    faults: [],
    load: [{ hold: { ...load, arrivals: 'constant' } }],
    warmup: 0,
    thresholds: [],
  }
}

/** The clock, the pacing and the sockets that the run will use, with a host in this thread: they have code of their own. */
const loopbackWorld = (): World => ({
  kind: 'virtual',
  clock: realClock,
  network: createTcpNetwork(),
  hasOthers: false,
  pacing: 'balanced',
  until: (work) => work,
  slices: inSlices,
})
