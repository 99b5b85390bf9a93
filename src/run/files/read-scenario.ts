// Scenarios from the disk's point of view: a dialect that they name may stand in a file beside them.

import { parseScenario, type ReadOptions } from '../../scenario/reader.js'
import type { Scenario } from '../../scenario/schema.js'
import { dialectNamed } from './read-dialect.js'

/**
 * The scenario in `text`; `file` is its name in errors, and names in it begin in its folder. Throws UsageError with one
 * line per problem.
 */
export function readScenario(text: string, file: string, options: ReadOptions = {}): Scenario {
  return parseScenario(text, file, { dialectNamed, ...options })
}
