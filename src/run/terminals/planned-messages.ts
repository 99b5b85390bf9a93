// The messages that the terminals of a run send, with the keys that protect them.

import { UsageError } from '../../base/errors.js'
import type { Random } from '../../base/random.js'
import { suggestion } from '../../base/suggest.js'
import { createZone } from '../../base/zone.js'
import type { KeySet } from '../../crypto/keys/key-set.js'
import type { TerminalPart } from '../../scenario/parts.js'
import type { PlannedMistake } from '../../terminal/fleet/clerk.js'
import { isProtected, type LeftOut, leftOutOf } from '../../terminal/keys/protected-message.js'
import { createTerminalKeys, type TerminalKeys } from '../../terminal/keys/terminal-keys.js'
import { type Mistake, mistakesIn, withoutField } from '../../terminal/options/mistakes.js'
import { requireMacs, type WrongSetup } from '../../terminal/options/wrong-setup.js'
import { type MessagePlan, planMessage } from '../../terminal/requests/message-plan.js'
import type { Speaker } from '../dialect-speaker.js'

export interface PlannedMessages {
  readonly keys: TerminalKeys
  /** A message by its name, prepared, with another MTI where one is given; undefined when neither the scenario nor the dialect has it. */
  plan(name: string, mti?: string): MessagePlan | undefined
  /** Undefined where terminals do not sign on. */
  readonly signOn: MessagePlan | undefined
  /** Undefined where terminals do not sign off. */
  readonly signOff: MessagePlan | undefined
  /** Messages with their weights. */
  readonly mix: readonly (readonly [MessagePlan, number])[]
  /** The mistakes that a clerk can make, by message of the mix; empty in a scenario without `dataErrors`. */
  readonly mistakes: ReadonlyMap<MessagePlan, readonly PlannedMistake[]>
  /** Messages of the mix carry MACs or PIN blocks, or keys come with the sign-on. */
  readonly usesKeys: boolean
  /** The parts that messages of the mix go without, for want of a key. */
  readonly leftOut: readonly LeftOut[]
}

/** Throws UsageError for a mix or a message that does not fit. */
export function planMessages(options: {
  part: Pick<TerminalPart, 'options' | 'messages' | 'timeZone'>
  speaker: Speaker
  keys: KeySet
  random: Random
  /** Terminals that are set up wrongly. */
  wrong?: WrongSetup | undefined
}): PlannedMessages {
  const { codec, dialect } = options.speaker
  const { messages, options: terminals, timeZone } = options.part
  const zone = createZone(timeZone)
  // A scenario's own messages are laid over the dialect's when it is read; those of a recording come later.
  const definitions = { ...messages, ...dialect.messages }
  const signOnName = terminals.signOn ? dialect.rules.signOn : undefined
  const keys = createTerminalKeys({
    codec,
    keys: options.keys,
    signsOn: signOnName !== undefined,
    hasWrongKey: ({ number }) => options.wrong?.options.key !== undefined && options.wrong.has(number),
    random: options.random.fork('PIN'),
  })
  const plan = (name: string, mti?: string) => {
    const definition = definitions[name]
    return definition && planMessage(name, { ...definition, mti: mti ?? definition.mti }, codec, zone, keys)
  }
  const names = Object.keys(definitions)
  // A message of the scenario that is in no mix is looked at too: whoever puts it there must not find it wrong.
  const planned = planAll(
    [...Object.keys(terminals.mix), ...Object.keys(messages)],
    (name) => plan(name) ?? unknownMessage(name, names),
  )
  const mix = Object.entries(terminals.mix).map(([name, weight]) => [planned(name), weight] as const)
  requireMacs(
    terminals,
    mix.map(([each]) => each),
  )
  const planMistaken = (name: string, { field, entered }: Mistake, right: MessagePlan) => {
    const definition = definitions[name]
    return definition === undefined || entered !== undefined
      ? right
      : planMessage(name, withoutField(definition, field), codec, zone, keys)
  }
  const mistakesOf = (right: MessagePlan): readonly PlannedMistake[] =>
    mistakesIn(definitions[right.name] ?? nothingToEnter, terminals.dataErrors?.kinds ?? []).map((mistake) => ({
      ...mistake,
      plan: planMistaken(right.name, mistake, right),
    }))
  const mistakes = new Map(mix.map(([right]) => [right, mistakesOf(right)]))
  if (terminals.dataErrors !== undefined && [...mistakes.values()].every(({ length }) => length === 0)) {
    throw new UsageError('no message of the mix has a field in which a clerk can make this mistake', {
      where: 'terminals.dataErrors:',
    })
  }
  return {
    keys,
    plan,
    signOn: signOnName === undefined ? undefined : plan(signOnName),
    signOff: terminals.signOff ? (plan('signOff') ?? noSignOff(dialect.name)) : undefined,
    mix,
    mistakes,
    leftOut: [
      ...new Set(
        Object.keys(terminals.mix).flatMap((name) => (definitions[name] ? leftOutOf(definitions[name], keys) : [])),
      ),
    ],
    usesKeys:
      keys.fromSignOn ||
      Object.keys(terminals.mix).some((name) => definitions[name] && isProtected(definitions[name], keys)),
  }
}

/** Each by its name. Throws UsageError with a line for each that does not fit. */
function planAll(names: readonly string[], plan: (name: string) => MessagePlan): (name: string) => MessagePlan {
  const plans = new Map<string, MessagePlan>()
  const problems: string[] = []
  for (const name of new Set(names)) {
    try {
      plans.set(name, plan(name))
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      problems.push(error.message)
    }
  }
  if (problems.length > 0) throw new UsageError(problems.join('\n'))
  return (name) => plans.get(name) as MessagePlan
}

const nothingToEnter = { mti: '', fields: {} }

function noSignOff(dialect: string): never {
  throw new UsageError(`dialect ${dialect} has no sign-off: add a message signOff, or leave this out`, {
    where: 'terminals.signOff:',
  })
}

function unknownMessage(name: string, known: readonly string[]): never {
  throw new UsageError(`no message '${name}'${suggestion(name, known)}; known are ${known.join(', ')}`, {
    where: 'terminals.mix:',
  })
}
