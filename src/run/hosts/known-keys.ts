// Options of programs, whose languages may check no types: a misspelt one would do nothing, and say nothing.

import { UsageError } from '../../base/errors.js'
import { suggestion } from '../../base/suggest.js'

/** Throws UsageError for the first key of `given` that is not among those known, in the words of a scenario's errors. */
export function requireKnown(given: object, known: readonly string[], where?: string): void {
  const wrong = Object.keys(given).find((key) => !known.includes(key))
  if (wrong === undefined) return
  const place = where === undefined ? wrong : `${where}.${wrong}`
  throw new UsageError(`${place}: unknown key '${wrong}'${suggestion(wrong, known)}`)
}
