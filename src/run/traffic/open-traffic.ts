// The traffic on a role's connections, for whoever wants to see it: told as it passes, recorded, or captured as
// packets.

import type { Clock } from '../../base/clock.js'
import { UsageError } from '../../base/errors.js'
import { limitLines } from '../../base/limited-lines.js'
import { type AnsweredRequest, createAnswerTimes } from '../../tap/answer-times.js'
import { createPackets } from '../../tap/packets.js'
import { createWireRecorder } from '../../tap/recorder.js'
import { joinTaps, type Tap } from '../../tap/tap.js'
import { tapsInto } from '../../tap/tapped-network.js'
import { createTraffic, type TrafficEvent } from '../../tap/traffic.js'
import type { Network } from '../../transport/network/link.js'
import type { Wire } from '../../transport/wire/wire.js'
import { openRecording, type RecordingFile } from './recording-file.js'

export interface TrafficChoice {
  /** Hears of every message, masked. Must not throw. */
  readonly onTraffic?: ((event: TrafficEvent) => void) | undefined
  /** Messages are written here. Masked, unless `unmasked`: then whole, so that they can be played back as they were. */
  readonly record?: { readonly file: string; readonly unmasked: boolean } | undefined
  /** Packets are written here, for Wireshark. Their bytes hold card data. */
  readonly pcap?: string | undefined
  /** Bytes on disk of each of these files, with its older parts; 1 GiB when left out. */
  readonly recordLimitBytes?: number | undefined
  /** Files of these names are overwritten. */
  readonly force?: boolean | undefined
  /** Hears of every answer, and how long it took. */
  readonly onAnswered?: ((answered: AnsweredRequest) => void) | undefined
}

export interface TrafficSetting {
  /** Left out: bytes are bytes, and no message can be told. */
  readonly wire?: Wire | undefined
  readonly clock: Clock
  /** A file that is not complete, in a line. */
  readonly onTrouble: (line: string) => void
}

export interface OpenTraffic extends AsyncDisposable {
  /** Undefined where nobody looks. */
  readonly tap: Tap | undefined
  /** The network with the tap in it; the network itself where nobody looks. */
  around(network: Network): Network
  /** Resolves when the files are on disk. Idempotent. */
  close(): Promise<void>
}

/** Rejects with StartError when a file cannot be written, with UsageError for messages of no dialect and for a file that holds something already. */
export async function openTraffic(choice: TrafficChoice, setting: TrafficSetting): Promise<OpenTraffic> {
  const { wire, clock } = setting
  const { onTraffic, record, pcap, onAnswered } = choice
  const { open, close } = createTrafficFiles(choice, setting)
  const taps: Tap[] = []
  try {
    if (onAnswered !== undefined) taps.push(createAnswerTimes({ wire: known(wire), clock, tell: onAnswered }))
    if (onTraffic !== undefined) taps.push(createTraffic({ wire: known(wire), clock, tell: onTraffic }))
    if (record !== undefined)
      taps.push(
        createWireRecorder({ wire: known(wire), clock, masked: !record.unmasked, ...(await open(record.file)) }),
      )
    if (pcap !== undefined) taps.push(createPackets({ clock, ...(await open(pcap)) }))
  } catch (error) {
    await close()
    throw error
  }
  const tap = joinTaps(taps)
  return {
    tap,
    around: tap === undefined ? (network) => network : tapsInto(tap),
    close,
    [Symbol.asyncDispose]: close,
  }
}

export interface TrafficFiles {
  /** Rejects as openRecording does. */
  open(path: string): Promise<RecordingFile>
  /** Resolves when all of them are on disk. Idempotent. */
  close(): Promise<void>
}

export function createTrafficFiles(
  { recordLimitBytes: limitBytes, force }: Pick<TrafficChoice, 'recordLimitBytes' | 'force'>,
  { clock, onTrouble }: Pick<TrafficSetting, 'clock' | 'onTrouble'>,
): TrafficFiles {
  const onPart = limitLines(clock, onTrouble)
  const files: RecordingFile[] = []
  return {
    async open(path) {
      const file = await openRecording(path, { limitBytes, force, onTrouble, onPart })
      files.push(file)
      return file
    },
    async close() {
      await Promise.all(files.map((file) => file.close()))
    },
  }
}

function known(wire: Wire | undefined): Wire {
  if (wire === undefined)
    throw new UsageError('--record, --trace and --metrics need to know the messages: give --dialect NAME')
  return wire
}
