// The terminal side of a run, put together: terminals, connections, messages, and the recorder that hears of everything.

import type { Clock } from '../../base/clock.js'
import { UsageError } from '../../base/errors.js'
import type { Random } from '../../base/random.js'
import { type Share, shareText, wholeShare } from '../../base/share.js'
import { suggestion } from '../../base/suggest.js'
import { counted } from '../../base/text/counted.js'
import { createZone } from '../../base/zone.js'
import type { Dialect } from '../../codec/dialect.js'
import type { KeySet } from '../../crypto/keys/key-set.js'
import type { Recorder } from '../../measure/latency/recorder.js'
import type { TerminalPart } from '../../scenario/parts.js'
import { maskedMessage, maskedRequest } from '../../terminal/evidence/evidence.js'
import type { EvidenceKeeper } from '../../terminal/evidence/evidence-keeper.js'
import { type Clerk, createClerk } from '../../terminal/fleet/clerk.js'
import { createFleet, type Fleet, type FleetEvents } from '../../terminal/fleet/fleet.js'
import { createTerminalPool } from '../../terminal/fleet/terminal-pool.js'
import { createModelWork } from '../../terminal/options/models.js'
import type { TerminalOptions } from '../../terminal/options/options.js'
import { chooseWrong, type WrongSetup } from '../../terminal/options/wrong-setup.js'
import { type Connections, connectionsOfShare, createConnections } from '../../terminal/paths/connections.js'
import { createAmounts } from '../../terminal/requests/amounts.js'
import { whyBookedOtherwise } from '../../terminal/requests/book-fit.js'
import type { CardIssuer } from '../../terminal/requests/cards.js'
import type { MessagePlan } from '../../terminal/requests/message-plan.js'
import { createRequestMaker, type RequestMaker } from '../../terminal/requests/request-maker.js'
import type { SignOn } from '../../terminal/sign-on/start-up.js'
import { createTerminals, type Terminal } from '../../terminal/terminal.js'
import type { Client } from '../../transport/client/client-options.js'
import { createMatchKey } from '../../transport/wire/match-key.js'
import type { Speaker } from '../dialect-speaker.js'
import { isRecorded } from '../files/read-recording.js'
import type { RunPaths } from '../lines/run-paths.js'
import type { RunObserver } from '../result/run-observer.js'
import type { World } from '../world.js'
import { dealCards } from './deal-cards.js'
import { createDialer } from './dialer.js'
import { createLiars, type Liars } from './liars.js'
import { createMoneySide, type JournalChoice, type MoneySide } from './money-side.js'
import { type PlannedMessages, planMessages } from './planned-messages.js'
import { probePaths } from './probe-paths.js'
import { createSigningOff, createSigningOn } from './signing-on.js'
import { createStrays, type StrayMessages } from './strays.js'
import { wiresOf } from './wrong-wire.js'

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
  /** Undefined where terminals do not sign off. */
  readonly signOff: SignOn | undefined
  /** Messages of this run carry MACs or PIN blocks, or keys come with the sign-on. */
  readonly usesKeys: boolean
  readonly leftOut: PlannedMessages['leftOut']
  /** Undefined where nobody lies. */
  readonly liars: Liars | undefined
  /** Connects for the first time; resolves to what went wrong, or to undefined. */
  open(client: Client): Promise<string | undefined>
  readonly strays: StrayMessages
  /** Lines about messages of which terminals and host keep other books. */
  readonly warnings: readonly string[]
  /** Ends all connections. Idempotent. */
  close(): Promise<void>
}

export interface TerminalSideOptions extends JournalChoice {
  readonly part: TerminalPart
  /** Somebody may tell when money comes. */
  readonly mayHearOfFunds: boolean
  readonly world: World
  readonly speaker: Speaker
  readonly keys: KeySet
  readonly paths: RunPaths
  /** The run's chance. Of a share, only what all parts must agree on is drawn from it. */
  readonly random: Random
  /** Left out: all of the run. */
  readonly share?: Share | undefined
  /** Undefined until the load begins. */
  readonly recorder: () => Recorder | undefined
  readonly onConnectTime: (ms: number) => void
  /** Left out: nobody keeps evidence. */
  readonly evidence?: EvidenceKeeper | undefined
  /** Hears of everything that a diagnosis may need. */
  readonly observer?: RunObserver | undefined
}

/** Throws UsageError for a mix, a message, a merchant or cards that do not fit. */
export function createTerminalSide(setting: TerminalSideOptions): TerminalSide {
  const { part, world, speaker, keys: keySet, paths, random: runRandom, share = wholeShare } = setting
  const { recorder, onConnectTime, evidence, observer, mayHearOfFunds, ...choice } = setting
  const { dialect } = speaker
  const { options } = part
  const { clock } = world
  const wrong = chooseWrong(options, runRandom.fork('wrong set-up'))
  const random = share.of === 1 ? runRandom : runRandom.fork(`part ${shareText(share)}`)
  const terminals = createTerminals(options, wrong, share)
  const matchKey = createMatchKey(dialect.rules.matchBy)
  const messages = planMessages({ part, speaker, keys: keySet, random, wrong })
  const strays = createStrays({ clock, recorder, observer })
  const dialer = createDialer({
    ...{ world, options, paths, wireOf: wiresOf(speaker, wrong), matchKey, random, recorder, onConnectTime, observer },
    ...{ rules: dialect.rules, strays },
    onUp: (client) => money.owed.wake(client),
    onLate: evidence && ((key, answer, at) => evidence.late(key, answer, at)),
    onHostRequest: (received, reply) => money.onHostRequest?.(received, reply) ?? false,
  })
  const kind = connectionsOfShare(options.connections, share)
  const connections = createConnections({ kind, terminals, dial: dialer.dial })
  const cards = dealCards(options.cards, { share, random, issuer: issuerOf(dialect, keySet), messages })
  const makeRequest = requestMaker({ options, dialect, matchKey, clock, cards, random, keys: messages.keys })
  const hasSeveralHosts = paths.choice !== undefined
  const speaking = { dialect, options, messages, connections, makeRequest, clock, hasSeveralHosts }
  const onSignedOn = ({ id }: Terminal) => observer?.worked(id)
  const { signOn, signOnAgain } = createSigningOn({ ...speaking, onSignedOn }) ?? {}
  const fleetOf = { terminals, connections, makeRequest, messages, signOnAgain }
  const money = createMoneySide({ part, mayHearOfFunds, world, speaker, ...fleetOf, evidence, observer, choice })
  paths.onSwitch(() => money.owed.moved())
  const fleet = createFleet({
    pool: createPool(part, terminals, clock),
    ...{ rules: dialect.rules, mix: messages.mix, connections, makeRequest, clock, money: money.desk },
    clerk: hireClerk({ part, speaker, messages, clock, random }),
    named: recordedPlans(part, messages.plan),
    get target() {
      return paths.target
    },
    timeoutMs: options.timeout,
    timerOf: timersOf(options, wrong),
    workOf: workOf(options, random.fork('models')),
    random: random.fork('mix'),
    events: recordInto(recorder, speaker, { evidence, observer }),
    ...(signOnAgain === undefined ? {} : { signOnAgain }),
  })
  const liars = createLiars({ ...speaking, options, speaker, dialer, share })
  const probe = probePaths({ options, speaker, paths, dialer, makeRequest, messages, terminals, clock })
  return {
    terminals,
    connections,
    fleet,
    makeRequest,
    plan: messages.plan,
    money,
    signOn,
    signOff: createSigningOff(speaking),
    liars,
    ...{ usesKeys: messages.usesKeys, leftOut: messages.leftOut },
    open: dialer.open,
    ...{ strays, warnings: bookWarnings(messages, part, dialect) },
    async close() {
      await probe?.close()
      await liars?.close()
      await connections.close(0)
    },
  }
}

/** Undefined where no model is named: then nobody works. */
function workOf({ models }: TerminalOptions, random: Random): ((terminal: Terminal) => number) | undefined {
  if (models === undefined) return undefined
  const draw = createModelWork(models, random)
  return ({ model }) => draw(model)
}

function requestMaker(
  given: Pick<Parameters<typeof createRequestMaker>[0], 'matchKey' | 'clock' | 'cards' | 'keys'> & {
    readonly options: TerminalOptions
    readonly dialect: Dialect
    readonly random: Random
  },
): RequestMaker {
  const { options, dialect, random, ...rest } = given
  const { rules } = dialect
  const amounts = createAmounts(options.amounts, rules.currency, random.fork('amounts'))
  return createRequestMaker({ ...rest, rules, amounts, random: random.fork('card of a request') })
}

function createPool({ options, merchants }: TerminalPart, terminals: readonly Terminal[], clock: Clock) {
  const { oneAtATime } = options
  return createTerminalPool({ terminals, oneAtATime, clock, merchants: namedMerchants(merchants, terminals) })
}

/** Who makes verification values; undefined without a key for them (usage cvk), and where the dialect has no place for them. */
function issuerOf({ rules }: Dialect, keys: KeySet): CardIssuer | undefined {
  const key = keys.find('cvk')
  const check = rules.security?.cardCheck
  return key === undefined || check === undefined ? undefined : { key: key.bytes, from: check.track.from }
}

/** Undefined where all terminals have the same answer timer. */
function timersOf({ timeout }: TerminalOptions, wrong: WrongSetup | undefined) {
  const other = wrong?.options.timeout
  return other === undefined ? undefined : ({ number }: Terminal) => (wrong?.has(number) ? other : timeout)
}

/** Undefined where nobody errs and nothing is checked. Throws UsageError for checks that the dialect does not know. */
function hireClerk(options: {
  part: TerminalPart
  speaker: Speaker
  messages: Pick<PlannedMessages, 'mistakes'>
  clock: Clock
  random: Random
}): Clerk | undefined {
  const { part, speaker, messages, clock, random } = options
  const { options: terminals, timeZone } = part
  const { rules, name } = speaker.dialect
  if (terminals.dataErrors === undefined && terminals.checks === undefined) return undefined
  if (terminals.checks !== undefined && rules.dataChecks === undefined) {
    throw new UsageError(`dialect ${name} does not say what to check: add dialectRules.dataChecks`, {
      where: 'terminals.checks:',
    })
  }
  return createClerk({
    options: terminals,
    rules,
    mistakes: messages.mistakes,
    clock,
    zone: createZone(timeZone),
    random: random.fork('clerk'),
  })
}

/** Messages that are warned of, one line each. */
const mostWarned = 5

/** A line for each message of the mix, or of a recording, whose books would differ. */
function bookWarnings(
  { mix, plan }: Pick<PlannedMessages, 'mix' | 'plan'>,
  { messages }: TerminalPart,
  dialect: Dialect,
): readonly string[] {
  const recorded = Object.keys(messages).filter(isRecorded)
  const plans = [...mix.map(([each]) => each), ...recorded.flatMap((name) => plan(name) ?? [])]
  const lines = plans.flatMap((each) => {
    const why = whyBookedOtherwise(each, dialect)
    return why === undefined ? [] : [`warning: messages.${each.name}: with a host of ${dialect.name}, ${why}`]
  })
  const rest = lines.length - mostWarned
  return rest > 0 ? [...lines.slice(0, mostWarned), `warning: and ${counted(rest, 'message')} more like these`] : lines
}

/** Recorded messages are prepared before the load begins: in it they would delay it. */
function recordedPlans({ messages }: TerminalPart, plan: (name: string) => MessagePlan | undefined) {
  const plans = new Map(
    Object.keys(messages)
      .filter(isRecorded)
      .map((name) => [name, plan(name)]),
  )
  return (name: string) => plans.get(name)
}

function recordInto(
  recorder: () => Recorder | undefined,
  { codec }: Speaker,
  { evidence, observer }: { evidence: EvidenceKeeper | undefined; observer: RunObserver | undefined },
): FleetEvents {
  /** The transaction at hand, and its answer: evidence of it is taken at once, or never, and masked when somebody looks. */
  let ended: Parameters<FleetEvents['onSample']>[1]
  let answered: Uint8Array | undefined
  const masked = () => {
    const [request, sealed, answer] = [ended?.request, ended?.sealed, answered?.slice()]
    return () => ({
      request: request === undefined ? null : maskedRequest(codec, request, sealed),
      answer: answer === undefined ? null : maskedMessage(codec, answer),
    })
  }
  return {
    onSample: (sample, transaction, answer) => {
      const observed = observer?.sample(sample, transaction)
      evidence?.keep(sample, { transaction, answer, observed })
      ended = transaction
      answered = answer
      recorder()?.record(sample, masked)
      ended = undefined
      answered = undefined
    },
    onBusy: (intendedAt) => recorder()?.busy(intendedAt),
    onSubstituted: (intendedAt) => recorder()?.substituted(intendedAt),
    onCaught: (intendedAt) => recorder()?.caught(intendedAt),
  }
}

/** Merchants that a phase names must have terminals, or its arrivals would wait for ever. */
function namedMerchants(named: readonly string[], terminals: readonly Terminal[]): ReadonlySet<string> {
  const known = new Set(terminals.map(({ merchant }) => merchant))
  for (const merchant of named) {
    if (known.has(merchant)) continue
    throw new UsageError(`no terminal belongs to merchant '${merchant}'${suggestion(merchant, [...known])}`, {
      where: 'load[].merchant:',
    })
  }
  return new Set(named)
}
