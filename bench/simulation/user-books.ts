// The books as whoever ran this run would see them: the journal's, against the ledger since that journal began.

import type { LedgerMark } from '../../src/acquirer/ledger/marks.js'
import { ledgerBegin } from '../../src/acquirer/ledger/marks.js'
import { inOneGo } from '../../src/base/slices.js'
import { closingBooks } from '../../src/run/terminals/end-of-day.js'
import { honestRows } from '../../src/run/terminals/liars.js'
import type { HostLife } from './host.js'
import type { ShopLife } from './shop.js'

export interface UserBooks {
  /** A shop starts: where its books begin in the ledger is written there, as a run does before it signs on. */
  began(shop: ShopLife, host: HostLife | undefined): void
  /** The host is there again: a shop that started meanwhile has its books from here on. */
  hostBegan(host: HostLife | undefined): void
  /** A sentence when the last shop's run would not say that the books agree. */
  problems(shop: ShopLife, host: HostLife | undefined): Promise<readonly string[]>
}

export function createUserBooks(): UserBooks {
  let mark: Promise<LedgerMark | undefined> = Promise.resolve(ledgerBegin)
  let unmarked: ShopLife | undefined
  const began = (shop: ShopLife, host: HostLife | undefined) => {
    unmarked = host === undefined ? shop : undefined
    if (host !== undefined) mark = host.acquirer.ledgerMark(shop.side.money.journal)
  }
  return {
    began,
    hostBegan(host) {
      if (unmarked !== undefined) began(unmarked, host)
    },
    async problems({ side }, host) {
      const since = (await mark) ?? ledgerBegin
      const rows = honestRows(await host?.acquirer.ledgerRows(since), side.liars)
      const { agree, because, counts } = inOneGo(closingBooks(side.money, { rows, settled: undefined }))
      if (agree === true) return []
      const found = Object.entries(counts).flatMap(([kind, count]) => (count > 0 ? [`${count} ${kind}`] : []))
      return [`books.agree is ${agree} for the user: ${because ?? found.join(', ')}`]
    },
  }
}
