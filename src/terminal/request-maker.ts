// Makes the requests of a terminal: the next STAN, a card, an amount, the times, filled into a planned message.

import type { Clock } from '../base/clock.js'
import type { Random } from '../base/random.js'
import type { DialectRules } from '../codec/dialect.js'
import type { MatchKey } from '../transport/match-key.js'
import type { Amounts } from './amounts.js'
import type { Card } from './cards.js'
import type { MessagePlan } from './message-plan.js'
import { nextStan, type Terminal } from './terminal.js'
import type { Request } from './transaction.js'

export type RequestMaker = (plan: MessagePlan, terminal: Terminal) => Request

export function createRequestMaker(options: {
  rules: DialectRules
  matchKey: MatchKey
  cards: readonly Card[]
  amounts: Amounts
  clock: Clock
  random: Random
}): RequestMaker {
  const { matchKey, cards, amounts, clock, random } = options
  let plan: MessagePlan
  let terminal: Terminal
  let stan: string | undefined
  let card: Card | undefined

  const cardOfThis = () => {
    card ??= cards[random.below(cards.length)] as Card
    return card
  }

  // One closure for all requests, over the request at hand: a message asks only for the names that it uses.
  const value = (name: string): string => {
    switch (name) {
      case 'stan':
        stan ??= nextStan(terminal)
        return stan
      case 'amount':
        return String(amounts.next()).padStart(12, '0')
      case 'currency':
        return amounts.currency
      case 'terminal':
        return terminal.id
      case 'merchant':
        return terminal.merchant
      case 'batch':
        return terminal.batch
      case 'rrn':
        stan ??= nextStan(terminal)
        return referenceNumber(terminal, stan)
      case 'card.pan':
        return cardOfThis().pan
      case 'card.expiry':
        return cardOfThis().expiry
      case 'card.track2':
        return cardOfThis().track2
      case 'card.sequence':
        return cardOfThis().sequence
      default:
        return '01' // {operator}: terminals ask for a two-digit operator number; 01 is the first cashier.
    }
  }

  return (nextPlan, nextTerminal) => {
    plan = nextPlan
    terminal = nextTerminal
    stan = undefined
    card = undefined
    const values = plan.fill(value, clock.wall())
    const key = matchKey.ofRequest(plan.mti, (field) => plan.valueOf(field, values))
    return { plan, values, key, stan }
  }
}

/** DE37 where the terminal gives it: its number and its STAN, twelve digits, the same for the same exchange. */
function referenceNumber(terminal: Terminal, stan: string): string {
  return String(terminal.index % 1_000_000).padStart(6, '0') + stan
}
