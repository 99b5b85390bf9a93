// A rehearsal before the load: the scenario's own messages over loopback, against an acquirer of our own, so that the first
// arrivals that count find their code compiled. Nothing of it is in any figure, and nothing of it leaves this machine.
//
// It is done several times. The compiler ties code to the first instance that runs it, and lets go of that with the second one: only
// from then on does a third instance, the run itself, find compiled code (10,000/s: lag p99 25 ms without, 13 after one, 3 after two).
//
// Compiled code is good for objects of the shapes that it has seen, and a shape is another one once a field of it holds something
// new: what was made before a rehearsal is of old shapes then. So a run is put together after it. A branch that no rehearsal took
// ends the code that it is in, and a kind of object that the run has not makes it slower for good: so a rehearsal has all that the
// run has, and nothing else. In virtual time, or with the acquirer in this thread, it took a fifth of the speed from every run.

import { acquirerSchema } from '../acquirer/options.js'
import { realClock } from '../base/clock.js'
import type { LoadPlan } from '../load/plan.js'
import { takeApart } from '../scenario/parts.js'
import type { Scenario } from '../scenario/schema.js'
import { formatAddress } from '../transport/network/address.js'
import { startHostSide } from './hosts/host-side.js'
import { readRunKeys } from './keys/run-keys.js'
import { realWorld, type World } from './world.js'

/** A load of constant rate, and how many requests a connection may have in flight. */
interface Act {
  readonly rate: number
  /** In ms. */
  readonly for: number
  readonly inFlight: number
}

/** In the first some find their connection full, and wait. In the others several are in one turn, as at any rate that is too fast cold. */
const acts: readonly Act[] = [
  { rate: 4000, for: 500, inFlight: 2 },
  { rate: 10_000, for: 400, inFlight: 64 },
  { rate: 10_000, for: 400, inFlight: 64 },
]
/** So long that more than a few are in flight at a time. */
const serviceTime = { p50: '5ms', p99: '20ms' }

/** Arrivals a second from which cold code is late: below, each has the time that it takes. */
const worthRate = 1000
const worthTerminals = 16
/**
 * A closed loop that has so long a warm-up, in ms, needs no rehearsal: nothing of it is late, and code that knows of one run only is a
 * fifth faster than code that knows of several.
 */
const warmByItselfMs = 1000
/** All of it takes no longer, in ms. */
const longestMs = 3000
const mostTerminals = 256
const mostConnections = 16

/** Dialects whose code this process has compiled: that outlives every run. */
const rehearsed = new Set<string>()

/** Whether the load is fast enough for it, and no run of this process has had it before. `warmup`: of the run, in ms. */
export function needsRehearsal(plan: Pick<LoadPlan, 'phases'>, dialect: string, warmup: number): boolean {
  if (rehearsed.has(dialect) || !isFast(plan, warmup)) return false
  rehearsed.add(dialect)
  return true
}

export function isFast({ phases }: Pick<LoadPlan, 'phases'>, warmup: number): boolean {
  return phases.some((phase) =>
    phase.kind === 'closed'
      ? phase.thinkMs === 0 && phase.terminals >= worthTerminals && warmup < warmByItselfMs
      : phase.recorded !== undefined || Math.max(phase.rate.from, phase.rate.to) >= worthRate,
  )
}

/** Plays a scenario. */
export type PlayScenario = (
  scenario: Scenario,
  options: { readonly source: string; readonly world: World; readonly signal: AbortSignal },
) => Promise<unknown>

/** Resolves to how long it took, in ms; undefined: it could not be played, and the run begins cold. `signal` ends it early. */
export async function rehearse(
  scenario: Scenario,
  play: PlayScenario,
  { signal, mostMs = longestMs }: { readonly signal?: AbortSignal | undefined; readonly mostMs?: number } = {},
): Promise<number | undefined> {
  if (signal?.aborted) return undefined
  const stop = new AbortController()
  const end = () => stop.abort()
  const limit = realClock.after(mostMs, end)
  signal?.addEventListener('abort', end)
  const startedAt = realClock.now()
  try {
    await playAll(scenario, play, stop.signal)
    return realClock.now() - startedAt
  } catch {
    // The run itself reports a problem of the scenario, with its place.
    return undefined
  } finally {
    limit.cancel()
    signal?.removeEventListener('abort', end)
  }
}

/** The host is in a thread of its own, with its ledger in memory. */
async function playAll(scenario: Scenario, play: PlayScenario, signal: AbortSignal): Promise<void> {
  const rehearsal = rehearsalOf(scenario)
  const { hosts, ...parts } = takeApart(rehearsal)
  const host = { seed: 1, keys: readRunKeys(scenario.keys), tls: undefined }
  await using hostSide = await startHostSide(realWorld(), { ...parts, hosts: { ...hosts, targets: undefined } }, host)
  const target = hostSide.hosts.map(({ address }) => formatAddress(address))
  for (const act of acts) {
    if (signal.aborted) break
    await play(actOf(rehearsal, act, target), { source: '', world: realWorld(), signal })
  }
}

function actOf(scenario: Scenario, { rate, for: ms, inFlight: most }: Act, target: readonly string[]): Scenario {
  const { terminals } = scenario
  const { connections } = terminals
  const shared =
    typeof connections === 'string'
      ? connections
      : {
          shared: Math.min(connections.shared, mostConnections),
          inFlight: Math.min(connections.inFlight, most),
        }
  return {
    ...scenario,
    terminals: { ...terminals, target: [...target], connections: shared },
    load: [{ hold: { rate, for: ms, arrivals: 'constant' } }],
  }
}

/** The same messages, and at the most so many terminals. */
function rehearsalOf({ acquirers: _all, tls: _tls, ...scenario }: Scenario): Scenario {
  const { routes: _routes, ...terminals } = scenario.terminals
  const count = Math.min(terminals.count, mostTerminals)
  return {
    ...scenario,
    seed: 1,
    terminals: { ...terminals, count, settle: false, signOff: false, echoProbe: undefined },
    acquirer: acquirerSchema.parse({ serviceTime, workers: 1024, durability: 'memory' }),
    faults: [],
    warmup: 0,
    thresholds: [],
  }
}
