// The conditions that must hold when a simulation has come to rest. Beside the books themselves: what customers were told.

import type { Dialect } from '../../src/codec/dialect.js'
import { type BookRow, compareBooks } from '../../src/measure/money/books.js'
import type { Sample } from '../../src/measure/sample.js'

export interface Evidence {
  readonly terminalRows: readonly BookRow[]
  readonly ledgerRows: readonly BookRow[]
  /** Samples of all lives of the terminals, as far as no death took them back. */
  readonly told: readonly Sample[]
  /** Message types that move money, to whether a terminal undoes them where it cannot know what became of them. */
  readonly moneyTypes: ReadonlyMap<string, boolean>
  /** Messages still owed to the host. */
  readonly owed: number
  readonly drained: boolean
}

/** Sentences, each about one thing that is wrong; none when all is well. */
export function audit(evidence: Evidence): readonly string[] {
  const { drained, owed } = evidence
  return [
    ...(drained && owed === 0 ? [] : [`lost reversal: ${owed} messages are still owed after the drain`]),
    ...bookProblems(evidence),
    ...numberedTwice('terminals', evidence.terminalRows),
    ...numberedTwice('ledger', evidence.ledgerRows),
    ...brokenWords(evidence),
  ]
}

function bookProblems({ terminalRows, ledgerRows }: Evidence): readonly string[] {
  const { differences } = compareBooks(terminalRows, ledgerRows)
  return differences.map(({ kind, terminal, batch, stan, type, terminalSays, acquirerSays }) => {
    const says = (said: typeof terminalSays) => (said === null ? 'nothing' : `${said.state} ${said.amountMinor}`)
    return `${kind}: ${type} of terminal ${terminal}, batch ${batch}, STAN ${stan}: terminal ${says(terminalSays)}, ledger ${says(acquirerSays)}`
  })
}

/** The name that tells a transaction from all others. */
export const rowName = ({
  terminal,
  merchant,
  batch,
  stan,
}: Pick<BookRow, 'terminal' | 'merchant' | 'batch' | 'stan'>) => [terminal, merchant, batch, stan].join(' ')

/** The comparison of books goes by names, so a name that stands for two transactions would hide one. */
function numberedTwice(whose: string, rows: readonly BookRow[]): readonly string[] {
  const seen = new Set<string>()
  return rows.flatMap((row) => {
    const name = rowName(row)
    const again = seen.has(name)
    seen.add(name)
    return again ? [`named twice in the books of the ${whose}: ${row.kind} ${name}`] : []
  })
}

/** A customer who was told that the payment was approved, or that it was not, must not find anything else in the ledger. */
function brokenWords({ told, ledgerRows, moneyTypes }: Evidence): readonly string[] {
  // No schedule is long enough for a terminal to use a STAN twice, so the batch is not needed.
  const rows = new Map(ledgerRows.map((row) => [`${row.terminal} ${row.stan}`, row]))
  return told.flatMap(({ terminal, stan, type, outcome, retryCode, writtenAt }) => {
    const isUndone = moneyTypes.get(type)
    // A request that moves no money has no row; its STAN is not reserved, so that a later life may use it for one that does.
    if (isUndone === undefined) return []
    const row = rows.get(`${terminal} ${stan}`)
    const isCharged = row?.kind === type && row.state === 'charged'
    const who = `${type} of terminal ${terminal}, STAN ${stan}`
    if (outcome === 'approved') return isCharged ? [] : [`approved but not in force: ${who}`]
    // An advice that nobody has answered, or not for good, is told again until it is in force.
    const mustNotBe = isUndone || writtenAt === undefined || (outcome === 'declined' && !retryCode)
    return isCharged && mustNotBe ? [`${outcome} but charged: ${who}`] : []
  })
}

/** Names of the messages that a ledger has an entry of, to whether they are reversed where they are in doubt. */
export function moneyTypesOf(messages: Dialect['messages']): ReadonlyMap<string, boolean> {
  return new Map(
    Object.entries(messages).flatMap(([name, { money }]) =>
      money === undefined || money.inDoubt.do === 'nothing' ? [] : [[name, money.inDoubt.do === 'reverse'] as const],
    ),
  )
}
