// The messages that terminals owe their host: reversals and unacknowledged advices, stored and sent again until acknowledged.
//
// Rule: each terminal has one line, in order, and one message of it under way. What has used up its tries rests at the
// head of its line until the terminal's next transaction, its next connection, or the end of the run.

import type { Clock } from '../../base/clock.js'
import type { Client } from '../../transport/client/client.js'
import { type ControlEnding, createControlExchange } from '../exchange/control-exchange.js'
import type { SignOnAgain } from '../exchange/sign-on-again.js'
import { step } from '../flows/flow.js'
import { reversal } from '../flows/reversal.js'
import type { Judgement } from '../judgement.js'
import type { Connections } from '../paths/connections.js'
import type { Request } from '../requests/request.js'
import type { Terminal } from '../terminal.js'

export interface OwedItem {
  readonly terminal: Terminal
  /** The message; from the second time on as a repeat. */
  request(again: boolean): Request
  /** It was handed to the socket. `at`: ms of the clock. */
  onSent?(at: number): void
  /** The host has said yes or no, and meant it. */
  onAcknowledged(judgement: Judgement): void
  onDropped(): void
}

export interface OwedOptions {
  /** `atOnce`: stored and forwarded. `beforeNext`: sent when the terminal wants to send its next transaction. */
  readonly when: 'atOnce' | 'beforeNext'
  /** Tries after the first. */
  readonly retries: number
  readonly intervalMs: number
  readonly giveUp: boolean
  readonly timeoutMs: number
  readonly clock: Clock
  readonly connections: Pick<Connections, 'acquire' | 'release' | 'serves'>
  readonly judge: (request: Request, ending: ControlEnding & { kind: 'answered' }) => Judgement
  /** The step of a terminal after a try in vain, by its response code: it may have to sign on. Left out: nothing. */
  readonly between?: SignOnAgain['after'] | undefined
  /** Every try that was written: at `at`, answered after `ms`, or its time ran out. Left out: nobody hears of them. */
  readonly onTried?: ((seen: { at: number; ms: number | undefined; terminal: Terminal }) => void) | undefined
  /** Calls `go` when the terminal may speak to this host; left out: always. */
  readonly ready?: SignOnAgain['before'] | undefined
  /** The code that says that the host does not know the original: nothing to undo, so nothing is owed. */
  readonly originalNotFound: string
  /** Codes of a host that could not read the message, or did not believe it: it has undone nothing. */
  readonly notRead: readonly string[]
}

export interface Owed {
  readonly pending: number
  add(item: OwedItem): void
  /** The terminal owes something: `before` must be asked. */
  owes(terminal: Terminal): boolean
  /** Calls `go` when the terminal may send its next transaction: at once where it owes nothing, and at `until` anyway. */
  before(terminal: Terminal, until: number, go: () => void): void
  /** A connection is there again. */
  wake(client: Client): void
  /** Terminals speak to another host, or over another route: nobody pauses for the sake of the one before. */
  moved(): void
  /** Sends everything that is owed now, once. Calls `done` when nothing is. */
  flush(done: () => void): void
  /** From now on nothing rests. Calls `done` once, when nothing is owed any more. */
  drain(done: () => void): void
  /** Sends nothing any more; what is owed stays owed. Idempotent. */
  close(): void
}

type State = keyof typeof reversal.table

interface Line {
  readonly terminal: Terminal
  readonly items: OwedItem[]
  state: State
  tries: number
  /** The head was sent before, by this process. */
  again: boolean
  /** Transactions that may go ahead when the head is settled, or rests. */
  readonly waiting: Set<() => void>
}

export function createOwed(options: OwedOptions): Owed {
  return new OwedLines(options)
}

class OwedLines implements Owed {
  readonly #options: OwedOptions
  readonly #lines = new Map<Terminal, Line>()
  #pending = 0
  #closed = false
  /** Terminals have signed on: before that, a host that wants MACs would refuse what they owe. */
  #hasBegun = false
  #onDrained: (() => void) | undefined
  #onFlushed: (() => void) | undefined

  constructor(options: OwedOptions) {
    this.#options = options
  }

  get pending(): number {
    return this.#pending
  }

  add(item: OwedItem): void {
    this.#pending++
    const known = this.#lines.get(item.terminal)
    if (known !== undefined) {
      known.items.push(item)
      return
    }
    const line: Line = {
      terminal: item.terminal,
      items: [item],
      state: 'owed',
      tries: 0,
      again: false,
      waiting: new Set(),
    }
    this.#lines.set(item.terminal, line)
    if (this.#options.when === 'atOnce' || this.#onDrained !== undefined) this.#send(line)
  }

  owes(terminal: Terminal): boolean {
    return this.#lines.has(terminal)
  }

  before(terminal: Terminal, until: number, go: () => void): void {
    const line = this.#lines.get(terminal)
    const waits = line !== undefined && this.#options.when === 'beforeNext'
    if (waits) this.#wait(line, until, go)
    if (line !== undefined) this.#resume(line, 'woken')
    if (!waits) go()
  }

  #wait({ waiting }: Line, until: number, go: () => void): void {
    const { clock } = this.#options
    const goOnce = () => {
      timer.cancel()
      if (waiting.delete(goOnce)) go()
    }
    const timer = clock.after(until - clock.now(), goOnce)
    waiting.add(goOnce)
  }

  wake(client: Client): void {
    if (!this.#hasBegun) return
    for (const line of [...this.#lines.values()]) {
      if (this.#options.connections.serves(client, line.terminal)) this.#resume(line, 'woken')
    }
  }

  moved(): void {
    for (const line of [...this.#lines.values()]) this.#resume(line, 'paused')
  }

  flush(done: () => void): void {
    this.#hasBegun = true
    this.#onFlushed = done
    this.#wakeAll()
    this.#tellIfEmpty()
  }

  drain(done: () => void): void {
    this.#hasBegun = true
    this.#onFlushed = undefined
    this.#onDrained = () => {
      this.#onDrained = () => {}
      done()
    }
    this.#wakeAll()
    this.#tellIfEmpty()
  }

  close(): void {
    this.#closed = true
  }

  #tellIfEmpty(): void {
    if (this.#pending > 0) return
    const flushed = this.#onFlushed
    this.#onFlushed = undefined
    flushed?.()
    this.#onDrained?.()
  }

  #wakeAll(): void {
    for (const line of [...this.#lines.values()]) this.#resume(line, 'woken')
  }

  #resume(line: Line, event: 'paused' | 'woken'): void {
    if (line.state === (event === 'paused' ? 'pausing' : 'resting')) line.state = step(reversal, line.state, event)
    if (line.state === 'owed' && line.items.length > 0) this.#send(line)
  }

  #send(line: Line): void {
    if (this.#closed) return
    const { connections, clock, timeoutMs, judge, ready, onTried, between = atOnce } = this.#options
    const item = line.items[0] as OwedItem
    const request = item.request(line.again)
    const client = connections.acquire(line.terminal)
    line.state = step(reversal, line.state, 'sent')
    let writtenAt = Number.NaN
    const onEnd = (ending: ControlEnding) => {
      connections.release(client)
      const { terminal } = line
      if (ending.kind === 'answered') onTried?.({ at: ending.writtenAt, ms: ending.at - ending.writtenAt, terminal })
      else if (ending.kind === 'timedOut') onTried?.({ at: writtenAt, ms: undefined, terminal })
      const judgement = ending.kind === 'answered' ? judge(request, ending) : undefined
      if (judgement !== undefined && this.#isFinal(judgement)) this.#acknowledged(line, item, judgement)
      else between(line.terminal, judgement?.code, () => this.#notAcknowledged(line, item))
    }
    const sendBefore = clock.now() + timeoutMs
    const toTarget = ready && ((host: string, go: () => void) => ready(line.terminal, host, go))
    const onWritten = (at: number) => {
      writtenAt = at
      line.again = true
      item.onSent?.(at)
    }
    client.send(createControlExchange({ request, sendBefore, timeoutMs, onWritten, toTarget, onEnd }), { first: true })
  }

  #isFinal({ outcome, code = '', retryCode }: Judgement): boolean {
    if (code === this.#options.originalNotFound) return true
    return outcome !== 'failed' && !retryCode && !this.#options.notRead.includes(code)
  }

  #acknowledged(line: Line, item: OwedItem, judgement: Judgement): void {
    line.state = step(reversal, line.state, 'acknowledged')
    this.#leave(line)
    item.onAcknowledged(judgement)
    this.#next(line)
  }

  #notAcknowledged(line: Line, item: OwedItem): void {
    const { retries, intervalMs, giveUp, clock } = this.#options
    line.tries++
    if (line.tries <= retries) {
      line.state = step(reversal, line.state, 'noAcknowledgement')
      clock.after(intervalMs, () => this.#resume(line, 'paused'))
    } else if (giveUp) {
      line.state = step(reversal, line.state, 'givenUp')
      this.#leave(line)
      item.onDropped()
      this.#next(line)
    } else {
      line.state = step(reversal, line.state, 'triesUsedUp')
      letGo(line)
      if (this.#onDrained !== undefined) clock.after(intervalMs, () => this.#resume(line, 'woken'))
    }
  }

  #leave(line: Line): void {
    line.items.shift()
    line.again = false
    this.#pending--
  }

  /** The line has another head, or none. */
  #next(line: Line): void {
    line.tries = 0
    if (line.items.length > 0) {
      line.state = 'owed'
      if (this.#options.when === 'atOnce' || line.waiting.size > 0 || this.#isHurried) this.#send(line)
      return
    }
    this.#lines.delete(line.terminal)
    letGo(line)
    this.#tellIfEmpty()
  }

  get #isHurried(): boolean {
    return this.#onDrained !== undefined || this.#onFlushed !== undefined
  }
}

const atOnce: SignOnAgain['after'] = (_terminal, _code, done) => done()

/** The terminal's next transactions may go ahead. */
function letGo(line: Line): void {
  for (const go of [...line.waiting]) go()
}
