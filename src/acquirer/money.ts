// The acquirer's money, put together: postings into a ledger, payouts of it, and news of them for the terminals.

import type { Clock } from '../base/clock.js'
import type { Zone } from '../base/zone.js'
import type { Codec } from '../codec/codec.js'
import type { BookRow } from '../measure/money/books.js'
import type { Ledger } from './ledger/ledger.js'
import { createLedgerPosting, type LedgerPosting } from './ledger/ledger-posting.js'
import type { LedgerMark } from './ledger/marks.js'
import { runSteps } from './ledger/store/store.js'
import type { AcquirerOptions } from './options.js'
import { type Advices, startAdvices } from './settlement/advices.js'
import { createCardKinds } from './settlement/card-kinds.js'
import { checkTerms } from './settlement/check-terms.js'
import { type FundsReport, reportFunds } from './settlement/funds-report.js'
import { type Settlement, startSettlement } from './settlement/settlement.js'
import { createTermsBook } from './settlement/terms-book.js'

export interface MoneySetup {
  readonly codec: Codec
  readonly options: Pick<AcquirerOptions, 'settlement' | 'contract' | 'merchants' | 'cardKinds'>
  readonly clock: Clock
  /** The zone of cut-offs and value dates. */
  readonly zone: Zone
  /** Stays open when the rest is closed: who opened it closes it. */
  readonly ledger: Ledger
  readonly onTrouble?: (line: string) => void
}

export interface AcquirerBooks {
  readonly posting: LedgerPosting
  /** Left out where merchants are not paid, or the dialect has no message to say so. */
  readonly advices: Advices | undefined
  /** Where a run begins in the ledger. */
  mark: Ledger['mark']
  /** The ledger's side of the books, of what was posted since then. */
  rows(since?: LedgerMark): Promise<Iterable<BookRow>>
  /** The report on payouts since then; undefined where merchants are not paid. */
  funds(since?: LedgerMark): Promise<FundsReport | undefined>
  /** Stops timers and forgets what waits to be posted, as a process does that is killed. Idempotent. */
  close(): void
}

/** Throws UsageError for options that do not suit the dialect. */
export function startMoney(setup: MoneySetup): AcquirerBooks {
  const { codec, options, ledger, clock } = setup
  const { rules } = codec.dialect
  checkTerms(options, rules.currency)
  const cardKindOf = createCardKinds(options)
  const isPaid = options.settlement !== undefined
  const rule = rules.payoutAdvice
  const onTrouble = setup.onTrouble ?? (() => {})
  const advices = isPaid && rule !== undefined ? startAdvices({ ...setup, rule }) : undefined
  const settlement = isPaid ? startPayouts(setup, advices) : undefined
  const posting = createLedgerPosting({
    ledger,
    dialect: codec.dialect,
    ...{ clock, onTrouble, cardKindOf },
    ...(settlement !== undefined && { onPosted: () => settlement.posted() }),
  })
  return {
    posting,
    advices,
    mark: ledger.mark,
    rows: (since) => ledger.rows(since),
    funds: async (since) => (isPaid ? await runSteps(ledger.store, reportFunds(options, since)) : undefined),
    close() {
      posting.abandon()
      settlement?.close()
      advices?.close()
    },
  }
}

function startPayouts(setup: MoneySetup, advices: Advices | undefined): Settlement {
  return startSettlement({
    ...setup,
    book: createTermsBook(setup.options),
    advice: setup.codec.dialect.rules.payoutAdvice,
    ...(advices !== undefined && { onAdvice: () => advices.look() }),
  })
}
