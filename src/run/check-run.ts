// The checks of `validate` beside the scenario itself: it reads the files that the scenario names, and puts a run
// together
// with the same functions as `run`. That run is closed before it begins.

import { UsageError } from '../base/errors.js'
import type { Scenario } from '../scenario/schema.js'
import { cardFileOf } from '../terminal/options/card-options.js'
import { createSimulatedNetwork } from '../transport/network/simulated-network.js'
import { readCards } from './files/read-cards.js'
import { readRecordings } from './files/read-recording.js'
import { startHostSide } from './hosts/host-side.js'
import { requireUsed } from './keys/key-uses.js'
import { noKeys, type RunKeys, readRunKeys } from './keys/run-keys.js'
import { readTls } from './keys/tls-files.js'
import type { PreparedRun } from './run-options.js'
import { putTogether, readyToRun } from './run-scenario.js'
import { createSpeaker } from './speaker.js'
import { memoryJournal } from './terminals/memory-journal.js'
import { virtualWorld, type World } from './world.js'

/**
 * Resolves to warnings: of files with keys, and of messages whose books would differ. Rejects with UsageError, one line for each problem, for what `run` would refuse before it connects: a file that cannot be
 * read or is wrong, a message that cannot be packed, hosts that do not suit each other. Nothing is dialled, no port is opened.
 */
export async function checkRun(scenario: Scenario): Promise<readonly string[]> {
  const problems: UsageError[] = []
  const attempt = async <Value>(read: () => Value | Promise<Value>): Promise<Value | undefined> => {
    try {
      return await read()
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      problems.push(error)
      return undefined
    }
  }
  const keys = (await attempt(() => readRunKeys(scenario.keys))) ?? readRunKeys(noKeys)
  await attempt(() => requireUsed(keys, scenario.dialect))
  const warnings: string[] = []
  await attempt(() => scenario.tls && readTls(scenario.tls))
  const { target } = scenario.terminals
  const cards = cardFileOf(scenario.terminals.cards)
  await attempt(() => cards === undefined || readCards(cards))
  await attempt(() => readRecordings(scenario.load, createSpeaker(scenario).codec))
  const world = virtualWorld(scenario.start, target && nobodyThere)
  // Without its files nothing can be put together.
  if (problems.length === 0) warnings.push(...((await attempt(() => world.until(join(world, scenario, keys)))) ?? []))
  if (problems.length > 0) throw new UsageError(problems.map(({ message }) => message).join('\n'))
  return [...keys.warnings.map((warning) => `warning: ${warning}`), ...warnings]
}

/** A network for hosts elsewhere, which are not asked. */
const nobodyThere = (clock: World['clock']) =>
  createSimulatedNetwork({ clock, latencyMs: { request: () => 0, answer: () => 0 } })

async function join(world: World, scenario: Scenario, keys: RunKeys): Promise<readonly string[]> {
  const prepared: PreparedRun = { source: '', seed: 1, keys, tls: undefined, journalIn: memoryJournal() }
  const ready = readyToRun(scenario)
  await using hostSide = await startHostSide(world, ready.parts, prepared)
  await using run = putTogether(hostSide, world, ready, prepared)
  return run.warnings
}
