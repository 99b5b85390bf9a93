// The start of a day: every terminal signs on (签到), or at least connects, before the first card is presented.

import pLimit from 'p-limit'
import type { Clock } from '../../base/clock.js'
import type { DialectRules } from '../../codec/dialect.js'
import { type ControlEnding, createControlExchange } from '../exchange/control-exchange.js'
import { createJudge } from '../exchange/judge.js'
import type { Connections } from '../paths/connections.js'
import type { MessagePlan } from '../requests/message-plan.js'
import { type Request, valueIn } from '../requests/request.js'
import type { RequestMaker } from '../requests/request-maker.js'
import type { Terminal } from '../terminal.js'
import type { LoadSignOn } from './signed-on.js'

export interface StartUpReport {
  readonly tried: number
  readonly succeeded: number
  /** Why the others failed: reason to count. */
  readonly failures: ReadonlyMap<string, number>
}

export interface StartUpPace {
  /** Connects and sign-ons under way at the same time. */
  readonly atOnce: number
  /** A step that has not begun when it aborts is left out. */
  readonly signal: AbortSignal
}

/** Resolves to what went wrong, or to undefined when the host let the terminal in. Never rejects. */
export type SignOn = (terminal: Terminal) => Promise<string | undefined>

export function createSignOn(options: {
  connections: Pick<Connections, 'acquire' | 'release'>
  plan: MessagePlan
  rules: DialectRules
  makeRequest: RequestMaker
  /** Takes the working keys that the answer brings; left out: they are not looked at. */
  keys?: { readonly load: LoadSignOn }
  clock: Clock
  timeoutMs: number
}): SignOn {
  const { connections, plan, rules, makeRequest, keys, clock, timeoutMs } = options
  const judge = createJudge(rules)
  return async (terminal) => {
    const request = makeRequest(plan, terminal)
    const client = connections.acquire(terminal)
    let host: string | undefined
    const toTarget = (name: string, go: () => void) => {
      host = name
      go()
    }
    const problem = await new Promise<string | undefined>((resolve) => {
      const onEnd = (ending: ControlEnding) =>
        resolve(problemOf(ending, request, judge) ?? keys?.load(terminal, answerOf(ending), host))
      client.send(createControlExchange({ request, sendBefore: clock.now() + timeoutMs, timeoutMs, toTarget, onEnd }))
    })
    connections.release(client)
    return problem
  }
}

/** Signs all terminals on: a failure is counted by its reason. */
export function signOnAll(
  terminals: readonly Terminal[],
  { signOn, pace }: { signOn: SignOn; pace: StartUpPace },
): Promise<StartUpReport> {
  return forEach(terminals, pace, signOn)
}

/** Tries each item; `attempt` resolves to what went wrong, or to undefined. */
export async function forEach<Item>(
  items: readonly Item[],
  { atOnce, signal }: StartUpPace,
  attempt: (item: Item) => Promise<string | undefined>,
): Promise<StartUpReport> {
  const failures = new Map<string, number>()
  let tried = 0
  let succeeded = 0
  const limit = pLimit(atOnce)
  const attemptOne = async (item: Item) => {
    if (signal.aborted) return
    tried++
    const problem = await attempt(item)
    if (problem === undefined) succeeded++
    else failures.set(problem, (failures.get(problem) ?? 0) + 1)
  }
  await Promise.all(items.map((item) => limit(attemptOne, item)))
  return { tried, succeeded, failures }
}

const answerOf = (ending: ControlEnding) => (ending.kind === 'answered' ? ending.received.peek : undefined)

/** Undefined when the host let the terminal in. */
function problemOf(ending: ControlEnding, request: Request, judge: ReturnType<typeof createJudge>): string | undefined {
  if (ending.kind === 'timedOut') return 'no answer'
  if (ending.kind === 'failed') return ending.reason
  const { peek } = ending.received
  if (peek === undefined) return 'answer that cannot be read'
  const { outcome, code, reason } = judge(peek, valueIn, request)
  return outcome === 'approved' ? undefined : (reason ?? `declined with ${code}`)
}
