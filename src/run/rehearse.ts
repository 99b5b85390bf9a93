// A rehearsal before the load: the scenario's own messages in virtual time, against an acquirer in memory, so that the first
// real arrivals find their code compiled. Nothing of it is in any figure, and nothing of it leaves this machine.
//
// It is done twice. The compiler ties code to the first instance that runs it, and lets go of that with the second one: only from
// then on does a third instance, the run itself, find compiled code (10,000/s: lag p99 25 ms without, 13 after one, 3 after two).
//
// Compiled code is good for objects of the shapes that it has seen, and a shape is another one once a field of it holds something
// new: what was made before a rehearsal is of old shapes then. So a run is put together after it. And a branch that no rehearsal
// took ends the code that it is in: the last one has all that the run has, sockets, a journal in a file and a host elsewhere.

import { acquirerSchema } from '../acquirer/options.js'
import { realClock } from '../base/clock.js'
import { inSlices } from '../base/slices.js'
import type { LoadPlan } from '../load/plan.js'
import { takeApart } from '../scenario/parts.js'
import type { Scenario } from '../scenario/schema.js'
import type { JournalStorage } from '../terminal/journal/journal-storage.js'
import { formatAddress } from '../transport/network/address.js'
import { createTcpNetwork } from '../transport/network/tcp-network.js'
import { startHostSide } from './hosts/host-side.js'
import { readRunKeys } from './keys/run-keys.js'
import { memoryJournal } from './terminals/memory-journal.js'
import { realWorld, virtualWorld, type World } from './world.js'

/** A load of constant rate, how many requests a connection may have in flight, and the service time of the host. */
interface Act {
  readonly rate: number
  /** In ms. */
  readonly for: number
  readonly inFlight: number
  readonly serviceTime?: { readonly p50: string; readonly p99: string }
}

/** Arrivals a second from which cold code is late: below, each has the time that it takes. */
const worthRate = 1000
const worthTerminals = 16
/** Each of the two takes as long as the machine needs for its arrivals. Some find their connection full, and wait. */
const inMemory: Act = { rate: 4000, for: 750, inFlight: 2, serviceTime: { p50: '5ms', p99: '20ms' } }
/** Over sockets: so close to each other that several are in one turn, as at any rate at which cold code is too slow. */
const onLoopback: Act = { rate: 10_000, for: 600, inFlight: 64 }
/** All of it takes no longer, in ms. */
const longestMs = 3000
const mostTerminals = 256
const mostConnections = 16

/** Dialects whose code this process has compiled: that outlives every run. */
const rehearsed = new Set<string>()

/** Whether the load is fast enough for it, and no run of this process has had it before. */
export function needsRehearsal(plan: Pick<LoadPlan, 'phases'>, dialect: string): boolean {
  if (rehearsed.has(dialect) || !isFast(plan)) return false
  rehearsed.add(dialect)
  return true
}

export function isFast({ phases }: Pick<LoadPlan, 'phases'>): boolean {
  return phases.some((phase) =>
    phase.kind === 'closed'
      ? phase.thinkMs === 0 && phase.terminals >= worthTerminals
      : phase.recorded !== undefined || Math.max(phase.rate.from, phase.rate.to) >= worthRate,
  )
}

/** Plays a scenario. */
export type PlayScenario = (
  scenario: Scenario,
  options: {
    readonly source: string
    readonly world: World
    readonly journalIn?: JournalStorage
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
  const { signal } = stop
  try {
    for (let act = 0; act < 2 && !signal.aborted; act++) {
      const world = virtualWorld(scenario.start)
      await play(rehearsalOf(scenario, inMemory), { source: '', world, journalIn: memoryJournal(), signal })
    }
    if (!signal.aborted) await playOverSockets(rehearsalOf(scenario, onLoopback), play, signal)
    return realClock.now() - startedAt
  } catch {
    // The run itself reports a problem of the scenario, with its place.
    return undefined
  } finally {
    limit.cancel()
  }
}

/** As the run itself, against a host in this thread. */
async function playOverSockets(scenario: Scenario, play: PlayScenario, signal: AbortSignal): Promise<void> {
  const host = { seed: 1, keys: readRunKeys(scenario.keys), tls: undefined }
  await using hostSide = await startHostSide(loopbackWorld(), takeApart(scenario), host)
  const target = hostSide.hosts.map(({ address }) => formatAddress(address))
  const terminals = { ...scenario.terminals, target }
  await play({ ...scenario, terminals }, { source: '', world: realWorld(), signal })
}

function rehearsalOf(
  { acquirers: _all, tls: _tls, ...scenario }: Scenario,
  { rate, for: ms, inFlight, serviceTime }: Act,
): Scenario {
  const { target: _hosts, routes: _routes, ...terminals } = scenario.terminals
  const count = Math.min(terminals.count, mostTerminals)
  const { connections } = terminals
  const shared =
    typeof connections === 'string'
      ? connections
      : {
          shared: Math.min(connections.shared, mostConnections),
          inFlight: Math.min(connections.inFlight, inFlight),
        }
  return {
    ...scenario,
    seed: 1,
    terminals: { ...terminals, count, connections: shared, settle: false, signOff: false, echoProbe: undefined },
    acquirer: acquirerSchema.parse({ serviceTime, workers: 1024 }),
    faults: [],
    load: [{ hold: { rate, for: ms, arrivals: 'constant' } }],
    warmup: 0,
    thresholds: [],
  }
}

/** For a host in this thread, with its ledger in memory. */
const loopbackWorld = (): World => ({
  kind: 'virtual',
  clock: realClock,
  network: createTcpNetwork(),
  hasOthers: false,
  until: (work) => work,
  slices: inSlices,
})
