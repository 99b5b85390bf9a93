// Changes of host or route during the load, as the result has them.

import type { Switch } from '../../measure/result.js'
import type { PathChange } from './run-paths.js'

/** Changes that a result lists; all are counted. */
const maxSwitches = 200

export interface Switches {
  count: number
  readonly first: Switch[]
}

/** Times count from the start of the load: what came before is start-up, and not kept. */
export function keepSwitch(kept: Switches, { at, from, to, why }: PathChange, startAt: number | undefined): void {
  if (startAt === undefined) return
  kept.count++
  if (kept.first.length < maxSwitches) kept.first.push({ atMs: at - startAt, from, to, why })
}
