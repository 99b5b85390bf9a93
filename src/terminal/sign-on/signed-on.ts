// With which host each terminal signed on last: keys that another one gave are of no use.

import type { Peek } from '../../codec/codec.js'
import type { Terminal } from '../terminal.js'

/** Takes what the answer to a sign-on brings; `host` is who gave it, where there are several. Returns what is wrong with it. */
export type LoadSignOn = (terminal: Terminal, answer: Peek | undefined, host: string | undefined) => string | undefined

export interface SignedOn {
  /** `load` that also remembers who gave it. */
  heard(load: LoadSignOn): LoadSignOn
  /** Signed on with another host than this. False for a terminal that never did. */
  isElsewhere(terminal: Terminal, host: string): boolean
}

export function createSignedOn(): SignedOn {
  const hosts = new Map<Terminal, string>()
  return {
    heard: (load) => (terminal, answer, host) => {
      const problem = load(terminal, answer, host)
      if (problem === undefined && host !== undefined) hosts.set(terminal, host)
      return problem
    },
    isElsewhere: (terminal, host) => (hosts.get(terminal) ?? host) !== host,
  }
}
