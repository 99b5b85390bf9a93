// Who makes the load: `--part I/N` and `--start-at INSTANT`, one part of a run that several processes make without a service
// between them; `--workers`, generators in threads of this one.

import { UsageError } from '../../base/errors.js'
import type { Share } from '../../base/share.js'
import type { RunOptions } from '../../run/run-options.js'
import { journalOfPart } from '../../run/terminals/journal-of-part.js'
import { text, wholeNumber } from './options.js'

/** With what each costs at 1,000 arrivals a second, as measured on two virtual cores with the host on the same two. */
export const pacingOption = text(
  'pacing',
  'balanced (when left out): half of the arrivals within 0.1 ms of the schedule and 99 % within 4 ms, for a quarter of a core (above 10,000 a second, within 0.2 ms, a few at once). While no answer is awaited it sleeps up to 1 ms and reads what comes meanwhile (echoes, reversals, late answers) that much later, while one is awaited up to 0.15 ms; precise: all is read at once, 99 % within 1 ms, for a whole core; economy: half of them 0.7 ms late, for a fifth of a core',
)

export const workersOption = {
  workers: text(
    'workers',
    'generators in threads of this process: a number, or auto for one on each core that is free',
  ),
  pacing: pacingOption,
} as const

export const partOptions = {
  part: text('part', 'I/N: make part I of N of the load, such as 3/20; `isochron merge` makes one result of all'),
  'start-at': text(
    'start-at',
    'instant at which the load begins, such as 2026-11-26T22:30:00Z, the same for all parts',
  ),
  ...workersOption,
} as const

/** As many parts as machines that one person starts by hand or by a launcher. */
const mostParts = 1000

interface PartFlags {
  readonly part: string | undefined
  readonly 'start-at': string | undefined
  readonly journal: string | undefined
}

/** Throws UsageError for a value that is none. */
export function partChoice(flags: PartFlags): Pick<RunOptions, 'share' | 'startAtWall' | 'journal'> {
  const share = shareNamed(flags.part)
  const { journal } = flags
  return {
    share,
    startAtWall: instantNamed('start-at', flags['start-at']),
    journal: share === undefined || journal === undefined ? journal : journalOfPart(journal, share),
  }
}

/** Undefined: one generator, in this thread. Throws UsageError. */
export function workersNamed(name: string | undefined): number | 'auto' | undefined {
  if (name === undefined || name === 'auto') return name
  return wholeNumber('workers', name, { min: 1, max: 256 })
}

/** Undefined: as usual, balanced. Throws UsageError. */
export function pacingNamed(name: string | undefined): NonNullable<RunOptions['pacing']> | undefined {
  if (name === undefined || name === 'balanced' || name === 'precise' || name === 'economy') return name
  throw new UsageError(`--pacing: expected balanced, precise or economy, got '${name}'`)
}

function shareNamed(name: string | undefined): Share | undefined {
  if (name === undefined) return undefined
  const [, part, of] = (/^(\d{1,4})\/(\d{1,4})$/.exec(name) ?? []).map(Number)
  if (part !== undefined && of !== undefined && part >= 1 && part <= of && of <= mostParts)
    return { index: part - 1, of }
  throw new UsageError(
    `--part: expected I/N such as 3/20, with I from 1 to N and N at most ${mostParts}, got '${name}'`,
  )
}

/** Epoch ms. Throws UsageError, which names the flag. */
export function instantNamed(flag: string, name: string | undefined): number | undefined {
  if (name === undefined) return undefined
  const at = /(Z|[+-]\d\d:\d\d)$/.test(name) ? Date.parse(name) : Number.NaN
  if (!Number.isNaN(at)) return at
  throw new UsageError(`--${flag}: expected an instant with its zone such as 2026-11-26T22:30:00Z, got '${name}'`)
}
