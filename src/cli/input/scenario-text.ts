// The text of a scenario that a user names: a file, stdin, or the name of one that ships.

import { existsSync } from 'node:fs'
import { UsageError } from '../../base/errors.js'
import { suggestion } from '../../base/suggest.js'
import { shippedScenario, shippedScenarios } from '../../run/files/shipped-scenarios.js'
import type { Io } from '../io.js'
import { inputName, readInputText } from './read-input.js'

/** A file wins over a scenario of the same name. Throws UsageError for a word that is neither. */
export async function readScenarioText(
  io: Io,
  given: string,
): Promise<{ readonly name: string; readonly text: string }> {
  const file = (existsSync(given) ? undefined : shippedScenario(given)) ?? given
  if (/^[\w-]+$/.test(file) && file !== '-' && !existsSync(file)) throw unknownScenario(file)
  return { name: inputName(file), text: await readInputText(io, file) }
}

export function unknownScenario(name: string): UsageError {
  const names = shippedScenarios().map((each) => each.name.replace(/^conditions\//, ''))
  return new UsageError(
    `there is no file '${name}', and no scenario of that name comes with isochron${suggestion(name, names)}; isochron scenarios lists them`,
  )
}
