// What --trace says of a fault: what it hit, masked.

import { maskText } from '../../base/mask.js'
import type { FaultEvent } from '../../faults/fault.js'

export function traceLine({ fault, type, connection, peer, direction, masked }: FaultEvent): string {
  const message = masked()
  const what = message === undefined ? '' : ` ${JSON.stringify(message)}`
  return `fault ${maskText(fault)} (${type}) hit the ${direction} of connection ${connection} (${peer})${what}`
}
