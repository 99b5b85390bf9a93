// What --trace says of a fault: what it hit, masked.

import type { FaultEvent } from '../../faults/fault.js'

export function traceLine({ fault, type, connection, peer, direction, masked }: FaultEvent): string {
  const message = masked()
  const what = message === undefined ? '' : ` ${JSON.stringify(message)}`
  return `fault ${fault} (${type}) hit the ${direction} of connection ${connection} (${peer})${what}`
}
