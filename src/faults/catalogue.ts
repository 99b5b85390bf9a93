// Every fault there is, listed by hand: scenarios, the control API and the documentation read this list.

import type { Fault } from './fault.js'
import { capacity } from './host/capacity.js'
import { crash } from './host/crash.js'
import { cutOver } from './host/cut-over.js'
import { ignoreReversal } from './host/ignore-reversal.js'
import { leak } from './host/leak.js'
import { maintenance } from './host/maintenance.js'
import { outage } from './host/outage.js'
import { queueLimit } from './host/queue-limit.js'
import { slow } from './host/slow.js'
import { stall } from './host/stall.js'
import { approveReversed } from './message/approve-reversed.js'
import { badMac } from './message/bad-mac.js'
import { changeField } from './message/change-field.js'
import { closeBefore } from './message/close-before.js'
import { closeInAnswer } from './message/close-in-answer.js'
import { corruptBitmap } from './message/corrupt-bitmap.js'
import { delay } from './message/delay.js'
import { duplicate } from './message/duplicate.js'
import { garbage } from './message/garbage.js'
import { lateAnswer } from './message/late-answer.js'
import { misroute } from './message/misroute.js'
import { noAnswer } from './message/no-answer.js'
import { removeField } from './message/remove-field.js'
import { reorder } from './message/reorder.js'
import { responseCode } from './message/response-code.js'
import { truncate } from './message/truncate.js'
import { unsolicited } from './message/unsolicited.js'
import { wrongAmount } from './message/wrong-amount.js'
import { wrongLength } from './message/wrong-length.js'
import { wrongMti } from './message/wrong-mti.js'
import { wrongRrn } from './message/wrong-rrn.js'
import { wrongStan } from './message/wrong-stan.js'
import { wrongVerdict } from './message/wrong-verdict.js'
import { attach } from './network/attach.js'
import { bandwidth } from './network/bandwidth.js'
import { blackhole } from './network/blackhole.js'
import { corrupt } from './network/corrupt.js'
import { down } from './network/down.js'
import { flap } from './network/flap.js'
import { halfOpen } from './network/half-open.js'
import { forgetIdle } from './network/idle-drop.js'
import { latency } from './network/latency.js'
import { limitData } from './network/limit-data.js'
import { loss } from './network/loss.js'
import { merge } from './network/merge.js'
import { packetLoss } from './network/packet-loss.js'
import { refuse } from './network/refuse.js'
import { resetPeer } from './network/reset-peer.js'
import { slicer } from './network/slicer.js'
import { slowClose } from './network/slow-close.js'
import { timeout } from './network/timeout.js'

/** Toxiproxy's own, on which its toxicity is drawn once per connection; `down` is its disabled proxy. */
export const toxiproxyFaults = [latency, bandwidth, slowClose, timeout, resetPeer, slicer, limitData, packetLoss, down]

export const lineFaults = [
  ...toxiproxyFaults,
  loss,
  refuse,
  halfOpen,
  corrupt,
  flap,
  blackhole,
  merge,
  attach,
  forgetIdle,
] as const

export const messageFaults = [
  noAnswer,
  delay,
  duplicate,
  reorder,
  lateAnswer,
  wrongStan,
  wrongRrn,
  wrongMti,
  wrongAmount,
  changeField,
  removeField,
  responseCode,
  corruptBitmap,
  truncate,
  wrongLength,
  garbage,
  badMac,
  unsolicited,
  misroute,
  closeBefore,
  closeInAnswer,
  approveReversed,
  wrongVerdict,
] as const

/** The faults of the acquirer itself, and of nothing else. */
export const hostFaults = [
  stall,
  slow,
  capacity,
  outage,
  maintenance,
  crash,
  leak,
  queueLimit,
  cutOver,
  ignoreReversal,
] as const

export const faultCatalogue: readonly Fault[] = [...lineFaults, ...messageFaults, ...hostFaults]

/** Undefined for a type that is not in the list. */
export function faultOfType(type: string): Fault | undefined {
  return faultCatalogue.find((fault) => fault.type === type)
}
