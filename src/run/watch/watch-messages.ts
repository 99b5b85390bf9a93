// The messages of a watch: the dialect's echo, and with a card its balance inquiry, never with a PIN.

import type { Clock } from '../../base/clock.js'
import { UsageError } from '../../base/errors.js'
import type { Random } from '../../base/random.js'
import { createZone } from '../../base/zone.js'
import { PackError } from '../../codec/pack-error.js'
import type { KeySet } from '../../crypto/keys/key-set.js'
import { createTerminalKeys, type TerminalKeys } from '../../terminal/keys/terminal-keys.js'
import { deckOf } from '../../terminal/requests/card-deck.js'
import type { Card } from '../../terminal/requests/cards.js'
import { type MessagePlan, planMessage } from '../../terminal/requests/message-plan.js'
import { createRequestMaker, type RequestMaker } from '../../terminal/requests/request-maker.js'
import { createTerminals, type Terminal } from '../../terminal/terminal.js'
import type { MatchKey } from '../../transport/wire/match-key.js'
import type { Speaker } from '../dialect-speaker.js'
import { echoFor } from './probe-host.js'

export interface WatchMessages {
  readonly terminal: Terminal
  readonly echo: MessagePlan
  /** Undefined without a card. */
  readonly balance: MessagePlan | undefined
  /** Undefined without a card, and where the dialect's terminals do not sign on. */
  readonly signOn: MessagePlan | undefined
  readonly keys: TerminalKeys
  readonly makeRequest: RequestMaker
}

export interface WatchIdentity {
  readonly terminal: string
  readonly merchant: string
  readonly timeZone: string
  readonly card: Card | undefined
  readonly keys: KeySet
}

/** Name of the message that every built-in dialect has. */
const balanceName = 'balance'
/** Field of the PIN block (ISO 8583). */
const pinField = '52'

/** Throws UsageError where the dialect has no such messages, or they would carry what a watch never sends. */
export function watchMessages(
  { codec, dialect }: Speaker,
  { terminal: id, merchant, timeZone, card, keys: keySet }: WatchIdentity,
  { clock, random, matchKey }: { clock: Clock; random: Random; matchKey: MatchKey },
): WatchMessages {
  const zone = createZone(timeZone)
  const signOnName = card === undefined ? undefined : dialect.rules.signOn
  const keys = createTerminalKeys({
    codec,
    keys: keySet,
    signsOn: signOnName !== undefined,
    random: random.fork('PIN'),
  })
  const plan = (name: string) => {
    const definition = dialect.messages[name]
    if (definition === undefined) throw new UsageError(`dialect ${dialect.name} has no message '${name}'`)
    if (definition.fields[pinField] !== undefined)
      throw new UsageError(`dialect ${dialect.name}, message ${name}: carries field ${pinField}: a watch sends no PIN`)
    return planMessage(name, definition, codec, zone, keys)
  }
  const echo = echoFor(dialect)
  const [terminal] = createTerminals({ count: 1, idPattern: id.replace(/[{}]/g, ''), merchants: [merchant] })
  if (terminal === undefined) throw new Error('no terminal')
  const messages = {
    terminal,
    echo: planMessage(echo.name, echo.definition, codec, zone, keys),
    balance: card === undefined ? undefined : plan(balanceName),
    signOn: signOnName === undefined ? undefined : plan(signOnName),
    keys,
  }
  const makeRequest = createRequestMaker({
    rules: dialect.rules,
    matchKey,
    cards: deckOf(card === undefined ? [] : [card]),
    amounts: { currency: dialect.rules.currency ?? '', next: () => 0 },
    clock,
    random: random.fork('card of a request'),
    keys,
  })
  rehearse(messages, makeRequest)
  // A watch that is started again the same day does not use its numbers again.
  terminal.stan = Math.floor(clock.wall() / 1000) % 500_000
  return { ...messages, makeRequest }
}

/** An id that does not fit is the user's mistake: found now, it is not mistaken for the line's. */
function rehearse(
  { terminal, echo, balance, signOn }: Pick<WatchMessages, 'terminal' | 'echo' | 'balance' | 'signOn'>,
  makeRequest: RequestMaker,
): void {
  for (const plan of [echo, balance, signOn]) {
    if (plan === undefined) continue
    try {
      plan.template.write(new Uint8Array(plan.template.maxBytes), 0, makeRequest(plan, terminal).values)
    } catch (error) {
      if (!(error instanceof PackError)) throw error
      throw new UsageError(`message ${plan.name} cannot be made of this terminal, merchant and card: ${error.message}`)
    }
  }
}
