// The end of the day: each terminal tells the host its totals (0500), and where they differ every transaction (0320).
// The verdict is the host's, or what its totals say; what it means for the books is for others to say.

import type { DialectRules, LedgerRules } from '../../codec/dialect.js'
import type { BookRow } from '../../measure/money/books.js'
import { type ControlEnding, createControlExchange } from '../exchange/control-exchange.js'
import type { SignOnAgain } from '../exchange/sign-on-again.js'
import { step } from '../flows/flow.js'
import { settlement } from '../flows/settlement.js'
import type { ToldMessage } from '../journal/journal-records.js'
import type { JournalledSettlements } from '../journal/settled-rows.js'
import type { Judgement } from '../judgement.js'
import type { Connections } from '../paths/connections.js'
import type { MessagePlan } from '../requests/message-plan.js'
import type { Request } from '../requests/request.js'
import type { RequestMaker } from '../requests/request-maker.js'
import { forEach, type StartUpPace } from '../sign-on/start-up.js'
import { batchAfter, type Terminal } from '../terminal.js'
import {
  type HostTotals,
  readHostTotals,
  type SettlementVerdict,
  settlementVerdict,
  totalsAgree,
} from './host-totals.js'
import { type BatchTotals, createTotals, type TerminalTotals } from './totals.js'
import { uploadMessages } from './upload-messages.js'

export interface SettlementPlans {
  /** One for each time that it is sent until the host has answered: the same message, maybe under another MTI. */
  readonly settlement: Attempts
  /** Left out where the dialect has no batch upload. */
  readonly upload?: { readonly records: Attempts; readonly end: Attempts } | undefined
}

/** How a message is sent, and how again and again while nobody answers: the host tells a repeat by its STAN. */
export type Attempts = readonly [MessagePlan, ...MessagePlan[]]

/** How one terminal's settlement ended. `host` is empty where its answer has no totals. */
export interface SettledTerminal {
  readonly terminal: Terminal
  readonly batch: string
  /** The scope of the settlement: this batch, or all since the last one. */
  readonly over: LedgerRules['totals']['over']
  readonly verdict: SettlementVerdict
  readonly own: TerminalTotals
  readonly host: HostTotals
  /** They had been told before, and nobody had answered. */
  readonly isAgain: boolean
  /** Why no answer came: silence, or a message that could not be sent. Left out where one came. */
  readonly silence?: string
}

/** The record of settlements, so that totals whose answer nobody has heard are told again as the same. */
export interface SettlementRecord {
  /** Totals of all of this terminal leave in this message. Resolves when that is on disk; false: it cannot be. */
  telling(terminal: Terminal, message: ToldMessage): Promise<boolean>
  /** The host has refused them, and closed nothing. */
  refused(terminal: Terminal): void
  /** The host has closed what the totals were of: its batch, or (null) all of the terminal, which is in its next batch. */
  closed(terminal: Terminal, batch: string | null): void
}

export interface SettleOptions {
  readonly terminals: readonly Terminal[]
  readonly rows: Iterable<BookRow>
  readonly plans: SettlementPlans
  readonly rules: Pick<DialectRules, 'ledger' | 'batchFromSignOn'>
  readonly makeRequest: RequestMaker
  readonly connections: Pick<Connections, 'acquire' | 'release'>
  readonly judge: (request: Request, ending: ControlEnding & { kind: 'answered' }) => Judgement
  /** Calls `go` when the terminal may speak to this host; left out: always. */
  readonly ready?: SignOnAgain['before'] | undefined
  readonly record: SettlementRecord
  readonly now: () => number
  readonly timeoutMs: number
  readonly pace: StartUpPace
}

/**
 * Settles every terminal that `rows` tell of, whatever became of its transactions, batch by batch. None where the dialect
 * does not say what is a debit: totals would be made up. Never rejects.
 */
export async function settleAll(options: SettleOptions): Promise<readonly SettledTerminal[]> {
  return await settleEach(options, async (terminal, of, asked) => {
    const { plans, makeRequest, record, ledger } = asked
    const [first] = plans.settlement
    // Not the batch that the terminal is in: that may be a later one, or end with the number that this message takes.
    const names = { ...of.totals.names(first.givenNames), batch: of.batch }
    const { values } = makeRequest(first, terminal, { names })
    const message = { fields: first.fields, values }
    const isWritten = ledger.totals.over === 'batch' || (await record.telling(terminal, message))
    const heard = isWritten ? await exchange(terminal, { attempts: plans.settlement, values, of }, asked) : notWritten
    return await conclude(terminal, { of, heard, isAgain: false }, asked)
  })
}

/**
 * Tells again the totals that nobody has answered, as the repeats that they are: a host that has closed what they are of
 * (`rows`) gives its first answer. One that has never seen them closes all that there is by now (`all`), and is right.
 */
export async function settleAgain(
  options: SettleOptions & {
    readonly unanswered: JournalledSettlements['unanswered']
    readonly all: Iterable<BookRow>
  },
): Promise<readonly SettledTerminal[]> {
  const { plans, unanswered, rules, record } = options
  const [first, ...later] = plans.settlement
  const all = rules.ledger && createTotals(rules.ledger, options.all)
  return await settleEach(options, async (terminal, told, asked) => {
    const message = unanswered.get(terminal.id)?.message ?? { fields: [], values: [] }
    const attempts = later.length > 0 ? later : [first]
    const heard = await exchange(terminal, { attempts, values: message.values, of: told }, asked)
    const answer = answerIn(heard)
    const agrees = (of: BatchTotals) => answer !== undefined && totalsAgree(of.totals, answer.host) === true
    const everything = all?.of(terminal)[0]
    if (answer === undefined || everything === undefined || agrees(told) || !agrees(everything))
      return await conclude(terminal, { of: told, heard, isAgain: true }, asked)
    await record.telling(terminal, message)
    return await conclude(terminal, { of: everything, heard: { ...answer, verdict: 'balanced' }, isAgain: true }, asked)
  })
}

type Asked = SettleOptions & { readonly ledger: LedgerRules }

async function settleEach(
  options: SettleOptions,
  settleOne: (terminal: Terminal, of: BatchTotals, asked: Asked) => Promise<SettledTerminal>,
): Promise<readonly SettledTerminal[]> {
  const { terminals, rows, rules, plans, pace } = options
  const { ledger } = rules
  if (ledger === undefined) return []
  const totals = createTotals(ledger, rows, { keepsRows: plans.upload !== undefined })
  const settled: SettledTerminal[] = []
  const trading = terminals.filter((terminal) => totals.of(terminal).length > 0)
  await forEach(trading, pace, async (terminal) => {
    let problem: string | undefined
    for (const own of totals.of(terminal)) {
      const result = await settleOne(terminal, own, { ...options, ledger })
      settled.push(result)
      if (result.verdict === 'unknown') problem = 'no verdict'
    }
    return problem
  })
  return settled
}

/** Concludes a terminal's batch from the answer to its totals, or from silence. */
async function conclude(
  terminal: Terminal,
  { of, heard, isAgain }: { of: BatchTotals; heard: Heard; isAgain: boolean },
  options: Asked,
): Promise<SettledTerminal> {
  const { plans, rules, ledger, record } = options
  const answer = answerIn(heard)
  const { batch, totals: own } = of
  const { over, closes } = ledger.totals
  const { verdict, host }: Pick<Answer, 'verdict' | 'host'> = answer ?? { verdict: 'unknown', host: new Map() }
  let state = step(settlement, 'trading', 'totalsSent')
  if (verdict === 'outOfBalance') {
    const isClosed = closes === 'always' || plans.upload === undefined
    state = step(settlement, state, isClosed ? 'outOfBalanceAndClosed' : 'outOfBalance')
    if (!isClosed) state = step(settlement, state, (await upload(terminal, of, options)) ? 'uploaded' : 'noAnswer')
  } else if (verdict === 'balanced') {
    state = step(settlement, state, 'balanced')
  } else {
    const isClosed = closes === 'always' && answer?.isApproved === true
    state = step(settlement, state, isClosed ? 'noVerdictAndClosed' : 'noVerdict')
  }
  const isCurrent = batch === terminal.batch
  if (state === 'closed' && isCurrent && rules.batchFromSignOn !== undefined) terminal.batch = batchAfter(batch)
  if (state === 'closed') record.closed(terminal, over === 'batch' ? batch : null)
  else if (answer?.isRefused && over === 'sinceLast') record.refused(terminal)
  return { terminal, batch, over, verdict, own, host, isAgain, ...('silence' in heard && { silence: heard.silence }) }
}

/** False when a message was not acknowledged: the batch stays open. */
async function upload(terminal: Terminal, of: BatchTotals, options: Asked): Promise<boolean> {
  const { upload: plans } = options.plans
  if (plans === undefined) return true
  for (const { isEnd, names } of uploadMessages(of.rows())) {
    const attempts = isEnd ? plans.end : plans.records
    const { values } = options.makeRequest(attempts[0], terminal, { names: { ...names, batch: of.batch } })
    const heard = await exchange(terminal, { attempts, values, of }, options)
    if (!answerIn(heard)?.isApproved) return false
  }
  return true
}

interface Answer {
  readonly isApproved: boolean
  /** For good: a host that answers so has closed nothing. One that has, and is asked again while it is down, says something else. */
  readonly isRefused: boolean
  readonly verdict: SettlementVerdict
  readonly host: HostTotals
}

/** An answer, or why there is none. */
type Heard = Answer | { readonly silence: string }

const answerIn = (heard: Heard): Answer | undefined => ('silence' in heard ? undefined : heard)

const notWritten: Heard = { silence: 'the journal could not be written' }

/** The messages that are sent until somebody answers, with their gaps, and the totals that the answer is held against. */
interface Question {
  readonly attempts: readonly MessagePlan[]
  readonly values: readonly string[]
  readonly of: BatchTotals
}

async function exchange(terminal: Terminal, { attempts, values, of }: Question, options: Asked): Promise<Heard> {
  let heard: Heard = { silence: 'nothing was sent' }
  for (const plan of attempts) {
    const request = options.makeRequest(plan, terminal, { values })
    heard = await tryOnce(terminal, { request, own: of.totals }, options)
    if (!('silence' in heard)) break
  }
  return heard
}

/** Sends one try. The answer is read while it is valid. */
function tryOnce(
  terminal: Terminal,
  { request, own }: { request: Request; own: TerminalTotals },
  options: Asked,
): Promise<Heard> {
  const { connections, judge, ledger, ready, now, timeoutMs } = options
  const client = connections.acquire(terminal)
  return new Promise((resolve) => {
    const onEnd = (ending: ControlEnding) => {
      connections.release(client)
      if (ending.kind !== 'answered')
        return resolve({ silence: ending.kind === 'failed' ? ending.reason : 'no answer in time' })
      const { peek } = ending.received
      if (peek === undefined) return resolve({ silence: 'the answer cannot be read' })
      const host = readHostTotals(ledger, peek)
      const judged = judge(request, ending)
      const verdict = settlementVerdict(ledger, peek, { ...judged, agree: totalsAgree(own, host) })
      const isRefused = judged.outcome === 'declined' && !judged.retryCode && verdict === 'unknown'
      resolve({ isApproved: judged.outcome === 'approved', isRefused, verdict, host })
    }
    const toTarget = ready && ((host: string, go: () => void) => ready(terminal, host, go))
    client.send(createControlExchange({ request, sendBefore: now() + timeoutMs, timeoutMs, toTarget, onEnd }))
  })
}
