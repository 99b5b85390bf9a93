// A link with faults in it: looks like any other link to its owner, and acts on what the faults decide.
//
// Rule of all links: handlers are never called from inside a call of the owner's; what a fault does at once is done when
// the event at hand is over.

import type { Clock, Timer } from '../../base/clock.js'
import type { Peek } from '../../codec/codec.js'
import type { CloseReason, Link, LinkHandlers } from '../../transport/network/link.js'
import type { Wire } from '../../transport/wire/wire.js'
import type { ChainEntry, ChainMember, FaultChain } from '../chain.js'
import type { ConnectVerdict, Direction, FaultContext, FaultLine } from '../fault.js'
import { Holds } from './holds.js'
import type { PassingItem } from './item.js'
import { LineStage } from './line-stage.js'
import { MessageStage } from './message-stage.js'
import type { OpenedMessage, Remac } from './opened-message.js'
import { Pipe } from './pipe.js'

export interface FaultyLinkOptions {
  readonly chain: FaultChain
  readonly clock: Clock
  readonly wire?: Wire | undefined
  readonly remac?: Remac | undefined
  /** Is shown every message that can be read, before the faults see it. Needs `wire`. */
  readonly learn?: ((message: Peek) => void) | undefined
  readonly peerTimeoutMs?: number | undefined
}

/** How long the far side may take to end after a fault ended the connection, in ms; then it is reset. */
const lingerMs = 1000

interface Way {
  readonly direction: Direction
  readonly pipe: Pipe
  readonly messages: MessageStage | undefined
  /** The lines of the faults that were asked about this connection. */
  readonly lines: Map<ChainEntry, FaultLine>
}

export class FaultyLink implements Link, ChainMember {
  readonly peer: string
  readonly number: number
  /** The handlers of the link underneath. */
  readonly innerHandlers: LinkHandlers
  handlers: LinkHandlers | undefined
  readonly #options: FaultyLinkOptions
  readonly #clock: Clock
  readonly #in: Way
  readonly #out: Way
  readonly #holds: Holds
  #inner: Link | undefined
  /** Written before the link was open. The owner knows that it is choked until then. */
  #early: Uint8Array[] = []
  #isOpen = false
  #innerClosed = false
  /** The words about the peer's end. */
  #endDetail: string | undefined
  /** The owner, or a fault, has put an end to it: what still comes is not heard. */
  #isOver = false
  #isFinished = false
  #endedHere = false
  #owesDrain = false
  #linger: Timer | undefined
  /** Before the link underneath is there: what would make it. */
  #dialling: Timer | undefined

  constructor(options: FaultyLinkOptions, peer: string, isOutgoing: boolean) {
    this.#options = options
    this.#clock = options.clock
    this.peer = peer
    this.#out = this.#way(isOutgoing ? 'request' : 'answer', {
      sink: (item) => this.#send(item),
      onChoke: (isChoked) => this.#outChoked(isChoked),
    })
    this.#in = this.#way(isOutgoing ? 'answer' : 'request', {
      sink: (item) => this.#deliver(item),
      onChoke: (isChoked) => (isChoked ? this.#inner?.pause() : this.#inner?.resume()),
    })
    this.#out.pipe.block()
    this.number = options.chain.join(this)
    this.#holds = new Holds(this.number)
    this.innerHandlers = {
      onOpen: () => this.opened(),
      onData: (bytes) => this.#received(bytes),
      onDrain: () => this.#out.pipe.unblock(),
      onEnd: (detail) => {
        this.#endDetail = detail
        if (!this.#isOver) this.#in.pipe.receive({ kind: 'end' })
      },
      onClose: (reason, detail) => this.#innerEnded(reason, detail),
    }
  }

  // ---- the link underneath

  /** How an attempt to connect fares, of every fault that has hold of it. */
  connectVerdicts(): readonly ConnectVerdict[] {
    const now = this.#clock.now()
    return [this.#out, this.#in].flatMap((way) =>
      this.#lineEntries(way, now).flatMap((entry) => {
        const verdict = this.#line(way, entry, now).connect?.(now)
        if (verdict !== undefined) this.#countOnce(entry, way.direction)
        return verdict ?? []
      }),
    )
  }

  /** Until `join`: what happens instead of connecting, or before. */
  later(delayMs: number, action: () => void): void {
    this.#dialling = this.#clock.after(delayMs, action)
  }

  join(inner: Link): void {
    this.#inner = inner
  }

  opened(): void {
    if (this.#isOver) return
    this.#isOpen = true
    this.refresh()
    for (const bytes of this.#early) this.#out.pipe.receive({ kind: 'bytes', bytes })
    this.#early = []
    this.#out.pipe.unblock()
    this.handlers?.onOpen?.()
  }

  /** The link ends before or without the one underneath. */
  finish(reason: CloseReason, detail?: string): void {
    if (this.#isFinished) return
    this.#isFinished = true
    this.#stop()
    this.#options.chain.leave(this.number)
    this.handlers?.onClose(reason, detail)
  }

  // ---- the owner's calls

  write(bytes: Uint8Array): boolean {
    if (this.#isOver || this.#endedHere) return true
    const { pipe } = this.#out
    if (this.#isOpen) pipe.receive({ kind: 'bytes', bytes })
    else this.#early.push(bytes)
    this.#owesDrain ||= pipe.isChoked
    return !pipe.isChoked
  }

  pause(): void {
    this.#in.pipe.block()
  }

  resume(): void {
    this.#clock.soon(() => this.#in.pipe.unblock())
  }

  end(): void {
    if (this.#isOver || this.#endedHere) return
    this.#endedHere = true
    if (this.#inner === undefined || this.#innerClosed) this.reset()
    else if (this.#isOpen) this.#out.pipe.receive({ kind: 'end' })
    else this.#inner.end()
    // Data that nobody reads would keep the peer's end from being seen.
    this.resume()
  }

  reset(): void {
    if (this.#isOver) return
    this.#stop()
    if (this.#inner === undefined || this.#innerClosed) this.#clock.soon(() => this.finish('local'))
    else this.#inner.reset()
  }

  // ---- faults that come and go

  refresh(): void {
    if (!this.#isOpen || this.#isOver) return
    const now = this.#clock.now()
    for (const way of [this.#in, this.#out]) this.#refreshWay(way, now)
  }

  writeAstray(direction: Direction, bytes: Uint8Array): boolean {
    const way = this.#in.direction === direction ? this.#in : this.#out
    if (!this.#isOpen || this.#isOver || way.messages === undefined) return false
    way.messages.inject(bytes)
    return true
  }

  #refreshWay(way: Way, now: number): void {
    const { entries } = this.#options.chain
    way.messages?.setEntries(entries.filter((entry) => entry.fault.level === 'message' && entry.actsOn(way.direction)))
    const wanted = this.#lineEntries(way, now)
    const { stages } = way.pipe
    if (wanted.length === stages.length && stages.every(({ entry }, index) => entry === wanted[index])) return
    const gone = stages.filter(({ entry }) => !wanted.includes(entry))
    const added: LineStage[] = []
    way.pipe.setStages(
      wanted.map((entry) => {
        const known = stages.find((stage) => stage.entry === entry)
        if (known !== undefined) return known
        const stage = this.#stage(way, entry, now)
        added.push(stage)
        return stage
      }),
    )
    for (const { entry } of gone) this.#removed(way, entry)
    for (const stage of added) stage.begin()
  }

  /** A fault that was changed, not taken away, has an entry of the same name in the chain. */
  #removed(way: Way, entry: ChainEntry): void {
    way.lines.delete(entry)
    const { fault, spec } = entry
    const isChanged = this.#options.chain.entries.some((each) => each !== entry && each.spec.name === spec.name)
    if (fault.level !== 'line' || isChanged || fault.onRemove === undefined || fault.onRemove === 'release') return
    this.#close(fault.onRemove)
  }

  #lineEntries(way: Way, now: number): readonly ChainEntry[] {
    return this.#options.chain.entries.filter(
      (entry) => entry.fault.level === 'line' && entry.actsOn(way.direction) && this.#holds.isHit(entry, now),
    )
  }

  #line(way: Way, entry: ChainEntry, now: number): FaultLine {
    const known = way.lines.get(entry)
    if (known !== undefined) return known
    const { fault, spec } = entry
    const line =
      fault.level === 'line'
        ? fault.start(spec.attributes, this.#context(way.direction, entry, entry.occurrence(now)))
        : {}
    way.lines.set(entry, line)
    return line
  }

  #context(direction: Direction, entry: ChainEntry, occurrence: number): FaultContext {
    const { peerTimeoutMs } = this.#options
    return entry.context({ connection: this.number, direction, occurrence, peerTimeoutMs })
  }

  #stage(way: Way, entry: ChainEntry, now: number): LineStage {
    return new LineStage({
      entry,
      line: this.#line(way, entry, now),
      clock: this.#clock,
      onBegun: () => this.#countOnce(entry, way.direction),
      onApplied: () => this.#count(entry, way.direction),
      onHeld: () => way.pipe.check(),
    })
  }

  #way(direction: Direction, options: ConstructorParameters<typeof Pipe>[0]): Way {
    const pipe = new Pipe(options)
    const { wire } = this.#options
    const messages = wire === undefined ? undefined : this.#messageStage(direction, wire, pipe)
    if (messages !== undefined) pipe.setMessages(messages)
    return { direction, pipe, messages, lines: new Map() }
  }

  #messageStage(direction: Direction, wire: Wire, pipe: Pipe): MessageStage {
    const { chain, remac, learn } = this.#options
    return new MessageStage({
      learn,
      wire,
      direction,
      remac,
      clock: this.#clock,
      start: (entry) => {
        // Counts and dice of a message fault run on from one window to the next.
        const context = this.#context(direction, entry, 0)
        const { fault, spec } = entry
        const decide = fault.level === 'message' ? fault.start(spec.attributes, context) : () => undefined
        return { decide, dice: context.random.fork('selector') }
      },
      onApplied: (entry, message) => this.#count(entry, direction, message),
      onHeld: () => pipe.check(),
      otherConnections: () => chain.members - 1,
      writeAstray: (bytes) => chain.neighbour(this.number)?.writeAstray(direction, bytes) ?? false,
    })
  }

  // ---- counting

  #countOnce(entry: ChainEntry, direction: Direction): void {
    if (this.#holds.isFirstTime(entry)) this.#count(entry, direction)
  }

  #count(entry: ChainEntry, direction: Direction, message?: OpenedMessage): void {
    const masked = () => message?.masked()
    entry.count({ at: this.#clock.now(), connection: this.number, peer: this.peer, direction, masked })
  }

  // ---- what comes out of the pipes

  #send(item: PassingItem): void {
    if (item.kind === 'bytes') {
      if (this.#inner?.write(item.bytes) === false) this.#out.pipe.block()
    } else if (item.kind === 'end') this.#inner?.end()
    else if (item.kind === 'close') this.#close(item.how)
  }

  #deliver(item: PassingItem): void {
    if (item.kind === 'bytes') this.handlers?.onData(item.bytes)
    else if (item.kind === 'end') this.#peerEnded()
    else if (item.kind === 'close') this.#close(item.how)
    else this.finish(item.reason, item.detail)
  }

  #peerEnded(): void {
    if (this.handlers?.onEnd === undefined) this.end()
    else this.handlers.onEnd(this.#endDetail)
  }

  /** A fault ends the connection, on both sides. */
  #close(how: 'fin' | 'rst'): void {
    if (this.#isOver) return
    this.#stop()
    this.#clock.soon(() => {
      if (how === 'rst') this.#inner?.reset()
      else this.#endInner()
      if (how === 'fin') this.handlers?.onEnd?.()
      this.finish(how === 'fin' ? 'ended' : 'reset', how === 'fin' ? undefined : 'ECONNRESET')
    })
  }

  #endInner(): void {
    if (this.#inner === undefined || this.#innerClosed) return
    this.#inner.end()
    this.#inner.resume()
    this.#linger = this.#clock.after(lingerMs, () => this.#inner?.reset())
  }

  // ---- what the link underneath says

  /** A view that is valid during the call only: a line fault that may keep it gets a copy. */
  #received(bytes: Uint8Array): void {
    if (this.#isOver) return
    const isKept = this.#in.pipe.stages.length > 0
    this.#in.pipe.receive({ kind: 'bytes', bytes: isKept ? Uint8Array.from(bytes) : bytes })
  }

  #innerEnded(reason: CloseReason, detail: string | undefined): void {
    this.#innerClosed = true
    this.#linger?.cancel()
    if (this.#isOver || !this.#isOpen) {
      this.finish(reason, detail)
      return
    }
    this.#in.pipe.receive({ kind: 'gone', reason, detail })
    // A fault may keep it silent, but not from an owner that has ended its side and waits for nothing else.
    if (this.#endedHere && this.#in.pipe.isEmpty) this.finish(reason, detail)
  }

  #outChoked(isChoked: boolean): void {
    if (isChoked || !this.#owesDrain) return
    this.#owesDrain = false
    this.handlers?.onDrain?.()
  }

  #stop(): void {
    this.#isOver = true
    this.#dialling?.cancel()
    this.#in.pipe.stop()
    this.#out.pipe.stop()
  }
}
