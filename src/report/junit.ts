// junit.xml: a run as a test suite, in the shape that Jenkins, GitLab and GitHub's reporters all accept.

import type { Result } from '../measure/result.js'
import { judgeRun } from '../measure/verdict.js'
import { abortedText, missedBy } from './rows/verdict.js'

/** A case of a suite; without `problem` it passed. */
export interface JunitCase {
  readonly name: string
  /** `failure`: what is tested is not as it should be. `error`: the test itself failed. `skipped`: it could not be made. */
  readonly problem?: { readonly kind: 'failure' | 'error' | 'skipped'; readonly type: string; readonly message: string }
}

export interface JunitSuite {
  readonly name: string
  /** ISO 8601. */
  readonly startedAt: string
  readonly seconds: number
  readonly hostname: string
  readonly properties: Readonly<Record<string, string>>
  readonly cases: readonly JunitCase[]
}

/** One case a threshold, and what every run has to be: its books agree, its generator kept up, it is whole. */
export function printJunit(result: Result): string {
  const { scenario, startedAt, endedAt, tool } = result
  return printSuite({
    name: scenario.name,
    startedAt,
    seconds: Math.max(0, (Date.parse(endedAt) - Date.parse(startedAt)) / 1000),
    hostname: 'localhost',
    properties: {
      tool: `${tool.name} ${tool.version}`,
      seed: String(scenario.seed),
      clock: scenario.clock,
      scenarioSha256: scenario.sha256,
    },
    cases: [...result.thresholds.map(thresholdCase), booksCase(result), generatorCase(result), wholeCase(result)],
  })
}

function thresholdCase(row: Result['thresholds'][number]): JunitCase {
  const { expression: name, met } = row
  return met ? { name } : { name, problem: { kind: 'failure', type: 'threshold', message: missedBy(row) } }
}

function booksCase({ books }: Result): JunitCase {
  const name = 'books agree'
  if (books?.agree === true) return { name }
  if (books === null || books.agree === null) {
    const message = books?.because ?? 'nobody knows the books of the host'
    return { name, problem: { kind: 'skipped', type: 'unknown', message } }
  }
  const found = Object.entries(books.counts ?? {}).filter(([, count]) => count > 0)
  const message = `the books do not agree: ${found.map(([kind, count]) => `${kind} ${count}`).join(', ')}`
  return { name, problem: { kind: 'failure', type: 'books', message } }
}

function generatorCase({ generator }: Result): JunitCase {
  const name = 'generator kept up'
  if (generator === null)
    return { name, problem: { kind: 'skipped', type: 'virtual', message: 'in virtual time no machine is slow' } }
  if (!generator.saturated) return { name }
  const message = generator.saturatedBecause ?? 'this machine was the bottleneck'
  const kind = generator.saturationAllowed === true ? 'skipped' : 'error'
  return { name, problem: { kind, type: 'saturated', message: `the latencies are not to be trusted: ${message}` } }
}

function wholeCase(result: Result): JunitCase {
  const { interrupted, whole } = result
  const isAllowed = !judgeRun(result).failures.includes('notWhole')
  const name = 'run is whole'
  const message = interrupted
    ? 'interrupted: only what was measured until then'
    : whole === false
      ? 'a part of the run is missing'
      : abortedText(result) || undefined
  if (message === undefined) return { name }
  const kind = whole === false && isAllowed && !interrupted ? 'skipped' : 'error'
  return { name, problem: { kind, type: 'incomplete', message } }
}

/** The text of a report with one suite. */
export function printSuite({ name, startedAt, seconds, hostname, properties, cases }: JunitSuite): string {
  const time = seconds.toFixed(3)
  const count = (kind: string) => cases.filter(({ problem }) => problem?.kind === kind).length
  const counts = `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}"`
  const pairs = Object.entries(properties).map(
    ([key, value]) => `      <property name="${escapeXml(key)}" value="${escapeXml(value)}"/>`,
  )
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="isochron" ${counts} time="${time}">
  <testsuite name="${escapeXml(name)}" ${counts} skipped="${count('skipped')}" time="${time}" timestamp="${startedAt.slice(0, 19)}" hostname="${escapeXml(hostname)}">
    <properties>
${pairs.join('\n')}
    </properties>
${uniquelyNamed(cases)
  .map((each) => printCase(each, name))
  .join('\n')}
  </testsuite>
</testsuites>
`
}

/** GitLab counts only the first of equal names. */
function uniquelyNamed(cases: readonly JunitCase[]): readonly JunitCase[] {
  const seen = new Map<string, number>()
  return cases.map((each) => {
    const times = (seen.get(each.name) ?? 0) + 1
    seen.set(each.name, times)
    return times === 1 ? each : { ...each, name: `${each.name} (${times})` }
  })
}

/** The message stands in the body too: GitLab shows only that. */
function printCase({ name, problem }: JunitCase, suite: string): string {
  // Jenkins takes what stands before the last dot for a package.
  const start = `    <testcase classname="${escapeXml(suite.replaceAll('.', '_'))}" name="${escapeXml(name)}" time="0.000"`
  if (problem === undefined) return `${start}/>`
  const { kind, type, message } = problem
  return `${start}>
      <${kind} type="${escapeXml(type)}" message="${escapeXml(message)}">${escapeXml(message)}</${kind}>
    </testcase>`
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** Text for XML 1.0; a character that no such document may hold (section 2.2) becomes U+FFFD. */
function escapeXml(text: string): string {
  return text
    .replace(/(?![\t\n\r])[\p{Cc}\p{Cs}\ufffe\uffff]/gu, '\ufffd')
    .replace(/[&<>"'\n\r\t]/g, (character) => entities[character] ?? `&#${character.charCodeAt(0)};`)
}
