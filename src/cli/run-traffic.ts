// The flags of traffic for a run of a scenario.

import type { RunOptions } from '../run/run-options.js'
import { createSpeaker, type SpeakerOptions } from '../run/speaker.js'
import { type TrafficFlags, trafficChoice } from './flags/traffic-flags.js'
import type { Io } from './io.js'

/** The run's options for what passes, and for the hits of faults where `--trace` asks. Throws UsageError. */
export function runTraffic(
  io: Io,
  scenario: SpeakerOptions,
  flags: TrafficFlags = {},
): Pick<RunOptions, 'traffic' | 'onTrace'> {
  const traffic = trafficChoice(io, createSpeaker(scenario).dialect, flags)
  return {
    ...(Object.keys(traffic).length > 0 && { traffic }),
    ...(flags.trace !== undefined && { onTrace: (line: string) => void io.stderr.write(`${line}\n`) }),
  }
}
