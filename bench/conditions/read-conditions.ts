// The files of scenarios/conditions, and the remedies of all of them, each to be laid over each condition.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { UsageError } from '../../src/base/errors.js'
import { type LoadedScenario, loadScenario, scenarioFromData } from '../../src/scenario/reader.js'
import type { Scenario } from '../../src/scenario/schema.js'

type Data = Readonly<Record<string, unknown>>

export interface ConditionFile {
  /** The file's name: the cause id that it seeds, or a way of its own to bring one about. */
  readonly cause: string
  /** The cause id that a run has to name. */
  readonly names: string
  readonly scenario: Scenario
  readonly data: Data
}

export interface Remedy {
  readonly name: string
  /** Whose remedy it is. */
  readonly cause: string
  readonly overlay: Data
}

/** In the order in which the causes are listed everywhere. Throws UsageError for a file that is wrong. */
const order = [
  ...[
    'host-slow',
    'ledger-disk',
    'host-down',
    'issuer',
    'hsm',
    'connections',
    'lost',
    'network-slow',
    'network-unstable',
  ],
  ...['data-error', 'surge'],
  ...['merchant-balance', 'parameters', 'payout-hold', 'terminal-setup', 'generator'],
]

/** Terminals see a host whose ledger is slow as a host that is slow. */
const namedAs: Readonly<Record<string, string>> = { 'ledger-disk': 'host-slow' }

export function readConditions(folder: string): readonly ConditionFile[] {
  const causes = readdirSync(folder).flatMap((file) => (file.endsWith('.yaml') ? [file.slice(0, -5)] : []))
  const place = (cause: string) => (order.includes(cause) ? order.indexOf(cause) : order.length)
  return causes
    .sort((a, b) => place(a) - place(b))
    .map((cause) => {
      const text = readFileSync(join(folder, `${cause}.yaml`), 'utf8')
      const { scenario } = loadScenario(text, `${cause}.yaml`)
      return { cause, names: namedAs[cause] ?? cause, scenario, data: parse(text) as Data }
    })
}

/** Names are unique over all files, so that `alsoHelps` can name them. Throws UsageError where they are not. */
export function remediesOf(conditions: readonly ConditionFile[]): readonly Remedy[] {
  const all = conditions.flatMap(({ cause, data }) =>
    Object.entries((data.remedies ?? {}) as Record<string, Data>).map(([name, overlay]) => ({ name, cause, overlay })),
  )
  const names = all.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new UsageError(`two conditions have a remedy '${twice}': give one another name`)
  return all
}

/** The sections that make the condition what it is: with another load, or other faults, it would be another condition. */
const seeds = ['load', 'faults']

/**
 * The condition with the remedy laid over it; undefined: the remedy does not fit. A condition's own remedies fit, those of
 * others where the result is a scenario and the condition stays what it is.
 */
export function withRemedy({ cause, data }: ConditionFile, remedy: Remedy): LoadedScenario | undefined {
  if (remedy.cause !== cause && seeds.some((key) => Object.hasOwn(remedy.overlay, key))) return undefined
  try {
    const alone = { ...data, remedies: { [remedy.name]: remedy.overlay } }
    return scenarioFromData(alone, { with: [remedy.name] })
  } catch (error) {
    if (error instanceof UsageError && remedy.cause !== cause) return undefined
    throw error
  }
}

/** The condition as it is. */
export function without({ data }: ConditionFile): LoadedScenario {
  return scenarioFromData(data)
}
