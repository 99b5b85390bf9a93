// Every kind of trial, listed by hand.

import { healthyKinds } from './healthy-kinds.js'
import { hostKinds } from './host-kinds.js'
import type { OutsideKind } from './kind.js'
import { lineKinds } from './line-kinds.js'

export const kinds: readonly OutsideKind[] = [
  ...hostKinds,
  ...lineKinds.map((kind) => ({ ...kind, tap: 'client' as const })),
  ...healthyKinds,
]
