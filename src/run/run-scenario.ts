// Runs one scenario from its first connection to its result: sign-on, load, drain, figures, folder.

import { realClock, sleep } from '../base/clock.js'
import { StartError } from '../base/errors.js'
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
import { createTerminalSide, type TerminalSide } from './terminal-side.js'

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
}

/** Between the last sign-on and the first arrival, in ms: the schedule must not begin in the past. */
const leadMs = 20

/** Throws UsageError for a scenario that does not fit together, StartError when nothing could be reached. */
export async function runScenario(scenario: Scenario, options: RunOptions): Promise<Result> {
  if (options.outDir !== undefined) makeRunFolder(options.outDir)
  const seed = scenario.seed ?? freshSeed()
  const speaker = createSpeaker(scenario)
  const [target] = scenario.terminals.target ?? []
  if (target !== undefined)
    return await new Run(scenario, options, { seed, speaker, target: parseAddress(target) }).go()
  const { dialect, framing, codec, acquirer } = scenario
  await using embedded = await startEmbeddedAcquirer({ dialect, framing, codec, acquirer, seed })
  return await new Run(scenario, options, { seed, speaker, target: embedded.address }).go()
}

interface Setting {
  readonly seed: number
  readonly speaker: Speaker
  readonly target: Address
}

/** One run's life, in the order of its methods. */
class Run {
  readonly #scenario: Scenario
  readonly #options: RunOptions
  readonly #setting: Setting
  readonly #signal: AbortSignal
  readonly #plan: Plan
  readonly #side: TerminalSide
  readonly #early = { connectMs: [] as number[] }
  #recorder: Recorder | undefined

  constructor(scenario: Scenario, options: RunOptions, setting: Setting) {
    this.#scenario = scenario
    this.#options = options
    this.#setting = setting
    this.#signal = options.signal ?? new AbortController().signal
    const random = createRandom(setting.seed)
    this.#plan = planLoad(scenario.load, random.fork('load'))
    this.#side = createTerminalSide({
      scenario,
      ...setting,
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
        : await signOnAll({ ...this.#side, plan, rules, clock: realClock, timeoutMs, pace })
    const what = plan === undefined ? 'connect' : 'sign on'
    if (succeeded === 0 && tried > 0 && !this.#signal.aborted) {
      const reasons = [...failures.keys()].join(', ')
      throw new StartError(
        `no terminal could ${what} at ${formatAddress(target)} (${reasons}): is a host listening there, and does it speak ${speaker.dialect.name}?`,
      )
    }
    for (const [reason, count] of failures)
      this.#options.onProgress?.(`${count} of ${tried} terminals could not ${what}: ${reason}`)
  }

  async #measure(): Promise<Result> {
    const scenario = this.#scenario
    const startedAtWall = realClock.wall() + leadMs
    const startAt = realClock.now() + leadMs
    const recorder = createRecorder({
      startedAt: startAt,
      measureFrom: startAt + scenario.warmup,
      timelyWithinMs: scenario.timely.response,
    })
    this.#recorder = recorder
    for (const ms of this.#early.connectMs) recorder.connect(ms)
    const delay = startEventLoopDelay()
    const warm = realClock.after(scenario.warmup + leadMs, () => delay.reset())
    const loadEndedMs = await this.#underLoad(recorder, startAt)
    warm.cancel()
    return this.#report({ recorder, startedAtWall, loadEndedMs, delay })
  }

  /** Resolves when every arrival has its outcome, to the end of the load in ms since its start. */
  async #underLoad(recorder: Recorder, startAt: number): Promise<number> {
    const { fleet } = this.#side
    const probe = this.#startProbe(recorder)
    const { onSnapshot = () => {} } = this.#options
    const stopView = startLiveView({ plan: this.#plan, recorder, clock: realClock, startAt, onSnapshot })
    const { endedAt } = await runLoad({
      plan: this.#plan,
      clock: realClock,
      startAt,
      transact: (due, done) => {
        recorder.inFlight(1, due.intendedAt)
        fleet.transact(due, () => {
          recorder.inFlight(-1, realClock.now())
          done()
        })
      },
      onLag: recorder.lag,
      signal: this.#signal,
      pacing: this.#options.pacing ?? 'precise',
    })
    await this.#drain()
    stopView()
    probe?.close()
    return endedAt - startAt
  }

  /** Waits at most `drain` for what is open; what is open then has timed out, or was never sent. */
  async #drain(): Promise<void> {
    const { fleet } = this.#side
    const idle = new AbortController()
    fleet.onIdle(() => idle.abort())
    await sleep(realClock, this.#scenario.drain, idle.signal)
    fleet.giveUp()
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
      clock: realClock,
      everyMs: echoProbe.every,
      timeoutMs: timeout,
      onEcho: recorder.echo,
    })
  }

  #report(measured: {
    recorder: Recorder
    startedAtWall: number
    loadEndedMs: number
    delay: EventLoopDelayMonitor
  }): Result {
    const { recorder, startedAtWall, loadEndedMs, delay } = measured
    delay.stop()
    const { source, outDir } = this.#options
    const tally = recorder.tally()
    const result = assembleResult({
      scenario: this.#scenario,
      source,
      seed: this.#setting.seed,
      startedAtWall,
      endedAtWall: realClock.wall(),
      interrupted: this.#signal.aborted,
      figures: figures(tally, { loadEndedMs, eventLoopDelay: delay.read() }),
    })
    if (outDir !== undefined) {
      writeRunFolder(outDir, { result, scenario: source, intervals: intervalLog(tally.timeline, startedAtWall) })
    }
    return result
  }
}
