// Several runs by one command, each with its own books and its own money: files that remember some cannot be those of all.

import { UsageError } from '../../base/errors.js'
import type { RunOptions } from '../../run/run-options.js'

/** Throws UsageError for the first of `flags` (value by name) that is given. `why` follows its name. */
export function refuseForEach(flags: Readonly<Record<string, unknown>>, why: (flag: string) => string): void {
  for (const [flag, value] of Object.entries(flags)) {
    if (value !== undefined) throw new UsageError(`--${flag} ${why(flag)}`)
  }
}

type OfEachRun = Pick<RunOptions, 'pacing' | 'clock' | 'allowSaturated' | 'language'>

/** The options of one command that hold for each of its runs. */
export const ofEachRun = ({ pacing, clock, language, allowSaturated = false }: OfEachRun): OfEachRun => ({
  allowSaturated,
  ...(pacing === undefined ? {} : { pacing }),
  ...(clock === undefined ? {} : { clock }),
  ...(language === undefined ? {} : { language }),
})
