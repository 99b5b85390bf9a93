// A terminal whose keys or batch the host refuses signs on again before its next transaction.
// Rule: one attempt for each refusal, and only so many at the same time, or a host that refuses all would see nothing else.

import pLimit from 'p-limit'
import type { Terminal } from '../terminal.js'

export interface SignOnAgain {
  /** After this response code the terminal has something to do before its next transaction: `after` must be asked. */
  needs(terminal: Terminal, responseCode: string | undefined): boolean
  /** Calls `done` when the terminal may take its next transaction: at once, or when the attempt is over. */
  after(terminal: Terminal, responseCode: string | undefined, done: () => void): void
  /** Calls `go` when the terminal may speak to this host: at once, or after an attempt where it signed on with another. */
  before(terminal: Terminal, host: string, go: () => void): void
  counts(): { readonly tried: number; readonly failed: number }
}

/** `signOn` resolves to what went wrong, or to undefined. */
export function createSignOnAgain(options: {
  wants: (terminal: Terminal, responseCode: string | undefined) => boolean
  signOn: (terminal: Terminal) => Promise<string | undefined>
  /** Left out: there is one host. */
  isElsewhere?: (terminal: Terminal, host: string) => boolean
  /** Attempts under way at the same time. */
  atOnce: number
}): SignOnAgain {
  const { wants, signOn, isElsewhere = () => false, atOnce } = options
  const limit = pLimit(atOnce)
  /** With what waits for each. */
  const underWay = new Map<Terminal, (() => void)[]>()
  let tried = 0
  let failed = 0

  const attempt = async (terminal: Terminal) => {
    if ((await signOn(terminal)) !== undefined) failed++
    const waiting = underWay.get(terminal) ?? []
    underWay.delete(terminal)
    for (const go of waiting) go()
  }

  const needs = (terminal: Terminal, responseCode: string | undefined) =>
    !underWay.has(terminal) && wants(terminal, responseCode)

  const start = (terminal: Terminal, done: () => void) => {
    underWay.set(terminal, [done])
    tried++
    void limit(attempt, terminal)
  }

  return {
    needs,
    after(terminal, responseCode, done) {
      if (!needs(terminal, responseCode)) done()
      else start(terminal, done)
    },
    before(terminal, host, go) {
      if (!isElsewhere(terminal, host)) return go()
      const waiting = underWay.get(terminal)
      if (waiting === undefined) start(terminal, go)
      else waiting.push(go)
    },
    counts: () => ({ tried, failed }),
  }
}
