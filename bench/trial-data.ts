// The contents of a scenario's file as the benches make them: drawn at random, and laid over one another.

import type { Random } from '../src/base/random.js'

/** The contents of a scenario's file. */
export type ScenarioData = { readonly [key: string]: unknown }

export const oneOf = <Item>(random: Random, items: readonly Item[]): Item => items[random.below(items.length)] as Item

/** A whole number from `from` to `to`. */
export const whole = (random: Random, from: number, to: number): number => from + random.below(to - from + 1)

/** A duration as a scenario has it, at least a millisecond. */
export const ms = (value: number): string => `${Math.max(1, Math.round(value))}ms`

/** Lays `over` on `data`: maps are merged, everything else is replaced, `faults` are added; null deletes. */
export function lay(data: ScenarioData, over: ScenarioData): ScenarioData {
  const joined: Record<string, unknown> = { ...data }
  for (const [key, value] of Object.entries(over)) {
    const known = joined[key]
    if (value === null) delete joined[key]
    else if (key === 'faults' && Array.isArray(known)) joined[key] = [...known, ...(value as unknown[])]
    else joined[key] = isMap(known) && isMap(value) ? lay(known, value) : value
  }
  return joined
}

const isMap = (value: unknown): value is ScenarioData =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
