// When and how much a merchant is paid: the `settlement:`, `contract:` and `merchants:` keys of an acquirer.

import { z } from 'zod'
import { duration, money, percent } from '../../base/unit-schemas.js'
import { durationForm, formatDuration, formatMoney, type Money, parseDuration } from '../../base/units.js'
import { holdIds } from '../../measure/money/hold-reasons.js'
import type { Adjustment } from './adjustments.js'
import type { HoldTerm } from './hold.js'

/**
 * `instant`: every sale as it is approved. `every`: at this interval. `daily`: at the cut-off. `T`: on the working day that is
 * so many working days after the trading day. `D`: so many calendar days after it. `sameDay`: within the hours of the window as
 * they are approved, of all days or of working days alone; what misses the window by the fallback. `onSettlement`: when a
 * terminal of the merchant closes its batch.
 */
export type SettlementCycle =
  | { readonly kind: 'instant' | 'daily' | 'onSettlement' }
  | { readonly kind: 'T' | 'D'; readonly days: number }
  | { readonly kind: 'sameDay'; readonly of: 'T' | 'D' }
  | { readonly kind: 'every'; readonly ms: number }

/** As a scenario writes it. */
export function cycleText(cycle: SettlementCycle): string {
  if (cycle.kind === 'every') return formatDuration(cycle.ms)
  if (cycle.kind === 'sameDay') return `${cycle.of}+0`
  return 'days' in cycle ? `${cycle.kind}+${cycle.days}` : cycle.kind
}

/** The shortest interval in ms: each one reads what is unpaid. */
const shortestCycleMs = 100

const cycle = z
  .string()
  .transform((text, context): SettlementCycle => {
    if (text === 'instant' || text === 'daily' || text === 'onSettlement') return { kind: text }
    if (text === 'D+0' || text === 'T+0') return { kind: 'sameDay', of: text === 'D+0' ? 'D' : 'T' }
    const later = laterDay(text)
    if (later !== undefined) return later
    const ms = parseDuration(text)
    if (ms !== undefined && ms >= shortestCycleMs) return { kind: 'every', ms }
    const message = `expected instant, daily, D+0, T+1, D+1 (at most +31), onSettlement or an interval such as 10s (at least ${shortestCycleMs}ms), got ${JSON.stringify(text)}`
    context.addIssue({ code: 'custom', message })
    return z.NEVER
  })
  .meta({
    description:
      'when merchants are paid: instant, an interval such as 10s, daily, T+1, T+2 … (so many working days later), D+1 … (calendar days), D+0 (within its window) and T+0 (on working days), onSettlement (0500)',
    pattern: `^(?:instant|daily|[TD]\\+(?:\\d|[12]\\d|3[01])|onSettlement|${durationForm})$`,
  })

function laterDay(text: string): (SettlementCycle & { readonly kind: 'T' | 'D' }) | undefined {
  const [, kind, days] = /^([TD])\+([1-9]|[12]\d|3[01])$/.exec(text) ?? []
  return kind === 'T' || kind === 'D' ? { kind, days: Number(days) } : undefined
}

const fallback = z
  .string()
  .transform((text, context) => {
    const later = laterDay(text)
    if (later !== undefined) return later
    context.addIssue({ code: 'custom', message: `expected T+1, D+1 … (at most +31), got ${JSON.stringify(text)}` })
    return z.NEVER
  })
  .meta({
    description: 'D+0, T+0: when the rest is paid, T+1 (default), D+1 …',
    pattern: '^[TD]\\+(?:[1-9]|[12]\\d|3[01])$',
  })

/** Minutes since local midnight. */
export interface DayWindow {
  readonly from: number
  readonly to: number
}

const windowForm = '^(?:[01]\\d|2[0-3]):[0-5]\\d-(?:(?:[01]\\d|2[0-3]):[0-5]\\d|24:00)$'

const dayWindow = z
  .string()
  .transform((text, context): DayWindow => {
    const [from, to] = new RegExp(windowForm).test(text) ? text.split('-').map(minutesOf) : []
    if (from !== undefined && to !== undefined && from < to) return { from, to }
    context.addIssue({ code: 'custom', message: `expected hours such as "09:00-22:00", got ${JSON.stringify(text)}` })
    return z.NEVER
  })
  .meta({ description: 'D+0, T+0: the hours in which is paid, local time; default "09:00-22:00"', pattern: windowForm })

/** Hours as a scenario writes them. */
export const windowText = ({ from, to }: DayWindow): string => `${timeText(from)}-${timeText(to)}`
export const timeText = (minutes: number): string =>
  [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':')

const timeOfDay = (about: string) =>
  z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time of day such as "23:00"')
    .describe(about)

/** The end of a day may be midnight: 00:00 ends the trading day as the calendar's begins, 24:00 as it ends. */
const endOfDay = (about: string) =>
  z
    .string()
    .regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, 'expected a time of day such as "23:00", or "24:00"')
    .describe(about)

const dates = (about: string) =>
  z
    .array(z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'expected a date such as "2026-10-01"'))
    .max(1000)
    .describe(about)

const hold = z
  .union([
    z.literal('none'),
    z.strictObject({
      reason: z
        .enum(holdIds)
        .describe(
          'risk: looked into. account: wrong or closed. quota: a class II account takes no more. window: the bank is closed. returned: the bank sends it back',
        ),
      from: duration('2s').optional().describe('time since the acquirer started; default 0s'),
      for: duration('5s').optional().describe('how long; left out: to the end'),
    }),
  ])
  .describe('payouts that are held back, by the acquirer or by the bank; none: not this merchant')

/** Each befalls the account once, however often an acquirer is started on its ledger. */
const adjustments = (about: string) =>
  z
    .array(
      z.strictObject({
        amount: money('500.00 CNY').refine(({ minor }) => minor > 0, 'expected more than nothing'),
        at: duration('3s').describe('time since the acquirer started'),
      }),
    )
    .max(100)
    .describe(about)

const kindFees = z
  .strictObject({
    feeRate: percent('0.5%').optional().describe('share of each sale by such a card; left out: as of all'),
    feeCap: z
      .union([z.literal('none'), money('20.00 CNY')])
      .optional()
      .describe('most that the rate takes from one sale; none: no such limit'),
    feeMinimum: money('0.10 CNY').optional().describe('least that the rate takes from one sale'),
    surcharge: money('0.03 CNY').optional().describe('fixed fee of each sale'),
  })
  .describe('fees of a kind of acquirer.cardKinds, where they differ from those of all')

/** Without defaults: a contract or a merchant names what differs and nothing else. */
const terms = z.strictObject({
  cycle: cycle.optional(),
  window: dayWindow.optional(),
  fallback: fallback.optional(),
  cutOff: endOfDay('daily, T+n, D+n: end of the trading day, local time, to "24:00"; default "23:00"').optional(),
  payAt: timeOfDay('T+n, D+n: when the money is paid, local time; default "10:00"').optional(),
  holidays: dates('T+n: days that are not working days, beside Saturdays and Sundays').optional(),
  workingDays: dates('T+n: Saturdays and Sundays that are working days, as in China around holidays').optional(),
  feeRate: percent('0.6%').optional().describe('share of each sale that the acquirer keeps; default none'),
  feeCap: money('13.00 CNY').optional().describe('most that the rate takes from one sale'),
  feeMinimum: money('0.10 CNY').optional().describe('least that the rate takes from one sale'),
  surcharge: money('0.03 CNY').optional().describe('fixed fee of each sale, beside the rate'),
  fees: z
    .record(z.string().min(1), kindFees)
    .optional()
    .describe('fees by kind of card, such as debit, credit and qr: kinds of acquirer.cardKinds'),
  rounding: z
    .enum(['perSale', 'perPayout'])
    .optional()
    .describe('fees are rounded half up, for each sale (default) or once for each payout'),
  payoutFee: money('1.00 CNY')
    .optional()
    .describe('fixed fee of each payout (提现费); a payout that is not above it waits'),
  minimum: money('10.00 CNY').optional().describe('less than this is held until there is more'),
  balance: money('5000.00 CNY')
    .optional()
    .describe("merchant's account at the start: payouts wait while the merchant owes more than it covers"),
  reserve: money('1000.00 CNY')
    .optional()
    .describe('part of the account that must stay there and covers nothing (保证金)'),
  side: z
    .enum(['credit', 'debit'])
    .optional()
    .describe(
      'credit (default): sales are paid to the merchant. debit: its account pays for them (代付), in turn, as far as it covers them',
    ),
  topUps: adjustments('money that comes to the account, each once in the life of a ledger').optional(),
  chargebacks: adjustments('sums that issuers take back: the next payouts are so much less').optional(),
  payoutLimit: money('50000.00 CNY')
    .optional()
    .describe('largest payout; the rest waits for the next one; a sale above it is paid in several'),
  dayLimit: money('500000.00 CNY')
    .optional()
    .describe(
      'largest sum of a day; the rest waits for the next day; a sale above it is never paid, and later sales wait behind it',
    ),
  hold: hold.optional(),
})

export type TermsOptions = z.output<typeof terms>

/** Nobody agrees on being held back, or on what befalls an account. */
const agreed = terms.omit({ hold: true, side: true, topUps: true, chargebacks: true })

export const settlementSchema = terms.describe('how merchants are paid; left out: they are not')
export const contractSchema = agreed.describe('agreed terms, where they differ from the configured ones')
export const merchantsSchema = z
  .record(z.string().min(1), z.strictObject({ settlement: terms.optional(), contract: agreed.optional() }))
  .describe('merchant id (DE42) to the options that differ for it')

/** The fee of a sale by one kind of card. */
export interface KindFees {
  /** Share of 1. */
  readonly feeRate: number
  readonly feeCap: number | undefined
  readonly feeMinimum: number
  readonly surcharge: number
}

/** Amounts in minor units; undefined: no such limit. */
export interface Terms {
  readonly cycle: SettlementCycle
  readonly window: DayWindow
  readonly fallback: SettlementCycle
  /** Minutes since local midnight. */
  readonly cutOff: number
  readonly payAt: number
  readonly holidays: readonly string[]
  readonly workingDays: readonly string[]
  /** Share of 1. */
  readonly feeRate: number
  readonly feeCap: number | undefined
  readonly feeMinimum: number
  readonly surcharge: number
  /** Complete, by the name of a kind of card. */
  readonly fees: Readonly<Record<string, KindFees>>
  readonly payoutFee: number
  readonly rounding: 'perSale' | 'perPayout'
  readonly minimum: number
  readonly balance: number | undefined
  readonly reserve: number
  /** The account of a merchant gets the money of sales, or pays for them. */
  readonly side: 'credit' | 'debit'
  readonly topUps: readonly Adjustment[]
  readonly chargebacks: readonly Adjustment[]
  readonly payoutLimit: number | undefined
  readonly dayLimit: number | undefined
  readonly hold: HoldTerm | undefined
}

/** The terms that result when later options stand over earlier ones. */
export function termsOf(...options: readonly (TermsOptions | undefined)[]): Terms {
  const named = options.map((each) => Object.entries(each ?? {}).filter(([, value]) => value !== undefined))
  const joined: TermsOptions = Object.fromEntries(named.flat())
  return {
    cycle: joined.cycle ?? { kind: 'every', ms: 10_000 },
    window: joined.window ?? { from: 9 * 60, to: 22 * 60 },
    fallback: joined.fallback ?? { kind: 'T', days: 1 },
    cutOff: minutesOf(joined.cutOff ?? '23:00'),
    payAt: minutesOf(joined.payAt ?? '10:00'),
    holidays: joined.holidays ?? [],
    workingDays: joined.workingDays ?? [],
    feeRate: joined.feeRate ?? 0,
    feeCap: minorOf(joined.feeCap),
    feeMinimum: minorOf(joined.feeMinimum) ?? 0,
    surcharge: minorOf(joined.surcharge) ?? 0,
    fees: feesOf(options, joined),
    payoutFee: minorOf(joined.payoutFee) ?? 0,
    rounding: joined.rounding ?? 'perSale',
    minimum: minorOf(joined.minimum) ?? 0,
    balance: minorOf(joined.balance),
    reserve: minorOf(joined.reserve) ?? 0,
    side: joined.side ?? 'credit',
    topUps: adjustmentsOf(joined.topUps),
    chargebacks: adjustmentsOf(joined.chargebacks),
    payoutLimit: minorOf(joined.payoutLimit),
    dayLimit: minorOf(joined.dayLimit),
    hold: holdOf(joined.hold),
  }
}

/** A kind's fees over those of all. */
function feesOf(options: readonly (TermsOptions | undefined)[], joined: TermsOptions): Terms['fees'] {
  const named = options.flatMap((each) => Object.entries(each?.fees ?? {}))
  const own = new Map<string, NonNullable<TermsOptions['fees']>[string]>()
  for (const [kind, fees] of named) own.set(kind, { ...own.get(kind), ...fees })
  return Object.fromEntries(
    [...own].map(([kind, { feeRate, feeCap = joined.feeCap, feeMinimum, surcharge }]) => [
      kind,
      {
        feeRate: feeRate ?? joined.feeRate ?? 0,
        feeCap: feeCap === 'none' ? undefined : minorOf(feeCap),
        feeMinimum: minorOf(feeMinimum ?? joined.feeMinimum) ?? 0,
        surcharge: minorOf(surcharge ?? joined.surcharge) ?? 0,
      },
    ]),
  )
}

const holdOf = (hold: TermsOptions['hold']): HoldTerm | undefined =>
  hold === undefined || hold === 'none' ? undefined : { reason: hold.reason, fromMs: hold.from ?? 0, forMs: hold.for }

/** A share of 1 as a scenario writes it. */
export const rateText = (share: number): string => `${Number((100 * share).toFixed(6))}%`

/** Fees by kind of card as a scenario writes them, in letters of a currency. */
export function feesText(fees: Terms['fees'], currency: string): string {
  const text = (minor: number) => formatMoney({ minor, currency })
  return Object.entries(fees)
    .map(([kind, { feeRate, feeCap, feeMinimum, surcharge }]) => {
      const cap = feeCap === undefined ? '' : ` at most ${text(feeCap)}`
      const least = feeMinimum === 0 ? '' : ` at least ${text(feeMinimum)}`
      return `${kind} ${rateText(feeRate)}${least}${cap}${surcharge === 0 ? '' : ` and ${text(surcharge)}`}`
    })
    .join(', ')
}

const adjustmentsOf = (all: TermsOptions['topUps']): readonly Adjustment[] =>
  (all ?? []).map(({ amount, at }) => ({ amount: amount.minor, atMs: at }))

/** The currencies that the options speak of, in ISO 4217 letters. */
export function currenciesOf(options: TermsOptions | undefined): readonly string[] {
  return currenciesIn(options)
}

function currenciesIn(value: unknown): readonly string[] {
  if (isMoney(value)) return [value.currency]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(currenciesIn) : []
}

const isMoney = (value: unknown): value is Money => typeof value === 'object' && value !== null && 'currency' in value
const minorOf = (value: Money | undefined): number | undefined => value?.minor
const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
