// The terminals of a simulation, over their lives: the real terminal side on a journal, killed and started again on it.

import { createRandom } from '../../src/base/random.js'
import type { KeySet } from '../../src/crypto/keys/key-set.js'
import { createRecorder, type Recorder } from '../../src/measure/latency/recorder.js'
import type { BookRow } from '../../src/measure/money/books.js'
import type { Sample } from '../../src/measure/sample.js'
import type { Speaker } from '../../src/run/dialect-speaker.js'
import { createRunPaths, type RunPaths } from '../../src/run/lines/run-paths.js'
import { createTerminalSide, type TerminalSide } from '../../src/run/terminals/terminal-side.js'
import { hostTellsOfFunds } from '../../src/run/terminals/told-of-funds.js'
import type { World } from '../../src/run/world.js'
import { takeApart } from '../../src/scenario/parts.js'
import type { Scenario } from '../../src/scenario/schema.js'
import type { EvidenceKeeper } from '../../src/terminal/evidence/evidence-keeper.js'
import { forEach, signOnAll } from '../../src/terminal/sign-on/start-up.js'
import { hostAddresses } from './host.js'
import type { KillableProcess } from './process.js'

export interface ShopSetting {
  readonly scenario: Scenario
  readonly speaker: Speaker
  readonly keys: KeySet
  readonly world: World
  /** The answer that a customer was told, once the terminals cannot forget it any more. */
  readonly onTold: (sample: Sample) => void
  /** Something happened that a simulation wants to have seen, by its name. */
  readonly onReached: (name: string) => void
  /** The host has acknowledged the reversal of this one. */
  readonly onReversed: (key: OwedName) => void
}

type OwedName = Pick<BookRow, 'terminal' | 'batch' | 'stan'>

export interface ShopLife {
  readonly process: KillableProcess
  readonly side: TerminalSide
  /** Signed on, and done with the first attempt at what an earlier life left owed. */
  readonly isReady: boolean
  /** A card is presented. */
  transact(): void
  /** Sends what is owed until nothing is; `done` once that is so. */
  drain(done: () => void): void
  /** After its death. */
  end(): void
}

export function startShop(process: KillableProcess, life: number, setting: ShopSetting): ShopLife {
  const { scenario, speaker, keys, world, onReached } = setting
  const recorder = createRecorder({ startedAt: process.clock.now(), timelyWithinMs: 3000 })
  const listening = listenTo(recorder, process, setting)
  const own = { ...world, clock: process.clock, network: process.network }
  const side = createTerminalSide({
    part: takeApart(scenario).terminals,
    mayHearOfFunds: hostTellsOfFunds(takeApart(scenario).hosts),
    ...{ speaker, keys, world: own },
    paths: pathsOf(scenario, own, onReached),
    random: createRandom(`${scenario.seed ?? 0}/life ${life}`),
    recorder: () => listening,
    onConnectTime: () => {},
    evidence: listenToOwed(setting),
    journal: process.disk,
    journalStale: 'replay',
  })
  let isReady = false
  void startUp(side, scenario).then(() => {
    isReady = process.isAlive
  })
  return {
    process,
    side,
    get isReady() {
      return isReady
    },
    transact: () => side.fleet.transact({ intendedAt: process.clock.now(), phase: 'load' }, () => {}),
    drain: (done) => side.money.owed.drain(done),
    end() {
      process.bury()
      side.money.close()
      recorder.destroy()
    },
  }
}

function pathsOf(
  { acquirers, terminals }: Scenario,
  { clock, network }: World,
  onReached: ShopSetting['onReached'],
): RunPaths {
  const hosts = Object.entries(hostAddresses).map(([name, address]) => ({ name, address }))
  return createRunPaths({
    hosts: acquirers === undefined ? hosts.slice(0, 1) : hosts,
    ...{ routes: undefined, failover: terminals.failover, networkOf: () => network, clock },
    onChange: () => onReached('switch to another host'),
  })
}

async function startUp(
  { terminals, connections, signOn, open, money }: TerminalSide,
  scenario: Scenario,
): Promise<void> {
  const pace = { atOnce: scenario.terminals.startUp, signal: new AbortController().signal }
  if (signOn === undefined) await forEach(connections.lasting, pace, open)
  else await signOnAll(terminals, { signOn, pace })
  money.owed.flush(() => {})
}

/** The recorder, which hands on each sample at the end of its turn: by then the journal has it. */
function listenTo(recorder: Recorder, { clock }: KillableProcess, { onTold }: ShopSetting): Recorder {
  const record: Recorder['record'] = (sample, evidence) => {
    recorder.record(sample, evidence)
    clock.soon(() => onTold(sample))
  }
  return Object.create(recorder, { record: { value: record } }) as Recorder
}

/** Keeps nothing. */
const listenToOwed = ({ onReached, onReversed }: ShopSetting): EvidenceKeeper => {
  const kinds = new Map<string, string>()
  return {
    ...{ measureFrom: () => {}, keep: () => {}, watching: (funds) => funds, leftOut: 0, stories: () => [] },
    late: () => onReached('answer that came late'),
    owed(key, kind) {
      kinds.set(owedName(key), kind)
      onReached(`${kind} owed`)
    },
    sentAgain: (key) => onReached(`${kinds.get(owedName(key))} sent`),
    settled(key, state) {
      const kind = kinds.get(owedName(key))
      if (kind === 'reversal' && state === 'acknowledged') onReversed(key)
      onReached(`${kind} ${state}`)
    },
  }
}

/** A transaction's name at the terminal's side, where the merchant does not matter. */
export const owedName = ({ terminal, batch, stan }: OwedName) => `${terminal} ${batch} ${stan}`

export const rowsOf = (life: ShopLife): readonly BookRow[] => [...life.side.money.books.rows()]
