// Terminals that lie, beside those of the run: two of their own, whose transactions are in nobody's books.

import type { Share } from '../../base/share.js'
import type { BookRow } from '../../measure/money/books.js'
import { createJudge } from '../../terminal/exchange/judge.js'
import { createLiar, type Liar } from '../../terminal/lies/liar.js'
import type { TerminalOptions } from '../../terminal/options/options.js'
import { createConnections } from '../../terminal/paths/connections.js'
import { valueIn } from '../../terminal/requests/request.js'
import { createTerminals, type Terminal } from '../../terminal/terminal.js'
import type { Speaker } from '../dialect-speaker.js'
import type { Dialer } from './dialer.js'
import type { PlannedMessages } from './planned-messages.js'
import { createSigningOn } from './signing-on.js'

/** Two of one merchant. */
const count = 2

export interface Liars extends Liar {
  /** Signs them on, where terminals do so. */
  signOn(): Promise<void>
  close(): Promise<void>
}

export function createLiars(
  setting: Omit<Parameters<typeof createSigningOn>[0], 'onSignedOn'> & {
    readonly options: TerminalOptions
    readonly speaker: Speaker
    readonly messages: PlannedMessages
    readonly dialer: Pick<Dialer, 'dial'>
    readonly share: Share
  },
): Liars | undefined {
  const { options, speaker, messages, makeRequest, dialer, clock, share } = setting
  const { lies } = options
  // One part of a run lies for all.
  if (lies === undefined || share.index > 0) return undefined
  const terminals = liarsOf(options)
  const connections = createConnections({ kind: 'perTerminal', terminals, dial: (lasting) => dialer.dial(lasting) })
  const signing = createSigningOn({ ...setting, connections, onSignedOn: () => {} })
  const signOn = async () => {
    for (const terminal of terminals) await signing?.signOn(terminal)
  }
  const judge = createJudge(speaker.dialect.rules)
  const liar = createLiar({
    ...{ terminals, makeRequest, connections, clock, plan: messages.plan, kinds: lies.kinds },
    timeoutMs: options.timeout,
    reason: customerReason,
    ledger: speaker.dialect.rules.ledger,
    judge: (request, { received }) =>
      received.peek === undefined
        ? { outcome: 'failed', code: undefined, retryCode: false, reason: 'answer that cannot be read' }
        : judge(received.peek, valueIn, request),
  })
  return {
    ...liar,
    signOn,
    start(everyMs) {
      let stop: (() => void) | undefined
      let isOver = false
      void signOn().then(() => {
        if (!isOver) stop = liar.start(everyMs)
      })
      return () => {
        isOver = true
        stop?.()
      }
    },
    close: () => connections.close(0),
  }
}

/** DE39 of a reversal in cup-pos: no answer was received. */
const customerReason = '98'

/** The rows of everybody else: what liars got is in no terminal's books. */
export function honestRows(
  rows: Iterable<BookRow> | undefined,
  liars: Pick<Liars, 'terminals'> | undefined,
): Iterable<BookRow> | undefined {
  if (rows === undefined || liars === undefined) return rows
  const ids = new Set(liars.terminals.map(({ id }) => id))
  return (function* () {
    for (const row of rows) if (!ids.has(row.terminal)) yield row
  })()
}

/** Numbered after all others, and all of the first merchant. */
export function liarsOf(options: TerminalOptions): readonly Terminal[] {
  if (options.lies === undefined) return []
  const all = createTerminals({ ...options, count: options.count + count })
  const merchant = all[0]?.merchant ?? ''
  return all.slice(-count).map((terminal, index) => ({ ...terminal, index, merchant }))
}
