// The end of the day: each terminal tells the host its totals (0500), and where they differ every transaction (0320).
// The verdict is the host's; what it means for the books is for others to say.

import type { Peek } from '../codec/codec.js'
import type { DialectRules, LedgerRules } from '../codec/dialect.js'
import type { BookRow } from '../measure/books.js'
import type { Connections } from './connections.js'
import { type ControlEnding, createControlExchange } from './control-exchange.js'
import { step } from './flows/flow.js'
import { settlement } from './flows/settlement.js'
import type { Judgement } from './judge.js'
import type { MessagePlan } from './message-plan.js'
import type { RequestMaker } from './request-maker.js'
import type { SignOnAgain } from './sign-on-again.js'
import { forEach, type Pace } from './start-up.js'
import { batchAfter, type Terminal } from './terminal.js'
import { createTotals, type TerminalTotals } from './totals.js'
import type { Request } from './transaction.js'
import { uploadMessages } from './upload-messages.js'

export interface SettlementPlans {
  readonly settlement: MessagePlan
  /** Left out where the dialect has no batch upload. */
  readonly upload?: { readonly records: MessagePlan; readonly end: MessagePlan } | undefined
}

/** How one terminal's settlement ended. `host` is null where its answer has no totals. */
export interface Settled {
  readonly terminal: Terminal
  readonly batch: string
  readonly verdict: 'balanced' | 'outOfBalance' | 'unknown'
  readonly own: TerminalTotals
  readonly host: Pick<TerminalTotals, 'debitAmount' | 'creditAmount'> | null
}

export interface SettleOptions {
  readonly terminals: readonly Terminal[]
  readonly rows: Iterable<BookRow>
  readonly plans: SettlementPlans
  readonly rules: DialectRules
  readonly makeRequest: RequestMaker
  readonly connections: Pick<Connections, 'acquire' | 'release'>
  readonly judge: (request: Request, ending: ControlEnding & { kind: 'answered' }) => Judgement
  /** Calls `go` when the terminal may speak to this host; left out: always. */
  readonly ready?: SignOnAgain['before'] | undefined
  readonly now: () => number
  readonly timeoutMs: number
  readonly pace: Pace
}

/** Settles every terminal that has a transaction in force. Never rejects. */
export async function settleAll(options: SettleOptions): Promise<readonly Settled[]> {
  const { terminals, rows, rules, pace } = options
  const totals = createTotals(rules, rows)
  const settled: Settled[] = []
  const trading = terminals.filter((terminal) => totals.of(terminal) !== undefined)
  await forEach(trading, pace, async (terminal) => {
    const own = totals.of(terminal) as TerminalTotals
    const result = await settleOne(terminal, own, options)
    settled.push(result)
    return result.verdict === 'unknown' ? 'no verdict' : undefined
  })
  return settled
}

async function settleOne(terminal: Terminal, own: TerminalTotals, options: SettleOptions): Promise<Settled> {
  const { plans, rules } = options
  const { batch } = terminal
  const answer = await exchange(terminal, plans.settlement, own.names(plans.settlement.givenNames), options)
  const verdict = answer?.verdict ?? 'unknown'
  let state = step(settlement, 'trading', 'totalsSent')
  if (verdict === 'outOfBalance') {
    const closes = rules.ledger?.totals.closes === 'always' || plans.upload === undefined
    state = step(settlement, state, closes ? 'outOfBalanceAndClosed' : 'outOfBalance')
    if (!closes) state = step(settlement, state, (await upload(terminal, own, options)) ? 'uploaded' : 'noAnswer')
  } else {
    state = step(settlement, state, verdict === 'balanced' ? 'balanced' : 'noVerdict')
  }
  if (state === 'closed' && rules.batchFromSignOn !== undefined) terminal.batch = batchAfter(batch)
  return { terminal, batch, verdict, own, host: answer?.host ?? null }
}

/** False when a message was not acknowledged: the batch stays open. */
async function upload(terminal: Terminal, own: TerminalTotals, options: SettleOptions): Promise<boolean> {
  const { upload: plans } = options.plans
  if (plans === undefined) return true
  for (const { isEnd, names } of uploadMessages(own.rows)) {
    const answer = await exchange(terminal, isEnd ? plans.end : plans.records, names, options)
    if (answer === undefined || answer.verdict === 'unknown') return false
  }
  return true
}

interface Answer {
  readonly verdict: Settled['verdict']
  readonly host: Settled['host']
}

/** Times that a message is sent before its silence is taken for an answer: the host tells a repeat by its STAN. */
const tries = 3

/** Undefined when there was no answer. */
async function exchange(
  terminal: Terminal,
  plan: MessagePlan,
  names: Readonly<Record<string, string>>,
  options: SettleOptions,
): Promise<Answer | undefined> {
  const request = options.makeRequest(plan, terminal, { names })
  for (let number = 1; number <= tries; number++) {
    const answer = await tryOnce(terminal, request, options)
    if (answer !== undefined) return answer
  }
  return undefined
}

/** What is asked of the answer is read while it is valid. */
function tryOnce(terminal: Terminal, request: Request, options: SettleOptions): Promise<Answer | undefined> {
  const { connections, judge, rules, ready, now, timeoutMs } = options
  const client = connections.acquire(terminal)
  return new Promise((resolve) => {
    const onEnd = (ending: ControlEnding) => {
      connections.release(client)
      const peek = ending.kind === 'answered' ? ending.received.peek : undefined
      if (ending.kind !== 'answered' || peek === undefined) return resolve(undefined)
      resolve({ verdict: verdictOf(rules, peek, judge(request, ending)), host: hostTotals(rules.ledger, peek) })
    }
    const toTarget = ready && ((host: string, go: () => void) => ready(terminal, host, go))
    client.send(createControlExchange({ request, sendBefore: now() + timeoutMs, timeoutMs, toTarget, onEnd }))
  })
}

/** The verdict where the dialect has a place for one; else what the response code says. */
function verdictOf({ ledger }: DialectRules, answer: Peek, { outcome, code }: Judgement): Settled['verdict'] {
  if (ledger !== undefined) {
    const { parts, verdicts } = ledger.totals
    const part = parts.find(({ total }) => total === 'verdict')
    const said = part && answer.text(part.field)?.slice(part.from ?? 0, part.to)
    if (said === verdicts.balanced) return 'balanced'
    if (said === verdicts.outOfBalance || code === ledger.codes.outOfBalance) return 'outOfBalance'
  }
  return outcome === 'approved' ? 'balanced' : 'unknown'
}

function hostTotals(ledger: LedgerRules | undefined, answer: Peek): Settled['host'] {
  const amountOf = (name: 'debitAmount' | 'creditAmount') => {
    const part = ledger?.totals.parts.find(({ total }) => total === name)
    const text = part && answer.text(part.field)?.slice(part.from ?? 0, part.to)
    return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined
  }
  const [debitAmount, creditAmount] = [amountOf('debitAmount'), amountOf('creditAmount')]
  return debitAmount === undefined || creditAmount === undefined ? null : { debitAmount, creditAmount }
}
