// Network profiles: what a line of a kind is like, as the line faults that make it so.

import type { FaultSpec } from './chain.js'
import type { FaultPlace } from './fault.js'

/** One way in ms, KB/s of 1000 bytes, shares of 1. */
export interface NetworkProfile {
  readonly latency: number
  readonly jitter?: number | undefined
  /** Towards the terminal, and from it. Left out: without a limit. */
  readonly down?: number | undefined
  readonly up?: number | undefined
  readonly loss: number
  readonly attach: number
}

/** Jitter where a profile names none: this share of its latency. */
const usualJitter = 0.2

/** One-way ms, down and up in kbit/s, loss in %, attach in ms. Public presets; attach times and satellite rates are ours. */
const table: Readonly<Record<string, readonly [number, number, number, number, number]>> = {
  'dial-up': [60, 49, 30, 0, 20_000],
  gprs: [500, 50, 20, 2, 2000],
  edge: [420, 240, 200, 1.5, 1000],
  '3g': [150, 1600, 768, 0, 300],
  hsdpa: [250, 750, 750, 1.5, 300],
  lte: [35, 12_000, 12_000, 0, 100],
  '4g': [85, 9000, 9000, 0, 100],
  wifi: [2, 30_000, 15_000, 0.2, 0],
  dsl: [40, 8000, 8000, 0.5, 0],
  'leased-line': [10, 2000, 2000, 0, 0],
  satellite: [300, 1000, 256, 0.2, 0],
}

const bitsPerByte = 8

/** The built-in profiles by name. */
export const networkProfiles: Readonly<Record<string, NetworkProfile>> = Object.fromEntries(
  Object.entries(table).map(([name, [latency, down, up, loss, attach]]) => [
    name,
    { latency, down: down / bitsPerByte, up: up / bitsPerByte, loss: loss / 100, attach },
  ]),
)

/** The chain of a profile: attach, then for both directions loss, bandwidth and latency. `name` is in front of each. */
export function profileFaults(name: string, profile: NetworkProfile, on: FaultPlace = 'network'): readonly FaultSpec[] {
  const { latency, jitter = latency * usualJitter, down, up, loss, attach } = profile
  const fault = (type: string, attributes: FaultSpec['attributes'], direction?: 'request' | 'answer'): FaultSpec => ({
    name: `${name}: ${type}${direction === undefined ? '' : ` ${direction}`}`,
    on,
    type,
    attributes,
    selector: direction === undefined ? {} : { direction },
  })
  return [
    ...(attach > 0 ? [fault('attach', { time: attach })] : []),
    ...(up === undefined ? [] : [fault('bandwidth', { rate: up }, 'request')]),
    ...(down === undefined ? [] : [fault('bandwidth', { rate: down }, 'answer')]),
    ...(loss > 0 ? [fault('loss', { rate: loss, rtt: 2 * latency })] : []),
    ...(latency > 0 ? [fault('latency', { latency, jitter, distribution: 'uniform' })] : []),
  ]
}
