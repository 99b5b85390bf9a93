// One schedule from its first connection to rest: terminals, acquirer, network and all that goes wrong, in virtual time.

import { join } from 'node:path'
import { ledgerBegin } from '../../src/acquirer/ledger/marks.js'
import { sleep } from '../../src/base/clock.js'
import { createRandom } from '../../src/base/random.js'
import { createZone } from '../../src/base/zone.js'
import type { BookRow } from '../../src/measure/money/books.js'
import type { Sample } from '../../src/measure/sample.js'
import { createLedgerFile, type LedgerPlace } from '../../src/run/hosts/ledger-file.js'
import { keysToData, readRunKeys } from '../../src/run/keys/run-keys.js'
import { putFaults, terminalSideFaults } from '../../src/run/lines/side-faults.js'
import { createSpeaker } from '../../src/run/speaker.js'
import { honestRows } from '../../src/run/terminals/liars.js'
import { virtualWorld } from '../../src/run/world.js'
import type { Scenario } from '../../src/scenario/schema.js'
import { type Recovered, recoverPieces } from '../../src/terminal/journal/recover.js'
import type { SettledTerminal } from '../../src/terminal/settlement/settlement.js'
import { archivedRows } from './archive.js'
import { audit, moneyTypesOf } from './audit.js'
import { auditLedger } from './audit-ledger.js'
import { addFaults, addSample, createCoverage, type Reached, reachedInLedger } from './coverage.js'
import { createDisk, memoryFolder, putInPlace } from './disk.js'
import { type HostLife, type HostName, startHost } from './host.js'
import { problemsOfLyingHost } from './lying-host.js'
import { createProcess, type KillableProcess } from './process.js'
import { scenarioOf, type Trouble, type TroubledSide, type TroubleSchedule, troubleMs } from './schedule.js'
import { closeShop, drainShop, type SettlementWatch, settleAtRest, watchSettlements } from './settlements.js'
import { owedName, rowsOf, type ShopLife, startShop } from './shop.js'
import { createUserBooks } from './user-books.js'
import { wornJournal } from './worn-journal.js'

export interface Simulated {
  /** Sentences; none when all is well. */
  readonly problems: readonly string[]
  /** The events, a line each with its time. */
  readonly trace: readonly string[]
  readonly counts: SimulationCounts
}

export interface SimulationCounts {
  readonly transactions: number
  readonly crashes: number
  readonly reversals: number
  readonly charged: number
  readonly reached: Reached
}

/**
 * How long what is owed may take to be settled when nothing goes wrong any more, and stragglers to arrive, in ms. A host with one worker
 * that needs longer than terminals wait is kept busy by their repeats: one took three minutes to catch up.
 */
const drainMs = 1_200_000
const stragglersMs = 10_000
/** Longer than the longest cycle, and than a payer takes to look after sales that another host posted. */
const payoutMs = 70_000
/** Longer than a settlement whose every message times out, in ms. */
const closingMs = 300_000
/** From the first sign-on to the first card, in ms. */
const leadMs = 200
/** Lines of a trace that are kept. */
const mostLines = 5000

/** Rejects for a schedule that is none. Whatever happens in it is told in the problems, exceptions included. */
export async function simulate(
  schedule: TroubleSchedule,
  options: { readonly traces?: boolean } = {},
): Promise<Simulated> {
  const scenario = scenarioOf(schedule)
  using folder = memoryFolder()
  using ledger = createLedgerFile({ file: join(folder.path, 'ledger.sqlite'), durability: 'process' })
  const world = virtualWorld(scenario.start)
  const simulation = new Simulation({
    schedule,
    scenario,
    world,
    ledger: ledger.place,
    traces: options.traces ?? false,
  })
  try {
    return await world.until(simulation.go())
  } catch (error) {
    return simulation.broken(error)
  }
}

interface SimulationSetting {
  readonly schedule: TroubleSchedule
  readonly scenario: Scenario
  readonly world: ReturnType<typeof virtualWorld>
  readonly ledger: LedgerPlace
  /** The hits of faults are in the trace too. */
  readonly traces: boolean
}

class Simulation {
  readonly #schedule: TroubleSchedule
  readonly #scenario: Scenario
  readonly #world: ReturnType<typeof virtualWorld>
  readonly #ledger: LedgerPlace
  readonly #speaker: ReturnType<typeof createSpeaker>
  readonly #keys: ReturnType<typeof readRunKeys>['set']
  readonly #disk = createDisk()
  readonly #trace: string[] = []
  readonly #told: Sample[] = []
  /** Rows that a journal of another business day no longer keeps. */
  readonly #archive: BookRow[] = []
  /** Names of what the host has said that it reversed, in any life of the shop. */
  readonly #reversed = new Set<string>()
  readonly #faults: ReturnType<typeof putFaults>
  readonly #wallOffsetMs: Record<TroubledSide, number> = { terminal: 0, acquirer: 0, spare: 0 }
  readonly #lives: Record<TroubledSide, number> = { terminal: 0, acquirer: 0, spare: 0 }
  readonly #fallen: string[] = []
  readonly #coverage = createCoverage()
  #loadedAt: number | undefined
  #crashes = 0
  readonly #hosts: Partial<Record<HostName, HostLife>> = {}
  #shop: ShopLife | undefined
  /** The shop that closes for the day now. */
  #closing: ShopLife | undefined
  readonly #settlements: SettlementWatch
  readonly #userBooks = createUserBooks()
  #settled: readonly SettledTerminal[] = []

  constructor({ schedule, scenario, world, ledger, traces }: SimulationSetting) {
    this.#schedule = schedule
    this.#scenario = scenario
    this.#world = world
    this.#ledger = ledger
    this.#speaker = createSpeaker(scenario)
    this.#keys = readRunKeys(scenario.keys, {}).set
    this.#faults = putFaults({
      ...{ network: world.network, clock: world.clock, faults: terminalSideFaults(scenario.faults), keys: this.#keys },
      random: createRandom(schedule.seed).fork('faults'),
      wire: this.#speaker.wire,
      peerTimeoutMs: scenario.terminals.timeout,
      // Masking each message that a fault hits takes as long as all the rest.
      onTrace: traces ? (line) => this.#note(line) : undefined,
      onTrouble: () => {},
    })
    if (schedule.lastStan !== undefined) putInPlace(this.#disk, wornJournal(scenario, schedule.lastStan))
    this.#settlements = watchSettlements(scenario, {
      onProblem: (problem) => this.#fallen.push(problem),
      onSettled: ({ terminal, batch, verdict, isAgain }) => {
        this.#coverage.add(`${isAgain ? 'totals told again' : 'verdict'}: ${verdict}`)
        this.#note(`settlement of terminal ${terminal.id}, batch ${batch}: ${verdict}`)
      },
    })
  }

  async go(): Promise<Simulated> {
    for (const name of this.#hostNames()) await this.#startHost(name, { resetsLinks: true, tornShare: 0 })
    this.#startShop({ resetsLinks: true, tornShare: 0 })
    await this.#pass(leadMs)
    const { clock } = this.#world
    this.#loadedAt = clock.now()
    this.#faults.chain.start(this.#loadedAt)
    for (const host of Object.values(this.#hosts)) host.startFaults(this.#loadedAt)
    for (const at of this.#schedule.arrivals) clock.after(at, () => this.#present())
    for (const trouble of this.#schedule.troubles) if (trouble.kind !== 'fault') this.#plan(trouble)
    await this.#pass(troubleMs)
    for (const who of ['terminal', ...this.#hostNames()] as const) this.#processOf(who)?.spare()
    await this.#closed()
    const drained = await this.#drain()
    await this.#pass(stragglersMs)
    if (drained) {
      await this.#lie()
      const { settled, problems } = await settleAtRest(this.#shop as ShopLife, this.#settlements)
      this.#settled = settled
      this.#fallen.push(...problems)
    }
    if (this.#isPaid) await this.#pass(payoutMs)
    return await this.#judge(drained)
  }

  /** The findings that are known when an exception has ended it. */
  broken(error: unknown): Simulated {
    this.#fall(error)
    const counts = {
      transactions: this.#told.length,
      crashes: this.#crashes,
      reversals: 0,
      charged: 0,
      reached: this.#coverage.reached,
    }
    return { problems: this.#fallen, trace: this.#trace, counts }
  }

  #present(): void {
    const isOpen = this.#closing === undefined || this.#closing !== this.#shop
    if (this.#shop?.isReady && this.#shop.process.isAlive && isOpen) this.#shop.transact()
  }

  #plan(trouble: Exclude<Trouble, { kind: 'fault' }>): void {
    this.#world.clock.after(trouble.at, () => {
      if (trouble.kind === 'closing') {
        this.#close(trouble.patienceMs).catch((error: unknown) => this.#fall(error))
        return
      }
      const { who } = trouble
      const process = this.#processOf(who)
      if (trouble.kind === 'clockJump') {
        this.#wallOffsetMs[who] += trouble.byMs
        process?.jump(trouble.byMs)
        this.#coverage.add('clock set')
        this.#note(`the clock of the ${who} is set by ${trouble.byMs} ms`)
      } else {
        this.#crash(process, trouble)
      }
    })
  }

  /** One that is killed meanwhile is started again by who killed it. */
  async #close(patienceMs: number): Promise<void> {
    const shop = this.#shop
    if (!shop?.isReady || !shop.process.isAlive || this.#closing === shop) return
    this.#closing = shop
    this.#note('the shop closes')
    const { isDrained } = await closeShop(shop, { scenario: this.#scenario, watch: this.#settlements, patienceMs })
    this.#coverage.add(`shop closed with ${isDrained ? 'nothing' : 'something'} owed`)
    if (!shop.process.isAlive) return
    // A death from here on would start a second shop beside the one that opens again.
    shop.process.spare()
    shop.end()
    shop.process.killAfter(0, () => {})
    this.#note('the shop opens again')
    this.#startShop({ resetsLinks: true, tornShare: 0 })
  }

  /** Resolves when no shop is about to close any more. */
  async #closed(): Promise<void> {
    const until = this.#world.clock.now() + closingMs
    const isClosing = () => this.#closing === this.#shop && this.#closing?.process.isAlive === true
    while (isClosing() && this.#world.clock.now() < until) await this.#pass(100)
    if (isClosing()) throw new Error('the shop has not closed')
  }

  #processOf(who: TroubledSide): KillableProcess | undefined {
    return (who === 'terminal' ? this.#shop : this.#hosts[who])?.process
  }

  #hostNames(): readonly HostName[] {
    return this.#scenario.acquirers === undefined ? ['acquirer'] : ['acquirer', 'spare']
  }

  /** One that is dead already is not killed again. */
  #crash(process: KillableProcess | undefined, crash: Trouble & { readonly kind: 'crash' }): void {
    process?.killAfter(crash.steps, (step) => {
      this.#crashes++
      this.#coverage.add(`${crash.who} killed ${step === undefined ? 'in between' : `at a step of its ${step}`}`)
      this.#note(`the ${crash.who} is killed`)
      this.#world.clock.after(crash.downMs, () => this.#restart(crash).catch((error: unknown) => this.#fall(error)))
    })
  }

  async #restart(crash: Trouble & { readonly kind: 'crash' }): Promise<void> {
    if (crash.who === 'terminal') {
      this.#shop?.end()
      this.#startShop(crash)
    } else {
      const host = this.#hosts[crash.who]
      // Its ledger is closed from here on: nobody asks it anything.
      delete this.#hosts[crash.who]
      await this.#endHost(host)
      await this.#startHost(crash.who, crash)
      if (crash.who === 'acquirer') this.#userBooks.hostBegan(this.#hosts.acquirer)
    }
    this.#note(`the ${crash.who} is back`)
  }

  async #endHost(host: HostLife | undefined): Promise<void> {
    const { codes } = this.#speaker.dialect.rules
    if (host === undefined) return
    addFaults(this.#coverage, await host.acquirer.faultCounts())
    this.#coverage.add('answered as a duplicate', host.acquirer.counts().answers[codes.duplicate] ?? 0)
    await host.end()
  }

  get #isPaid(): boolean {
    return this.#scenario.acquirer.settlement !== undefined
  }

  /** A process that ends by itself, by an error of ours. */
  #fall(error: unknown): void {
    this.#fallen.push(`fell over: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  }

  async #startHost(name: HostName, death: Death): Promise<void> {
    const process = this.#process(name, this.#world.network, death)
    this.#hosts[name] = await startHost(process, this.#lives[name]++, {
      ...{ name, scenario: this.#scenario, ledger: this.#ledger, world: this.#world },
      keys: keysToData(this.#keys),
      loadedAt: this.#loadedAt,
      onTrouble: (line) => this.#note(`trouble of the ${name}: ${line}`),
    })
  }

  #startShop(death: Death): void {
    const before = recoverPieces(this.#disk.read())
    const process = this.#process('terminal', this.#faults.network, death)
    this.#shop = startShop(process, this.#lives.terminal++, {
      ...{ scenario: this.#scenario, speaker: this.#speaker, keys: this.#keys, world: this.#world },
      onTold: (sample) => {
        this.#told.push(sample)
        addSample(this.#coverage, sample)
        if (Number(sample.stan) < (this.#schedule.lastStan ?? 0)) this.#coverage.add('number after the last')
        this.#note(`${sample.type} ${sample.terminal} ${sample.stan}: ${sample.outcome} ${sample.reason ?? ''}`)
      },
      onReached: (name) => this.#coverage.add(name),
      onReversed: (key) => this.#reversed.add(owedName(key)),
    })
    this.#userBooks.began(this.#shop, this.#hosts.acquirer)
    this.#archiveFrom(before, this.#shop)
  }

  #archiveFrom(before: Recovered, shop: ShopLife): void {
    const today = createZone(this.#scenario.timeZone).format('YYYYMMDD', shop.process.clock.wall())
    const { rows, problems } = archivedRows(before, { books: rowsOf(shop), today })
    this.#fallen.push(...problems)
    this.#archive.push(...rows)
    this.#settlements.forgot(rows.map(({ terminal }) => terminal))
    if (rows.length > 0) this.#coverage.add('journal begun anew')
  }

  #process(
    who: TroubledSide,
    network: Parameters<typeof createProcess>[0]['network'],
    { resetsLinks, tornShare }: Death,
  ) {
    const wallOffsetMs = this.#wallOffsetMs[who]
    return createProcess({ clock: this.#world.clock, network, disk: this.#disk, wallOffsetMs, resetsLinks, tornShare })
  }

  /** Every lie once, when nothing goes wrong any more, so that what the host says is what it means. */
  async #lie(): Promise<void> {
    const liars = this.#shop?.side.liars
    if (liars === undefined) return
    await liars.signOn()
    for (const _ of this.#scenario.terminals.lies?.kinds ?? []) await liars.tell()
    for (const [kind, { told, accepted }] of Object.entries(liars.counts())) {
      this.#coverage.add(`lie refused: ${kind}`, told - accepted)
      if (accepted > 0) this.#fallen.push(`the host took a lie for the truth: ${kind}`)
    }
  }

  /** Whether nothing was owed in the end. Nothing goes wrong any more. */
  async #drain(): Promise<boolean> {
    const { clock } = this.#world
    const until = clock.now() + drainMs
    while (!this.#shop?.isReady && clock.now() < until) await this.#pass(100)
    await this.#pass(2 * this.#scenario.terminals.timeout)
    this.#shop?.side.fleet.giveUp()
    return await drainShop(this.#shop as ShopLife, until - clock.now())
  }

  async #judge(drained: boolean): Promise<Simulated> {
    const shop = this.#shop as ShopLife
    const hosts = Object.values(this.#hosts)
    const terminalRows = [...this.#archive, ...rowsOf(shop)]
    const reversals = shop.side.money.reversals()
    const owed = shop.side.money.owed.pending
    const ledgerRows = [...(honestRows(await hosts[0]?.acquirer.ledgerRows(ledgerBegin), shop.side.liars) ?? [])]
    const shown = await this.#userBooks.problems(shop, this.#hosts.acquirer)
    shop.process.killAfter(0, () => {})
    for (const { process } of hosts) process.killAfter(0, () => {})
    shop.end()
    for (const host of hosts) await this.#endHost(host)
    addFaults(this.#coverage, this.#faults.chain.counts())
    const { messages } = this.#speaker.dialect
    const evidence = { terminalRows, ledgerRows, told: this.#told, owed, drained, moneyTypes: moneyTypesOf(messages) }
    const { file } = this.#ledger
    if (file !== undefined) this.#coverage.addAll(reachedInLedger(file))
    const money = file === undefined ? [] : auditLedger(file, this.#scenario, this.#schedule.troubles)
    const found = [...this.#fallen, ...audit(evidence), ...shown, ...money]
    const lying = {
      ...{ terminalRows: rowsOf(shop), reversed: this.#reversed, ledgerRows },
      ...{ settled: this.#settled, shown, problems: found },
    }
    const problems = problemsOfLyingHost(this.#schedule.lie, lying, this.#coverage)
    const counts = {
      transactions: this.#told.length,
      crashes: this.#crashes,
      reversals: reversals.created,
      charged: ledgerRows.filter(({ state }) => state === 'charged').length,
      reached: this.#coverage.reached,
    }
    return { problems, trace: this.#trace, counts }
  }

  #pass(ms: number): Promise<void> {
    return sleep(this.#world.clock, ms)
  }

  #note(line: string): void {
    if (this.#trace.length < mostLines) this.#trace.push(`${this.#world.clock.now().toFixed(2)} ms  ${line}`)
  }
}

type Death = Pick<Trouble & { readonly kind: 'crash' }, 'resetsLinks' | 'tornShare'>
