// Runs one scenario from its first connection to its result: sign-on, load, drain, figures, folder.

import { type Clock, sleep } from '../base/clock.js'
import { StartError, UsageError } from '../base/errors.js'
import { type EventLoopDelayMonitor, startEventLoopDelay } from '../base/event-loop-delay.js'
import { createRandom, freshSeed } from '../base/random.js'
import { type Pacing, runLoad } from '../load/pacer.js'
import { type Plan, planLoad, type Recordings } from '../load/plan.js'
import type { BookRow, Books } from '../measure/books.js'
import { intervalLog } from '../measure/hlog.js'
import { createRecorder, type Recorder } from '../measure/recorder.js'
import type { Result } from '../measure/result.js'
import { figures } from '../measure/summary.js'
import type { LiveSnapshot } from '../report/live.js'
import type { Scenario } from '../scenario/schema.js'
import { startEchoProbe } from '../terminal/echo-probe.js'
import type { Settled } from '../terminal/settlement.js'
import { forEach, signOnAll } from '../terminal/start-up.js'
import { formatAddress, parseAddress } from '../transport/address.js'
import type { Address } from '../transport/link.js'
import type { TlsOptions } from '../transport/tcp-network.js'
import { assembleResult } from './assemble-result.js'
import { startEmbeddedAcquirer } from './embedded-acquirer.js'
import { closeBooks, hostTellsOfFunds, takePayouts } from './end-of-day.js'
import type { JournalStale } from './journal-options.js'
import { createLedgerFile, type LedgerPlace } from './ledger-file.js'
import { startLiveView } from './live-view.js'
import { insecureLine, keysLine } from './protection-lines.js'
import { readPayouts } from './read-payouts.js'
import { readRecordings } from './read-recording.js'
import { createRunFaults, type FaultyHost, type RunFaults } from './run-faults.js'
import { makeRunFolder, writeRunFolder } from './run-folder.js'
import { keysToData, type RunKeys, readRunKeys } from './run-keys.js'
import { acquirerSideFaults } from './side-faults.js'
import { createSpeaker, type Speaker } from './speaker.js'
import { startAcquirer } from './start-acquirer.js'
import { createTerminalSide, type TerminalSide } from './terminal-side.js'
import { readTls } from './tls-files.js'
import { realWorld, virtualWorld, type World } from './world.js'

export interface RunOptions {
  /** The scenario's text as it is run: written to the folder, and its fingerprint to the result. */
  readonly source: string
  /** Ends the load; what was measured is still drained and written. */
  readonly signal?: AbortSignal
  /** The run's folder; nothing is written without it. */
  readonly outDir?: string | undefined
  /** Once a second while the run lasts. */
  readonly onSnapshot?: (snapshot: LiveSnapshot) => void
  /** What is happening, in a line: a terminal that could not sign on. */
  readonly onProgress?: (line: string) => void
  /** A line for everything that a fault hits, masked. Left out: nobody is told. */
  readonly onTrace?: ((line: string) => void) | undefined
  /** Left out: precise. */
  readonly pacing?: Pacing
  /** The reversal journal; left out: a temporary one. */
  readonly journal?: string | undefined
  readonly journalStale?: JournalStale | undefined
  /** A settlement file (对账文件): when the money of which transaction came, for hosts that do not tell. */
  readonly payouts?: string | undefined
  /** The embedded acquirer's ledger; left out: a temporary one, in virtual time one in memory. */
  readonly ledger?: string | undefined
  /** Left out: real. */
  readonly clock?: 'real' | 'virtual'
}

/** Between the last sign-on and the first arrival, in ms: the schedule must not begin in the past. */
const leadMs = 20

/** Throws UsageError for a scenario that does not fit together, StartError when nothing could be reached. */
export async function runScenario(scenario: Scenario, options: RunOptions): Promise<Result> {
  if (options.outDir !== undefined) makeRunFolder(options.outDir)
  const seed = scenario.seed ?? freshSeed()
  const keys = readRunKeys(scenario.keys)
  if (options.payouts !== undefined) readPayouts(options.payouts)
  const tls = scenario.tls && readTls(scenario.tls)
  if (tls !== undefined && options.clock === 'virtual')
    throw new UsageError('--clock virtual: a simulated network has no TLS; leave tls out')
  const world = options.clock === 'virtual' ? virtualWorld(scenario.start) : realWorld(tls === undefined ? {} : { tls })
  return await world.until(runIn(world, scenario, { ...options, seed, keys, tls }))
}

async function runIn(world: World, given: Scenario, prepared: Prepared): Promise<Result> {
  const speaker = createSpeaker(given)
  const { recordings, messages } = readRecordings(given.load, speaker.codec)
  const scenario = { ...given, messages: { ...given.messages, ...messages } }
  const options = { ...prepared, recordings }
  const [target] = scenario.terminals.target ?? []
  if (target !== undefined) {
    if (world.kind === 'virtual')
      throw new UsageError(`--clock virtual: a host elsewhere (${target}) lives in real time`)
    return await new Run(world, scenario, { ...options, speaker, target: parseAddress(target) }).go()
  }
  const { durability } = scenario.acquirer
  const isSimulated = world.kind === 'virtual' && options.ledger === undefined
  using ledger = createLedgerFile({ file: options.ledger, durability: isSimulated ? 'memory' : durability })
  await using embedded = await startEmbedded(world, scenario, { ...options, ledger: ledger.place })
  const ledgerRows = (since: number) => embedded.ledgerRows(since)
  const setting = { ...options, speaker, target: embedded.address, host: embedded, ledgerRows }
  return await new Run(world, scenario, setting).go()
}

/** In virtual time there is one thread; in real time the acquirer never shares the generator's. */
function startEmbedded(
  world: World,
  scenario: Scenario,
  { seed, keys, tls, ledger, onTrace }: Omit<Prepared, 'ledger'> & { readonly ledger: LedgerPlace },
) {
  const { dialect, framing, codec, acquirer, timeZone } = scenario
  const faults = { faults: acquirerSideFaults(scenario), peerTimeoutMs: scenario.terminals.timeout }
  const start = {
    dialect,
    framing,
    codec,
    acquirer,
    timeZone,
    seed,
    keys: keysToData(keys.set),
    tls,
    ledger,
    ...faults,
  }
  if (world.kind === 'real') return startEmbeddedAcquirer(start, onTrace)
  return startAcquirer({ ...start, onTrace, listen: { host: '127.0.0.1', port: 0 } }, world)
}

interface Prepared extends RunOptions {
  readonly seed: number
  readonly keys: RunKeys
  readonly tls: TlsOptions | undefined
}

interface Setting extends Prepared {
  /** What the acquirer's ledger holds, where it can be seen. */
  readonly ledgerRows?: (since: number) => Promise<Iterable<BookRow> | undefined>
  readonly speaker: Speaker
  readonly recordings: Recordings
  readonly target: Address
  /** The embedded acquirer. */
  readonly host?: FaultyHost
}

/** One run's life, in the order of its methods. */
class Run {
  readonly #scenario: Scenario
  readonly #world: World
  readonly #clock: Clock
  readonly #setting: Setting
  readonly #signal: AbortSignal
  readonly #plan: Plan
  readonly #faults: RunFaults
  readonly #side: TerminalSide
  readonly #early = { connectMs: [] as number[] }
  #recorder: Recorder | undefined
  #books: Books | null = null
  #settled: readonly Settled[] | undefined

  constructor(world: World, scenario: Scenario, setting: Setting) {
    this.#world = world
    this.#clock = world.clock
    this.#scenario = scenario
    this.#setting = setting
    this.#signal = setting.signal ?? new AbortController().signal
    const random = createRandom(setting.seed)
    this.#plan = planLoad(scenario.load, random.fork('load'), undefined, setting.recordings)
    this.#faults = createRunFaults({
      scenario,
      world,
      speaker: setting.speaker,
      keys: setting.keys.set,
      random,
      host: setting.host,
      onTrace: setting.onTrace,
      onTrouble: (line) => setting.onProgress?.(line),
    })
    this.#side = createTerminalSide({
      scenario,
      ...setting,
      keys: setting.keys.set,
      world: this.#faults.world,
      random,
      recorder: () => this.#recorder,
      onConnectTime: (ms) =>
        this.#recorder === undefined ? this.#early.connectMs.push(ms) : this.#recorder.connect(ms),
    })
  }

  async go(): Promise<Result> {
    try {
      await this.#startUp()
      return await this.#measure()
    } finally {
      await this.#side.connections.close(0)
      this.#side.money.close()
      this.#recorder?.destroy()
    }
  }

  /** Connects and signs on, and fails when nobody got through: there is nothing to measure then. */
  async #startUp(): Promise<void> {
    const { speaker, target } = this.#setting
    const { terminals, connections, signOn, open } = this.#side
    const pace = { atOnce: this.#scenario.terminals.startUp, signal: this.#signal }
    this.#sayHowItIsProtected()
    const { tried, succeeded, failures } =
      signOn === undefined
        ? await forEach(connections.lasting, pace, open)
        : await signOnAll(terminals, { signOn, pace })
    const what = signOn === undefined ? 'connect' : 'sign on'
    if (succeeded === 0 && tried > 0 && !this.#signal.aborted) {
      const reasons = [...failures.keys()].join(', ')
      // A sentence, such as what is wrong with a certificate, says it all; a bare word does not.
      const question =
        reasons.split(' ').length > 3 ? '' : `: does a host that speaks ${speaker.dialect.name} listen there?`
      throw new StartError(`no terminal could ${what} at ${formatAddress(target)} (${reasons})${question}`)
    }
    for (const [reason, count] of failures)
      this.#setting.onProgress?.(`${count} of ${tried} terminals could not ${what}: ${reason}`)
    const { owed } = this.#side.money
    await this.#waitFor((done) => owed.flush(done), this.#clock.now() + this.#scenario.terminals.timeout)
  }

  #sayHowItIsProtected(): void {
    const { keys, tls, onProgress } = this.#setting
    if (this.#side.usesKeys) onProgress?.(keysLine(keys))
    for (const warning of keys.warnings) onProgress?.(`warning: ${warning}`)
    if (tls?.insecure) onProgress?.(insecureLine)
  }

  async #measure(): Promise<Result> {
    const scenario = this.#scenario
    const startedAtWall = this.#clock.wall() + leadMs
    const startAt = this.#clock.now() + leadMs
    this.#faults.start(startAt, startedAtWall)
    const recorder = createRecorder({
      startedAt: startAt,
      measureFrom: startAt + scenario.warmup,
      timelyWithinMs: scenario.timely.response,
    })
    this.#recorder = recorder
    this.#side.money.funds.measureFrom(startAt + scenario.warmup)
    for (const ms of this.#early.connectMs) recorder.connect(ms)
    // In virtual time no machine is slow.
    const delay = this.#world.kind === 'real' ? startEventLoopDelay() : undefined
    const warm = this.#clock.after(scenario.warmup + leadMs, () => delay?.reset())
    const loadEndedMs = await this.#underLoad(recorder, startAt)
    const { money } = this.#side
    const rows = await this.#setting.ledgerRows?.(money.booksSince)
    this.#books = closeBooks(money, { rows, settled: this.#settled })
    warm.cancel()
    const faults = await this.#faults.counts()
    return this.#report({ recorder, startedAtWall, loadEndedMs, delay, faults })
  }

  /** Resolves when every arrival has its outcome, to the end of the load in ms since its start. */
  async #underLoad(recorder: Recorder, startAt: number): Promise<number> {
    const { fleet } = this.#side
    const probe = this.#startProbe(recorder)
    const stopView = this.#startView(recorder, startAt)
    const { endedAt } = await runLoad({
      plan: this.#plan,
      clock: this.#clock,
      startAt,
      transact: (due, done) => {
        recorder.inFlight(1, due.intendedAt)
        fleet.transact(due, () => {
          recorder.inFlight(-1, this.#clock.now())
          done()
        })
      },
      onLag: recorder.lag,
      signal: this.#signal,
      pacing: this.#setting.pacing ?? 'precise',
    })
    await this.#drain()
    stopView?.()
    probe?.close()
    return endedAt - startAt
  }

  /** Waits at most `drain` for what is open and what is owed; what is open then has timed out, or was never sent. */
  async #drain(): Promise<void> {
    const { fleet, money } = this.#side
    const { drain, drainOwed } = this.#scenario
    const answersUntil = this.#clock.now() + drain
    const until = answersUntil + drainOwed
    await this.#waitFor((done) => fleet.onIdle(done), answersUntil)
    fleet.giveUp()
    await this.#waitFor((done) => money.owed.drain(done), until)
    const pace = { atOnce: this.#scenario.terminals.startUp, signal: new AbortController().signal }
    if (this.#scenario.terminals.settle) this.#settled = await money.settle(pace)
    const { payouts, onProgress = () => {} } = this.#setting
    if (payouts !== undefined) takePayouts(payouts, { funds: money.funds, clock: this.#clock, say: onProgress })
    if (hostTellsOfFunds(this.#scenario)) await this.#waitFor((done) => money.funds.onNone(done), until)
  }

  /** Resolves when `ready` calls back, at the latest at `until`. */
  async #waitFor(ready: (done: () => void) => void, until: number): Promise<void> {
    const done = new AbortController()
    ready(() => done.abort())
    await sleep(this.#clock, until - this.#clock.now(), done.signal)
  }

  /** Nobody can watch virtual time go by. */
  #startView(recorder: Recorder, startAt: number) {
    const { onSnapshot } = this.#setting
    if (onSnapshot === undefined || this.#world.kind === 'virtual') return undefined
    return startLiveView({ plan: this.#plan, recorder, clock: this.#clock, startAt, onSnapshot })
  }

  #startProbe(recorder: Recorder) {
    const { echoProbe, timeout } = this.#scenario.terminals
    const { echo } = this.#setting.speaker.dialect.rules
    const plan = echo === undefined ? undefined : this.#side.plan(echo)
    if (echoProbe === undefined || plan === undefined) return undefined
    const { connections, makeRequest } = this.#side
    return startEchoProbe({
      paths: connections.spokesmen.slice(0, echoProbe.connections).map((terminal) => ({
        terminal,
        acquire: () => connections.acquire(terminal),
        release: connections.release,
      })),
      plan,
      makeRequest,
      clock: this.#clock,
      everyMs: echoProbe.every,
      timeoutMs: timeout,
      onEcho: recorder.echo,
    })
  }

  #report(measured: {
    recorder: Recorder
    startedAtWall: number
    loadEndedMs: number
    delay: EventLoopDelayMonitor | undefined
    faults: Result['faults']
  }): Result {
    const { recorder, startedAtWall, loadEndedMs, delay, faults } = measured
    delay?.stop()
    const { source, outDir } = this.#setting
    const tally = recorder.tally()
    const measuredFigures = figures(tally, { loadEndedMs, eventLoopDelay: delay?.read() ?? null })
    const result = assembleResult({
      scenario: this.#scenario,
      source,
      seed: this.#setting.seed,
      startedAtWall,
      endedAtWall: this.#clock.wall(),
      interrupted: this.#signal.aborted,
      clock: this.#world.kind,
      keys: this.#side.usesKeys ? this.#setting.keys : undefined,
      tls: this.#setting.tls,
      reversals: this.#side.money.reversals(),
      settled: this.#settled,
      funds: this.#side.money.funds.figures(this.#setting.payouts !== undefined || hostTellsOfFunds(this.#scenario)),
      books: this.#books,
      faults,
      figures: { ...measuredFigures, timeline: this.#faults.named(measuredFigures.timeline) },
    })
    if (outDir !== undefined) {
      writeRunFolder(outDir, { result, scenario: source, intervals: intervalLog(tally.timeline, startedAtWall) })
    }
    return result
  }
}
