// A way in which a scenario can bring a cause about.

import type { Random } from '../../src/base/random.js'
import type { ScenarioData } from '../trial-data.js'
import type { TrialShop } from './base.js'

/** Part of a run in which a condition that comes and goes is there, as shares of it. */
export interface ConditionSpan {
  readonly from: number
  readonly to: number
}

/** The condition in a few words, and what is laid over the shop's data. */
export type Way = (
  random: Random,
  shop: TrialShop,
  span: ConditionSpan,
) => { readonly how: string; readonly over: ScenarioData }
