// A message authentication code that proves nothing: one bit of it is flipped.

import { z } from 'zod'
import { defineMessageFault, type PassingMessage } from '../fault.js'
import { deliverChanged } from './changed.js'

export const badMac = defineMessageFault({
  type: 'bad_mac',
  level: 'message',
  about: 'one bit of the MAC (DE64 or DE128) is flipped',
  attributes: z.strictObject({}),
  direction: 'answer',
  start: () => (message) => deliverChanged(message, withBadMac(message)),
})

/** The MAC is always the last field. */
function withBadMac({ raw, bodyEnd, peek }: PassingMessage): Uint8Array | undefined {
  const mac = peek.raw(64) ?? peek.raw(128)
  if (mac === undefined || mac.length === 0) return undefined
  const changed = Uint8Array.from(raw)
  changed[bodyEnd - 1] = (changed[bodyEnd - 1] as number) ^ 1
  return changed
}
