// The line of --trace for a fault: it names the message or bytes that the fault hit, masked.

import { maskText } from '../../base/mask.js'
import type { FaultEvent } from '../../faults/fault.js'

export function traceLine({ fault, type, connection, peer, direction, masked }: FaultEvent): string {
  const message = masked()
  const what = message === undefined ? '' : ` ${JSON.stringify(message)}`
  return `fault ${maskText(fault)} (${type}) hit the ${direction} of connection ${connection} (${peer})${what}`
}
