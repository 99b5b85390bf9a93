// Files that a scenario names stand beside it: their names are made ones that can be opened from here.

import { dirname, isAbsolute, join } from 'node:path'
import { cardFileOf } from '../terminal/options/card-options.js'
import type { Scenario } from './schema.js'

/** A word in place of a key file: no keys. */
const noFile = 'none'

/** `file` is the scenario's own name; names in flags are absolute. */
export function besideFile(scenario: Scenario, file: string): Scenario {
  const { keys, tls, load, terminals } = scenario
  const cards = cardFileOf(terminals.cards)
  const beside = (name: string) => (name === noFile || isAbsolute(name) ? name : join(dirname(file), name))
  return {
    ...scenario,
    load: load.map((phase) => ('replay' in phase ? { ...phase, replay: beside(phase.replay) } : phase)),
    ...(cards === undefined ? {} : { terminals: { ...terminals, cards: beside(cards) } }),
    ...(keys === undefined ? {} : { keys: beside(keys) }),
    ...(tls === undefined ? {} : { tls: { ...tls, ...besideEach(tls, beside) } }),
  }
}

function besideEach(tls: NonNullable<Scenario['tls']>, beside: (name: string) => string) {
  const files = (['ca', 'cert', 'key'] as const).flatMap((part) => {
    const name = tls[part]
    return name === undefined ? [] : [[part, beside(name)] as const]
  })
  return Object.fromEntries(files)
}
