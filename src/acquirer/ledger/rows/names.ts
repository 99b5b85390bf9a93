// Numbers of terminals and cards in the ledger, remembered so that a posting is one insert as a rule.

import type { Steps } from '../store/store.js'

export interface TerminalRow {
  readonly id: number
  readonly merchant: number
}

/** Who a request is of. */
export interface Known {
  readonly terminal: string
  readonly merchant: string
  readonly card: Uint8Array | undefined
}

export interface Names {
  /** Looks up, or makes, the terminals and cards of a group at once, where that is cheaper than one by one. */
  know(group: readonly Known[]): Steps<void>
  /** The row that is remembered, without a step. */
  knownTerminal(terminal: string, merchant: string): TerminalRow | undefined
  knownCard(digest: Uint8Array): number | undefined
  terminal(terminal: string, merchant: string): Steps<TerminalRow>
  card(digest: Uint8Array): Steps<number>
  /** After a transaction that was rolled back: what was remembered may not be there. */
  forget(): void
}

/** Ids that are remembered, for each kind: a day of 100,000 terminals fits. They can be looked up again. */
const mostRemembered = 200_000

const addMerchant = 'INSERT INTO merchant (merchant) VALUES (?1) ON CONFLICT DO NOTHING'
const addTerminal = `
  INSERT INTO terminal (terminal, merchant) SELECT CAST(?1 AS TEXT), id FROM merchant WHERE merchant = ?2
  ON CONFLICT DO NOTHING`
const findTerminal = `
  SELECT t.id, t.merchant FROM terminal t JOIN merchant m ON m.id = t.merchant WHERE t.terminal = ?1 AND m.merchant = ?2`
const addCard = 'INSERT INTO card (digest) VALUES (?1) ON CONFLICT DO NOTHING'
const findCard = 'SELECT id FROM card WHERE digest = ?1'

const addMerchants = 'INSERT INTO merchant (merchant) SELECT * FROM unnest(?1::text[]) ON CONFLICT DO NOTHING'
const named = 'FROM unnest(?1::text[], ?2::text[]) AS n (terminal, name) JOIN merchant m ON m.merchant = n.name'
const addTerminals = `INSERT INTO terminal (terminal, merchant) SELECT n.terminal, m.id ${named} ON CONFLICT DO NOTHING`
const findTerminals = `
  SELECT t.id, t.merchant, n.terminal, n.name ${named} JOIN terminal t ON t.terminal = n.terminal AND t.merchant = m.id`
const addCards = 'INSERT INTO card (digest) SELECT * FROM unnest(?1::bytea[]) ON CONFLICT DO NOTHING'
const findCards = `
  SELECT c.id, n.at FROM unnest(?1::bytea[]) WITH ORDINALITY AS n (digest, at) JOIN card c ON c.digest = n.digest`

const keyOf = (terminal: string, merchant: string) => `${terminal}\u001f${merchant}`

/** `atOnce`: the store takes many rows in one statement. */
export function createNames(atOnce: boolean): Names {
  const terminals = new TerminalRows()
  // Keyed by identity: the digests of cards that come again are the same objects.
  const cards = new Map<Uint8Array, number>()

  const knowTerminals = function* (group: readonly Known[]): Steps<void> {
    const unknown = new Map(
      group
        .filter(({ terminal, merchant }) => terminals.get(terminal, merchant) === undefined)
        .map((each) => [keyOf(each.terminal, each.merchant), each] as const),
    )
    if (unknown.size < 2) return
    const lists = [
      [...unknown.values()].map((each) => each.terminal),
      [...unknown.values()].map((each) => each.merchant),
    ]
    yield { sql: addMerchants, wants: 'nothing', values: [[...new Set(lists[1])]] }
    yield { sql: addTerminals, wants: 'nothing', values: lists }
    const rows = (yield { sql: findTerminals, wants: 'rows', values: lists }) as unknown as NamedTerminal[]
    for (const { id, merchant, terminal, name } of rows) terminals.set(terminal, name, { id, merchant })
  }
  const knowCards = function* (group: readonly Known[]): Steps<void> {
    const digests = new Set(group.flatMap(({ card }) => (card === undefined || cards.has(card) ? [] : [card])))
    if (digests.size < 2) return
    const list = [...digests]
    yield { sql: addCards, wants: 'nothing', values: [list] }
    const rows = (yield { sql: findCards, wants: 'rows', values: [list] }) as unknown as { id: number; at: number }[]
    for (const { id, at } of rows) remember(cards, list[at - 1] as Uint8Array, id)
  }

  return {
    *know(group) {
      if (!atOnce) return
      yield* knowTerminals(group)
      yield* knowCards(group)
    },
    knownTerminal: (terminal, merchant) => terminals.get(terminal, merchant),
    knownCard: (digest) => cards.get(digest),
    *terminal(terminal, merchant) {
      const known = terminals.get(terminal, merchant)
      if (known !== undefined) return known
      yield { sql: addMerchant, wants: 'nothing', values: [merchant] }
      yield { sql: addTerminal, wants: 'nothing', values: [terminal, merchant] }
      const row = (yield { sql: findTerminal, wants: 'row', values: [terminal, merchant] })[0] as unknown as TerminalRow
      return terminals.set(terminal, merchant, { id: row.id, merchant: row.merchant })
    },
    *card(digest) {
      const known = cards.get(digest)
      if (known !== undefined) return known
      yield { sql: addCard, wants: 'nothing', values: [digest] }
      return remember(
        cards,
        digest,
        ((yield { sql: findCard, wants: 'row', values: [digest] })[0] as { id: number }).id,
      )
    },
    forget() {
      terminals.clear()
      cards.clear()
    },
  }
}

/** Rows by merchant, then by terminal: a key of both would be a new text for each posting. */
class TerminalRows {
  readonly #byMerchant = new Map<string, Map<string, TerminalRow>>()
  #count = 0

  get(terminal: string, merchant: string): TerminalRow | undefined {
    return this.#byMerchant.get(merchant)?.get(terminal)
  }

  set(terminal: string, merchant: string, row: TerminalRow): TerminalRow {
    if (this.#count >= mostRemembered) this.clear()
    const own = this.#byMerchant.get(merchant) ?? new Map<string, TerminalRow>()
    this.#byMerchant.set(merchant, own.set(terminal, row))
    this.#count++
    return row
  }

  clear(): void {
    this.#byMerchant.clear()
    this.#count = 0
  }
}

interface NamedTerminal extends TerminalRow {
  readonly terminal: string
  readonly name: string
}

function remember<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): Value {
  if (map.size >= mostRemembered) map.clear()
  map.set(key, value)
  return value
}
