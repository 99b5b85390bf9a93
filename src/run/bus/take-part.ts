// A generator on a bus: takes a part of a run, makes it, and tells what it measured.

import { rmSync } from 'node:fs'
import os from 'node:os'
import { realClock } from '../../base/clock.js'
import { StartError } from '../../base/errors.js'
import { nameOfThisProcess, thisProcess } from '../../base/process/process-identity.js'
import { openNatsBus } from '../../cluster/nats/nats-bus.js'
import { type Cut, type Joined, Participant } from '../../cluster/participant.js'
import { countArrivals } from '../../load/plan.js'
import type { PartRecord } from '../../measure/part-record.js'
import type { Result } from '../../measure/result.js'
import type { LiveSnapshot } from '../../report/live/snapshot.js'
import { takeApart } from '../../scenario/parts.js'
import type { Scenario } from '../../scenario/schema.js'
import { makeTemporaryFolder } from '../disk/temporary-folder.js'
import { maskPart } from '../files/mask-result.js'
import { planOfParts } from '../files/plan-of-parts.js'
import type { RunOptions } from '../run-options.js'
import { runScenario } from '../run-scenario.js'
import { createSpeaker } from '../speaker.js'
import { journalOfPart } from '../terminals/journal-of-part.js'
import { version } from '../version.js'
import { checkTargets } from './allowed-targets.js'
import { fingerprints, scenarioOfBundle, unpackBundle } from './bundle.js'
import type { BusAccess } from './bus-access.js'
import { packDelta, packFinal } from './figures.js'

/** How long the bus is waited for when the part has ended, in ms. */
const giveUpMs = 120_000

export interface TakePartOptions extends Pick<RunOptions, 'pacing' | 'journal' | 'journalStale' | 'keep'> {
  readonly access: BusAccess
  /** From 0; left out: the lowest that is free. */
  readonly part: number | undefined
  readonly waitMs: number
  readonly files: string | undefined
  readonly keys: string | undefined
  /** `--again`: waits for a run that has a part for it, however long that takes. The number of the run, from 1. */
  readonly again?: number | undefined
  /** Hosts beside this machine that the run may be aimed at. */
  readonly allowTargets: readonly string[]
  /** The folder of the part, which stays; left out: a temporary one. */
  readonly keepDir: string | undefined
  readonly signal: AbortSignal
  readonly say: (line: string) => void
  readonly onSnapshot: (live: LiveSnapshot) => void
}

export interface TakenPart {
  readonly result: Result
  /** False: the coordinator never had its figures; they are in the folder. */
  readonly isDelivered: boolean
}

/** Throws UsageError and StartError as `runScenario` does; after the start it makes its part, whatever the bus does. */
export async function takePart(options: TakePartOptions): Promise<TakenPart> {
  const { pid, host } = thisProcess()
  const { again, say } = options
  // A part is claimed once by one name, and each run is another claim.
  const incarnation = again === undefined ? nameOfThisProcess() : `${nameOfThisProcess()}-${again}`
  const bus = await openNatsBus(options.access, realClock)
  const participant = new Participant({
    ...(again !== undefined && { waitsForRun: (why) => say(`waiting for the next run: ${why}`) }),
    ...{ bus, clock: realClock, incarnation, version, want: options.part, waitMs: options.waitMs },
    place: { host, pid, cpus: os.cpus().length },
  })
  const folder = makeTemporaryFolder()
  try {
    return await new PartOnBus(participant, folder, options).make()
  } catch (error) {
    await participant.leave(error instanceof Error ? error.message : String(error))
    throw error
  } finally {
    participant.close()
    await bus.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

class PartOnBus {
  readonly #participant: Participant
  readonly #folder: string
  readonly #options: TakePartOptions
  /** The last cut: nothing is counted after it. */
  #last: Cut | undefined
  #live: LiveSnapshot | undefined
  /** The coordinator's clock minus this machine's calendar when the load began. */
  #aheadMs = 0
  #firstOffsetMs = 0
  #final: Uint8Array | undefined
  #startAt = 0

  constructor(participant: Participant, folder: string, options: TakePartOptions) {
    this.#participant = participant
    this.#folder = folder
    this.#options = options
  }

  async make(): Promise<TakenPart> {
    const { files, keys, say, keepDir } = this.#options
    const joined = await untilStopped(this.#participant.join(), this.#options.signal)
    const bundle = unpackBundle(joined.bundle, joined.sha256)
    const scenario = scenarioOfBundle(bundle, { folder: this.#folder, files, keys })
    checkTargets(takeApart(scenario).hosts, this.#options.allowTargets)
    say(`part ${joined.part + 1} of ${joined.of}: ${scenario.name}`)
    const outDir = keepDir ?? `${this.#folder}/part`
    const result = await runScenario(scenario, { ...this.#runOptions(scenario, joined), ...bundle, outDir })
    const final = this.#final
    if (final === undefined) throw new StartError('this part measured nothing')
    const isDelivered = await this.#participant.finish(
      () => this.#last as Cut,
      () => final,
      giveUpMs,
    )
    return { result, isDelivered }
  }

  #runOptions(scenario: Scenario, { part, of }: Joined): Omit<RunOptions, 'source'> {
    const { pacing, journal, journalStale, keep, say, onSnapshot, signal } = this.#options
    const share = { index: part, of }
    return {
      ...(pacing !== undefined && { pacing }),
      journal: journal === undefined ? undefined : journalOfPart(journal, share),
      journalStale,
      keep,
      share,
      signal: AbortSignal.any([signal, this.#participant.stopped]),
      onProgress: say,
      onSnapshot: (live) => {
        this.#live = live
        onSnapshot(live)
      },
      onPart: (measured) => this.#measured(measured),
      generator: {
        agreeOnStart: () => this.#agree(scenario, share),
        cuts: (cut) => {
          const take = (): Cut => {
            const { tally, handed, ended } = cut()
            const live = this.#live?.stage === 'starting' ? undefined : this.#live
            return { bytes: packDelta({ handed, ended, tally, live }), handed, ended }
          }
          this.#take = take
          this.#participant.begin(this.#startAt, take)
        },
        books: async () => {},
      },
    }
  }

  #take: () => Cut = () => {
    throw new Error('nothing was measured yet')
  }

  async #agree(scenario: Scenario, share: { readonly index: number; readonly of: number }): Promise<number> {
    const planOf = planOfParts(scenario.load, createSpeaker(scenario).codec, scenario.seed ?? 0)
    const ready = this.#participant.ready({ planned: countArrivals(planOf(share)), ...fingerprints(scenario) })
    const { at, startAt } = await untilStopped(ready, this.#options.signal)
    this.#startAt = startAt
    const atWall = realClock.wall() + (startAt - realClock.now())
    this.#aheadMs = at - atWall
    // Messages from now on tell how the clocks drift.
    this.#firstOffsetMs = this.#participant.takeReading()?.offsetMs ?? 0
    return atWall
  }

  /** Everything is counted: the last figures are taken before the recorder is gone. */
  #measured(part: PartRecord): void {
    this.#participant.pause()
    this.#last = this.#take()
    const reading = this.#participant.reading
    const latest = this.#participant.takeReading()
    this.#final = packFinal({
      part: maskPart({
        ...part,
        startedAtWall: part.startedAtWall + this.#aheadMs,
        endedAtWall: part.endedAtWall + this.#aheadMs,
      }),
      clock: {
        offsetMs: this.#aheadMs,
        uncertaintyMs: (reading?.rttMs ?? 0) / 2,
        driftMs: latest === undefined ? null : latest.offsetMs - this.#firstOffsetMs,
      },
    })
  }
}

/** Ctrl-C before the start. */
function untilStopped<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new StartError('interrupted before the start: nothing was measured'))
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop)
    promise.then(resolve, reject)
  })
}
