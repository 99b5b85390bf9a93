// What no schema can see: names and lengths that must fit each other across the sections of a scenario.

import { UsageError } from '../base/errors.js'
import { suggestion } from '../base/suggest.js'
import type { Dialect } from '../codec/dialect.js'
import { builtInDialects } from '../codec/dialects/index.js'
import { framings } from '../framing/framings.js'
import type { PhaseOptions } from '../load/options.js'
import { parseThreshold } from '../measure/threshold.js'
import type { Problem } from './problems.js'
import type { Scenario } from './schema.js'

/** Everything in a well-formed scenario that does not fit together. */
export function crossCheck(scenario: Scenario): readonly Problem[] {
  const dialect = builtInDialects.find(({ name }) => name === scenario.dialect)
  return [
    ...checkNames(scenario, dialect),
    ...(dialect === undefined ? [] : [...checkMessages(scenario, dialect), ...checkMix(scenario, dialect)]),
    ...scenario.thresholds.flatMap((expression, index) => checkThreshold(expression, index, scenario)),
    ...checkWarmup(scenario),
  ]
}

function checkNames({ dialect: name, framing }: Scenario, dialect: Dialect | undefined): readonly Problem[] {
  const dialects = builtInDialects.map((each) => each.name)
  const known = framings.map((each) => each.name)
  return [
    ...(dialect === undefined ? [{ path: ['dialect'], text: unknown('dialect', name, dialects) }] : []),
    ...(framing === undefined || known.includes(framing)
      ? []
      : [{ path: ['framing'], text: unknown('framing', framing, known) }]),
  ]
}

function checkMessages({ messages }: Scenario, dialect: Dialect): readonly Problem[] {
  return Object.entries(messages).flatMap(([name, { fields }]) =>
    Object.keys(fields)
      .filter((field) => !Object.hasOwn(dialect.fields, field))
      .map((field) => ({
        path: ['messages', name, 'fields', field],
        text: /^\d{1,3}$/.test(field)
          ? `dialect ${dialect.name} has no field ${field}`
          : 'expected the number of a field such as "3"',
        atKey: true,
      })),
  )
}

function checkMix({ messages, terminals }: Scenario, dialect: Dialect): readonly Problem[] {
  const known = [...Object.keys(messages), ...Object.keys(dialect.messages)]
  return Object.keys(terminals.mix)
    .filter((name) => !known.includes(name))
    .map((name) => ({
      path: ['terminals', 'mix', name],
      text: `neither dialect ${dialect.name} nor messages: has a message '${name}'${near(name, known)}`,
      atKey: true,
    }))
}

function checkThreshold(expression: string, index: number, { terminals }: Scenario): readonly Problem[] {
  const path = ['thresholds', index]
  try {
    const { of } = parseThreshold(expression)
    const types = Object.keys(terminals.mix)
    if (of?.kind !== 'type' || types.includes(of.name)) return []
    return [{ path, text: `'${expression}': the mix has no type '${of.name}'${near(of.name, types)}` }]
  } catch (error) {
    if (error instanceof UsageError) return [{ path, text: error.message.replace(/^threshold /, '') }]
    throw error
  }
}

function checkWarmup({ warmup, load }: Scenario): readonly Problem[] {
  const total = loadDuration(load)
  if (warmup === 0 || warmup < total) return []
  return [{ path: ['warmup'], text: `as long as the whole load (${total / 1000}s): nothing would be measured` }]
}

/** Milliseconds from the first arrival to the end of the last phase; a phase `during` another starts with it. */
export function loadDuration(load: readonly PhaseOptions[]): number {
  let start = 0
  let end = 0
  for (const phase of load) {
    if (phase.during !== true) start = end
    end = Math.max(end, start + phaseDuration(phase))
  }
  return end
}

function phaseDuration(phase: PhaseOptions): number {
  if ('ramp' in phase) return phase.ramp.over
  return 'hold' in phase ? phase.hold.for : phase.concurrency.for
}

const unknown = (what: string, name: string, known: readonly string[]) =>
  `unknown ${what} '${name}'${near(name, known)}`

const near = (name: string, known: readonly string[]) => suggestion(name, known) || `; known are ${known.join(', ')}`
