// The dialect of a scenario: read by its name, with the scenario's own rules and messages laid over it.

import type { z } from 'zod'
import { UsageError } from '../base/errors.js'
import { suggestion } from '../base/suggest.js'
import { compile } from '../codec/compile.js'
import type { Dialect, MessageDefinition } from '../codec/dialect.js'
import { builtInDialects } from '../codec/dialects/index.js'
import { applyDeclared, repeatedAs } from '../codec/importers/isochron/declared-rules.js'
import type { scenarioLayersSchema } from '../codec/importers/isochron/dialect-schema.js'
import { layDialect } from '../codec/importers/isochron/lay-dialect.js'
import { carriedAs } from '../codec/xml/as-xml.js'
import { framings } from '../framing/framings.js'
import type { Problem } from './problems.js'
import type { ScenarioFile } from './schema.js'

/** `folder` is where a relative name of a file begins. Throws UsageError. */
export type ReadNamedDialect = (name: string, folder: string) => Dialect

export interface SpokenDialect {
  /** Undefined where there is a problem. */
  readonly dialect: Dialect | undefined
  readonly problems: readonly Problem[]
}

export function spokenDialect(
  { dialect: given, dialectRules, messages, framing }: ScenarioFile,
  read: (name: string) => Dialect,
): SpokenDialect {
  const { base: name, ...layers } = typeof given === 'string' ? { base: given } : given
  try {
    const base = withLayers(read(name), layers)
    const declared = { dialectRules, messages: { ...base.messages, ...withMoney(base, messages) } }
    return { dialect: carried(applyDeclared(base, declared, refuseAt), framing), problems: [] }
  } catch (error) {
    if (error instanceof Misdeclared) return { dialect: undefined, problems: [error.problem] }
    if (!(error instanceof UsageError)) throw error
    return {
      dialect: undefined,
      problems: [
        { path: typeof given === 'string' ? ['dialect'] : ['dialect', 'base'], text: problemText(name, error.message) },
      ],
    }
  }
}

/** As the framing carries it; a framing that there is not is a problem of its own. */
function carried(dialect: Dialect, named: string | undefined): Dialect {
  const framing = framings.find(({ name }) => name === (named ?? dialect.framing))
  return framing === undefined ? dialect : carriedAs(dialect, framing.length.kind)
}

/** The layers of `dialect:` beside its base. */
function withLayers(
  base: Dialect,
  { messages = {}, ...layers }: Omit<z.output<typeof scenarioLayersSchema>, 'base'>,
): Dialect {
  const declared = { ...layers, messages: { ...base.messages, ...withMoney(base, messages) } }
  const laid = layDialect(base, declared, (path, problem) => refuseAt(['dialect', ...path], problem))
  compile(laid)
  return laid
}

/** A message in place of the dialect's does to money what that one does. */
function withMoney(base: Dialect, messages: ScenarioFile['messages']): Readonly<Record<string, MessageDefinition>> {
  const entries = Object.entries(messages).map(([name, message]): [string, MessageDefinition] => {
    const own = base.messages[name]
    if (own?.money === undefined) return [name, message]
    return [name, { ...message, money: message.mti === own.mti ? own.money : repeatedAs(message.mti, own.money) }]
  })
  return Object.fromEntries(entries)
}

/** Carries a problem with its path out of the laying over. */
class Misdeclared extends Error {
  readonly problem: Problem

  constructor(path: readonly string[], text: string) {
    super(text)
    this.problem = { path, text }
  }
}

function refuseAt(path: readonly string[], problem: string): never {
  throw new Misdeclared(path, problem)
}

/** A built-in name that was misspelt, with all of them; or what is wrong with the file. */
function problemText(name: string, message: string): string {
  if (!message.startsWith('unknown dialect')) return message
  const names = builtInDialects.map((each) => each.name)
  return `unknown dialect '${name}'${suggestion(name, names) || `; known are ${names.join(', ')}`}`
}
