// The messages that the terminals of a run send, with the keys that protect them.

import { UsageError } from '../base/errors.js'
import type { Random } from '../base/random.js'
import { suggestion } from '../base/suggest.js'
import { createZone } from '../base/zone.js'
import type { KeySet } from '../crypto/key-set.js'
import type { Scenario } from '../scenario/schema.js'
import { createTerminalKeys, type TerminalKeys } from '../terminal/keys.js'
import { type MessagePlan, planMessage } from '../terminal/message-plan.js'
import { isProtected } from '../terminal/protected-message.js'
import type { Speaker } from './speaker.js'

export interface PlannedMessages {
  readonly keys: TerminalKeys
  /** A message by its name, prepared, with another MTI where one is given; undefined when neither the scenario nor the dialect has it. */
  plan(name: string, mti?: string): MessagePlan | undefined
  /** Undefined where terminals do not sign on. */
  readonly signOn: MessagePlan | undefined
  /** Messages with their weights. */
  readonly mix: readonly (readonly [MessagePlan, number])[]
  /** Messages of the mix carry MACs or PIN blocks, or keys come with the sign-on. */
  readonly usesKeys: boolean
}

/** Throws UsageError for a mix or a message that does not fit. */
export function planMessages(options: {
  scenario: Scenario
  speaker: Speaker
  keys: KeySet
  random: Random
}): PlannedMessages {
  const { codec, dialect } = options.speaker
  const { messages, terminals, timeZone } = options.scenario
  const zone = createZone(timeZone)
  // A scenario's own messages are laid over the dialect's when it is read; those of a recording come later.
  const definitions = { ...messages, ...dialect.messages }
  const signOnName = terminals.signOn ? dialect.rules.signOn : undefined
  const keys = createTerminalKeys({
    codec,
    keys: options.keys,
    signsOn: signOnName !== undefined,
    random: options.random.fork('PIN'),
  })
  const plan = (name: string, mti?: string) => {
    const definition = definitions[name]
    return definition && planMessage(name, { ...definition, mti: mti ?? definition.mti }, codec, zone, keys)
  }
  const names = Object.keys(definitions)
  return {
    keys,
    plan,
    signOn: signOnName === undefined ? undefined : plan(signOnName),
    mix: Object.entries(terminals.mix).map(([name, weight]) => [plan(name) ?? unknownMessage(name, names), weight]),
    usesKeys:
      keys.fromSignOn ||
      Object.keys(terminals.mix).some((name) => definitions[name] && isProtected(definitions[name], keys)),
  }
}

function unknownMessage(name: string, known: readonly string[]): never {
  throw new UsageError(`no message '${name}'${suggestion(name, known)}; known are ${known.join(', ')}`, {
    where: 'terminals.mix:',
  })
}
