// Tells lies over a connection, one at a time, and counts which a host took for the truth.

import type { Clock, Timer } from '../../base/clock.js'
import { amountField, amountText, bareAmount } from '../../codec/amount.js'
import type { Peek } from '../../codec/codec.js'
import type { LedgerRules } from '../../codec/dialect.js'
import type { LieTally } from '../../measure/money/lies.js'
import type { Client } from '../../transport/client/client.js'
import { type ControlEnding, createControlExchange } from '../exchange/control-exchange.js'
import type { Judgement } from '../judgement.js'
import type { LieKind } from '../options/lies-options.js'
import type { MessagePlan } from '../requests/message-plan.js'
import { createOriginalReader, type Original } from '../requests/originals.js'
import type { Request } from '../requests/request.js'
import type { DrawnValues, RequestInputs, RequestMaker } from '../requests/request-maker.js'
import { readHostTotals, settlementVerdict, totalsAgree } from '../settlement/host-totals.js'
import { totalTexts } from '../settlement/totals.js'
import type { Terminal } from '../terminal.js'
import { type LieVerdict, lies, possibleLies, reversalOf, type Teller, type ToldLie } from './lies.js'

export interface Liar {
  /** Tells the next lie; resolves to whether the host took it for the truth. Never rejects. */
  tell(): Promise<LieVerdict>
  /** Tells one now and then until the returned function is called. */
  start(everyMs: number): () => void
  counts(): LieTally
  readonly terminals: readonly Terminal[]
}

export interface LiarOptions {
  /** Two, of one merchant. */
  readonly terminals: readonly Terminal[]
  readonly kinds: readonly LieKind[]
  readonly plan: (name: string) => MessagePlan | undefined
  readonly makeRequest: RequestMaker
  readonly connections: { acquire(terminal: Terminal): Client; release(client: Client): void }
  readonly judge: (request: Request, ending: ControlEnding & { readonly kind: 'answered' }) => Judgement
  readonly clock: Clock
  readonly timeoutMs: number
  /** The places of totals and verdicts in a settlement; undefined where the dialect has none. */
  readonly ledger: LedgerRules | undefined
  /** The reason that a reversal gives. */
  readonly reason: string
}

interface Exchanged extends ToldLie {
  readonly sent: Sent
}

interface Sent {
  readonly request: Request
  readonly terminal: Terminal
  readonly drawn: DrawnValues
  /** The original by which others may name it, as `names` ask for it. */
  originalFor(names: readonly string[]): Original
}

export function createLiar(options: LiarOptions): Liar {
  const { terminals, plan, clock } = options
  const kinds = possibleLies(options.kinds, (name) => plan(name) !== undefined)
  const counts = new Map(kinds.map((kind) => [kind, { told: 0, accepted: 0, inVain: 0 }]))
  const teller = createTeller(options)
  let next = 0

  const tell = async (): Promise<LieVerdict> => {
    const kind = kinds[next++ % kinds.length]
    if (kind === undefined) return undefined
    const count = counts.get(kind)
    const verdict = await lies[kind].tell(teller)
    if (count === undefined) return verdict
    if (verdict === undefined) count.inVain++
    else count.told++
    if (verdict === true) count.accepted++
    return verdict
  }

  return {
    tell,
    start(everyMs) {
      let timer: Timer | undefined
      let isOver = false
      const again = () => {
        timer = clock.after(everyMs, () => void tell().then(() => isOver || again()))
      }
      again()
      return () => {
        isOver = true
        timer?.cancel()
      }
    },
    counts: () => Object.fromEntries([...counts].map(([kind, count]) => [kind, { ...count }])),
    terminals,
  }
}

function createTeller(options: LiarOptions): Teller {
  const { terminals, plan, reason } = options
  const [own, other] = terminals as [Terminal, Terminal]
  const sale = plan('sale')
  const planned = (name: string): MessagePlan => {
    const found = plan(name)
    if (found === undefined) throw new Error(`there is no message '${name}'`)
    return found
  }
  return {
    own,
    other,
    reversal: sale && reversalOf(sale),
    has: (message) => plan(message) !== undefined,
    ask: (message, terminal = own) => exchange(options, planned(message), terminal, { drawn: {} }),
    follow(message, told, { amount = told.amount, by } = {}) {
      const { sent } = told as Exchanged
      const follower = planned(message)
      const text = amountText(amount)
      const names = { ...sent.originalFor(follower.givenNames), 'original.amount': text, reason }
      const drawn = { card: sent.drawn.card, amount: text }
      return exchange(options, follower, by ?? sent.terminal, { names, drawn })
    },
    async settle() {
      const settlement = planned('settlement')
      const names = { ...totalTexts(falseTotals, settlement.givenNames), batch: own.batch }
      return await exchange(options, settlement, own, { names })
    },
    repeat(told) {
      const { request, terminal, drawn } = (told as Exchanged).sent
      return sendRequest(options, request, { terminal, drawn })
    },
  }
}

function exchange(options: LiarOptions, plan: MessagePlan, terminal: Terminal, given: RequestInputs): Promise<ToldLie> {
  const drawn = given.drawn ?? {}
  const request = options.makeRequest(plan, terminal, { ...given, drawn })
  return sendRequest(options, request, { terminal, drawn })
}

/** Never rejects. */
function sendRequest(
  { connections, clock, timeoutMs, judge, ledger }: LiarOptions,
  request: Request,
  { terminal, drawn }: Pick<Sent, 'terminal' | 'drawn'>,
): Promise<ToldLie> {
  const client = connections.acquire(terminal)
  return new Promise<ToldLie>((resolve) => {
    const onEnd = (ending: ControlEnding) => {
      const told = toldOf(request, ending, { terminal, drawn, judge, ledger })
      connections.release(client)
      resolve(told)
    }
    client.send(createControlExchange({ request, sendBefore: clock.now() + timeoutMs, timeoutMs, onEnd }))
  })
}

/** Reads what may be asked of the answer later: it is gone when this returns. */
function toldOf(
  request: Request,
  ending: ControlEnding,
  { terminal, drawn, judge, ledger }: Pick<Sent, 'terminal' | 'drawn'> & Pick<LiarOptions, 'judge' | 'ledger'>,
): Exchanged {
  const answer = ending.kind === 'answered' ? ending.received.peek : undefined
  const fromAnswer = createOriginalReader(answerNames)(request, { batch: request.batch, answer })
  const originalFor = (names: readonly string[]) => {
    const wanted = names.filter((name) => name.startsWith('original.'))
    const read = createOriginalReader(wanted)(request, { batch: request.batch, answer: undefined })
    return { ...read, ...Object.fromEntries(Object.entries(fromAnswer).filter(([name]) => wanted.includes(name))) }
  }
  const sent = { request, terminal, drawn, originalFor }
  const amount = Number(bareAmount(request.plan.valueOf(amountField, request.values) ?? '0'))
  if (ending.kind !== 'answered') return { outcome: 'unanswered', amount, sent }
  const judged = judge(request, ending)
  const isSettlement = ledger !== undefined && answer !== undefined && request.plan.name === 'settlement'
  return { outcome: isSettlement ? settledAs(ledger, answer, judged) : judged.outcome, amount, sent }
}

/** More than any shop has, in every place that counts debits. */
const most = 999_999_999_999_999
const falseTotals = { debitCount: most, debitAmount: most, creditCount: 0, creditAmount: 0, net: -most }

/** A host may close a batch whatever the totals say: its verdict tells what it made of them. */
function settledAs(ledger: LedgerRules, answer: Peek, judged: Judgement): ToldLie['outcome'] {
  const agree = totalsAgree(falseTotals, readHostTotals(ledger, answer))
  const verdict = settlementVerdict(ledger, answer, { ...judged, agree })
  if (verdict === 'unknown') return judged.outcome === 'declined' ? 'declined' : 'unanswered'
  return verdict === 'balanced' ? 'approved' : 'declined'
}

/** The names that only an answer can give. */
const answerNames = ['original.rrn', 'original.authCode', 'original.date']
