// The settlements of a simulation, and what their verdicts must be: balanced, but where the terminal or the host has lost
// count by no fault of its books.

import { sleep } from '../../src/base/clock.js'
import { signOffAll } from '../../src/run/end-of-day.js'
import type { Scenario } from '../../src/scenario/schema.js'
import type { Settled } from '../../src/terminal/settlement.js'
import type { ShopLife } from './shop.js'

export interface SettlementWatch {
  /** Rows of these terminals are not in their next totals: their journal was begun anew. */
  forgot(terminals: readonly string[]): void
  /** A shop has begun, and told again what an earlier life of it had not heard of, before anybody trades. */
  toldAgain(settled: readonly Settled[]): void
  /** Settles every terminal. `isDrained`: nothing is owed, so that both sides must have the same. Hangs when it is killed. */
  settle(shop: ShopLife, isDrained: boolean): Promise<readonly Settled[]>
}

/** What is in doubt about a terminal's totals. */
type Doubt =
  /** It told them and has heard nothing: it must hear of them when it tells them again, before it trades on. No excuse. */
  | 'unanswered'
  /** It heard nothing then either: a host that never saw them may close more than they are of. Batches have numbers instead. */
  | 'tradedOn'
  /** Something was owed when it settled, or is forgotten. */
  | 'incomplete'

export function watchSettlements(
  scenario: Scenario,
  { onProblem, onSettled }: { onProblem: (problem: string) => void; onSettled: (settled: Settled) => void },
): SettlementWatch {
  const doubts = new Map<string, Doubt>()
  const doubt = (terminal: string, why: Doubt) => {
    const known = doubts.get(terminal)
    if (known !== 'incomplete' && (known !== 'tradedOn' || why === 'incomplete')) doubts.set(terminal, why)
  }
  const isExcused = ({ terminal, over }: Settled) => {
    const why = doubts.get(terminal.id)
    return why === 'incomplete' || (why === 'tradedOn' && over === 'sinceLast')
  }
  /** What is heard of one batch says nothing of the terminal's others. */
  const takeNote = (settled: readonly Settled[], isDrained: boolean) => {
    const ends = ({ verdict, over }: Settled) =>
      verdict === 'balanced' || (verdict !== 'unknown' && over === 'sinceLast')
    for (const { terminal } of settled) {
      if (settled.filter((each) => each.terminal === terminal).every(ends)) doubts.delete(terminal.id)
    }
    for (const { terminal, verdict } of settled) {
      if (verdict === 'unknown') doubt(terminal.id, 'unanswered')
      if (!isDrained) doubt(terminal.id, 'incomplete')
    }
  }

  const hear = (settled: readonly Settled[], isDrained = true) => {
    for (const each of settled) {
      const isWrong = each.verdict === 'outOfBalance' && isDrained && !isExcused(each)
      if (isWrong) onProblem(problemOf(each))
      onSettled(each)
    }
  }

  return {
    forgot(terminals) {
      for (const terminal of terminals) doubt(terminal, 'incomplete')
    },
    toldAgain(settled) {
      hear(settled)
      for (const [terminal, why] of doubts) if (why === 'unanswered') doubts.delete(terminal)
      for (const { terminal, verdict } of settled) if (verdict === 'unknown') doubt(terminal.id, 'tradedOn')
    },
    async settle({ side, process }, isDrained) {
      const before = new Map(doubts)
      // Whoever dies before it ends has heard nothing.
      for (const { id } of side.terminals) doubt(id, isDrained ? 'unanswered' : 'incomplete')
      const settled = await side.money.settle(paceOf(scenario))
      // What the journal does not have yet, a death takes back.
      await new Promise<void>((resolve) => process.clock.soon(resolve))
      doubts.clear()
      for (const [terminal, why] of before) doubts.set(terminal, why)
      hear(settled, isDrained)
      takeNote(settled, isDrained)
      return settled
    },
  }
}

function problemOf({ terminal, own, host, verdict }: Settled): string {
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
