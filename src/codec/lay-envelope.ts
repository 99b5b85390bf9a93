// An envelope over another.

import type { MessageEnvelope } from './dialect.js'

/** The base with the parts of the layer in their place; an empty text takes a part away. */
export function layEnvelope(base: MessageEnvelope, layer: MessageEnvelope | undefined): MessageEnvelope {
  const entries = Object.entries({ ...base, ...layer }).filter(([, value]) => value !== '')
  return Object.fromEntries(entries) as MessageEnvelope
}
