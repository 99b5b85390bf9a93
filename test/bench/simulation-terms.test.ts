// The audit of payouts in a simulation, on ledgers with rows that no payer should write.

import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { expect, test } from 'vitest'
import { auditTerms } from '../../bench/simulation/audit-terms.js'
import { memoryFolder } from '../../bench/simulation/disk.js'
import { schema } from '../../src/acquirer/ledger/store/schema.js'
import { type TermsOptions, termsOf } from '../../src/acquirer/settlement/options.js'

const cny = (minor: number) => ({ minor, currency: 'CNY' })

interface Payout {
  readonly gross: number
  readonly refunds?: number
  readonly chargebacks?: number
  readonly amount?: number
  readonly transactions?: number
}

/** Epoch ms. All payouts here are made half a second later. */
const startedAt = 1000

const payout = ({
  gross,
  refunds = 0,
  chargebacks = 0,
  amount = gross - refunds - chargebacks,
  transactions = 1,
}: Payout) =>
  `INSERT INTO payout (merchant, paid_at, value_date, transactions, gross, refunds, fee, amount, contract_fee, chargebacks)
    VALUES (1, ${startedAt + 500}, '2026-01-06', ${transactions}, ${gross}, ${refunds}, 0, ${amount}, 0, ${chargebacks});`

const cases: readonly {
  readonly name: string
  readonly terms: TermsOptions
  readonly payouts?: readonly Payout[]
  readonly adjustments?: readonly (readonly [kind: string, amount: number])[]
  readonly hold?: string
  readonly heldBack?: { readonly reason: string; readonly until: number | null }
  readonly says: RegExp | undefined
}[] = [
  { name: 'a payout within its limits', terms: { payoutLimit: cny(100) }, payouts: [{ gross: 100 }], says: undefined },
  { name: 'one above its limit', terms: { payoutLimit: cny(100) }, payouts: [{ gross: 101 }], says: /above the limit/ },
  {
    name: 'two that are above the limit of a day together',
    terms: { dayLimit: cny(150) },
    payouts: [{ gross: 100 }, { gross: 51 }],
    says: /payout 2 of merchant M: 151 on one day/,
  },
  { name: 'one below the minimum', terms: { minimum: cny(10) }, payouts: [{ gross: 9 }], says: /below the minimum/ },
  {
    name: 'the last part of a sale above the limit, below the minimum',
    terms: { minimum: cny(50), payoutLimit: cny(100) },
    payouts: [{ gross: 100 }, { gross: 20, transactions: 0 }],
    says: undefined,
  },
  {
    name: 'a sum that is none',
    terms: {},
    payouts: [{ gross: 10, refunds: 3, amount: 10 }],
    says: /10, not 7 - 0 - 0/,
  },
  {
    name: 'one that takes more than the account has',
    terms: { balance: cny(5) },
    payouts: [{ gross: 10 }, { gross: 0, refunds: 16 }],
    says: /takes 16 from 15/,
  },
  {
    name: 'one that takes what the account has',
    terms: { balance: cny(6) },
    payouts: [{ gross: 10 }, { gross: 0, refunds: 16 }],
    says: undefined,
  },
  {
    name: 'one that takes the reserve',
    terms: { balance: cny(6), reserve: cny(1) },
    payouts: [{ gross: 10 }, { gross: 0, refunds: 16 }],
    says: /takes 16 from 15/,
  },
  {
    name: 'an account that pays what a top-up covers',
    terms: { side: 'debit', topUps: [{ amount: cny(10), at: 0 }] },
    payouts: [{ gross: 10, amount: -10 }],
    adjustments: [['top-up', 10]],
    says: undefined,
  },
  {
    name: 'a top-up that is made twice',
    terms: { topUps: [{ amount: cny(10), at: 0 }] },
    adjustments: [
      ['top-up', 10],
      ['top-up', 10],
    ],
    says: /top-up of 10,10, not 10/,
  },
  { name: 'money held for want of a balance by who gave nothing back', terms: {}, hold: 'balance', says: /no reason/ },
  {
    name: 'money held for want of a balance after a chargeback',
    terms: { chargebacks: [{ amount: cny(10), at: 0 }] },
    adjustments: [['chargeback', 10]],
    hold: 'balance',
    says: undefined,
  },
  { name: 'money held below a minimum', terms: { minimum: cny(10) }, hold: 'below minimum', says: undefined },
  { name: 'money held below no minimum', terms: {}, hold: 'below minimum', says: /held for no reason/ },
  {
    name: 'money held for a limit that the next cycle ends',
    terms: { payoutLimit: cny(10), cycle: { kind: 'every', ms: 1000 } },
    hold: 'payout limit',
    says: /held for no reason/,
  },
  { name: 'money held for a fee of payouts', terms: { payoutFee: cny(10) }, hold: 'below minimum', says: undefined },
  { name: 'money held for a risk', terms: { hold: { reason: 'risk' } }, hold: 'risk hold', says: undefined },
  { name: 'money held for a risk that nobody saw', terms: {}, hold: 'risk hold', says: /held for no reason/ },
  {
    name: 'money that is paid in spite of a hold',
    terms: { hold: { reason: 'risk' } },
    payouts: [{ gross: 100 }],
    says: /1 payouts in spite of a hold: risk/,
  },
  {
    name: 'money that is paid before a hold is over',
    terms: { hold: { reason: 'risk', for: 600 } },
    payouts: [{ gross: 100 }],
    says: /1 payouts in spite of a hold: risk/,
  },
  {
    name: 'money that is paid when a hold is over',
    terms: { hold: { reason: 'risk', for: 500 } },
    payouts: [{ gross: 100 }],
    says: undefined,
  },
  {
    name: 'a hold that lasts as long as it is to',
    terms: { hold: { reason: 'quota', for: 100 } },
    heldBack: { reason: 'quota of the account', until: 105 },
    says: undefined,
  },
  {
    name: 'a hold that lasts longer',
    terms: { hold: { reason: 'quota', for: 100 } },
    heldBack: { reason: 'quota of the account', until: null },
    says: /longer than 100 ms/,
  },
]

for (const { name, terms, payouts = [], adjustments = [], hold, heldBack, says } of cases) {
  test(`${name} is ${says === undefined ? 'as agreed' : 'a problem'}`, () => {
    using folder = memoryFolder()
    const file = join(folder.path, 'ledger.sqlite')
    const database = new DatabaseSync(file)
    try {
      database.exec(schema)
      database.exec(
        `INSERT INTO merchant (id, merchant, hold) VALUES (1, 'M', ${hold === undefined ? 'NULL' : `'${hold}'`})`,
      )
      for (const [place, [kind, amount]] of adjustments.entries())
        database.exec(
          `INSERT INTO adjustment (merchant, kind, place, amount, at) VALUES (1, '${kind}', ${place}, ${amount}, 0)`,
        )
      for (const each of payouts) database.exec(payout(each))
      if (heldBack !== undefined)
        database.exec(
          `INSERT INTO held_back (merchant, reason, since, until, amount) VALUES (1, '${heldBack.reason}', 5, ${heldBack.until}, 0)`,
        )
      const problems = auditTerms(file, termsOf(terms), startedAt)
      if (says === undefined) expect(problems).toEqual([])
      else expect(problems.join('\n')).toMatch(says)
    } finally {
      database.close()
    }
  })
}
