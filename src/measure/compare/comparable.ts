// Whether runs may be compared at all: no statistic repairs a saturated generator or another scenario.

import type { Result } from '../result.js'

/** A run that is compared. `keys`: what its scenario says, by path, without what may differ; null where nobody knows. */
export interface Comparand {
  readonly name: string
  readonly result: Result
  readonly keys: ReadonlyMap<string, string> | null
}

/** Paths that are named. */
const mostNamed = 5
/** Shares of the offered load that may differ: of chance in Poisson arrivals, more. */
const offeredTolerance = 0.01

/**
 * Why these runs cannot be compared, a sentence each; none where they can. `meant`: paths of the scenario that were to differ,
 * with all that is below them; `*` is the whole scenario.
 */
export function whyNotComparable(runs: readonly Comparand[], meant: readonly string[] = []): readonly string[] {
  const [first] = runs
  if (first === undefined) return ['there is no run']
  return [...runs.flatMap(ownReasons), ...runs.slice(1).flatMap((run) => pairReasons(first, run, meant))]
}

/** Paths in which the scenarios differ and were meant to. */
export function meantDifferences(runs: readonly Comparand[], meant: readonly string[]): readonly string[] {
  const [first, ...others] = runs
  if (first === undefined || meant.length === 0) return []
  const all = others.flatMap((run) => differingKeys(first.keys, run.keys) ?? [])
  return [...new Set(all)].filter(isMeant(meant)).sort()
}

const isMeant = (meant: readonly string[]) => (path: string) =>
  meant.some((each) => each === '*' || path === each || path.startsWith(`${each}.`))

function ownReasons({ name, result, keys }: Comparand): readonly string[] {
  const reasons: readonly (readonly [boolean, string])[] = [
    [result.generator?.saturated === true, 'its generator was saturated: it measured itself'],
    [result.interrupted, 'it was interrupted'],
    [result.abortedBy !== undefined, 'a threshold with abortOnFail ended it early'],
    [result.whole === false, 'a part of it is missing'],
    [result.offered === 0, 'nothing was measured in it'],
    [keys !== null && !hasWarmup(keys), 'it has no warm-up: its first seconds are not like the others (warmup: 5s)'],
  ]
  return reasons.filter(([isTrue]) => isTrue).map(([, text]) => `${name}: ${text}`)
}

const hasWarmup = (keys: ReadonlyMap<string, string>) =>
  !/^"?0?(?:us|ms|s|m|min|h|d)?"?$/.test(keys.get('warmup') ?? '')

function pairReasons(a: Comparand, b: Comparand, meant: readonly string[]): readonly string[] {
  const [x, y] = [a.result, b.result]
  const anyScenario = meant.includes('*')
  const reasons: string[] = []
  if (x.scenario.name !== y.scenario.name && !anyScenario)
    reasons.push(`it is of scenario ${y.scenario.name}, not ${x.scenario.name}`)
  else if (x.scenario.sha256 !== y.scenario.sha256 && !anyScenario) reasons.push(...scenarioReasons(a, b, meant))
  if (x.scenario.remedies.join() !== y.scenario.remedies.join() && meant.length === 0)
    reasons.push('it ran with other remedies')
  if (x.scenario.clock !== y.scenario.clock)
    reasons.push(`it ran in ${y.scenario.clock} time, not in ${x.scenario.clock}`)
  const [major, other] = [x, y].map(({ tool }) => tool.version.split('.')[0])
  if (major !== other) reasons.push(`isochron ${y.tool.version} made it, not ${x.tool.version}`)
  const [before, after] = [x.throughput.offeredPerSecond ?? 0, y.throughput.offeredPerSecond ?? 0]
  const chance = 4 * Math.sqrt(1 / Math.max(1, x.offered) + 1 / Math.max(1, y.offered))
  if (Math.abs(after - before) > Math.max(offeredTolerance, chance) * before)
    reasons.push(`it was offered ${after.toFixed(1)}/s, not ${before.toFixed(1)}/s`)
  return reasons.map((text) => `${b.name}: ${text}`)
}

function scenarioReasons(a: Comparand, b: Comparand, meant: readonly string[]): readonly string[] {
  const all = differingKeys(a.keys, b.keys)
  if (all === null) return ['its scenario is another text, and one of the folders does not say which']
  const isToDiffer = isMeant(meant)
  const differing = all.filter((path) => !isToDiffer(path))
  if (differing.length === 0) return []
  const more = differing.length > mostNamed ? ` and ${differing.length - mostNamed} more` : ''
  return [`its scenario differs in ${differing.slice(0, mostNamed).join(', ')}${more}`]
}

/** Paths whose values differ; null where one of the scenarios is not known. */
export function differingKeys(
  a: ReadonlyMap<string, string> | null,
  b: ReadonlyMap<string, string> | null,
): readonly string[] | null {
  if (a === null || b === null) return null
  return [...new Set([...a.keys(), ...b.keys()])].filter((key) => a.get(key) !== b.get(key)).sort()
}
