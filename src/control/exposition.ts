// The figures of a role for Prometheus, in its text format 0.0.4: the same names in a run, an acquirer and a proxy, so that one
// dashboard reads them all.

import { maskText } from '../base/mask.js'
import { type Metered, meterBoundsMs } from '../measure/meter.js'

export type MeteredRole = 'terminal' | 'acquirer' | 'proxy'

/** The figures that a role knows; a figure that it does not know is left out. */
export interface RoleFigures {
  readonly role: MeteredRole
  readonly metered: Metered
  /** Transactions that have a limit of time: whether they kept it is in `metered.timely`. */
  readonly judgesTime: boolean
  readonly connections?: number
  readonly inFlight?: number
  /** Arrivals per second that the plan asks for now. */
  readonly offeredPerSecond?: number
  /** The generator's own signs, of the last second. */
  readonly lagP99Ms?: number | null
  readonly eventLoopP99Ms?: number | null
  readonly saturated?: boolean
  readonly elapsedMs?: number
  readonly plannedMs?: number
  /** Faults by name: whether they act now. */
  readonly activeFaults?: Readonly<Record<string, boolean>>
  readonly appliedFaults?: readonly { readonly name: string; readonly type: string; readonly applied: number }[]
  readonly turnedAway?: Readonly<Record<string, number>>
}

type Labels = Readonly<Record<string, string>>
type Sample = readonly [labels: Labels, value: number | null | undefined, suffix?: string]

interface Family {
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  readonly samples: (figures: RoleFigures) => readonly Sample[]
}

const one = (value: number | null | undefined): readonly Sample[] => [[{}, value]]
const inSeconds = (ms: number | null | undefined) => (typeof ms === 'number' ? ms / 1000 : ms)
const families: readonly Family[] = [
  {
    name: 'isochron_transactions_total',
    type: 'counter',
    help: 'Transactions that ended, by outcome; warm-up included',
    samples: ({ metered }) => metered.transactions.map(({ count, ...labels }) => [labels, count]),
  },
  {
    name: 'isochron_timely_transactions_total',
    type: 'counter',
    help: 'Transactions that were answered within the time of the scenario (timely.response)',
    samples: ({ metered, judgesTime }) => one(judgesTime ? metered.timely : undefined),
  },
  {
    name: 'isochron_response_seconds',
    type: 'histogram',
    help: 'Response time: in a run from the intended time, elsewhere from request to answer',
    samples: ({ metered }) => Object.entries(metered.times).flatMap(([type, times]) => bucketSamples(type, times)),
  },
  {
    name: 'isochron_connections',
    type: 'gauge',
    help: 'Connections that are open now',
    samples: ({ connections }) => one(connections),
  },
  {
    name: 'isochron_in_flight',
    type: 'gauge',
    help: 'Transactions under way',
    samples: ({ inFlight }) => one(inFlight),
  },
  {
    name: 'isochron_offered_per_second',
    type: 'gauge',
    help: 'Arrivals per second that the plan asks for now',
    samples: ({ offeredPerSecond }) => one(offeredPerSecond),
  },
  {
    name: 'isochron_generator_lag_seconds',
    type: 'gauge',
    help: 'How late arrivals were handed over in the last second, at the 99th percentile',
    samples: ({ lagP99Ms }) => one(inSeconds(lagP99Ms)),
  },
  {
    name: 'isochron_event_loop_delay_seconds',
    type: 'gauge',
    help: 'How long the event loop kept work waiting, at the 99th percentile',
    samples: ({ eventLoopP99Ms }) => one(inSeconds(eventLoopP99Ms)),
  },
  {
    name: 'isochron_generator_saturated',
    type: 'gauge',
    help: '1 while the generator itself is the bottleneck: latencies are not to be trusted',
    samples: ({ saturated }) => one(saturated === undefined ? undefined : Number(saturated)),
  },
  {
    name: 'isochron_run_elapsed_seconds',
    type: 'gauge',
    help: 'Time since the load began',
    samples: ({ elapsedMs }) => one(inSeconds(elapsedMs)),
  },
  {
    name: 'isochron_run_planned_seconds',
    type: 'gauge',
    help: 'How long the load lasts by plan',
    samples: ({ plannedMs }) => one(inSeconds(plannedMs)),
  },
  {
    name: 'isochron_fault_active',
    type: 'gauge',
    help: '1 while a fault of the scenario acts',
    samples: ({ activeFaults = {} }) =>
      Object.entries(activeFaults).map(([fault, isActive]) => [{ fault }, Number(isActive)]),
  },
  {
    name: 'isochron_fault_hits_total',
    type: 'counter',
    help: 'Messages or connections that a fault hit',
    samples: ({ appliedFaults = [] }) =>
      appliedFaults.map(({ name, type, applied }) => [{ fault: name, type }, applied]),
  },
  {
    name: 'isochron_peers_turned_away_total',
    type: 'counter',
    help: 'Peers that were not let in, or were cut off, by why',
    samples: ({ turnedAway = {} }) => Object.entries(turnedAway).map(([why, count]) => [{ why }, count]),
  },
]

/** Every name that a role can have. */
export const metricNames: readonly string[] = families.map(({ name }) => name)

/** The type of the text, as Prometheus asks for it. */
export const expositionType = 'text/plain; version=0.0.4; charset=utf-8'

export function printExposition(figures: RoleFigures): string {
  return families
    .flatMap(({ name, type, help, samples }) => {
      const lines = samples(figures).flatMap(([labels, value, suffix = '']) =>
        typeof value === 'number' ? [`${name}${suffix}${labelsText({ role: figures.role, ...labels })} ${value}`] : [],
      )
      return lines.length === 0 ? [] : [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines]
    })
    .map((line) => `${line}\n`)
    .join('')
}

function bucketSamples(type: string, { buckets, sumMs, count }: Metered['times'][string]): readonly Sample[] {
  let below = 0
  const steps = meterBoundsMs.map((ms, index): Sample => {
    below += buckets[index] ?? 0
    return [{ type, le: String(Number((ms / 1000).toPrecision(3))) }, below, '_bucket']
  })
  return [
    ...steps,
    [{ type, le: '+Inf' }, count, '_bucket'],
    [{ type }, sumMs / 1000, '_sum'],
    [{ type }, count, '_count'],
  ]
}

function labelsText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(maskText(value))}"`)
  return `{${pairs.join(',')}}`
}

const escaped = (value: string) => value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
