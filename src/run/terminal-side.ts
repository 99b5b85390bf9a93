// The terminal side of a run, put together: terminals, connections, messages, and the recorder that hears of everything.

import { UsageError } from '../base/errors.js'
import type { Random } from '../base/random.js'
import { suggestion } from '../base/suggest.js'
import type { Dialect } from '../codec/dialect.js'
import type { KeySet } from '../crypto/key-set.js'
import type { Recorder } from '../measure/recorder.js'
import type { Scenario } from '../scenario/schema.js'
import { createAmounts } from '../terminal/amounts.js'
import { testCards } from '../terminal/cards.js'
import { type Connections, createConnections } from '../terminal/connections.js'
import { maskedMessage, maskedRequest } from '../terminal/evidence.js'
import { createFleet, type Fleet, type FleetEvents } from '../terminal/fleet.js'
import type { TerminalKeys } from '../terminal/keys.js'
import type { MessagePlan } from '../terminal/message-plan.js'
import { createRequestMaker, type RequestMaker } from '../terminal/request-maker.js'
import { createSignOnAgain } from '../terminal/sign-on-again.js'
import { createSignOn, type SignOn } from '../terminal/start-up.js'
import { adoptBatch, createTerminals, type Terminal } from '../terminal/terminal.js'
import { createTerminalPool } from '../terminal/terminal-pool.js'
import { formatAddress } from '../transport/address.js'
import type { Client } from '../transport/client-options.js'
import type { Address } from '../transport/link.js'
import { createMatchKey } from '../transport/match-key.js'
import { createDialer } from './dialer.js'
import { createMoneySide, type JournalChoice, type MoneySide } from './money-side.js'
import { planMessages } from './planned-messages.js'
import { readCards } from './read-cards.js'
import { isRecorded } from './read-recording.js'
import type { Speaker } from './speaker.js'
import type { World } from './world.js'

export interface TerminalSide {
  readonly terminals: readonly Terminal[]
  readonly connections: Connections
  readonly fleet: Fleet
  readonly makeRequest: RequestMaker
  /** A message by its name, prepared; undefined when neither the scenario nor the dialect has it. */
  plan(name: string): MessagePlan | undefined
  readonly money: MoneySide
  /** Undefined where terminals do not sign on. */
  readonly signOn: SignOn | undefined
  /** Messages of this run carry MACs or PIN blocks, or keys come with the sign-on. */
  readonly usesKeys: boolean
  /** Connects for the first time; resolves to what went wrong, or to undefined. */
  open(client: Client): Promise<string | undefined>
}

/** Test cards in a run whose scenario names no file: enough that few terminals share one, few enough to keep. */
const testCardCount = 1000

export interface TerminalSideOptions extends JournalChoice {
  readonly scenario: Scenario
  readonly world: World
  readonly speaker: Speaker
  readonly keys: KeySet
  readonly target: Address
  readonly random: Random
  /** Undefined until the load begins. */
  readonly recorder: () => Recorder | undefined
  readonly onConnectTime: (ms: number) => void
}

/** Throws UsageError for a mix, a message, a merchant or cards that do not fit. */
export function createTerminalSide({
  scenario,
  world,
  speaker,
  keys: keySet,
  target,
  random,
  recorder,
  onConnectTime,
  ...choice
}: TerminalSideOptions): TerminalSide {
  const { dialect, wire } = speaker
  const options = scenario.terminals
  const { clock } = world
  const terminals = createTerminals(options)
  const matchKey = createMatchKey(dialect.rules.matchBy)
  const messages = planMessages({ scenario, speaker, keys: keySet, random })
  const { keys } = messages

  const dialer = createDialer({
    ...{ world, options, target, wire, matchKey, random, recorder, onConnectTime },
    onUp: (client) => money.owed.wake(client),
    onHostRequest: (received, reply) => money.onHostRequest?.(received, reply) ?? false,
  })
  const connections = createConnections({ kind: options.connections, terminals, dial: dialer.dial })
  const makeRequest = createRequestMaker({
    rules: dialect.rules,
    matchKey,
    cards: options.cards === undefined ? testCards(testCardCount, random.fork('cards')) : readCards(options.cards),
    amounts: createAmounts(options.amounts, dialect.rules.currency, random.fork('amounts')),
    clock,
    random: random.fork('card of a request'),
    keys,
  })
  const load = loadSignOn(dialect, keys)
  const signing = { connections, rules: dialect.rules, makeRequest, keys: { load }, clock, timeoutMs: options.timeout }
  const signOn = messages.signOn && createSignOn({ ...signing, plan: messages.signOn })
  const signOnAgain = signOn && createSignOnAgain({ wants: keys.wantsSignOn, signOn, atOnce: options.startUp })
  const parts = { terminals, connections, makeRequest, messages, signOnAgain }
  const money = createMoneySide({ scenario, world, speaker, ...parts, choice })
  const fleet = createFleet({
    pool: createTerminalPool({
      terminals,
      oneAtATime: options.oneAtATime,
      merchants: namedMerchants(scenario, terminals),
      clock,
    }),
    connections,
    rules: dialect.rules,
    mix: messages.mix,
    named: recordedPlans(scenario, messages.plan),
    money: money.desk,
    makeRequest,
    target: formatAddress(target),
    timeoutMs: options.timeout,
    clock,
    random: random.fork('mix'),
    events: recordInto(recorder, speaker),
    ...(signOnAgain === undefined ? {} : { signOnAgain }),
  })
  return {
    terminals,
    connections,
    fleet,
    makeRequest,
    plan: messages.plan,
    money,
    signOn,
    usesKeys: messages.usesKeys,
    open: dialer.open,
  }
}

/** What a terminal takes from the answer to its sign-on: keys, and the batch that the host opens. */
function loadSignOn({ rules }: Dialect, keys: TerminalKeys): TerminalKeys['load'] {
  const from = rules.batchFromSignOn
  return (terminal, answer) => {
    const batch = from && answer?.text(from.field)?.slice(from.from ?? 0, from.to)
    if (batch !== undefined) adoptBatch(terminal, batch)
    return keys.load(terminal, answer)
  }
}

/** Recorded messages are prepared before the load begins: in it they would delay it. */
function recordedPlans({ messages }: Scenario, plan: (name: string) => MessagePlan | undefined) {
  const plans = new Map(
    Object.keys(messages)
      .filter(isRecorded)
      .map((name) => [name, plan(name)]),
  )
  return (name: string) => plans.get(name)
}

function recordInto(recorder: () => Recorder | undefined, { codec }: Speaker): FleetEvents {
  return {
    onSample: (sample, transaction, answer) => {
      recorder()?.record(sample, () => ({
        request: transaction === undefined ? null : maskedRequest(codec, transaction.options.request),
        answer: answer === undefined ? null : maskedMessage(codec, answer),
      }))
    },
    onBusy: (intendedAt) => recorder()?.busy(intendedAt),
    onSubstituted: (intendedAt) => recorder()?.substituted(intendedAt),
  }
}

/** Merchants that a phase names must have terminals, or its arrivals would wait for ever. */
function namedMerchants(scenario: Scenario, terminals: readonly Terminal[]): ReadonlySet<string> {
  const known = new Set(terminals.map(({ merchant }) => merchant))
  const named = new Set(scenario.load.flatMap(({ merchant }) => merchant ?? []))
  for (const merchant of named) {
    if (known.has(merchant)) continue
    throw new UsageError(`no terminal belongs to merchant '${merchant}'${suggestion(merchant, [...known])}`, {
      where: 'load[].merchant:',
    })
  }
  return named
}
