// The dialect of a scenario: read by its name, with the scenario's own rules and messages laid over it.

import { UsageError } from '../base/errors.js'
import { suggestion } from '../base/suggest.js'
import type { Dialect, MessageDefinition } from '../codec/dialect.js'
import { builtInDialects } from '../codec/dialects/index.js'
import { applyDeclared, repeatedAs } from '../codec/importers/isochron/declared-rules.js'
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
  { dialect: name, dialectRules, messages }: ScenarioFile,
  read: (name: string) => Dialect,
): SpokenDialect {
  try {
    const base = read(name)
    const declared = { dialectRules, messages: { ...base.messages, ...withMoney(base, messages) } }
    return { dialect: applyDeclared(base, declared, refuseAt), problems: [] }
  } catch (error) {
    if (error instanceof Misdeclared) return { dialect: undefined, problems: [error.problem] }
    if (!(error instanceof UsageError)) throw error
    return { dialect: undefined, problems: [{ path: ['dialect'], text: problemText(name, error.message) }] }
  }
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
