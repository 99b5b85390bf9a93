// Reads a scenario: YAML, `--set`, schema, and what must fit together. Every problem found is told, each with its place.

import { dirname } from 'node:path'
import { z } from 'zod'
import { type AcquirerOptions, acquirerSchema } from '../acquirer/options.js'
import { UsageError } from '../base/errors.js'
import { suggestion } from '../base/suggest.js'
import { printable } from '../base/text/shown-text.js'
import type { Dialect } from '../codec/dialect.js'
import { builtInDialect } from '../codec/dialects/index.js'
import { faultsSchema } from '../faults/options.js'
import { crossCheck } from './checks.js'
import { spreadAcquirer } from './common-acquirer.js'
import { checkHosts } from './host-checks.js'
import { besideFile } from './named-files.js'
import { refusedKeys } from './not-yet.js'
import { type Assignment, assign, formatPath, parseAssignment, parsePath } from './overlay.js'
import { printScenario } from './print.js'
import { type Problem, problemsOf } from './problems.js'
import { inRemedy, refuseUnknownRemedies, withRemedies } from './remedies.js'
import { type Scenario, type ScenarioFile, scenarioSchema } from './schema.js'
import { type ReadNamedDialect, spokenDialect } from './spoken-dialect.js'
import { readYaml, type YamlPath, type YamlSource } from './yaml-source.js'

export interface ReadOptions {
  /** `PATH=VALUE` texts of `--set`, laid over the file in this order. */
  readonly set?: readonly string[]
  /** Values that flags of their own put in place, after `set`. */
  readonly flags?: readonly Assignment[]
  /** Names of `remedies:` to lay over all that, in this order. */
  readonly with?: readonly string[]
  /** Reads a dialect by its name, or from a file in `folder`; left out: only the built-in ones. */
  readonly dialectNamed?: ReadNamedDialect
}

export interface LoadedScenario {
  readonly scenario: Scenario
  /** YAML of the scenario as it is to be run: the file itself, or the data after `--set` and remedies. */
  readonly source: string
  /** Names of the remedies that lie over it. */
  readonly remedies: readonly string[]
  /** A line about the scenario, such as `terminals.mix: …`, with its place in the file; other lines as they are. */
  placed(line: string): string
}

/** Problems told at once: a file that is wrong from end to end shall not scroll the first ones away. */
const maxProblems = 20

/** The scenario in `text`; `file` is its name in errors. Throws UsageError with one line per problem. */
export function parseScenario(text: string, file: string, options: ReadOptions = {}): Scenario {
  return loadScenario(text, file, options).scenario
}

/** As readScenario, together with the YAML that was in force. */
export function loadScenario(text: string, file: string, options: ReadOptions = {}): LoadedScenario {
  const { set = [], flags = [] } = options
  const yaml = readYaml(text, file)
  const assignments = [...set.map(parseAssignment), ...flags]
  const data = assignments.reduce<unknown>(assign, yaml.data)
  const place = placer(yaml, assignments, file)
  const loaded = load(data, place, { ...options, folder: dirname(file) })
  const isAsInFile = assignments.length === 0 && loaded.remedies.length === 0
  const placed = (line: string) => placedLine(line, place)
  return { ...loaded, placed, scenario: besideFile(loaded.scenario, file), ...(isAsInFile && { source: text }) }
}

/** A scenario that no file holds, from the data that a file would hold. Throws UsageError with one line per problem. */
export function scenarioFromData(
  data: unknown,
  options: Pick<ReadOptions, 'dialectNamed' | 'with'> = {},
): LoadedScenario {
  return load(data, placeOfData, { ...options, folder: '' })
}

/** The scenario in `data` with the remedies of `with`. Every other remedy is checked too: a file is right or it is not. */
function load(data: unknown, place: Placer, { with: names = [], ...options }: BuildOptions): LoadedScenario {
  const base = build(data, place, options)
  for (const name of Object.keys(base.remedies)) buildWith(data, [name], place, options)
  refuseUnknownRemedies(base, names)
  const chosen = names.length === 0 ? base : buildWith(data, names, place, options)
  return {
    scenario: chosen,
    source: printScenario(withRemedies(data, names)),
    remedies: names,
    placed: (line) => line,
  }
}

/** A problem that appears only with a remedy in place is the remedy's. */
function buildWith(data: unknown, names: readonly string[], place: Placer, options: BuildOptions): Scenario {
  return build(withRemedies(data, names), (problem) => place(inRemedy(data, names, problem)), options)
}

interface BuildOptions extends Pick<ReadOptions, 'dialectNamed' | 'with'> {
  /** The folder where the names of files in the scenario begin. */
  readonly folder: string
}

function build(data: unknown, place: Placer, { dialectNamed = builtInDialect, folder }: BuildOptions): Scenario {
  const checked = check(spreadAcquirer(data), scenarioSchema, place, [])
  const { dialectRules: _declared, ...scenario } = checked
  const spoken = spokenDialect(checked, (name): Dialect => dialectNamed(name, folder))
  const [first] = Object.values(scenario.acquirers ?? {})
  const acquirer = scenario.acquirer ?? first ?? acquirerSchema.parse({})
  const complete = {
    ...scenario,
    acquirer,
    drain: scenario.drain ?? usualDrain(scenario),
    drainOwed: drainOwed(scenario),
  }
  refuse([...spoken.problems, ...checkHosts(checked), ...crossCheck(complete, spoken.dialect)], place)
  return { ...complete, dialect: spoken.dialect as Dialect }
}

/** The time by which every transaction has its outcome: the timeout, and once more for each further try of a clerk. */
function usualDrain({ terminals: { timeout, dataErrors } }: Pick<ScenarioFile, 'terminals'>): number {
  return dataErrors === undefined ? timeout : timeout + dataErrors.retries * (dataErrors.think + timeout)
}

/** Long enough to send twice what is owed when the last transaction has timed out, unless the file says when to end. */
function drainOwed({ drain, terminals }: Pick<ScenarioFile, 'drain' | 'terminals'>): number {
  const { timeout, reversal } = terminals
  return drain !== undefined || reversal === false ? 0 : 2 * timeout + reversal.interval
}

/** The `acquirer:` section alone, of a scenario file whose other keys are not looked at. Throws UsageError. */
export function readAcquirerSection(text: string, file: string): AcquirerOptions {
  const yaml = readYaml(text, file)
  refuseMisspelt(yaml)
  const data = isMap(yaml.data) ? (yaml.data.acquirer ?? {}) : yaml.data
  if (isMap(yaml.data) && yaml.data.acquirers !== undefined)
    throw new UsageError(
      `${yaml.locate(['acquirers'], true)} acquirers: one process plays one acquirer: write acquirer: here`,
    )
  return check(data, acquirerSchema, placer(yaml, [], file), ['acquirer'])
}

/** The `acquirer:` section from data that a file would hold. Throws UsageError with one line per problem. */
export function acquirerFromData(data: unknown): AcquirerOptions {
  return check(data, acquirerSchema, placeOfData, ['acquirer'])
}

/** The `faults:` section from data that a file would hold. Throws UsageError with one line per problem. */
export function faultsFromData(data: unknown): z.output<typeof faultsSchema> {
  return check({ faults: data }, z.strictObject({ faults: faultsSchema }), placeOfData, []).faults
}

/** The `faults:` section alone, of a scenario file whose other keys are not looked at. Throws UsageError. */
export function readFaultsSection(text: string, file: string): z.output<typeof faultsSchema> {
  const yaml = readYaml(text, file)
  refuseMisspelt(yaml)
  const data = isMap(yaml.data) ? { faults: yaml.data.faults ?? [] } : yaml.data
  return check(data, z.strictObject({ faults: faultsSchema }), placer(yaml, [], file), []).faults
}

/** Data of a program, held against `schema`; `place` is the name of its root. Throws UsageError with one line per problem. */
export function refuseData(data: unknown, schema: z.ZodType, place: string): void {
  const checked = schema.safeParse(data)
  if (checked.success) return
  refuse(problemsOf({ schema, data }, checked.error.issues), (problem) =>
    placeOfData({ ...problem, path: [place, ...problem.path] }),
  )
}

const sections = Object.keys(scenarioSchema.shape)

/** Sections that are not looked at may stand there, but a section that there is none of was meant to be one. */
function refuseMisspelt({ data, locate }: YamlSource): void {
  if (!isMap(data)) return
  const lines = Object.keys(data).flatMap((key) =>
    sections.includes(key)
      ? []
      : [
          `${locate([key], true)} ${printable(key)}: unknown section${suggestion(key, sections)}; known are ${sections.join(', ')}`,
        ],
  )
  if (lines.length > 0) throw new UsageError(lines.join('\n'))
}

type Placer = (problem: Problem) => string

const placeOfData: Placer = ({ path, text }) => `${formatPath(path)}: ${text}`

function check<Schema extends z.ZodType>(
  data: unknown,
  schema: Schema,
  place: Placer,
  base: YamlPath,
): z.output<Schema> {
  if (!isMap(data)) throw new UsageError(place({ path: base, text: 'expected a map of keys such as name: and load:' }))
  const refused = refusedKeys(base.length === 0 ? data : { acquirer: data })
  const checked = schema.safeParse(data)
  const found = checked.success ? [] : problemsOf({ schema, data }, checked.error.issues)
  const placed = found.map((problem) => ({ ...problem, path: [...base, ...problem.path] }))
  refuse([...refused, ...placed.filter((problem) => !isExplained(problem, refused))], place)
  return checked.data as z.output<Schema>
}

/**
 * The schema stumbles over what has been refused by name already: at that key, below it, in the map around it, and, where
 * that map is one of several kinds (a phase of the load), over the keys beside it.
 */
function isExplained({ path }: Problem, refused: readonly Problem[]): boolean {
  return refused.some(({ path: at }) => {
    const around = at.slice(0, -1)
    const isOneOfSeveral = typeof around.at(-1) === 'number'
    return (
      startsWith(path, at) ||
      (around.length > 0 && startsWith(path, around) && (isOneOfSeveral || path.length === around.length))
    )
  })
}

const startsWith = (path: YamlPath, start: YamlPath) => start.every((step, index) => step === path[index])

function refuse(problems: readonly Problem[], place: Placer): void {
  if (problems.length === 0) return
  const lines = problems.slice(0, maxProblems).map(place)
  if (problems.length > maxProblems) lines.push(`and ${problems.length - maxProblems} more`)
  throw new UsageError(lines.join('\n'))
}

/** Where a problem is: in the file, or in the `--set` that put the value there. */
function placer(yaml: YamlSource, assignments: readonly Assignment[], file: string): Placer {
  return ({ path, text, atKey }) => {
    const culprit = assignments.findLast(({ path: set }) => startsWith(path, set))
    const shown = formatPath(path) === '' ? text : `${formatPath(path)}: ${text}`
    return culprit === undefined ? `${yaml.locate(path, atKey)} ${shown}` : `${file} ${culprit.flag}: ${shown}`
  }
}

/** Whoever puts a run together knows sections and keys, and no file. */
function placedLine(line: string, place: Placer): string {
  const [, shown = '', text = ''] = /^(\S+): (.*)$/s.exec(line) ?? []
  const path = parsePath(shown)
  if (path === undefined || !sections.includes(String(path[0]))) return line
  const [, field, rest] = (path[0] === 'messages' && /^field (\d+): (.*)$/s.exec(text)) || []
  return field === undefined ? place({ path, text }) : place({ path: [...path, 'fields', field], text: rest ?? '' })
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
