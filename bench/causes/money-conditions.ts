// The conditions of money: accounts that go short, and terms that are not as agreed.

import type { Random } from '../../src/base/random.js'
import { ms, whole } from '../trial-data.js'
import type { TrialShop } from './base.js'
import type { Way } from './way.js'

/** Terms of a contract, and when money is late by it. */
function contractOf(random: Random, { currency, timelyMs }: TrialShop) {
  const cycleMs = Math.round(random.between(700, 1500))
  const terms = {
    cycle: ms(cycleMs),
    feeRate: `${random.between(0.3, 1.2).toFixed(2)}%`,
    minimum: `${whole(random, 1, 10)}.00 ${currency}`,
  }
  return { cycleMs, terms, timely: { funds: ms(timelyMs + cycleMs * random.between(2, 3)) } }
}

/** News of money needs a connection that is there when it comes. */
const reachable = ({ connections }: TrialShop) => ({
  connections: connections === 'perTransaction' ? 'perTerminal' : connections,
})

/** One merchant, or all, with an account that goes short as `poor` says; the mix of what they do beside sales. */
const shortAccount =
  (
    how: string,
    drawPoor: (random: Random, shop: TrialShop) => Record<string, unknown>,
    mix: (random: Random) => Record<string, number>,
  ): Way =>
  (random, shop) => {
    const { terms, timely } = contractOf(random, shop)
    const poor = drawPoor(random, shop)
    const isOne = shop.merchants.length > 1 && random.chance(0.5)
    const rich = { ...terms, balance: `1000000.00 ${shop.currency}` }
    return {
      how: isOne ? `one merchant: ${how}` : how,
      over: {
        timely,
        terminals: { mix: mix(random), ...reachable(shop) },
        acquirer: {
          contract: terms,
          settlement: isOne ? rich : { ...terms, ...poor },
          ...(isOne && { merchants: { [shop.merchants[0] as string]: { settlement: poor } } }),
        },
      },
    }
  }

const someRefunds = (random: Random) => ({ sale: 8, refund: whole(random, 0, 2) + 0.1, balance: 1 })

export const shortAccounts: readonly Way[] = [
  shortAccount(
    'more was charged back than comes in',
    (random, { currency, seconds }) => ({
      chargebacks: [
        { amount: `${whole(random, 100, 900)}000.00 ${currency}`, at: ms(seconds * 1000 * random.between(0, 0.2)) },
      ],
    }),
    someRefunds,
  ),
  shortAccount(
    'its account pays, and has too little',
    (random, { currency }) => ({ side: 'debit', balance: `${whole(random, 10, 90)}.00 ${currency}` }),
    () => ({ sale: 9, balance: 1 }),
  ),
  shortAccount(
    'its account pays, and a reserve is kept of it',
    (random, { currency }) => ({
      ...{ side: 'debit', balance: `${whole(random, 500, 900)}.00 ${currency}` },
      reserve: `${whole(random, 480, 499)}.00 ${currency}`,
    }),
    () => ({ sale: 9, balance: 1 }),
  ),
]

export const wrongTerms: readonly Way[] = [
  (random, shop) => {
    const { terms, timely, cycleMs } = contractOf(random, shop)
    const cycle = ms(cycleMs * random.between(3, 6))
    return {
      how: 'cycle too long',
      over: {
        timely,
        terminals: { mix: { sale: 8, refund: whole(random, 0, 1) + 0.1 }, ...reachable(shop) },
        acquirer: { contract: terms, settlement: { ...terms, cycle } },
      },
    }
  },
  (random, shop) => {
    const { terms, timely, cycleMs } = contractOf(random, shop)
    // Sales bring about 250 each: so many cycles pass until there is enough.
    const perCycle = (shop.rate / shop.merchants.length) * (cycleMs / 1000)
    const minimum = `${Math.round(perCycle * 100 * random.between(4, 8))}.00 ${shop.currency}`
    return {
      how: 'minimum too high',
      over: {
        timely,
        terminals: {
          ...reachable(shop),
          mix: { sale: 9, balance: 1 },
          amounts: { from: `50.00 ${shop.currency}`, to: `150.00 ${shop.currency}` },
        },
        acquirer: { contract: terms, settlement: { ...terms, minimum, ...(random.chance(0.5) && { feeRate: '2%' }) } },
      },
    }
  },
  (_random, shop) => {
    const { terms, timely } = contractOf(_random, shop)
    return {
      how: 'paid the next day',
      over: {
        timely,
        terminals: reachable(shop),
        acquirer: { contract: terms, settlement: { ...terms, cycle: 'T+1' } },
      },
    }
  },
]
