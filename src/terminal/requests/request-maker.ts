// Makes the requests of a terminal: the next STAN, a card, an amount, the times, filled into a planned message.

import type { Clock } from '../../base/clock.js'
import type { Random } from '../../base/random.js'
import { sixDigits } from '../../base/text/digits.js'
import { amountText } from '../../codec/amount.js'
import type { DialectRules } from '../../codec/dialect.js'
import type { MatchKey } from '../../transport/wire/match-key.js'
import type { Guard } from '../keys/guard.js'
import type { TerminalKeys } from '../keys/terminal-keys.js'
import { nextStan, type Terminal } from '../terminal.js'
import type { Amounts } from './amounts.js'
import type { CardDeck } from './card-deck.js'
import type { Card } from './cards.js'
import { applicationOf } from './chip.js'
import type { MessagePlan } from './message-plan.js'
import type { Request } from './request.js'

/** The inputs of a request from elsewhere. */
export interface RequestInputs {
  /** Texts by name, such as `original.stan`; a name of an original that is not here is empty. */
  readonly names?: Readonly<Record<string, string>>
  /** All gaps, of a message that was made before: only the time at which it is sent is another. */
  readonly values?: readonly string[]
  /** The card and the amount, where they are there already; else they are put there. */
  readonly drawn?: DrawnValues
  /** The entry that is made in the place of the right one. */
  readonly entered?: { readonly name: string; readonly entered?: (right: string) => string }
}

/** The values that a request draws from the cards and amounts of the run. */
export interface DrawnValues {
  card?: Card | undefined
  amount?: string | undefined
}

export type RequestMaker = (plan: MessagePlan, terminal: Terminal, given?: RequestInputs) => Request

export function createRequestMaker(options: RequestMakerOptions): RequestMaker {
  const maker = new Maker(options)
  return (plan, terminal, given) => maker.make(plan, terminal, given ?? nothing)
}

export interface RequestMakerOptions {
  readonly rules: DialectRules
  readonly matchKey: MatchKey
  readonly cards: CardDeck
  readonly amounts: Amounts
  readonly clock: Clock
  readonly random: Random
  /** Left out: no message carries a MAC or a PIN block. */
  readonly keys?: TerminalKeys
}

/** One for all requests, over the request at hand: a message asks only for the names that it uses. */
class Maker {
  readonly #options: RequestMakerOptions
  #terminal: Terminal | undefined
  #stan: string | undefined
  #card: Card | undefined
  #amount: string | undefined
  #guard: Guard | undefined
  #byChip = false
  #names: Readonly<Record<string, string>> = nothing
  #entered: RequestInputs['entered']
  /** The request at hand, as far as it is made: what its key is made of. */
  #plan: MessagePlan | undefined
  #values: readonly string[] = []
  readonly #text = (field: number) => this.#plan?.valueOf(field, this.#values)
  readonly #value = (name: string): string => {
    const right = this.#right(name)
    return this.#entered?.name === name ? (this.#entered.entered?.(right) ?? right) : right
  }
  readonly #right = (name: string): string => {
    const known = this.#names === nothing ? undefined : this.#names[name]
    if (known !== undefined) return known
    const own = this.#ofTerminal(name) ?? this.#ofCard(name) ?? this.#ofChip(name)
    if (own !== undefined) return own
    // {operator}: terminals ask for a two-digit operator number; 01 is the first cashier.
    return name.startsWith('original.') ? '' : '01'
  }

  constructor(options: RequestMakerOptions) {
    this.#options = options
  }

  make(
    plan: MessagePlan,
    terminal: Terminal,
    { names = nothing, values: ready, drawn, entered }: RequestInputs,
  ): Request {
    const { matchKey, clock, keys } = this.#options
    this.#terminal = terminal
    this.#stan = undefined
    this.#byChip = plan.byChip
    this.#card = drawn?.card
    this.#amount = drawn?.amount
    this.#entered = entered
    this.#names = names
    this.#guard = plan.isProtected ? keys?.guardOf(terminal, plan, ready) : undefined
    const values = ready === undefined ? plan.fill(this.#value, clock.wall()) : plan.refill(ready, clock.wall())
    if (drawn !== undefined) {
      drawn.card = this.#card
      drawn.amount = this.#amount
    }
    this.#plan = plan
    this.#values = values
    const key = matchKey.ofRequest(plan.mti, this.#text)
    return { plan, values, key, stan: this.#stan, batch: terminal.batch, guard: this.#guard }
  }

  #ofTerminal(name: string): string | undefined {
    const { amounts } = this.#options
    switch (name) {
      case 'stan':
        return this.#takeStan()
      case 'amount':
        this.#amount ??= amountText(amounts.next())
        return this.#amount
      case 'currency':
        return amounts.currency
      case 'terminal':
        return this.#terminal?.id
      case 'merchant':
        return this.#terminal?.merchant
      case 'batch':
        return this.#terminal?.batch
      case 'rrn':
        return this.#terminal && referenceNumber(this.#terminal, this.#takeStan())
      default:
        return undefined
    }
  }

  #ofCard(name: string): string | undefined {
    switch (name) {
      case 'card.pan':
        return this.#takeCard().pan
      case 'card.expiry':
        return this.#takeCard().expiry
      case 'card.track2':
        return this.#takeCard().track2
      case 'card.track1':
        return this.#takeCard().track1
      case 'card.serviceCode':
        return this.#takeCard().serviceCode
      case 'card.sequence':
        return this.#takeCard().sequence
      case 'card.chipTrack2':
        return this.#takeCard().chipTrack2
      case 'card.cvv2':
        return this.#takeCard().cvv2
      case 'pinBlock':
        return this.#guard?.pinBlock(this.#takeCard().pan) ?? ''
      case 'ksn':
        return this.#guard?.ksn ?? ''
      default:
        return undefined
    }
  }

  #ofChip(name: string): string | undefined {
    switch (name) {
      case 'chip.application':
        return applicationOf(this.#takeCard().pan)
      case 'chip.applicationBytes':
        return hexDigits(applicationOf(this.#takeCard().pan).length / 2, 2)
      case 'chip.counter':
        return hexDigits(Number(this.#takeStan()) % largestCounter, 4)
      case 'chip.cryptogram':
        // The plan puts the real one in when all that it covers is there.
        return '0000000000000000'
      case 'chip.number':
        return hexDigits(this.#options.random.below(2 ** 31), 8)
      default:
        return undefined
    }
  }

  #takeStan(): string {
    this.#stan ??= this.#terminal === undefined ? '' : nextStan(this.#terminal)
    return this.#stan
  }

  #takeCard(): Card {
    const { cards, random } = this.#options
    this.#card ??= cards.draw(random, this.#byChip)
    return this.#card
  }
}

const nothing = {}

/** The application transaction counter has two bytes; here it rises with the terminal's trace number. */
const largestCounter = 0xffff

const hexDigits = (number: number, digits: number) => number.toString(16).toUpperCase().padStart(digits, '0')

/** DE37 where the terminal gives it: its number and its STAN, twelve digits, the same for the same exchange. */
function referenceNumber(terminal: Terminal, stan: string): string {
  return sixDigits(terminal.number % 1_000_000) + stan
}
