// Watches the terminal side of a run and keeps what a diagnosis needs, bounded: transactions that were not timely in full,
// all others as counts and rows of numbers. One that was timely allocates next to nothing.

import { inOneGo, type Slices } from '../../base/slices.js'
import { isTimely, type Sample } from '../sample.js'
import { AnswerLog } from './answer-log.js'
import { Bins } from './bins.js'
import { FundsWatcher, type MutableObserved } from './funds-watcher.js'
import type {
  CodeClass,
  ConnectSeen,
  ControlSeen,
  DownSeen,
  EchoSeen,
  MoneyTold,
  Observations,
  Observed,
  SilentSpan,
  TcpSeen,
  TerminalSeen,
  UnreadableSeen,
} from './observations.js'
import type { ObservedEnd, Observer, ObserverOptions, SampleExtra } from './observing.js'
import { SeenLog, type SeenNow } from './seen-log.js'
import { countTerminal } from './terminal-fate.js'
import { createThinned } from './thinned.js'
import { nameOfLife, type Track, Tracks } from './tracks.js'

/** Transactions that are kept in full, some 40 MB; more are counted. */
export const maxObserved = 100_000
/** Terminals that are counted apart, some 20 MB. */
const maxTerminals = 200_000
/** A time without a word from the host that is worth keeping, in ms: beyond what scheduling or one slow answer takes. */
const gapMs = 150

export function createObserver(options: ObserverOptions): Observer {
  return new RunObserver(options)
}

const nothingMore: SampleExtra = {}
/** A limit for unreadable bytes: they look the same from one time to the next. */
const maxUnreadable = 1000

class RunObserver implements Observer {
  readonly #options: ObserverOptions
  readonly #startedAt: number
  readonly #measureFrom: number
  readonly #limit: number
  readonly #classes: ReadonlyMap<string, CodeClass>
  readonly #bins = new Bins()
  readonly #kept = new Map<number, MutableObserved>()
  readonly #timedOut = new Map<string, MutableObserved>()
  readonly #echoes = createThinned<EchoSeen>()
  readonly #controls = createThinned<ControlSeen>()
  readonly #connects = createThinned<ConnectSeen>()
  readonly #downs = createThinned<DownSeen>()
  readonly #answers = new AnswerLog()
  readonly #unreadable: UnreadableSeen[] = []
  readonly #tcp = createThinned<TcpSeen & { readonly at: number }>()
  readonly #gaps = createThinned<SilentSpan>()
  readonly #all = new SeenLog()
  readonly #tracks = new Tracks()
  /** Filled anew for each transaction: nothing is allocated for one. */
  readonly #now = emptySeen()
  readonly #terminals = new Map<string, TerminalSeen>()
  readonly #funds: FundsWatcher | undefined
  /** The first words may take their time from the start of the load. */
  #heardAt = 0
  #endedAt = 0
  #offered = 0
  #untimely = 0
  #left = 0
  #unmatched = 0
  #lateAnswers = 0
  #nextId = 0

  constructor(options: ObserverOptions) {
    const { startedAt, measureFrom = startedAt, limit = maxObserved, codeClasses } = options
    this.#options = options
    this.#startedAt = startedAt
    this.#measureFrom = measureFrom
    this.#limit = limit
    this.#funds = options.funds && new FundsWatcher(options.funds, ({ id }) => this.#kept.delete(id))
    const classes = Object.entries(codeClasses ?? {}) as [CodeClass, readonly string[]][]
    this.#classes = new Map(classes.flatMap(([name, codes]) => codes.map((code) => [code, name] as const)))
  }

  sample(sample: Sample, extra: SampleExtra = nothingMore): number | undefined {
    const { intendedAt, writtenAt, endedAt, outcome } = sample
    const lateResponse = !isTimely(sample, this.#options.timelyWithinMs)
    this.#count(sample, extra)
    const track = this.#follow(sample, extra, lateResponse)
    if (intendedAt < this.#measureFrom) return undefined
    this.#offered++
    const funds = this.#funds?.sold(sample, extra, this.#since(endedAt))
    if (lateResponse) {
      this.#untimely++
      // A second try of the clerk's says nothing of the host and the line.
      if (sample.tries <= 1) this.#countUntimely(sample)
    } else if (funds === undefined) return undefined
    // Transactions that only await their money must not take all the room.
    if (this.#kept.size >= (lateResponse ? this.#limit : this.#limit / 2)) {
      if (lateResponse) this.#left++
      return undefined
    }
    const observed = this.#observe(sample, extra, {
      ...{ lateResponse, funds },
      connection: track && nameOfLife(track.link, track.generation),
      idleMs: track === undefined || Number.isNaN(track.idleMs) ? undefined : track.idleMs,
    })
    this.#kept.set(observed.id, observed)
    if (outcome === 'timedOut' && extra.key !== undefined) this.#timedOut.set(`${extra.link} ${extra.key}`, observed)
    if (extra.funds !== undefined && funds !== undefined) this.#funds?.awaits(extra.funds.key, observed)
    if (writtenAt !== undefined) this.#seen(endedAt)
    return observed.id
  }

  echo(seen: EchoSeen): void {
    const { at, ms, link } = seen
    const since = this.#since(at)
    this.#echoes.push({ at: since, ms, link })
    this.#bins.add('sent', since)
    this.#control('echo', seen)
    if (ms !== undefined) this.#heard(at + ms)
  }

  reversal(seen: EchoSeen): void {
    this.#control('reversal', seen)
    if (seen.ms !== undefined) this.#heard(seen.at + seen.ms)
  }

  #control(kind: ControlSeen['kind'], { at, ms, link, isFailed = false }: EchoSeen): void {
    const since = this.#since(at)
    const track = link === undefined || isFailed ? undefined : this.#tracks.control(kind, link, since, ms)
    if (track === undefined) return
    const { generation, openedAt, idleMs, wasGood, wasSilent } = track
    const known = (value: number) => (Number.isNaN(value) ? undefined : value)
    this.#controls.push({
      ...{ kind, at: since, isAnswered: ms !== undefined, connection: nameOfLife(track.link, generation) },
      ...{ openedAt: known(openedAt), idleMs: known(idleMs), wasGood, wasSilent },
    })
  }

  segment({ at, ...seen }: TcpSeen & { readonly at: number }): void {
    this.#tcp.push({ ...seen, at: this.#since(at) })
  }

  worked(terminal: string): void {
    const seen = this.#terminal(terminal)
    if (seen !== undefined) seen.worked = true
  }

  connect({ at, ms, result, link }: ConnectSeen): void {
    this.#connects.push({ at: this.#since(at), ms, result, link })
    if (result === 'open' && link !== undefined) this.#tracks.opened(link, this.#since(at + ms))
    this.#seen(at + ms)
  }

  down({ at, reason, link }: DownSeen): void {
    this.#downs.push({ at: this.#since(at), reason, link })
    this.#seen(at)
  }

  late(link: number | undefined, key: string, at: number): void {
    this.#lateAnswers++
    this.#heard(at)
    const observed = this.#timedOut.get(`${link} ${key}`)
    if (observed === undefined) return
    observed.lateAnswerAt = this.#since(at)
    this.#timedOut.delete(`${link} ${key}`)
  }

  unmatched(at: number): void {
    this.#unmatched++
    this.#heard(at)
  }

  partial(at: number): void {
    this.#heard(at)
  }

  unreadable({ at, words, link }: UnreadableSeen): void {
    this.#heard(at)
    if (this.#unreadable.length < maxUnreadable) this.#unreadable.push({ at: this.#since(at), words, link })
  }

  lag(ms: number, at: number): void {
    this.#bins.lag(ms, this.#since(at))
  }

  paid(keys: readonly string[], amount: number | undefined, at: number): void {
    this.#funds?.paid(keys, amount, this.#since(at))
  }

  told(key: string, { reason, since }: MoneyTold): void {
    this.#funds?.told(key, { reason, since: since === undefined ? undefined : this.#since(since) })
  }

  voided(key: string): void {
    this.#funds?.voided(key)
  }

  observations(end: ObservedEnd): Observations {
    return inOneGo(this.observing(end))
  }

  *observing({ fundsAreTold, eventLoopP99Ms }: ObservedEnd): Slices<Observations> {
    const { timelyWithinMs, timeoutMs, funds, lastingLinks = 0 } = this.#options
    const isTold = fundsAreTold || this.#funds?.somethingWasPaid === true
    const kept = [...this.#kept.values()].filter((each) => each.lateResponse || isTold)
    const awaited = isTold ? kept.filter((each) => !each.lateResponse).length : 0
    yield
    const lists = yield* this.#lists()
    const { items: gaps } = this.#gaps
    const last = this.#heardAt
    const ended = this.#endedAt
    return {
      ...{ timelyWithinMs, timeoutMs, lastingLinks, eventLoopP99Ms, unmatched: this.#unmatched },
      wallAtStart: this.#options.wallAtStart,
      measureFromMs: this.#since(this.#measureFrom),
      endedAt: ended,
      offered: this.#offered,
      untimely: this.#untimely + awaited,
      left: this.#left,
      transactions: kept,
      ...lists,
      unreadable: this.#unreadable,
      lateAnswers: this.#lateAnswers,
      signOnCodes: this.#options.signOnCodes ?? [],
      setupCodes: this.#options.codeClasses?.setup ?? [],
      // The last one is over only with the run.
      gaps: ended - last >= gapMs ? [...gaps, { from: last, to: ended }] : gaps,
      bins: this.#bins,
      terminals: this.#terminals,
      funds: isTold && funds !== undefined ? { ...funds, merchants: this.#funds?.merchants ?? new Map() } : null,
    }
  }

  /** Each is bounded, and takes some milliseconds at its limit. */
  *#lists(): Slices<Pick<Observations, 'echoes' | 'controls' | 'connects' | 'downs' | 'tcp' | 'answers' | 'seen'>> {
    const echoes = inOrder(this.#echoes.items)
    const controls = inOrder(this.#controls.items)
    yield
    const connects = inOrder(this.#connects.items)
    yield
    const downs = inOrder(this.#downs.items)
    const tcp = inOrder(this.#tcp.items)
    yield
    const answers = this.#answers.all()
    yield
    const seen = this.#all.all()
    yield
    return { echoes, controls, connects, downs, tcp, answers, seen }
  }

  #count(
    { intendedAt, writtenAt, endedAt, outcome, responseCode, terminal, merchant, reason }: Sample,
    { link }: SampleExtra,
  ): void {
    const bins = this.#bins
    const code = this.#classOf(responseCode)
    bins.addOffered(merchant, this.#since(intendedAt))
    const seen = this.#terminal(terminal)
    if (seen !== undefined) countTerminal(seen, outcome, code, reason)
    if (writtenAt === undefined) return
    const written = this.#since(writtenAt)
    bins.add('sent', written)
    if (outcome !== 'approved' && outcome !== 'declined') return
    bins.add('answered', this.#since(intendedAt))
    bins.add('serviceSum', this.#since(intendedAt), endedAt - writtenAt)
    bins.add('decided', this.#since(endedAt))
    if (code === 'down') bins.add('downCodes', this.#since(endedAt))
    this.#heard(endedAt)
    this.#answers.push(written, endedAt - writtenAt, link)
  }

  /** Keeps it in a few words, for the tests against chance. What is known of its connection, until the next one. */
  #follow(
    sample: Sample,
    { link, ownLink, cards, hasPin, amount, model }: SampleExtra,
    isUntimely: boolean,
  ): Track | undefined {
    const { intendedAt, writtenAt, outcome, tries, reason } = sample
    const isAnswered = outcome === 'approved' || outcome === 'declined' || (reason?.startsWith('answer') ?? false)
    const at = this.#since(writtenAt ?? intendedAt)
    const endedAt = this.#since(sample.endedAt)
    // A connection that is opened for each has no second time to compare with.
    const isAlone = ownLink === true && this.#options.lastingLinks === 0
    const isOnTrack = link !== undefined && writtenAt !== undefined && !isAlone
    const track = isOnTrack ? this.#tracks.ended(link, at, endedAt, isAnswered) : undefined
    // A clerk's second try, and what waited for a terminal in vain, say nothing of whom the host and the line hit.
    if (intendedAt < this.#measureFrom || tries !== 1) return track
    const now = this.#now
    now.at = at
    now.endedAt = endedAt
    now.isUntimely = isUntimely
    now.isAnswered = isAnswered
    now.isSilent = writtenAt !== undefined && !isAnswered && (outcome === 'timedOut' || outcome === 'failed')
    now.code = sample.responseCode
    now.hasPin = hasPin
    now.cards = cards
    now.model = model
    now.amount = amount
    now.kind = sample.type
    now.target = sample.target
    now.merchant = sample.merchant
    now.terminal = sample.terminal
    this.#all.push(now, track)
    return track
  }

  #countUntimely({ intendedAt, outcome, responseCode }: Sample): void {
    const at = this.#since(intendedAt)
    this.#bins.add('untimely', at)
    const isAnswered = outcome === 'approved' || outcome === 'declined'
    if (isAnswered && this.#classOf(responseCode) === undefined) this.#bins.add('slowAnswers', at)
  }

  #observe(
    sample: Sample,
    { link, ownLink = false, lastTryAt, cards, hasPin, tcp, model, workMs }: SampleExtra,
    { lateResponse, funds, connection, idleMs }: Pick<Observed, 'lateResponse' | 'funds' | 'connection' | 'idleMs'>,
  ): MutableObserved {
    const { type, terminal, merchant, target, outcome, responseCode, reason, backPressure, tries, firstCode } = sample
    const since = (at: number | undefined) => (at === undefined ? undefined : this.#since(at))
    // Name by name: an object that begins with the spread of another takes three times the memory.
    return {
      id: this.#nextId++,
      type,
      terminal,
      merchant,
      target,
      link,
      ownLink,
      outcome,
      reason,
      backPressure,
      lateResponse,
      funds,
      cards,
      hasPin,
      connection,
      idleMs,
      tcp,
      model,
      workMs,
      intendedAt: this.#since(sample.intendedAt),
      startedAt: since(sample.startedAt),
      writtenAt: since(sample.writtenAt),
      endedAt: this.#since(sample.endedAt),
      code: responseCode,
      codeClass: this.#classOf(responseCode),
      tries,
      firstCode,
      firstClass: this.#classOf(firstCode),
      lastTryAt: since(lastTryAt),
      lagMs: this.#bins.lagAt(this.#since(sample.intendedAt)),
      lateAnswerAt: undefined,
    }
  }

  #classOf(code: string | undefined): CodeClass | undefined {
    return code === undefined ? undefined : this.#classes.get(code)
  }

  #terminal(id: string): TerminalSeen | undefined {
    const known = this.#terminals.get(id)
    if (known !== undefined || this.#terminals.size >= maxTerminals || id === '') return known
    const fresh = { offered: 0, decided: 0, refused: 0, timedOut: 0, worked: false }
    this.#terminals.set(id, fresh)
    return fresh
  }

  #heard(at: number): void {
    const since = this.#since(at)
    this.#bins.add('heard', since)
    const last = this.#heardAt
    if (since - last >= gapMs) this.#gaps.push({ from: last, to: since })
    if (since > last) this.#heardAt = since
    this.#seen(at)
  }

  #seen(at: number): void {
    const since = this.#since(at)
    if (since > this.#endedAt) this.#endedAt = since
  }

  #since(at: number): number {
    return at - this.#startedAt
  }
}

const inOrder = <Item extends { readonly at: number }>(items: readonly Item[]): readonly Item[] =>
  [...items].sort((one, other) => one.at - other.at)

const emptySeen = (): SeenNow => ({
  ...{ at: Number.NaN, endedAt: Number.NaN, isUntimely: false, isAnswered: false, isSilent: false },
  ...{ code: undefined, hasPin: undefined, cards: undefined, amount: undefined, model: undefined },
  ...{ kind: '', target: '', merchant: '', terminal: '' },
})
