// The plan of each part of a run: every process that asks for one must come to the same arrivals.

import { createRandom } from '../../base/random.js'
import type { Share } from '../../base/share.js'
import type { Codec } from '../../codec/codec.js'
import type { PhaseOptions } from '../../load/options.js'
import { type LoadPlan, planLoad } from '../../load/plan.js'
import { readRecordings } from './read-recording.js'

/** Recordings are read once, for all parts. Throws UsageError that names file and line. */
export function planOfParts(load: readonly PhaseOptions[], codec: Codec, seed: number): (share: Share) => LoadPlan {
  const { recordings } = readRecordings(load, codec)
  return (share) => planLoad(load, createRandom(seed).fork('load'), share, recordings)
}
