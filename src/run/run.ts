// One run's life, from its first connection to its result, in three steps that run-scenario.ts takes one after another.

import { type Clock, waitFor } from '../base/clock.js'
import { StartError } from '../base/errors.js'
import { startEventLoopDelay } from '../base/process/event-loop-delay.js'
import { createRandom } from '../base/random.js'
import { type Share, wholeShare } from '../base/share.js'
import { inOneGo, type Slices } from '../base/slices.js'
import type { Merged } from '../cluster/merge.js'
import { runLoad } from '../load/pacer.js'
import { countArrivals, type LoadPlan, planLoad, type Recordings } from '../load/plan.js'
import { type PackedObservations, packObservations } from '../measure/causes/merge-observations.js'
import { intervalLog } from '../measure/latency/hlog.js'
import { createRecorder, type Recorder } from '../measure/latency/recorder.js'
import type { Books } from '../measure/money/books.js'
import type { PartRecord } from '../measure/part-record.js'
import type { Result } from '../measure/result.js'
import type { ScenarioParts } from '../scenario/parts.js'
import type { SettledTerminal } from '../terminal/settlement/settlement.js'
import { forEach } from '../terminal/sign-on/start-up.js'
import { formatAddress } from '../transport/network/address.js'
import type { Network } from '../transport/network/link.js'
import type { Speaker } from './dialect-speaker.js'
import { writeRunFolder } from './files/run-folder.js'
import { checkLedger } from './hosts/check-ledger.js'
import type { HostSide, LedgerMarks } from './hosts/host-side.js'
import { protectionLines } from './keys/protection-lines.js'
import { createRunFaults, type RunCounts, type RunFaults } from './lines/run-faults.js'
import { createRunPaths, type PathChange, type RunPaths } from './lines/run-paths.js'
import { keepSwitch, type Switches } from './lines/switches.js'
import { loadEvents } from './load-events.js'
import { checkMeans } from './means.js'
import { assemblePart, assemblingByRow, assemblingResult, type MeasuredRun } from './result/assemble-result.js'
import { startCheckpoints } from './result/checkpoint.js'
import { EarlyEnd } from './result/early-end.js'
import { fundsOfHosts } from './result/funds-result.js'
import { LiveWatch } from './result/live-view.js'
import { createRunEvidence, type RunEvidence } from './result/run-evidence.js'
import { createRunObserver, type RunObserver } from './result/run-observer.js'
import type { PreparedRun } from './run-options.js'
import { booksOrWhyNot, closingBooks, ownBooks, settleDay, signOffAll, takePayouts } from './terminals/end-of-day.js'
import { honestRows } from './terminals/liars.js'
import { noneThrough } from './terminals/none-through.js'
import { startProbe } from './terminals/start-probe.js'
import { createTerminalSide, type TerminalSide } from './terminals/terminal-side.js'
import { hostTellsOfFunds, maybeToldOfFunds } from './terminals/told-of-funds.js'
import { startTelling } from './workers/telling.js'
import type { World } from './world.js'

/** Between the last sign-on and the first arrival, in ms: the schedule must not begin in the past. */
const leadMs = 20

export interface FinishedRun {
  readonly result: Result
  /** Writes the run's folder. */
  readonly leave: (() => Promise<void>) | undefined
}

interface Setting extends PreparedRun {
  readonly speaker: Speaker
  readonly recordings: Recordings
  readonly hostSide: HostSide
}

/** One run's life: startUp, underLoad, report. */
export class ScenarioRun implements AsyncDisposable {
  readonly #parts: ScenarioParts
  readonly #world: World
  readonly #clock: Clock
  readonly #setting: Setting
  readonly #earlyEnd: EarlyEnd
  readonly #signal: AbortSignal
  readonly #share: Share
  readonly plan: LoadPlan
  readonly #faults: RunFaults
  readonly #paths: RunPaths
  readonly #side: TerminalSide
  readonly #evidence: RunEvidence | undefined
  readonly #observer: RunObserver
  readonly #watch: LiveWatch
  readonly #early = { connectMs: [] as number[] }
  readonly #switches: Switches = { count: 0, first: [] }
  /** Where this run begins in the ledgers of our hosts. */
  #marks: LedgerMarks = []
  /** Arrivals taken up, and those that have ended. */
  readonly #counts = { handed: 0, ended: 0 }
  #startAt: number | undefined
  #recorder: Recorder | undefined
  #books: Books | null = null
  #funds: Result['funds'] = null
  #settled: readonly SettledTerminal[] | undefined

  constructor(world: World, parts: ScenarioParts, setting: Setting) {
    this.#world = world
    this.#clock = world.clock
    this.#parts = parts
    this.#setting = setting
    const { around = (network: Network) => network } = setting
    const { signal: interrupt, onProgress: say } = setting
    this.#earlyEnd = new EarlyEnd({ parts, clock: world.clock, interrupt, say })
    this.#signal = this.#earlyEnd.signal
    const random = createRandom(setting.seed)
    this.#share = setting.share ?? wholeShare
    this.plan = planLoad(parts.load.phases, random.fork('load'), this.#share, setting.recordings)
    this.#faults = createRunFaults({
      part: parts.faults,
      world,
      speaker: setting.speaker,
      keys: setting.keys.set,
      random,
      host: setting.hostSide.own,
      onTrace: setting.onTrace,
      onTrouble: (line) => setting.onProgress?.(line),
    })
    this.#paths = createRunPaths({
      hosts: setting.hostSide.hosts,
      routes: parts.faults.routes?.map(({ name }) => name),
      failover: parts.terminals.options.failover,
      networkOf: (line) => around(this.#faults.networkOf(line)),
      clock: world.clock,
      onChange: (change) => this.#switched(change),
    })
    const fundsAreTold = setting.payouts !== undefined || hostTellsOfFunds(parts.hosts)
    const { speaker, keep = 'late' } = setting
    this.#observer = createRunObserver({ parts, share: this.#share, speaker, clock: world.clock, fundsAreTold })
    if (setting.outDir !== undefined) {
      this.#evidence = createRunEvidence({ parts, speaker, clock: world.clock, keep, fundsAreTold })
    }
    const connected = () => this.#early.connectMs.length
    // Nobody can watch virtual time go by.
    const onSnapshot = world.kind === 'virtual' ? undefined : setting.onSnapshot
    const came = () => this.#side.strays.soFar
    this.#watch = new LiveWatch({ plan: this.plan, parts, clock: world.clock, connected, came, onSnapshot })
    this.#side = createTerminalSide({
      part: parts.terminals,
      mayHearOfFunds: maybeToldOfFunds(parts.hosts, setting.payouts),
      ...setting,
      evidence: this.#evidence?.keeper,
      observer: this.#observer,
      keys: setting.keys.set,
      world,
      paths: this.#paths,
      random,
      recorder: () => this.#recorder,
      onConnectTime: (ms) =>
        this.#recorder === undefined ? this.#early.connectMs.push(ms) : this.#recorder.connect(ms),
    })
  }

  /** Signs on, and fails when nobody got through: there is nothing to measure then. Throws StartError. */
  async startUp(): Promise<void> {
    const { terminals, hosts } = this.#parts
    const fundsAreTold = this.#setting.payouts !== undefined || hostTellsOfFunds(hosts)
    if (this.#world.kind === 'real')
      checkMeans({ ...this.#setting, terminals: terminals.options, plan: this.plan, fundsAreTold })
    this.#marks = await this.#setting.hostSide.ledgerMarks(this.#side.money.journal)
    checkLedger(this.#marks, { clock: this.#clock, dialect: this.#setting.speaker.dialect, kind: this.#world.kind })
    await this.#signOn()
    const { owed } = this.#side.money
    this.#watch.waitingFor('what is owed to the host from an earlier run')
    await waitFor(this.#clock, (done) => owed.flush(done), this.#clock.now() + this.#parts.terminals.options.timeout)
  }

  /** Lines about messages of which terminals and host would keep other books. */
  get warnings(): readonly string[] {
    return this.#side.warnings
  }

  /** Lets go of everything; what has not begun never does. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#watch.stop()
    this.#earlyEnd.stop()
    this.#side.money.owed.close()
    await this.#side.close()
    await this.#world.slices(this.#side.money.forgetEnded())
    this.#side.money.close()
    this.#recorder?.destroy()
  }

  /** Where terminals do not sign on, they connect. */
  async #signOn(): Promise<void> {
    const { speaker, hostSide } = this.#setting
    const { terminals, connections, signOn, open } = this.#side
    const pace = { atOnce: this.#parts.terminals.options.startUp, signal: this.#signal }
    const { onProgress } = this.#setting
    for (const line of protectionLines(this.#setting, this.#side, speaker.dialect)) onProgress?.(line)
    for (const line of this.warnings) onProgress?.(line)
    const { tried, succeeded, failures } =
      signOn === undefined
        ? await forEach(connections.lasting, pace, this.#watch.starting('connect', connections.lasting.length, open))
        : await forEach(terminals, pace, this.#watch.starting('signOn', terminals.length, signOn))
    const what = signOn === undefined ? 'connect' : 'sign on'
    if (succeeded === 0 && tried > 0 && !this.#signal.aborted) {
      const hosts = hostSide.hosts.map(({ address }) => formatAddress(address))
      const { connectMs } = this.#early
      const stray = this.#side.strays.last
      throw noneThrough({ what, hosts, failures, stray, connectMs, dialect: speaker.dialect.name })
    }
    for (const [reason, count] of failures)
      this.#setting.onProgress?.(`${count} of ${tried} terminals could not ${what}: ${reason}`)
  }

  #switched(change: PathChange): void {
    this.#setting.onProgress?.(`switched from ${change.from} to ${change.to}: ${change.why}`)
    keepSwitch(this.#switches, change, this.#startAt)
  }

  /** Until the load begins, in ms. Throws StartError when the agreed instant has passed. */
  async #leadMs(): Promise<number> {
    const { generator } = this.#setting
    this.#watch.waitingFor('the agreed start of the load')
    const startAtWall = await (generator?.agreeOnStart(this.#side.money.journal) ?? this.#setting.startAtWall)
    if (startAtWall === undefined) return leadMs
    const wait = startAtWall - this.#clock.wall()
    if (wait >= 0) return wait
    throw new StartError(
      `the start of the load was ${Math.ceil(-wait / 1000)} s ago when the terminals were ready: agree on a later --start-at`,
    )
  }

  /** From the first arrival to the last outcome, and what is known of the money then. */
  async underLoad(): Promise<MeasuredRun> {
    const { load, goals } = this.#parts
    const wait = await this.#leadMs()
    const startedAtWall = this.#clock.wall() + wait
    const startAt = this.#clock.now() + wait
    this.#startAt = startAt
    this.#faults.start(startAt, startedAtWall)
    const { generator, metered, hostSide, speaker, ledger } = this.#setting
    const recorder = createRecorder({
      ...{ startedAt: startAt, measureFrom: startAt + load.warmup, timelyWithinMs: goals.timely.response },
      ...{ metered: metered === true, cuts: generator?.cuts !== undefined },
    })
    this.#recorder = recorder
    generator?.cuts?.(() => ({ tally: recorder.cut(), ...this.#counts }))
    this.#observer.start(startAt)
    this.#side.money.funds.measureFrom(startAt + load.warmup)
    this.#evidence?.keeper.measureFrom(startAt + load.warmup)
    for (const ms of this.#early.connectMs) recorder.connect(ms)
    // In virtual time no machine is slow.
    const delay = this.#world.kind === 'real' ? startEventLoopDelay() : undefined
    const warm = this.#clock.after(load.warmup + wait, () => delay?.reset())
    const stopCheckpoints = this.#startCheckpoints({ recorder, startedAtWall, startAt, delay })
    this.#watch.load({ recorder, startAt, delay })
    this.#earlyEnd.judge({ recorder, startAt, delay })
    const loadEndedMs = await this.#playLoad(recorder, startAt)
    await stopCheckpoints?.()
    const { money } = this.#side
    await generator?.books(ownBooks(money, this.#settled))
    this.#books = await booksOrWhyNot(money.books, async () => {
      const rows = honestRows(await hostSide.ledgerRows(this.#marks, money.spill), this.#side.liars)
      return await this.#world.slices(closingBooks(money, { rows, settled: this.#settled, ledger }))
    })
    this.#funds = fundsOfHosts(await hostSide.funds(this.#marks), speaker.dialect.rules.currency)
    warm.cancel()
    const counts = await this.#faults.counts()
    return { recorder, startedAtWall, loadEndedMs, delay, ...counts }
  }

  /** Resolves when every arrival has its outcome, to the end of the load in ms since its start. */
  async #playLoad(recorder: Recorder, startAt: number): Promise<number> {
    const { fleet } = this.#side
    const probe = startProbe({
      terminals: this.#parts.terminals.options,
      world: this.#world,
      paths: this.#paths,
      side: this.#side,
      recorder,
      observer: this.#observer,
      speaker: this.#setting.speaker,
    })
    const soFar = () => ({ tally: recorder.tally(), ...this.#counts })
    const stopTelling = startTelling(this.#setting.generator, this.#clock, soFar)
    const stopLies = this.#side.liars?.start(this.#parts.terminals.options.lies?.every ?? 0)
    const { endedAt } = await runLoad({
      plan: this.plan,
      clock: this.#clock,
      startAt,
      ...loadEvents({
        fleet,
        counts: this.#counts,
        recorder,
        observer: this.#observer,
        now: this.#clock.now,
        target: () => this.#paths.target,
      }),
      signal: this.#signal,
      pacing: this.#world.pacing ?? this.#setting.pacing ?? 'balanced',
    })
    this.#earlyEnd.stop()
    stopLies?.()
    await this.#drain()
    this.#watch.stop()
    stopTelling?.()
    probe?.close()
    return endedAt - startAt
  }

  /** Waits at most `drain` for what is open and what is owed; what is open then has timed out, or was never sent. */
  async #drain(): Promise<void> {
    const { fleet, money } = this.#side
    const { drain, drainOwed } = this.#parts.load
    const answersUntil = this.#clock.now() + drain
    const until = answersUntil + drainOwed
    await waitFor(this.#clock, (done) => fleet.onIdle(done), answersUntil)
    fleet.giveUp()
    await waitFor(this.#clock, (done) => money.owed.drain(done), until)
    const pace = { atOnce: this.#parts.terminals.options.startUp, signal: new AbortController().signal }
    const { payouts, onProgress: say = () => {} } = this.#setting
    if (this.#parts.terminals.options.settle) this.#settled = await settleDay(money, { pace, say })
    if (payouts !== undefined) takePayouts(payouts, { money, observer: this.#observer, clock: this.#clock, say })
    if (hostTellsOfFunds(this.#parts.hosts)) await waitFor(this.#clock, (done) => money.funds.onNone(done), until)
    const { terminals, signOff } = this.#side
    if (signOff) await signOffAll(terminals, { signOff, pace, settled: this.#settled, say })
  }

  /** Writes the measurements so far, once a minute: a crash of isochron loses no more than that. */
  #startCheckpoints(started: Omit<MeasuredRun, 'loadEndedMs' | keyof RunCounts> & { readonly startAt: number }) {
    const { outDir: folder, generator, onProgress: say = () => {} } = this.#setting
    if (folder === undefined || this.#world.kind === 'virtual') return undefined
    const { startAt, ...measured } = started
    const seen = inOneGo(this.#observer.observing({ eventLoopP99Ms: null }))
    const nothingSeen = packObservations({ ...seen, transactions: [] })
    const part = () =>
      this.#part({
        ...{ ...measured, interrupted: true, faults: null, turnedAway: null },
        loadEndedMs: this.#clock.now() - startAt,
        observations: nothingSeen,
      })
    const resultOf = (made: PartRecord) => assemblingByRow(...this.#givenFor(made))
    return startCheckpoints({ folder, clock: this.#clock, generator, part, resultOf, say })
  }

  async report(measured: MeasuredRun): Promise<FinishedRun> {
    const { startedAtWall, delay } = measured
    delay?.stop()
    const { source, outDir, onPart, language } = this.#setting
    let causeOf: Merged['verdicts'] = new Map()
    // Lines are made when they are written: the causes are known by then.
    const evidence = this.#evidence?.finish((observed) => causeOf.get(observed))
    const eventLoopP99Ms = delay?.read().p99Ms ?? null
    const observations = await this.#world.slices(this.#observed(eventLoopP99Ms))
    const part = this.#part({ ...measured, observations, evidence: evidence?.counts ?? null })
    onPart?.(part)
    const { result, verdicts, tally } = await this.#world.slices(assemblingResult(...this.#givenFor(part)))
    causeOf = verdicts
    if (outDir === undefined) return { result, leave: undefined }
    const intervals = intervalLog(tally.timeline, startedAtWall)
    const own = this.#share.of === 1 ? undefined : part
    const files = { result, part: own, scenario: source, intervals, evidence: evidence?.lines ?? [], language }
    return { result, leave: () => writeRunFolder(outDir, files) }
  }

  *#observed(eventLoopP99Ms: number | null): Slices<PackedObservations> {
    yield
    const packed = packObservations(yield* this.#observer.observing({ eventLoopP99Ms }))
    yield
    return packed
  }

  /** To make a result of a part. */
  #givenFor(part: PartRecord): Parameters<typeof assemblingResult> {
    const { allowSaturated } = this.#setting
    return [{ whole: [part], planOf: () => this.plan, allowSaturated }, this.#parts]
  }

  #part(measured: MeasuredRun & Pick<PartRecord, 'observations'> & Partial<PartRecord>): PartRecord {
    const { recorder, startedAtWall, loadEndedMs, delay, faults, turnedAway, observations } = measured
    const { interrupted = this.#earlyEnd.interrupted, evidence = null } = measured
    const fundsAreTold = this.#setting.payouts !== undefined || hostTellsOfFunds(this.#parts.hosts)
    return assemblePart({
      share: this.#share,
      name: this.#parts.name,
      source: this.#setting.source,
      remedies: this.#setting.remedies ?? [],
      seed: this.#setting.seed,
      startedAtWall,
      // A clock that was set back meanwhile says that a run ends before it begins.
      endedAtWall: Math.max(startedAtWall + loadEndedMs, this.#clock.wall()),
      interrupted,
      ...this.#earlyEnd.abortedBy,
      clock: this.#world.kind,
      keys: this.#side.usesKeys ? this.#setting.keys : undefined,
      tls: this.#setting.tls,
      planned: this.#share.of === 1 ? null : countArrivals(this.plan),
      loadEndedMs,
      eventLoopDelay: delay?.read() ?? null,
      tally: recorder.tally(),
      observations,
      reversals: this.#side.money.reversals(),
      settled: this.#settled,
      funds: this.#side.money.funds.tally(fundsAreTold),
      books: this.#books,
      merchantFunds: this.#funds,
      ...{ faults, turnedAway, evidence },
      failover: this.#paths.choice === undefined ? null : this.#switches,
      lies: this.#side.liars?.counts() ?? null,
    })
  }
}
