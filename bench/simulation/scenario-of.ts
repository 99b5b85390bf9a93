// The scenario of a schedule: what it says, and its faults, those of a host that lies included.

import { createRandom } from '../../src/base/random.js'
import { scenarioFromData } from '../../src/scenario/reader.js'
import type { Scenario } from '../../src/scenario/schema.js'
import { faultOfLie } from './lying-host.js'
import type { TroubleSchedule } from './schedule.js'

/** Throws UsageError for a schedule that is none. */
export function scenarioOf({ seed, scenario, troubles, lie }: TroubleSchedule): Scenario {
  return scenarioFromData({
    ...scenario,
    seed: createRandom(seed).below(1_000_000_000),
    load: [{ hold: { rate: '1/s', for: '1s' } }],
    faults: [
      ...troubles.flatMap((trouble) => (trouble.kind === 'fault' ? [trouble.entry] : [])),
      ...(lie === undefined ? [] : [faultOfLie(lie)]),
    ],
  }).scenario
}
