// The settlements of a simulation, and what their verdicts must be: balanced, but where the terminal or the host has lost
// count by no fault of its books.

import { sleep } from '../../src/base/clock.js'
import { signOffAll } from '../../src/run/terminals/end-of-day.js'
import type { Scenario } from '../../src/scenario/schema.js'
import type { SettledTerminal } from '../../src/terminal/settlement/settlement.js'
import type { ShopLife } from './shop.js'
import { createUnheardTotals } from './unheard-totals.js'

export interface SettlementWatch {
  /** Rows of these terminals are not in their next totals: their journal was begun anew. */
  forgot(terminals: readonly string[]): void
  /** Settles every terminal. `isDrained`: nothing is owed, so that both sides must have the same. Hangs when it is killed. */
  settle(shop: ShopLife, isDrained: boolean): Promise<readonly SettledTerminal[]>
}

export function watchSettlements(
  scenario: Scenario,
  { onProblem, onSettled }: { onProblem: (problem: string) => void; onSettled: (settled: SettledTerminal) => void },
): SettlementWatch {
  /** Terminals of which something was owed when they settled, or is forgotten: their totals may differ the next time. */
  const incomplete = new Set<string>()
  const unheard = createUnheardTotals()
  /** News of one batch says nothing of the terminal's others. */
  const takeNote = (settled: readonly SettledTerminal[], isDrained: boolean) => {
    const ends = ({ verdict, over }: SettledTerminal) =>
      verdict === 'balanced' || (verdict !== 'unknown' && over === 'sinceLast')
    for (const { terminal } of settled) {
      if (settled.filter((each) => each.terminal === terminal).every(ends)) {
        incomplete.delete(terminal.id)
        unheard.forget(terminal.id)
      }
      if (!isDrained) incomplete.add(terminal.id)
    }
  }

  return {
    forgot(terminals) {
      for (const terminal of terminals) incomplete.add(terminal)
    },
    async settle({ side, process }, isDrained) {
      const before = [...incomplete]
      // Whoever dies before it ends has heard nothing.
      if (!isDrained) for (const { id } of side.terminals) incomplete.add(id)
      const telling = unheard.telling(side.terminals, side.money.books.rows())
      const settled = await side.money.settle(paceOf(scenario))
      // A death takes back whatever the journal does not have yet.
      await new Promise<void>((resolve) => process.clock.soon(resolve))
      incomplete.clear()
      for (const terminal of before) incomplete.add(terminal)
      for (const each of settled) {
        const isExcused = !isDrained || incomplete.has(each.terminal.id) || telling.explains(each)
        const isWrong = each.verdict === 'outOfBalance' && !isExcused
        if (isWrong) onProblem(problemOf(each))
        onSettled(each)
      }
      telling.heard(settled)
      takeNote(settled, isDrained)
      return settled
    },
  }
}

/** How often a shop tells its totals when nothing goes wrong any more, and how long it waits in between, in ms. */
const mostTellings = 8
const betweenTellingsMs = 10_000

/**
 * The end of the last day. A host that is slower than the terminals' timer, time after time, gives no verdict: the shop tells
 * its totals again some seconds later, as people do. Nobody may be without one in the end.
 */
export async function settleAtRest(
  shop: ShopLife,
  watch: SettlementWatch,
): Promise<{ readonly settled: readonly SettledTerminal[]; readonly problems: readonly string[] }> {
  const { clock } = shop.process
  for (let telling = 1; ; telling++) {
    const settled = await watch.settle(shop, true)
    const silent = silentOf(settled)
    if (silent.length === 0) return { settled, problems: [] }
    const problem = (terminal: string) =>
      `settlement without verdict: terminal ${terminal} has told its totals ${mostTellings} times`
    if (telling === mostTellings) return { settled, problems: silent.map(problem) }
    await sleep(clock, betweenTellingsMs)
  }
}

const silentOf = (settled: readonly SettledTerminal[]) =>
  settled.filter(({ verdict }) => verdict === 'unknown').map(({ terminal }) => terminal.id)

function problemOf({ terminal, own, host, verdict }: SettledTerminal): string {
  const [debits, credits] = [host.get('debitAmount')?.value, host.get('creditAmount')?.value]
  const totals = `terminal ${own.debitAmount} ${own.creditAmount}, host ${debits} ${credits}`
  return `settlement of terminal ${terminal.id}: ${verdict}, ${totals}`
}

const paceOf = ({ terminals }: Scenario) => ({ atOnce: terminals.startUp, signal: new AbortController().signal })

/** Sends what is owed, until nothing is or the time is over. Whether nothing was. */
export async function drainShop(shop: ShopLife, withinMs: number): Promise<boolean> {
  const done = new AbortController()
  shop.drain(() => done.abort())
  await sleep(shop.process.clock, withinMs, done.signal)
  return done.signal.aborted
}

/**
 * The end of a day in the middle of trouble, as a run ends: no more cards, what is owed is sent, all settle and sign off.
 * The process is over then: whether nothing was owed. Hangs when it is killed meanwhile.
 */
export async function closeShop(
  shop: ShopLife,
  { scenario, watch, patienceMs }: { scenario: Scenario; watch: SettlementWatch; patienceMs: number },
): Promise<{ readonly isDrained: boolean }> {
  const { side, process } = shop
  const idle = new AbortController()
  side.fleet.onIdle(() => idle.abort())
  await sleep(process.clock, patienceMs, idle.signal)
  side.fleet.giveUp()
  const isDrained = await drainShop(shop, patienceMs)
  const settled = await watch.settle(shop, isDrained)
  const { signOff, terminals } = side
  if (signOff) await signOffAll(terminals, { signOff, pace: paceOf(scenario), settled, say: () => {} })
  await side.close()
  return { isDrained }
}
