// One line fault at work on one direction of one connection: asks it, keeps what is to come later, and hands on in order.

import type { Clock } from '../../base/clock.js'
import { createQueue } from '../../base/collections/queue.js'
import { type Alarm, createAlarm } from '../../transport/client/alarm.js'
import type { ChainEntry } from '../chain.js'
import type { FaultLine, LineVerdict } from '../fault.js'
import { grainMs, joinBytes, type PassingItem, type Stage } from './item.js'

export interface LineStageOptions {
  readonly entry: ChainEntry
  readonly line: FaultLine
  readonly clock: Clock
  /** The fault took hold of the connection. */
  readonly onBegun: () => void
  /** It did something to data or to an end. */
  readonly onApplied: () => void
  /** The bytes that are held have become more or less. */
  readonly onHeld: () => void
}

type Close = Extract<PassingItem, { kind: 'close' }>

export class LineStage implements Stage {
  readonly entry: ChainEntry
  /** The stage behind this one: changes when faults come and go. */
  next: Stage | undefined
  heldBytes = 0
  readonly #options: LineStageOptions
  readonly #line: FaultLine
  readonly #clock: Clock
  readonly #queue = createQueue<{ readonly item: PassingItem; readonly at: number }>()
  readonly #alarm: Alarm
  #lastAt = Number.NEGATIVE_INFINITY
  /** A close waits for its time, not behind data. */
  #closing: { readonly item: Close; readonly at: number } | undefined

  constructor(options: LineStageOptions) {
    this.#options = options
    this.entry = options.entry
    this.#line = options.line
    this.#clock = options.clock
    this.#alarm = createAlarm(options.clock, () => this.#ring())
  }

  get isEmpty(): boolean {
    return this.#queue.size === 0
  }

  begin(): void {
    const verdicts = this.#line.begin?.(this.#clock.now())
    if (verdicts === undefined) return
    this.#options.onBegun()
    this.#act(verdicts, { kind: 'end' })
  }

  receive(item: PassingItem): void {
    const now = this.#clock.now()
    const verdicts =
      item.kind === 'bytes' ? this.#line.chunk?.({ bytes: item.bytes, arrivedAt: now }) : this.#line.end?.(now)
    if (verdicts === undefined) {
      this.#enqueue(item, now)
      return
    }
    this.#options.onApplied()
    this.#act(verdicts, item)
  }

  /** The fault is taken away: what it holds goes on at once, what it had still in mind is forgotten. */
  release(): void {
    this.stop()
    const everything = Number.POSITIVE_INFINITY
    for (let item = this.#takeDue(everything); item !== undefined; item = this.#takeDue(everything)) {
      this.next?.receive(item)
    }
  }

  stop(): void {
    this.#alarm.clear()
    this.#closing = undefined
  }

  /** `ending`: what an end stands for, when it is one that is being decided on. */
  #act(verdicts: readonly LineVerdict[], ending: PassingItem): void {
    for (const verdict of verdicts) {
      if (verdict.do === 'deliver') this.#enqueue(bytesOf(verdict), verdict.at)
      else if (verdict.do === 'end') this.#enqueue(ending, verdict.at)
      else this.#close({ kind: 'close', how: verdict.how }, verdict.at)
    }
  }

  #enqueue(item: PassingItem, at: number): void {
    this.#lastAt = Math.max(this.#lastAt, at)
    if (this.#queue.size === 0 && this.#lastAt <= this.#clock.now() + grainMs) {
      this.next?.receive(item)
      return
    }
    this.#queue.push({ item, at: this.#lastAt })
    if (item.kind === 'bytes') this.heldBytes += item.bytes.length
    this.#options.onHeld()
    this.#setAlarm()
  }

  #close(item: Close, at: number): void {
    if (at <= this.#clock.now() + grainMs) this.#enqueue(item, at)
    else if (this.#closing === undefined || at < this.#closing.at) this.#closing = { item, at }
    this.#setAlarm()
  }

  #ring(): void {
    const due = this.#clock.now() + grainMs
    for (let item = this.#takeDue(due); item !== undefined; item = this.#takeDue(due)) this.next?.receive(item)
    if (this.#closing !== undefined && this.#closing.at <= due) {
      const { item } = this.#closing
      this.#closing = undefined
      this.next?.receive(item)
    }
    this.#options.onHeld()
    this.#setAlarm()
  }

  /** The next item whose time has come, together with those that join it. */
  #takeDue(due: number): PassingItem | undefined {
    const first = this.#queue.first()
    if (first === undefined || first.at > due) return undefined
    const parts: Uint8Array[] = []
    for (let held = this.#queue.first(); held !== undefined && held.at <= due; held = this.#queue.first()) {
      const { item } = held
      if (item.kind !== 'bytes') break
      if (parts.length > 0 && item.joined !== true) break
      this.#queue.shift()
      this.heldBytes -= item.bytes.length
      parts.push(item.bytes)
    }
    if (parts.length > 0)
      return { kind: 'bytes', bytes: parts.length === 1 ? (parts[0] as Uint8Array) : joinBytes(parts) }
    this.#queue.shift()
    return first.item
  }

  #setAlarm(): void {
    this.#alarm.setBy(Math.min(this.#queue.first()?.at ?? Infinity, this.#closing?.at ?? Infinity))
  }
}

function bytesOf(verdict: Extract<LineVerdict, { do: 'deliver' }>): PassingItem {
  const { bytes, joined } = verdict
  return joined === true ? { kind: 'bytes', bytes, joined } : { kind: 'bytes', bytes }
}
