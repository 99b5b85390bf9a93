// The flags of `run --on`: the run that this process hands out.

import { realClock } from '../../base/clock.js'
import { UsageError } from '../../base/errors.js'
import type { CoordinateOptions } from '../../run/bus/coordinate-run.js'
import { type BusFlagValues, busAccessOf, busOptions, waitMsOf } from './bus-flags.js'
import { durationMs, text, wholeNumber } from './options.js'

export const coordinatorOptions = {
  ...busOptions,
  parts: text('parts', 'with --on: how many generators make the run; start them with `isochron worker`'),
  run: text('run', "with --on: the run's name on the bus; left out: a new one, which is printed"),
  'lost-after': text(
    'lost-after',
    'with --on: silence after which a part counts as lost, until it speaks again; 5s when left out',
  ),
  'allow-lost': text('allow-lost', 'with --on: so many lost parts do not make the exit code 3'),
  resume: text('resume', 'with --on, without a scenario: takes up the run of that name, whose coordinator is gone'),
  files: text('files', 'with --resume: folder with the cards and keys that the scenario names'),
  'bus-replicas': text('bus-replicas', 'with --on: servers of the bus that keep the run, 1 to 5; left out: 1'),
} as const

/** Flags that a run on a bus shares with every other; all others of `run` belong to the generators, or to one process. */
const shared = [
  ...[
    'out',
    'force',
    'set',
    'with',
    'seed',
    'threshold',
    'ci',
    'quiet',
    'allow-saturated',
    'dialect',
    'framing',
    'codec',
  ],
  ...[
    'tpdu',
    'header',
    'sign-on',
    'no-sign-on',
    'keys',
    'tls',
    'ca',
    'cert',
    'key',
    'tls-min',
    'server-name',
    'insecure',
  ],
]

export interface CoordinatorFlags extends BusFlagValues {
  readonly scenario?: string | undefined
  readonly parts: string | undefined
  readonly run: string | undefined
  readonly wait: string | undefined
  readonly 'lost-after': string | undefined
  readonly 'allow-lost': string | undefined
  readonly resume: string | undefined
  readonly files: string | undefined
  readonly 'bus-replicas': string | undefined
}

export type CoordinatorChoice = Omit<
  CoordinateOptions,
  'signal' | 'say' | 'onGiven' | 'onSnapshot' | 'onResult' | 'outDir' | 'allowSaturated'
>

/** Undefined without --on. `names`: all flags of the command. Throws UsageError. */
export function coordinatorChoice(flags: CoordinatorFlags, names: readonly string[]): CoordinatorChoice | undefined {
  const own = Object.keys(coordinatorOptions)
  const given = names.filter((name) => isGiven((flags as unknown as Readonly<Record<string, unknown>>)[name]))
  if (flags.on === undefined) {
    const lonely = given.find((name) => own.includes(name))
    if (lonely !== undefined)
      throw new UsageError(`--${lonely}: belongs to a run on a bus; say --on URL, or leave it out`)
    return undefined
  }
  const other = given.find((name) => !own.includes(name) && !shared.includes(name))
  if (other !== undefined)
    throw new UsageError(`--${other} with --on: it is for one process; leave it out, or give it to \`isochron worker\``)
  const { resume } = flags
  const parts = wholeNumber('parts', flags.parts, { min: 1, max: 1000 })
  refuseUnfit(flags, parts)
  return {
    access: busAccessOf(flags, resume ?? flags.run ?? newName()),
    parts,
    resume: resume !== undefined,
    files: flags.files,
    waitMs: waitMsOf(flags.wait),
    lostAfterMs: flags['lost-after'] === undefined ? 5000 : durationMs('lost-after', flags['lost-after']),
    replicas: wholeNumber('bus-replicas', flags['bus-replicas'], { min: 1, max: 5 }) ?? 1,
    allowLost: wholeNumber('allow-lost', flags['allow-lost'], { min: 0, max: 1000 }),
  }
}

function refuseUnfit({ resume, scenario, run, files }: CoordinatorFlags, parts: number | undefined): void {
  if (resume === undefined) {
    if (scenario === undefined) throw new UsageError('expected a scenario, or --resume NAME')
    if (parts === undefined) throw new UsageError('--parts: say how many generators make the run')
    if (files !== undefined) throw new UsageError('--files: belongs to --resume; the scenario names its files itself')
    return
  }
  if (scenario !== undefined || parts !== undefined || run !== undefined)
    throw new UsageError('--resume: the bus knows the scenario, its parts and its name; leave them out')
}

const isGiven = (value: unknown): boolean =>
  value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0)

/** A name that is new each second. */
const newName = (): string => `run-${Math.floor(realClock.wall() / 1000).toString(36)}`
