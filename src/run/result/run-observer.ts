// Watches the terminal side of a run for the diagnosis of its causes: what happens to transactions, connections, echoes and
// money, as terminals see it, reaches the observer by way of this file.

import type { Clock } from '../../base/clock.js'
import type { Share } from '../../base/share.js'
import type { Slices } from '../../base/slices.js'
import { bareAmount } from '../../codec/amount.js'
import type {
  ConnectSeen,
  EchoSeen,
  MoneyTold,
  Observations,
  UnreadableSeen,
} from '../../measure/causes/observations.js'
import { createObserver } from '../../measure/causes/observer.js'
import type { Observer, SampleExtra } from '../../measure/causes/observing.js'
import { type FundsKey, type FundsWatch, fundsKeyText } from '../../measure/money/funds.js'
import type { Sample } from '../../measure/sample.js'
import type { ScenarioParts } from '../../scenario/parts.js'
import type { Transaction } from '../../terminal/exchange/transaction.js'
import { connectionsOfShare } from '../../terminal/paths/connections.js'
import { createTerminals, type Terminal } from '../../terminal/terminal.js'
import type { Network } from '../../transport/network/link.js'
import type { Speaker } from '../dialect-speaker.js'
import { createContracts } from './contracts.js'
import { watchedNetwork } from './watched-network.js'

export interface RunObserver {
  /** The load begins, in ms of the clock: what came before was start-up, but for connections. */
  start(at: number): void
  /** The number that the observer gave it, where it keeps it. */
  sample(sample: Sample, transaction: Transaction | undefined): number | undefined
  echo(echo: EchoSeen): void
  /** A reversal or a repeat was written. */
  reversal(this: void, seen: Omit<EchoSeen, 'link'> & { readonly terminal: Terminal }): void
  /** A terminal signed on. */
  worked(terminal: string): void
  /** Number of the connection that this terminal uses; undefined: a new one each time. */
  linkOf(terminal: Pick<Terminal, 'index'>): number | undefined
  /** The network of connection number `link`; undefined: of probes. */
  network(network: Network, link: number | undefined): Network
  /** The connection ended, or could not be opened. */
  down(link: number, reason: string): void
  late(link: number, key: string, at: number): void
  unmatched(at: number): void
  /** Bytes that are no whole message yet. */
  partial(at: number): void
  unreadable(seen: UnreadableSeen): void
  lag(ms: number, at: number): void
  /** A watch of funds that tells this observer what it hears. */
  watching(funds: FundsWatch): FundsWatch
  /** One advice of the host's, of all that it names. */
  advised(keys: readonly FundsKey[], amount: number | undefined): void
  /** A settlement file says that the money of one is held, or was sent back: in words, and since when, in ms of the clock. */
  told(key: FundsKey, told: MoneyTold): void
  /** In slices. */
  observing(end: { eventLoopP99Ms: number | null }): Slices<Observations>
}

/** Digits of a card number that name its issuer (ISO/IEC 7812-1 had six until 2017, and ranges are still told by them). */
const binDigits = 6
/** Field of the PIN block (ISO 8583). */
const pinField = 52

/** Attempts to connect before the load that are kept. */
const maxEarly = 20_000
/** Ends of connections that are no news: our own, and attempts, of which the network tells. */
const noDown = new Set(['local', 'refused', 'connectTimeout', 'unreachable', 'tls'])

type ObservedParts = Pick<ScenarioParts, 'goals' | 'terminals' | 'hosts' | 'load'>

/** The facts that an observer needs of a run before it begins. */
function observedBy({ goals, terminals, hosts }: ObservedParts, { dialect: { rules } }: Speaker) {
  const { response: timelyWithinMs, funds: withinMs } = goals.timely
  return {
    ...{ timelyWithinMs, timeoutMs: terminals.options.timeout },
    codeClasses: rules.codeClasses,
    signOnCodes: rules.security?.signOnAgain,
    funds:
      withinMs === undefined
        ? undefined
        : { withinMs, contractOf: createContracts(hosts.own[0].acquirer, hosts.timeZone) },
  }
}

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] }

export function createRunObserver(options: {
  parts: ObservedParts
  /** The terminals that this process has. */
  share: Share
  speaker: Speaker
  clock: Clock
  /** Somebody tells when money comes, for certain. */
  fundsAreTold: boolean
}): RunObserver {
  const { parts, share, speaker, clock, fundsAreTold } = options
  const { options: terminals } = parts.terminals
  const connections = connectionsOfShare(terminals.connections, share)
  const own = () => createTerminals(terminals, undefined, share).length
  const lastingLinks = connections === 'perTransaction' ? 0 : connections === 'perTerminal' ? own() : connections.shared
  const observed = { ...observedBy(parts, speaker), lastingLinks }
  let observer: Observer | undefined
  let early: ConnectSeen[] = []
  const signedOn = new Set<string>()
  /** Named by the watch of funds just before its sample comes. */
  let expected: string | undefined

  const linkOf = ({ index }: Pick<Terminal, 'index'>) => (lastingLinks === 0 ? undefined : index % lastingLinks)

  const extraOf = extraFiller({ speaker, linkOf, ownLink: lastingLinks === 0 })

  return {
    linkOf,
    start(at) {
      const wallAtStart = clock.wall() + at - clock.now()
      observer = createObserver({ ...observed, startedAt: at, wallAtStart, measureFrom: at + parts.load.warmup })
      for (const seen of early) observer.connect(seen)
      for (const terminal of signedOn) observer.worked(terminal)
      early = []
    },
    sample(sample, transaction) {
      const known = transaction === undefined ? undefined : extraOf(transaction, sample, expected)
      expected = undefined
      return observer?.sample(sample, known)
    },
    echo: (echo) => observer?.echo(echo),
    reversal: ({ terminal, ...seen }) => observer?.reversal({ ...seen, link: linkOf(terminal) }),
    worked(terminal) {
      if (observer !== undefined) observer.worked(terminal)
      else signedOn.add(terminal)
    },
    network: (network, link) =>
      watchedNetwork(network, clock, {
        link,
        onConnect: (seen) => {
          if (observer !== undefined) observer.connect(seen)
          else if (early.length < maxEarly) early.push(seen)
        },
      }),
    down(link, reason) {
      if (!noDown.has(reason)) observer?.down({ at: clock.now(), reason, link })
    },
    late: (link, key, at) => observer?.late(lastingLinks === 0 ? undefined : link, key, at),
    unmatched: (at) => observer?.unmatched(at),
    partial: (at) => observer?.partial(at),
    unreadable: (seen) => observer?.unreadable(seen),
    lag: (ms, at) => observer?.lag(ms, at),
    watching: (funds) =>
      observed.funds === undefined
        ? funds
        : toldOf(funds, {
            expected: (key) => {
              expected = key
            },
            voided: (key) => observer?.voided(key),
            // A transaction that an advice named is known already, with its amount.
            paid: (key, at) => observer?.paid([key], undefined, at),
          }),
    advised(keys, amount) {
      if (observed.funds !== undefined) observer?.paid(keys.map(fundsKeyText), amount, clock.now())
    },
    told(key, told) {
      if (observed.funds !== undefined) observer?.told(fundsKeyText(key), told)
    },
    observing: ({ eventLoopP99Ms }) => {
      observer ??= createObserver({ startedAt: clock.now(), timelyWithinMs: 0, timeoutMs: 0 })
      return observer.observing({ fundsAreTold, eventLoopP99Ms })
    },
  }
}

/**
 * Fills in the facts about a transaction beside its sample. One object is filled anew for each, so that none is
 * allocated.
 */
function extraFiller({
  speaker,
  linkOf,
  ownLink,
}: {
  speaker: Speaker
  linkOf: RunObserver['linkOf']
  ownLink: boolean
}) {
  const { ledger } = speaker.dialect.rules
  const refunds = new Set(ledger?.postings.flatMap(({ kind, effect }) => (effect === 'refund' ? [kind] : [])))
  const extra: Mutable<SampleExtra> = { ownLink }
  return (transaction: Transaction, { outcome }: Sample, funded: string | undefined): SampleExtra => {
    const { request, again } = transaction
    const { terminal, workMs } = transaction.taken
    const { plan, values } = request
    const amount = Number(bareAmount(plan.valueOf(4, values) ?? '0'))
    extra.link = linkOf(terminal)
    extra.key = transaction.key
    extra.lastTryAt = again?.at
    extra.model = terminal.model
    extra.workMs = workMs
    extra.cards = (plan.valueOf(2, values) ?? plan.valueOf(35, values))?.slice(0, binDigits)
    extra.hasPin = plan.valueOf(pinField, values) !== undefined
    extra.amount = amount
    extra.funds = funded === undefined ? undefined : { key: funded, amount }
    extra.refunded = outcome === 'approved' && refunds.has(plan.name) ? amount : undefined
    return extra
  }
}

/** The same watch of funds; what it hears, `ears` hear before. */
function toldOf(
  funds: FundsWatch,
  ears: { expected: (key: string) => void; voided: (key: string) => void; paid: (key: string, at: number) => void },
): FundsWatch {
  return {
    get waiting() {
      return funds.waiting
    },
    measureFrom: (at) => funds.measureFrom(at),
    onNone: (done) => funds.onNone(done),
    figures: (isKnown) => funds.figures(isKnown),
    tally: (isKnown) => funds.tally(isKnown),
    destroy: () => funds.destroy(),
    expect(key, intendedAt) {
      const isPaid = funds.expect(key, intendedAt)
      if (!isPaid) ears.expected(fundsKeyText(key))
      return isPaid
    },
    forget(key) {
      ears.voided(fundsKeyText(key))
      funds.forget(key)
    },
    paid(key, at) {
      ears.paid(fundsKeyText(key), at)
      funds.paid(key, at)
    },
  }
}
