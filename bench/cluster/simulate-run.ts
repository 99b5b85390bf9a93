// One run of a simulated cluster: a coordinator and five generators over a bus that fails, in virtual time; and what must be true of
// it afterwards.

import { sleep } from '../../src/base/clock.js'
import { createRandom, type Random } from '../../src/base/random.js'
import { createVirtualClock, type VirtualClock } from '../../src/base/virtual-clock.js'
import { Coordinator, type RunEnd } from '../../src/cluster/coordinator.js'
import type { Fold } from '../../src/cluster/part-feed.js'
import { Participant } from '../../src/cluster/participant.js'
import { encode, protocolVersion, type RunHead } from '../../src/cluster/protocol.js'
import { SimulatedBroker, SimulatedBus } from './simulated-bus.js'
import { SimulatedProcess } from './simulated-process.js'

export const troubleKinds = [
  'kill generator',
  'restart generator',
  'replace generator',
  'freeze generator',
  'cut generator',
  'kill coordinator',
  'freeze coordinator',
  'cut coordinator',
  'second coordinator',
  'bus down',
  'duplicate part',
] as const
export type TroubleKind = (typeof troubleKinds)[number]

export interface RunTrouble {
  readonly kind: TroubleKind
  readonly at: number
  readonly forMs: number
  readonly part: number
}

export interface ClusterSchedule {
  readonly seed: string
  readonly of: number
  readonly planMs: number
  readonly losses: number
  /** The longest time that terminals take to sign on. */
  readonly signOnMs: number
  readonly troubles: readonly RunTrouble[]
}

export interface ClusterOutcome {
  readonly problems: readonly string[]
  readonly ending: 'whole' | 'not whole' | 'not begun'
  readonly kinds: readonly TroubleKind[]
}

const drainMs = 4000
const waitMs = 60_000
/** The longest that a run may take, in ms of its time. */
const mostMs = 400_000
/** Who was well for so long before the end of a run has had time to say so. */
const backMs = 9000
/** Error of the clocks that is allowed between two generators, in ms: half of the longest usual round trip, twice. */
const skewMs = 20

export function drawClusterSchedule(seed: string): ClusterSchedule {
  const random = createRandom(seed)
  const planMs = random.between(4000, 12_000)
  const count = random.below(5)
  return {
    seed,
    of: 5,
    planMs,
    signOnMs: random.chance(0.3) ? 20_000 : 3000,
    losses: random.chance(0.5) ? 0 : random.between(0, 0.08),
    troubles: Array.from({ length: count }, () => ({
      kind: troubleKinds[random.below(troubleKinds.length)] as TroubleKind,
      at: random.between(0, planMs + 10_000),
      forMs: random.between(200, 12_000),
      part: random.below(5),
    })).sort((one, other) => one.at - other.at),
  }
}

interface Counts {
  handed: number
  ended: number
}

/** The true counts of a generator, whatever it told. */
interface Truth extends Counts {
  readonly part: number
  readonly incarnation: string
  readonly startedAt: number
}

class CountFold implements Fold {
  handed = 0
  ended = 0
  /** Sums of deltas. */
  readonly sums: Counts = { handed: 0, ended: 0 }

  delta(bytes: Uint8Array): void {
    const delta = JSON.parse(Buffer.from(bytes).toString()) as Counts & { more: Counts }
    this.handed = delta.handed
    this.ended = delta.ended
    this.sums.handed += delta.more.handed
    this.sums.ended += delta.more.ended
  }

  final(bytes: Uint8Array): void {
    const final = JSON.parse(Buffer.from(bytes).toString()) as Counts
    if (final.handed !== this.sums.handed || final.ended !== this.sums.ended) throw new Error('sums differ')
  }
}

interface Machine {
  process: SimulatedProcess
  bus: SimulatedBus
}

/** One schedule's world. */
class SimulatedRun {
  readonly #schedule: ClusterSchedule
  readonly #random: Random
  readonly #time: VirtualClock = createVirtualClock(1_700_000_000_000)
  readonly #broker: SimulatedBroker
  readonly #truths: Truth[] = []
  readonly #generators: Machine[] = []
  /** Until when something was wrong with a part's generator. */
  readonly #touched = new Map<number, number>()
  #endedAt = 0
  readonly #head: RunHead
  #coordinator: Machine | undefined
  #born = 0
  #downs = 0
  #end: RunEnd<CountFold> | undefined
  #keptAtEnd = 0
  #failure: Error | undefined
  /** Parts that heard of the start too late, which each of them said itself. */
  readonly #late = new Set<number>()

  constructor(schedule: ClusterSchedule) {
    this.#schedule = schedule
    this.#random = createRandom(`${schedule.seed}/run`)
    this.#broker = new SimulatedBroker(this.#time, this.#random.fork('bus'), schedule.losses)
    this.#head = {
      protocol: protocolVersion,
      version: '1',
      of: schedule.of,
      sha256: '0'.repeat(64),
      seed: 1,
      planned: Array.from({ length: schedule.of }, (_, part) => 20 + part),
      chunks: 1,
    }
  }

  async run(): Promise<ClusterOutcome> {
    this.#coordinate()
    for (let part = 0; part < this.#schedule.of; part++) this.#generate(part)
    for (const trouble of this.#schedule.troubles) this.#time.after(trouble.at, () => this.#make(trouble))
    while (!this.#isOver && this.#time.now() < mostMs && this.#time.step()) await settled()
    return {
      problems: this.#problems(),
      ending: this.#end === undefined ? 'not begun' : this.#isWhole ? 'whole' : 'not whole',
      kinds: this.#schedule.troubles.map(({ kind }) => kind),
    }
  }

  get #isOver(): boolean {
    return this.#end !== undefined || this.#failure !== undefined
  }

  get #isWhole(): boolean {
    return this.#end?.parts.every(({ lost }) => lost === null) === true
  }

  #machine(): Machine {
    const process = new SimulatedProcess(this.#time, {
      skewMs: this.#random.between(-400_000, 400_000),
      bootedMs: this.#random.between(0, 1e6),
    })
    return { process, bus: new SimulatedBus(this.#broker, process) }
  }

  #coordinate(): void {
    const machine = this.#machine()
    this.#coordinator = machine
    const coordinator = new Coordinator<CountFold>({
      ...{ bus: machine.bus, clock: machine.process.clock, epoch: `coordinator-${this.#born++}` },
      ...{ head: this.#head, bundle: [new Uint8Array([1])], misfit: () => undefined },
      ...{ fold: () => new CountFold(), waitMs, lostAfterMs: 5000, lastsMs: this.#schedule.planMs + drainMs },
      say: () => {},
    })
    coordinator.run().then(
      (end) => {
        this.#end = end
        this.#endedAt = this.#time.now()
        this.#keptAtEnd = this.#broker.kept.length
      },
      (error: Error) => {
        void machine.bus.close()
        // It has begun all the same, or another one has taken over: somebody takes it up again.
        if (this.#coordinator !== machine) return
        if (this.#broker.kept.some(({ subject }) => subject === 'd.start')) this.#coordinate()
        else this.#failure = error
      },
    )
  }

  #generate(want: number): void {
    const machine = this.#machine()
    this.#generators[want] = machine
    this.#takePart(machine, want).catch(() => {
      void machine.bus.close()
    })
  }

  async #takePart({ process: { clock }, bus }: Machine, want: number): Promise<void> {
    const incarnation = `generator-${this.#born++}`
    const random = this.#random.fork(incarnation)
    const place = { host: incarnation, pid: 1, cpus: 1 }
    const participant = new Participant({ bus, clock, incarnation, version: '1', place, want, waitMs })
    const { part } = await participant.join()
    await sleep(clock, random.between(10, this.#schedule.signOnMs))
    const planned = this.#head.planned[part] as number
    const { startAt } = await participant.ready({ planned, files: {}, kcvs: [] }).catch(async (error: Error) => {
      if (error.message.includes('heard of it')) this.#late.add(part)
      await participant.leave(error.message)
      throw error
    })
    const truth: Truth = {
      ...{ part, incarnation, handed: 0, ended: 0 },
      startedAt: this.#time.now() + (startAt - clock.now()),
    }
    this.#truths.push(truth)
    const told: Counts = { handed: 0, ended: 0 }
    const cut = () => {
      const { handed, ended } = truth
      const more = { handed: handed - told.handed, ended: ended - told.ended }
      Object.assign(told, { handed, ended })
      return { bytes: encode({ handed, ended, more }), handed, ended }
    }
    participant.begin(startAt, cut)
    await this.#load(truth, { clock, startAt, random, planned })
    await participant.finish(cut, () => encode({ handed: truth.handed, ended: truth.ended }), 120_000)
    // Its process ends: from now on it answers nobody.
    participant.close()
    await bus.close()
  }

  #load(
    truth: Truth,
    {
      clock,
      startAt,
      random,
      planned,
    }: { clock: SimulatedProcess['clock']; startAt: number; random: Random; planned: number },
  ): Promise<void> {
    return new Promise((resolve) => {
      for (let place = 0; place < planned; place++) {
        const due = startAt + (this.#schedule.planMs * place) / planned
        clock.after(due - clock.now(), () => {
          truth.handed++
          clock.after(random.between(5, 3000), () => {
            truth.ended++
            if (truth.ended === planned) resolve()
          })
        })
      }
    })
  }

  #make({ kind, part, forMs }: RunTrouble): void {
    const generator = this.#generators[part] as Machine
    const coordinator = this.#coordinator as Machine
    const later = (action: () => void) => this.#time.after(forMs, action)
    const isForGood = kind === 'kill generator' || kind === 'restart generator' || kind === 'replace generator'
    const until = Math.max(this.#touched.get(part) ?? 0, isForGood ? mostMs : this.#time.now() + forMs)
    if (kind.endsWith('generator')) this.#touched.set(part, until)
    else if (kind !== 'duplicate part') this.#downs++
    if (kind === 'kill generator') generator.process.kill()
    else if (kind === 'restart generator') {
      generator.process.kill()
      later(() => this.#generate(part))
    } else if (kind === 'replace generator') {
      // It is out of reach for longer than it takes to give its part away, and comes back with the start.
      generator.bus.cut(true)
      this.#time.after(8000, () => this.#generate(part))
      this.#broker.onKept('d.start', () => generator.bus.cut(false))
    } else if (kind === 'freeze generator') generator.process.freeze(forMs)
    else if (kind === 'cut generator') {
      generator.bus.cut(true)
      later(() => generator.bus.cut(false))
    } else if (kind === 'kill coordinator') {
      coordinator.process.kill()
      later(() => {
        if (this.#coordinator === coordinator) this.#coordinate()
      })
    } else if (kind === 'freeze coordinator') coordinator.process.freeze(forMs)
    else if (kind === 'cut coordinator') {
      coordinator.bus.cut(true)
      later(() => coordinator.bus.cut(false))
    } else if (kind === 'second coordinator') this.#coordinate()
    else if (kind === 'bus down') this.#busDown(forMs)
    else {
      const taker = this.#machine()
      this.#takePart(taker, part).catch(() => void taker.bus.close())
    }
  }

  #busDown(forMs: number): void {
    if (this.#broker.isDown) return
    this.#broker.isDown = true
    for (const bus of this.#broker.buses) bus.turned()
    this.#time.after(forMs, () => {
      this.#broker.isDown = false
      for (const bus of this.#broker.buses) bus.turned()
    })
  }

  #problems(): readonly string[] {
    const problems = [...this.#twice(), ...this.#skewed()]
    const end = this.#end
    if (end === undefined) {
      if (this.#failure === undefined) problems.push('did not end')
      else if (this.#schedule.troubles.length === 0) problems.push(`did not begin: ${this.#failure.message}`)
      return problems
    }
    const kept = this.#broker.kept.slice(0, this.#keptAtEnd)
    for (const { part, incarnation, fold, lost } of end.parts) {
      const truth = this.#truths.find((each) => each.incarnation === incarnation)
      const planned = this.#head.planned[part] as number
      const { handed, ended } = fold.sums
      const finals = kept.filter(({ subject, body }) => subject === `d.parcel.${part}` && isFinalOf(body, incarnation))
      if (fold.handed !== handed || fold.ended !== ended || ended > handed || handed > planned)
        problems.push(
          `part ${part}: deltas come to ${handed}/${ended}, told are ${fold.handed}/${fold.ended} of ${planned}`,
        )
      if (handed > (truth?.handed ?? 0)) problems.push(`part ${part}: counts more than was done`)
      if (lost === null && (truth?.ended !== planned || ended !== planned))
        problems.push(`part ${part}: said to be whole with ${ended} of ${planned}`)
      if ((lost === null) !== finals.length > 0)
        problems.push(`part ${part}: ${lost ?? 'whole'}, and ${finals.length} final figures were kept`)
      // Who stood still or was out of reach at the start hears of it too late, however well it is afterwards.
      const isLate = this.#late.has(part) && (this.#downs > 0 || this.#schedule.losses > 0 || this.#touched.has(part))
      const isExcused = (this.#touched.get(part) ?? 0) > this.#endedAt - backMs || isLate
      if (lost !== null && !isExcused) problems.push(`part ${part}: ${lost}, and nothing had happened to it of late`)
    }
    return problems
  }

  #twice(): readonly string[] {
    const parts = this.#truths.map(({ part }) => part)
    return parts.flatMap((part, index) => (parts.indexOf(part) === index ? [] : [`part ${part} was made twice`]))
  }

  #skewed(): readonly string[] {
    const starts = this.#truths.map(({ startedAt }) => startedAt)
    const skew = starts.length === 0 ? 0 : Math.max(...starts) - Math.min(...starts)
    return skew > skewMs ? [`the generators began ${Math.round(skew)} ms apart`] : []
  }
}

function isFinalOf(body: Uint8Array, incarnation: string | undefined): boolean {
  const text = Buffer.from(body).toString()
  return text.includes('"kind":"final"') && text.includes(`"${incarnation}"`)
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve))

export const simulateCluster = (schedule: ClusterSchedule): Promise<ClusterOutcome> => new SimulatedRun(schedule).run()
