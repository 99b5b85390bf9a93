// A terminal whose keys or batch the host refuses signs on again before its next transaction.
// Rule: one attempt for each refusal, and only so many at the same time, or a host that refuses all would see nothing else.

import pLimit from 'p-limit'
import type { Terminal } from './terminal.js'

export interface SignOnAgain {
  /** Calls `done` when the terminal may take its next transaction: at once, or when the attempt is over. */
  after(terminal: Terminal, responseCode: string | undefined, done: () => void): void
  counts(): { readonly tried: number; readonly failed: number }
}

/** `signOn` resolves to what went wrong, or to undefined. */
export function createSignOnAgain(options: {
  wants: (terminal: Terminal, responseCode: string | undefined) => boolean
  signOn: (terminal: Terminal) => Promise<string | undefined>
  /** Attempts under way at the same time. */
  atOnce: number
}): SignOnAgain {
  const { wants, signOn, atOnce } = options
  const limit = pLimit(atOnce)
  const underWay = new Set<Terminal>()
  let tried = 0
  let failed = 0

  const attempt = async (terminal: Terminal) => {
    if ((await signOn(terminal)) !== undefined) failed++
    underWay.delete(terminal)
  }

  return {
    after(terminal, responseCode, done) {
      if (underWay.has(terminal) || !wants(terminal, responseCode)) return done()
      underWay.add(terminal)
      tried++
      void limit(attempt, terminal).then(done)
    },
    counts: () => ({ tried, failed }),
  }
}
