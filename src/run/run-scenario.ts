// Runs one scenario from its first connection to its result: sign-on, load, drain, figures, folder.

import { type Clock, sleep } from '../base/clock.js'
import { StartError, UsageError } from '../base/errors.js'
import { type EventLoopDelayMonitor, startEventLoopDelay } from '../base/event-loop-delay.js'
import { createRandom, freshSeed } from '../base/random.js'
import { type Pacing, runLoad } from '../load/pacer.js'
import { type Plan, planLoad } from '../load/plan.js'
import { intervalLog } from '../measure/hlog.js'
import { createRecorder, type Recorder } from '../measure/recorder.js'
import type { Result } from '../measure/result.js'
import { figures } from '../measure/summary.js'
import type { LiveSnapshot } from '../report/live.js'
import type { Scenario } from '../scenario/schema.js'
import { startEchoProbe } from '../terminal/echo-probe.js'
import { forEach, signOnAll } from '../terminal/start-up.js'
import { formatAddress, parseAddress } from '../transport/address.js'
import type { Address } from '../transport/link.js'
import { assembleResult } from './assemble-result.js'
import { startEmbeddedAcquirer } from './embedded-acquirer.js'
import { startLiveView } from './live-view.js'
import { makeRunFolder, writeRunFolder } from './run-folder.js'
import { createSpeaker, type Speaker } from './speaker.js'
import { startAcquirer } from './start-acquirer.js'
import { createTerminalSide, type TerminalSide } from './terminal-side.js'
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
  /** Left out: precise. */
  readonly pacing?: Pacing
  /** Left out: real. */
  readonly clock?: 'real' | 'virtual'
}

/** Between the last sign-on and the first arrival, in ms: the schedule must not begin in the past. */
const leadMs = 20

/** Throws UsageError for a scenario that does not fit together, StartError when nothing could be reached. */
export async function runScenario(scenario: Scenario, options: RunOptions): Promise<Result> {
  if (options.outDir !== undefined) makeRunFolder(options.outDir)
  const seed = scenario.seed ?? freshSeed()
  const world = options.clock === 'virtual' ? virtualWorld(scenario.start) : realWorld()
  return await world.until(runIn(world, scenario, { ...options, seed }))
}

async function runIn(world: World, scenario: Scenario, options: RunOptions & { seed: number }): Promise<Result> {
  const speaker = createSpeaker(scenario)
  const [target] = scenario.terminals.target ?? []
  if (target !== undefined) {
    if (world.kind === 'virtual')
      throw new UsageError(`--clock virtual: a host elsewhere (${target}) lives in real time`)
    return await new Run(world, scenario, { ...options, speaker, target: parseAddress(target) }).go()
  }
  await using embedded = await startEmbedded(world, scenario, options.seed)
  return await new Run(world, scenario, { ...options, speaker, target: embedded.address }).go()
}

/** In virtual time there is one thread; in real time the acquirer never shares the generator's. */
function startEmbedded(world: World, { dialect, framing, codec, acquirer, timeZone }: Scenario, seed: number) {
  const start = { dialect, framing, codec, acquirer, timeZone, seed }
  if (world.kind === 'real') return startEmbeddedAcquirer(start)
  return startAcquirer({ ...start, listen: { host: '127.0.0.1', port: 0 } }, world)
}

interface Setting extends RunOptions {
  readonly seed: number
  readonly speaker: Speaker
  readonly target: Address
}

/** One run's life, in the order of its methods. */
class Run {
  readonly #scenario: Scenario
  readonly #world: World
  readonly #clock: Clock
  readonly #setting: Setting
  readonly #signal: AbortSignal
  readonly #plan: Plan
  readonly #side: TerminalSide
  readonly #early = { connectMs: [] as number[] }
  #recorder: Recorder | undefined

  constructor(world: World, scenario: Scenario, setting: Setting) {
    this.#world = world
    this.#clock = world.clock
    this.#scenario = scenario
    this.#setting = setting
    this.#signal = setting.signal ?? new AbortController().signal
    const random = createRandom(setting.seed)
    this.#plan = planLoad(scenario.load, random.fork('load'))
    this.#side = createTerminalSide({
      scenario,
      ...setting,
      world,
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
      this.#recorder?.destroy()
    }
  }

  /** Connects and signs on, and fails when nobody got through: there is nothing to measure then. */
  async #startUp(): Promise<void> {
    const { speaker, target } = this.#setting
    const { startUp: atOnce, timeout: timeoutMs, signOn } = this.#scenario.terminals
    const { rules } = speaker.dialect
    const pace = { atOnce, signal: this.#signal }
    const plan = signOn && rules.signOn !== undefined ? this.#side.plan(rules.signOn) : undefined
    const { tried, succeeded, failures } =
      plan === undefined
        ? await forEach(this.#side.connections.lasting, pace, this.#side.open)
        : await signOnAll({ ...this.#side, plan, rules, clock: this.#clock, timeoutMs, pace })
    const what = plan === undefined ? 'connect' : 'sign on'
    if (succeeded === 0 && tried > 0 && !this.#signal.aborted) {
      const reasons = [...failures.keys()].join(', ')
      throw new StartError(
        `no terminal could ${what} at ${formatAddress(target)} (${reasons}): is a host listening there, and does it speak ${speaker.dialect.name}?`,
      )
    }
    for (const [reason, count] of failures)
      this.#setting.onProgress?.(`${count} of ${tried} terminals could not ${what}: ${reason}`)
  }

  async #measure(): Promise<Result> {
    const scenario = this.#scenario
    const startedAtWall = this.#clock.wall() + leadMs
    const startAt = this.#clock.now() + leadMs
    const recorder = createRecorder({
      startedAt: startAt,
      measureFrom: startAt + scenario.warmup,
      timelyWithinMs: scenario.timely.response,
    })
    this.#recorder = recorder
    for (const ms of this.#early.connectMs) recorder.connect(ms)
    // In virtual time no machine is slow.
    const delay = this.#world.kind === 'real' ? startEventLoopDelay() : undefined
    const warm = this.#clock.after(scenario.warmup + leadMs, () => delay?.reset())
    const loadEndedMs = await this.#underLoad(recorder, startAt)
    warm.cancel()
    return this.#report({ recorder, startedAtWall, loadEndedMs, delay })
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

  /** Waits at most `drain` for what is open; what is open then has timed out, or was never sent. */
  async #drain(): Promise<void> {
    const { fleet } = this.#side
    const idle = new AbortController()
    fleet.onIdle(() => idle.abort())
    await sleep(this.#clock, this.#scenario.drain, idle.signal)
    fleet.giveUp()
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
  }): Result {
    const { recorder, startedAtWall, loadEndedMs, delay } = measured
    delay?.stop()
    const { source, outDir } = this.#setting
    const tally = recorder.tally()
    const result = assembleResult({
      scenario: this.#scenario,
      source,
      seed: this.#setting.seed,
      startedAtWall,
      endedAtWall: this.#clock.wall(),
      interrupted: this.#signal.aborted,
      clock: this.#world.kind,
      figures: figures(tally, { loadEndedMs, eventLoopDelay: delay?.read() ?? null }),
    })
    if (outDir !== undefined) {
      writeRunFolder(outDir, { result, scenario: source, intervals: intervalLog(tally.timeline, startedAtWall) })
    }
    return result
  }
}
