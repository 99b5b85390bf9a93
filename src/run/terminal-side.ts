// The terminal side of a run, put together: terminals, connections, messages, and the recorder that hears of everything.

import { UsageError } from '../base/errors.js'
import type { Random } from '../base/random.js'
import { suggestion } from '../base/suggest.js'
import { createZone } from '../base/zone.js'
import type { Recorder } from '../measure/recorder.js'
import type { Scenario } from '../scenario/schema.js'
import { createAmounts } from '../terminal/amounts.js'
import { testCards } from '../terminal/cards.js'
import { type Connections, createConnections } from '../terminal/connections.js'
import { maskedMessage, maskedRequest } from '../terminal/evidence.js'
import { createFleet, type Fleet, type FleetEvents } from '../terminal/fleet.js'
import { type MessagePlan, planMessage } from '../terminal/message-plan.js'
import { createRequestMaker, type RequestMaker } from '../terminal/request-maker.js'
import { createTerminals, type Terminal } from '../terminal/terminal.js'
import { createTerminalPool } from '../terminal/terminal-pool.js'
import { formatAddress } from '../transport/address.js'
import type { Client } from '../transport/client-options.js'
import type { Address } from '../transport/link.js'
import { createMatchKey } from '../transport/match-key.js'
import { createDialer } from './dialer.js'
import { readCards } from './read-cards.js'
import type { Speaker } from './speaker.js'
import type { World } from './world.js'

export interface TerminalSide {
  readonly terminals: readonly Terminal[]
  readonly connections: Connections
  readonly fleet: Fleet
  readonly makeRequest: RequestMaker
  /** A message by its name, prepared; undefined when neither the scenario nor the dialect has it. */
  plan(name: string): MessagePlan | undefined
  /** Connects for the first time; resolves to what went wrong, or to undefined. */
  open(client: Client): Promise<string | undefined>
}

/** Test cards in a run whose scenario names no file: enough that few terminals share one, few enough to keep. */
const testCardCount = 1000

export interface TerminalSideOptions {
  readonly scenario: Scenario
  readonly world: World
  readonly speaker: Speaker
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
  target,
  random,
  recorder,
  onConnectTime,
}: TerminalSideOptions): TerminalSide {
  const { codec, dialect, wire } = speaker
  const options = scenario.terminals
  const { clock } = world
  const zone = createZone(scenario.timeZone)
  const terminals = createTerminals(options)
  const matchKey = createMatchKey(dialect.rules.matchBy)
  const definitions = { ...dialect.messages, ...scenario.messages }
  const plan = (name: string) => definitions[name] && planMessage(name, definitions[name], codec, zone)

  const dialer = createDialer({ world, options, target, wire, matchKey, random, recorder, onConnectTime })
  const connections = createConnections({ kind: options.connections, terminals, dial: dialer.dial })
  const makeRequest = createRequestMaker({
    rules: dialect.rules,
    matchKey,
    cards: options.cards === undefined ? testCards(testCardCount, random.fork('cards')) : readCards(options.cards),
    amounts: createAmounts(options.amounts, dialect.rules.currency, random.fork('amounts')),
    clock,
    random: random.fork('card of a request'),
  })
  const fleet = createFleet({
    pool: createTerminalPool({
      terminals,
      oneAtATime: options.oneAtATime,
      merchants: namedMerchants(scenario, terminals),
      clock,
    }),
    connections,
    rules: dialect.rules,
    mix: Object.entries(options.mix).map(([name, weight]) => [
      plan(name) ?? unknownMessage(name, Object.keys(definitions)),
      weight,
    ]),
    makeRequest,
    target: formatAddress(target),
    timeoutMs: options.timeout,
    clock,
    random: random.fork('mix'),
    events: recordInto(recorder, speaker),
  })
  return { terminals, connections, fleet, makeRequest, plan, open: dialer.open }
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

function unknownMessage(name: string, known: readonly string[]): never {
  throw new UsageError(`no message '${name}'${suggestion(name, known)}; known are ${known.join(', ')}`, {
    where: 'terminals.mix:',
  })
}
