// The words for evidence that does not decide: which two causes explain it alike, and what would tell them apart.

import type { CauseId } from './cause.js'
import { percentWords } from './numbers.js'

export interface Contender {
  readonly id: CauseId
  readonly confidence: number
}

/** Causes that look alike, and what would tell. The first row that names both of them, then one of them, counts. */
const telling: readonly (readonly [causes: readonly CauseId[], words: string])[] = [
  [
    ['host-slow', 'network-slow', 'network-unstable', 'surge'],
    'echoes on the same connection (terminals: echoProbe), or a capture of the line (explain), would tell',
  ],
  [
    ['connections', 'lost', 'terminal-setup', 'idle-drop'],
    'a new connection after each timeout (terminals: dialAnew), and more transactions on each, would tell',
  ],
  [['issuer', 'hsm'], 'more transactions with other cards, and with and without a PIN, would tell'],
  [['host-down', 'network-unstable'], 'new connections in the time of the silence would tell'],
]
const otherwise = 'a capture of the line (explain), or echo probes, would tell'

/** Sentences; without a contender nothing speaks for anything. */
export function undecidedWords(best: Contender | undefined, second: Contender | undefined): readonly string[] {
  if (best === undefined) return ['nothing that was observed tells why']
  if (second === undefined) return [`${named(best)} is the likeliest, and not likely enough`, tellingOf([best.id])]
  return [`${named(best)} and ${named(second)} explain it alike`, tellingOf([best.id, second.id])]
}

const named = ({ id, confidence }: Contender) => `${id} (${percentWords(confidence)})`

function tellingOf(ids: readonly CauseId[]): string {
  const both = telling.find(([causes]) => ids.every((id) => causes.includes(id)))
  return (both ?? telling.find(([causes]) => ids.some((id) => causes.includes(id))))?.[1] ?? otherwise
}
