// A process that can be killed: its clock and its network, between it and the world. Once killed, nothing that it does
// reaches the world any more, and nothing reaches it; what goes on inside it meanwhile is of no consequence.
//
// A step is each thing that happens to it and each thing that it does; it can be killed before and after every one.

import type { Clock, Timer } from '../../src/base/clock.js'
import { renewalInMemory } from '../../src/terminal/journal/journal-storage.js'
import type { Link, LinkHandlers, Listener, Network } from '../../src/transport/network/link.js'
import { putInPlace, type SimulatedDisk } from './disk.js'

/** The work that a process was about when it died. */
export type StepKind = 'connection' | 'disk' | 'timer'

export interface KillableProcess {
  readonly clock: Clock
  readonly network: Network
  /** The file of its journal. */
  readonly disk: SimulatedDisk
  readonly isAlive: boolean
  /** Its calendar clock is set: forward, or back. */
  jump(byMs: number): void
  /** Kills it so many steps from now; 0 at once. `onKilled` is called when it has happened, with the step that it was; 0: none. */
  killAfter(steps: number, onKilled: (step?: StepKind) => void): void
  /** It is not to be killed any more, if that has not happened yet. */
  spare(): void
  /** Ends the connections that the dead process left, on both sides: peers learn of it now, if they have not yet. */
  bury(): void
}

export interface ProcessSetting {
  readonly clock: Clock
  readonly network: Network
  readonly disk: SimulatedDisk
  /** The lead of its calendar clock over the world's, in ms. */
  readonly wallOffsetMs: number
  /** Whether the system resets its connections at once; else peers hear nothing until it is buried. */
  readonly resetsLinks: boolean
  /** The share of the bytes of a write that is on disk when the death interrupts it. */
  readonly tornShare: number
}

export function createProcess(setting: ProcessSetting): KillableProcess {
  return new SimulatedProcess(setting)
}

class SimulatedProcess implements KillableProcess {
  readonly clock: Clock
  readonly network: Network
  readonly disk: SimulatedDisk
  isAlive = true
  readonly #setting: ProcessSetting
  readonly #links = new Map<Link, LinkHandlers | undefined>()
  readonly #listeners: Listener[] = []
  #stepsLeft = Number.POSITIVE_INFINITY
  #onKilled: (step?: StepKind) => void = () => {}
  #wallOffsetMs: number

  constructor(setting: ProcessSetting) {
    this.#setting = setting
    this.#wallOffsetMs = setting.wallOffsetMs
    this.clock = this.#ownClock(setting.clock)
    this.network = this.#ownNetwork(setting.network)
    this.disk = this.#ownDisk(setting.disk)
  }

  jump(byMs: number): void {
    this.#wallOffsetMs += byMs
  }

  killAfter(steps: number, onKilled: (step?: StepKind) => void): void {
    if (!this.isAlive) return
    this.#stepsLeft = steps
    this.#onKilled = onKilled
    if (steps === 0) this.#die()
  }

  spare(): void {
    this.#stepsLeft = Number.POSITIVE_INFINITY
  }

  bury(): void {
    for (const [link, handlers] of [...this.#links]) {
      link.reset()
      handlers?.onClose('reset', 'ECONNRESET')
    }
    this.#links.clear()
  }

  /** False when the process is dead, or dies of this step. */
  #step(kind: StepKind): boolean {
    if (this.isAlive && --this.#stepsLeft < 0) this.#die(kind)
    return this.isAlive
  }

  #die(step?: StepKind): void {
    if (!this.isAlive) return
    this.isAlive = false
    for (const listener of this.#listeners) void listener.close()
    if (this.#setting.resetsLinks) for (const link of this.#links.keys()) link.reset()
    this.#onKilled(step)
  }

  #ownClock(clock: Clock): Clock {
    const timed =
      (start: Clock['after']) =>
      (delayMs: number, action: () => void): Timer =>
        start(delayMs, () => {
          if (this.#step('timer')) action()
        })
    return {
      now: clock.now,
      wall: () => clock.wall() + this.#wallOffsetMs,
      after: timed(clock.after),
      precisely: timed(clock.precisely),
      soon: (action) =>
        clock.soon(() => {
          if (this.isAlive) action()
        }),
    }
  }

  #ownNetwork(network: Network): Network {
    return {
      connect: (address, handlers, options) => {
        if (!this.#step('connection')) return deadLink
        const own: { link?: Link } = {}
        own.link = network.connect(
          address,
          this.#heard(handlers, () => own.link),
          options,
        )
        this.#links.set(own.link, handlers)
        return this.#ownLink(own.link)
      },
      listen: async (address, accept, options) => {
        const listener = await network.listen(
          address,
          (link) => {
            const handlers = accept(this.#ownLink(link))
            this.#links.set(link, handlers)
            return this.#heard(handlers, () => link)
          },
          options,
        )
        this.#listeners.push(listener)
        if (!this.isAlive) await listener.close()
        return listener
      },
    }
  }

  /** The events that the world tells the process of a link. */
  #heard(handlers: LinkHandlers, link: () => Link | undefined): LinkHandlers {
    return {
      onOpen: () => this.#step('connection') && handlers.onOpen?.(),
      onData: (bytes) => this.#step('connection') && handlers.onData(bytes),
      onDrain: () => this.#step('connection') && handlers.onDrain?.(),
      onEnd: () => this.#step('connection') && handlers.onEnd?.(),
      onClose: (reason, detail) => {
        const ended = link()
        if (!this.#step('connection')) return
        if (ended !== undefined) this.#links.delete(ended)
        handlers.onClose(reason, detail)
      },
    }
  }

  /** The calls that the process makes on a link. */
  #ownLink(link: Link): Link {
    const act = (action: () => void) => {
      if (!this.#step('connection')) return
      action()
      this.#step('connection')
    }
    return {
      peer: link.peer,
      write: (bytes) => {
        let keepsUp = true
        act(() => {
          keepsUp = link.write(bytes)
        })
        return keepsUp
      },
      pause: () => act(() => link.pause()),
      resume: () => act(() => link.resume()),
      end: () => act(() => link.end()),
      reset: () => act(() => link.reset()),
    }
  }

  #ownDisk(disk: SimulatedDisk): SimulatedDisk {
    return {
      read: disk.read,
      append: (bytes) => {
        const wasAlive = this.isAlive
        if (this.#step('disk')) disk.append(bytes)
        else if (wasAlive) disk.append(bytes.subarray(0, Math.floor(bytes.length * this.#setting.tornShare)))
        this.#step('disk')
      },
      renew: () =>
        renewalInMemory((bytes) => {
          if (this.#step('disk')) putInPlace(disk, bytes)
          this.#step('disk')
        }),
      close: () => {},
    }
  }
}

/** The link of a process that dies while it dials: it is never told anything. */
const deadLink: Link = {
  peer: '',
  write: () => true,
  pause: () => {},
  resume: () => {},
  end: () => {},
  reset: () => {},
}
