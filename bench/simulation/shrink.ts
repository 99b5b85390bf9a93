// Cuts a failing schedule down to what is needed for it to fail in the same way: troubles first, then cards.

import type { TroubleSchedule } from './schedule.js'
import { type Simulated, simulate } from './simulate-schedule.js'

export interface Shrunk {
  readonly schedule: TroubleSchedule
  readonly simulated: Simulated
}

type Run = (schedule: TroubleSchedule) => Promise<Simulated>

/** Runs that shrinking may take: some ten seconds. */
const mostRuns = 150

/** The kind of thing that is wrong: a smaller schedule that fails otherwise would explain another failure. */
const kindOf = (problem: string | undefined) => problem?.split(':', 1)[0]?.replace(/\d+/g, 'n')

/** The smallest schedule found that still has the first problem's kind. `schedule` must fail. */
export async function shrink(
  schedule: TroubleSchedule,
  run: Run = (each) => simulate(each, { traces: true }),
): Promise<Shrunk> {
  let best: Shrunk = { schedule, simulated: await run(schedule) }
  const kind = kindOf(best.simulated.problems[0])
  let runs = 0
  const fails = async (smaller: TroubleSchedule): Promise<boolean> => {
    if (++runs > mostRuns) return false
    const simulated = await run(smaller)
    if (!simulated.problems.some((problem) => kindOf(problem) === kind)) return false
    best = { schedule: smaller, simulated }
    return true
  }
  for (const part of ['troubles', 'arrivals'] as const) {
    for (let size = Math.ceil(best.schedule[part].length / 2); size >= 1; size = Math.floor(size / 2)) {
      for (let at = 0; at < best.schedule[part].length; ) {
        const left = best.schedule[part].filter((_, index) => index < at || index >= at + size)
        if (!(await fails({ ...best.schedule, [part]: left }))) at += size
      }
    }
  }
  return best
}
