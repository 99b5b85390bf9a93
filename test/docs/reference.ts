// The reference pages as the program itself would write them: commands from yargs, keys from the schema, lists from the catalogues.

import { builtInDialects } from '../../src/codec/dialects/index.js'
import { hostFaults, lineFaults, messageFaults } from '../../src/faults/catalogue.js'
import type { Fault } from '../../src/faults/fault.js'
import { networkProfiles } from '../../src/faults/profiles.js'
import { framings } from '../../src/framing/framings.js'
import { shippedScenarios } from '../../src/run/files/shipped-scenarios.js'
import { scenarioJsonSchema } from '../../src/scenario/json-schema.js'
import { isochron } from '../cli/fake-io.js'

const generated = (title: string, source: string) =>
  `# ${title}\n\nThis page is generated from ${source}; \`WRITE_DOCS=1 npx vitest run test/docs\` writes it anew.\n`

/** Each page by its name. */
export async function referencePages(): Promise<Readonly<Record<string, string>>> {
  return { 'commands.md': await commands(), 'scenario.md': scenario(), 'catalogues.md': catalogues() }
}

async function commands(): Promise<string> {
  const { stdout } = await isochron(['--help'])
  const names = [...stdout.matchAll(/^ {2}isochron (\w+)/gm)].map((match) => match[1] as string)
  const unique = [...new Set(names)].filter((name) => name !== 'COMMAND')
  const helps = await Promise.all(
    unique.map(async (name) => ({ name, help: (await isochron([name, '--help'])).stdout })),
  )
  const pages = helps.map(({ name, help }) => `## ${name}\n\n\`\`\`text\n${help.trim()}\n\`\`\`\n`)
  return [generated('Commands', 'the command line'), `\`\`\`text\n${stdout.trim()}\n\`\`\`\n`, ...pages].join('\n')
}

interface Schema {
  readonly description?: string
  readonly type?: string
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
}

/** Keys deeper than this are in `isochron schema`: rules of dialects have many. */
const deepest = 5
const elsewhere = ['dialectRules', 'messages']

function scenario(): string {
  const { properties = {} } = scenarioJsonSchema() as Schema
  const sections = Object.entries(properties).map(([key, schema]) => {
    const rows = rowsOf(schema, key, 1).map(
      ([path, words, value]) => `| \`${path}\` | ${cell(words)} | ${cell(value)} |`,
    )
    const about = schema.description ?? ''
    const table = rows.length === 0 ? '' : `\n\n| key | meaning | default |\n|---|---|---|\n${rows.join('\n')}`
    return `## ${key}\n\n${about}${schema.default === undefined ? '' : ` (default: ${code(schema.default)})`}${table}\n`
  })
  return [generated('Scenario keys', 'the JSON Schema that `isochron schema` prints'), ...sections].join('\n')
}

function rowsOf(schema: Schema, path: string, depth: number): string[][] {
  if (depth > deepest) return []
  const { properties = {}, items, anyOf = [], additionalProperties } = schema
  const own = Object.entries(properties).flatMap(([key, inner]) => [
    [`${path}.${key}`, inner.description ?? '', inner.default === undefined ? '' : code(inner.default)],
    // A dialect that is laid over has the keys of the same names above it.
    ...(path === 'dialect' && elsewhere.includes(key) ? [] : rowsOf(inner, `${path}.${key}`, depth + 1)),
  ])
  const listed = items === undefined ? [] : rowsOf(items, `${path}[]`, depth + 1)
  const named = typeof additionalProperties === 'object' ? rowsOf(additionalProperties, `${path}.NAME`, depth + 1) : []
  const seen = new Set<string>()
  return [...own, ...listed, ...named, ...anyOf.flatMap((each) => rowsOf(each, path, depth))].filter(([at = '']) => {
    const isNew = !seen.has(at)
    seen.add(at)
    return isNew
  })
}

const code = (value: unknown) => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``
const cell = (text = '') => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

function catalogues(): string {
  const table = (head: string, rows: readonly (readonly string[])[]) =>
    `| ${head} |\n|${head.replace(/[^|]+/g, '---')}|\n${rows.map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n')}\n`
  const faults = (all: readonly Fault[]) =>
    table(
      'fault | attributes | what it does',
      all.map(({ type, attributes, about }) => [
        `\`${type}\``,
        Object.keys(attributes.shape)
          .map((key) => `\`${key}\``)
          .join(' '),
        about,
      ]),
    )
  return [
    generated('Faults, networks, dialects, framings, scenarios', 'the catalogues of the program'),
    `## Faults of the line\n\n${faults(lineFaults)}`,
    `## Faults of messages\n\n${faults(messageFaults)}`,
    `## Faults of the host\n\n${faults(hostFaults)}`,
    `## Networks\n\n${Object.keys(networkProfiles)
      .map((name) => `\`${name}\``)
      .join(' ')}\n`,
    `## Dialects\n\n${table(
      'dialect | framing | fields',
      builtInDialects.map(({ name, framing, fields }) => [
        `\`${name}\``,
        `\`${framing}\``,
        String(Object.keys(fields).length),
      ]),
    )}`,
    `## Framings\n\n${table(
      'framing | what it is',
      framings.map(({ name, about }) => [`\`${name}\``, about]),
    )}`,
    `## Scenarios\n\n${table(
      'name | what it shows',
      shippedScenarios().map(({ name, about }) => [`\`${name}\``, about]),
    )}`,
  ].join('\n')
}
