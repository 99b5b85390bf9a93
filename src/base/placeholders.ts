// Texts with gaps, as messages and answers are written in dialects and scenarios: '{stan}', '{utc:MMDDhhmmss}'.

import { UsageError } from './errors.js'
import { suggestion } from './suggest.js'
import { createZone, type Zone } from './zone.js'

/** Fills in a compiled text. `value` returns the text of a name that was given as known when it was compiled. */
export type Filler = (value: (name: string) => string, wallMs: number) => string

/**
 * Compiles a text. Names are those in `known`, and `utc:FORMAT` and `local:FORMAT` with YYYY YY MM DD hh mm ss JJJ (day of
 * the year). Returns undefined where the text has no gap, so that it can be packed once.
 * Throws UsageError for a name that is not known.
 */
export function compilePlaceholders(
  text: string,
  known: readonly string[],
  zone: Zone = createZone('UTC'),
): Filler | undefined {
  const parts = text.split(/\{([^{}]*)\}/)
  if (parts.length === 1) return undefined
  const utc = createZone('UTC')
  const fillers = parts.map((part, index): string | Filler => {
    if (index % 2 === 0) return part
    if (part.startsWith('utc:')) return timeFiller(utc, part.slice(4))
    if (part.startsWith('local:')) return timeFiller(zone, part.slice(6))
    if (known.includes(part)) return (value) => value(part)
    throw new UsageError(
      `unknown placeholder {${part}}${suggestion(part, known)}; known are ${known.join(', ')}, utc:, local:`,
    )
  })
  const only = fillers.length === 3 && fillers[0] === '' && fillers[2] === '' ? fillers[1] : undefined
  if (typeof only === 'function') return only
  return (value, wallMs) =>
    fillers.map((filler) => (typeof filler === 'string' ? filler : filler(value, wallMs))).join('')
}

function timeFiller(zone: Zone, pattern: string): Filler {
  const format = zone.formatter(pattern)
  return (_, wallMs) => format(wallMs)
}
