// The traffic of a probe, for whoever wants to see it: each of its connections speaks a dialect and a framing of its own.

import type { Dialect } from '../../codec/dialect.js'
import { createPackets } from '../../tap/packets.js'
import { createWireRecorder } from '../../tap/recorder.js'
import { joinTaps, type Tap, type Tapped } from '../../tap/tap.js'
import { tapsInto } from '../../tap/tapped-network.js'
import { createTraffic, type TrafficEvent } from '../../tap/traffic.js'
import type { Network } from '../../transport/network/link.js'
import type { Wire } from '../../transport/wire/wire.js'
import { createTrafficFiles, type TrafficChoice, type TrafficSetting } from './open-traffic.js'

export interface ProbeTrafficChoice extends Pick<TrafficChoice, 'record' | 'pcap' | 'recordLimitBytes' | 'force'> {
  /** Who hears of every message of a dialect, masked. Must not throw. */
  readonly tracerOf?: ((dialect: Dialect) => (event: TrafficEvent) => void) | undefined
}

export interface ProbeTraffic extends AsyncDisposable {
  /** The network for one connection, which speaks this wire. A recording begins anew there: with a head of its own. */
  around(network: Network, wire: Wire): Network
}

/** Rejects with StartError when a file cannot be written, with UsageError for a file that holds something already. */
export async function openProbeTraffic(
  choice: ProbeTrafficChoice,
  setting: Pick<TrafficSetting, 'clock' | 'onTrouble'>,
): Promise<ProbeTraffic> {
  const { clock } = setting
  const { tracerOf, record, pcap } = choice
  const { open, close } = createTrafficFiles(choice, setting)
  let connections = 0
  try {
    const recording = record && (await open(record.file))
    const packets = pcap === undefined ? undefined : createPackets({ clock, ...(await open(pcap)) })
    const tapsFor = (wire: Wire): Tap[] => [
      ...(packets === undefined ? [] : [packets]),
      ...(tracerOf === undefined ? [] : [createTraffic({ wire, clock, tell: tracerOf(wire.codec.dialect) })]),
      ...(recording === undefined
        ? []
        : [createWireRecorder({ wire, clock, masked: !record?.unmasked, ...recording })]),
    ]
    return {
      around(network, wire) {
        const tap = joinTaps(tapsFor(wire))
        return tap === undefined ? network : tapsInto(numbered(tap, ++connections))(network)
      },
      [Symbol.asyncDispose]: close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** The tap of a single connection, under its number among all. */
function numbered(tap: Tap, id: number): Tap {
  const as = (connection: Tapped): Tapped => ({ ...connection, id })
  return {
    onOpened: (connection) => tap.onOpened?.(as(connection)),
    onBytes: (connection, direction, bytes) => tap.onBytes(as(connection), direction, bytes),
    onClosed: (connection, why) => tap.onClosed(as(connection), why),
  }
}
