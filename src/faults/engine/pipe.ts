// One direction of a connection: the stages of its faults in order, and the place where it comes out. It holds so much and
// no more: beyond that its source has to wait.

import { createQueue } from '../../base/collections/queue.js'
import type { PassingItem, Stage } from './item.js'
import type { LineStage } from './line-stage.js'
import type { MessageStage } from './message-stage.js'

export interface PipeOptions {
  /** Takes what comes out. It may call block(). */
  readonly sink: (item: PassingItem) => void
  /** The source must wait (true), or may go on. */
  readonly onChoke: (isChoked: boolean) => void
}

/**
 * Bytes in one direction of one connection that faults may hold: some twenty thousand messages, which is what a busy
 * connection sends while its answers are half a minute late.
 */
export const maxHeldBytes = 4_194_304

export class Pipe {
  isChoked = false
  readonly #options: PipeOptions
  readonly #tail = createQueue<PassingItem>()
  readonly #out: Stage
  #messages: MessageStage | undefined
  #stages: readonly LineStage[] = []
  #first: Stage
  #tailBytes = 0
  #isBlocked = false
  #isStopped = false

  constructor(options: PipeOptions) {
    this.#options = options
    this.#out = { heldBytes: 0, isEmpty: true, receive: (item) => this.#comeOut(item) }
    this.#first = this.#out
  }

  /** In front of all line faults: the sender's messages go wrong first, and then the line. */
  setMessages(messages: MessageStage): void {
    this.#messages = messages
    this.#link()
  }

  get stages(): readonly LineStage[] {
    return this.#stages
  }

  /** New stages have to begin(), and those that went to release(), after this. */
  setStages(stages: readonly LineStage[]): void {
    const gone = this.#stages.filter((stage) => !stages.includes(stage))
    // Data that a stage held when it was taken away goes to the first stage that is still there behind it.
    for (const stage of gone) {
      const behind = this.#stages.slice(this.#stages.indexOf(stage) + 1).find((each) => stages.includes(each))
      stage.next = behind ?? this.#out
    }
    this.#stages = stages
    this.#link()
    // From the far end on, so that nothing overtakes.
    for (const stage of gone.toReversed()) stage.release()
    this.check()
  }

  get isEmpty(): boolean {
    return this.#tail.size === 0 && this.#messages?.isEmpty !== false && this.#stages.every(({ isEmpty }) => isEmpty)
  }

  receive(item: PassingItem): void {
    if (!this.#isStopped) this.#first.receive(item)
  }

  /** The far end takes no more for now. */
  block(): void {
    this.#isBlocked = true
    this.check()
  }

  unblock(): void {
    this.#isBlocked = false
    while (!this.#isBlocked && !this.#isStopped) {
      const item = this.#tail.shift()
      if (item === undefined) break
      if (item.kind === 'bytes') this.#tailBytes -= item.bytes.length
      this.#options.sink(item)
    }
    this.check()
  }

  /** Nothing comes out any more. */
  stop(): void {
    this.#isStopped = true
    this.#messages?.stop()
    for (const stage of this.#stages) stage.stop()
  }

  /** Called when what is held has changed. */
  check(): void {
    if (this.#isStopped) return
    const held = this.#stages.reduce((sum, { heldBytes }) => sum + heldBytes, this.#tailBytes + this.#messageBytes)
    const isChoked = this.#isBlocked || held > (this.isChoked ? maxHeldBytes / 2 : maxHeldBytes)
    if (isChoked === this.isChoked) return
    this.isChoked = isChoked
    this.#options.onChoke(isChoked)
  }

  get #messageBytes(): number {
    return this.#messages?.heldBytes ?? 0
  }

  #link(): void {
    const stages: readonly (LineStage | MessageStage)[] =
      this.#messages === undefined ? this.#stages : [this.#messages, ...this.#stages]
    for (const [index, stage] of stages.entries()) stage.next = stages[index + 1] ?? this.#out
    this.#first = stages[0] ?? this.#out
  }

  #comeOut(item: PassingItem): void {
    if (this.#isStopped) return
    if (!this.#isBlocked && this.#tail.size === 0) {
      this.#options.sink(item)
      return
    }
    this.#tail.push(item.kind === 'bytes' ? { kind: 'bytes', bytes: Uint8Array.from(item.bytes) } : item)
    if (item.kind === 'bytes') this.#tailBytes += item.bytes.length
    this.check()
  }
}
