// The checks that no schema can make: names and lengths that must fit each other across the sections of a scenario.

import { UsageError } from '../base/errors.js'
import { suggestion } from '../base/suggest.js'
import type { Dialect } from '../codec/dialect.js'
import { builtInDialects } from '../codec/dialects/index.js'
import { findProfile } from '../faults/options.js'
import { framings } from '../framing/framings.js'
import type { PhaseOptions } from '../load/options.js'
import { parseThreshold } from '../measure/threshold.js'
import { type ThresholdRule, whyNotUnderWay } from '../measure/threshold-rule.js'
import type { Problem } from './problems.js'
import type { Scenario } from './schema.js'

/** A scenario whose dialect may be missing: then a problem says so elsewhere. */
type Checked = Omit<Scenario, 'dialect'>

/** Everything in a well-formed scenario that does not fit together. */
export function crossCheck(scenario: Checked, dialect: Dialect | undefined): readonly Problem[] {
  return [
    ...checkFraming(scenario),
    ...(dialect === undefined ? [] : [...checkMessages(scenario, dialect), ...checkMix(scenario, dialect)]),
    ...scenario.thresholds.flatMap((rule, index) => checkThreshold(rule, index, scenario)),
    ...checkWarmup(scenario),
    ...checkNetwork(scenario),
    ...checkFaults(scenario),
    ...checkWrongSetup(scenario),
  ]
}

function checkFraming({ framing }: Checked): readonly Problem[] {
  const known = framings.map((each) => each.name)
  if (framing === undefined || known.includes(framing)) return []
  return [{ path: ['framing'], text: `unknown framing '${framing}'${near(framing, known)}` }]
}

function checkMessages({ messages }: Checked, dialect: Dialect): readonly Problem[] {
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

function checkMix({ terminals }: Checked, dialect: Dialect): readonly Problem[] {
  const known = Object.keys(dialect.messages)
  return Object.keys(terminals.mix)
    .filter((name) => !known.includes(name))
    .map((name) => ({
      path: ['terminals', 'mix', name],
      text: `neither dialect ${dialect.name} nor messages: has a message '${name}'${near(name, known)}`,
      atKey: true,
    }))
}

function checkThreshold(rule: ThresholdRule, index: number, { terminals, load, warmup }: Checked): readonly Problem[] {
  const path = ['thresholds', index]
  const { threshold: expression, abortOnFail, delayAbortEval } = rule
  try {
    const threshold = parseThreshold(expression)
    const { of } = threshold
    const types = Object.keys(terminals.mix)
    if (of?.kind === 'type' && !types.includes(of.name))
      return [{ path, text: `'${expression}': the mix has no type '${of.name}'${near(of.name, types)}` }]
    if (!abortOnFail)
      return delayAbortEval === 0
        ? []
        : [{ path: [...path, 'delayAbortEval'], text: 'says when abortOnFail: true may end the run; add that' }]
    const why = whyNotUnderWay(threshold)
    if (why !== undefined) return [{ path: [...path, 'abortOnFail'], text: `'${expression}': ${why}` }]
    const isNeverJudged = warmup + delayAbortEval >= loadDuration(load)
    return isNeverJudged
      ? [{ path: [...path, 'delayAbortEval'], text: 'as long as the whole load: the threshold would end nothing' }]
      : []
  } catch (error) {
    if (error instanceof UsageError) return [{ path, text: error.message.replace(/^threshold /, '') }]
    throw error
  }
}

function checkWarmup({ warmup, load }: Checked): readonly Problem[] {
  const total = loadDuration(load)
  if (warmup === 0 || warmup < total) return []
  return [{ path: ['warmup'], text: `as long as the whole load (${total / 1000}s): nothing would be measured` }]
}

function checkNetwork({ terminals: { network }, profiles }: Checked): readonly Problem[] {
  const found = network === undefined ? undefined : findProfile(network, profiles)
  return found !== undefined && 'problem' in found ? [{ path: ['terminals', 'network'], text: found.problem }] : []
}

/** The faults of a host elsewhere are its own. */
function checkFaults({ faults, terminals: { target } }: Checked): readonly Problem[] {
  if (target === undefined) return []
  return faults.flatMap(({ on, name }, index) =>
    on === 'acquirer'
      ? [{ path: ['faults', index], text: `'${name}' is on the acquirer, but terminals.target is a host elsewhere` }]
      : [],
  )
}

function checkWrongSetup({ terminals: { wrongSetup, connections, target }, acquirer }: Checked): readonly Problem[] {
  const { framing, dialect, id } = wrongSetup ?? {}
  const framingsKnown = framings.map((each) => each.name)
  const dialectsKnown = builtInDialects.map((each) => each.name)
  const at = (key: string, text: string): Problem => ({ path: ['terminals', 'wrongSetup', key], text })
  const own = framing === undefined ? 'dialect' : 'framing'
  return [
    ...(framing === undefined || framingsKnown.includes(framing)
      ? []
      : [at('framing', `unknown framing '${framing}'${near(framing, framingsKnown)}`)]),
    ...(dialect === undefined || dialectsKnown.includes(dialect)
      ? []
      : [at('dialect', `no built-in dialect '${dialect}'${near(dialect, dialectsKnown)}`)]),
    ...((framing ?? dialect) !== undefined && typeof connections === 'object'
      ? [at(own, 'a shared connection has one wire for all: use connections perTerminal or perTransaction')]
      : []),
    ...(id !== undefined && target === undefined && acquirer.terminals === undefined
      ? [at('id', 'the embedded acquirer knows every terminal: say which it knows with acquirer.terminals')]
      : []),
  ]
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
  // How long a recording is, only its file says.
  if ('replay' in phase) return Number.POSITIVE_INFINITY
  return 'hold' in phase ? phase.hold.for : phase.concurrency.for
}

const near = (name: string, known: readonly string[]) => suggestion(name, known) || `; known are ${known.join(', ')}`
