// The messages that a test's host has received, in their order and bounded, and the callers that wait for the next one.

import type { Clock } from '../../base/clock.js'
import { compileMatch } from '../../codec/checks/match.js'
import type { Codec } from '../../codec/codec.js'
import type { MatchDefinition } from '../../codec/dialect.js'
import type { Message } from '../../codec/message.js'
import type { Received } from '../../transport/wire/wire.js'

export interface LibraryInbox {
  take(received: Received): void
  /** Throws UsageError for a match of another form. */
  received(match?: MatchDefinition): readonly Message[]
  next(match?: MatchDefinition, timeoutMs?: number): Promise<Message>
  readonly unreadable: readonly string[]
  /** Whoever still waits is told that nothing will come. Idempotent. */
  close(): void
}

/** Messages and problems that are kept: those of a long test; older ones go. */
const mostKept = 10_000
const defaultTimeoutMs = 5000

interface Heard {
  readonly body: Uint8Array
  isTaken: boolean
}

interface Waiter {
  readonly fits: (heard: Heard) => boolean
  readonly resolve: (heard: Heard) => void
  readonly reject: (error: Error) => void
}

export function createLibraryInbox(codec: Codec, clock: Clock): LibraryInbox {
  const heard: Heard[] = []
  const unreadable: string[] = []
  const waiters = new Set<Waiter>()

  const messageOf = ({ body }: Heard) => codec.unpack(body)
  const fitsOf = (match: MatchDefinition = {}) => {
    const fits = compileMatch(match)
    return ({ body }: Heard) => fits(codec.peek(body))
  }
  const keep = <Item>(list: Item[], item: Item) => {
    if (list.length >= mostKept) list.shift()
    list.push(item)
  }
  const waitFor = (fits: Waiter['fits'], timeoutMs: number) =>
    new Promise<Heard>((resolve, reject) => {
      const done = (act: () => void) => {
        timer.cancel()
        waiters.delete(waiter)
        act()
      }
      const waiter: Waiter = {
        fits,
        resolve: (found) => done(() => resolve(found)),
        reject: (error) => done(() => reject(error)),
      }
      const timer = clock.after(timeoutMs, () =>
        waiter.reject(new Error(`no message that matches came within ${timeoutMs} ms; ${heard.length} came in all`)),
      )
      waiters.add(waiter)
    })

  return {
    unreadable,
    take({ peek, body, error }) {
      if (peek === undefined) return keep(unreadable, error?.message ?? 'cannot be read')
      const one = { body: body.slice(), isTaken: false }
      keep(heard, one)
      for (const waiter of waiters) {
        if (!waiter.fits(one)) continue
        one.isTaken = true
        waiter.resolve(one)
        break
      }
    },
    received: (match) => heard.filter(fitsOf(match)).map(messageOf),
    async next(match, timeoutMs = defaultTimeoutMs) {
      const fits = fitsOf(match)
      const found = heard.find((one) => !one.isTaken && fits(one)) ?? (await waitFor(fits, timeoutMs))
      found.isTaken = true
      return messageOf(found)
    },
    close() {
      for (const waiter of waiters) waiter.reject(new Error('the host was closed'))
    },
  }
}
