// The rows of a timeline in the order of their time, of which few are open: they are closed when nobody has needed them for a while.

import { HistogramCounts } from './counts.js'
import { OpenRow, type TimelineEntry } from './timeline-row.js'

/** Rows that are open at once, some 90 kB each: as many seconds as transactions with a timeout of 30 s span. */
const maxOpen = 32
/** A row is closed when so many new ones have begun since it was last needed. */
const idleAfter = 4

type Row = TimelineEntry | OpenRow

/** Rows touch each other. */
export class TimelineRows {
  readonly #rows: Row[] = []
  readonly #open = new Set<OpenRow>()
  /** Counts that are empty, with the room that they once took. */
  readonly #spare: HistogramCounts[] = []
  /** Rows that have begun. */
  #begun = 0

  get length(): number {
    return this.#rows.length
  }

  get firstSecond(): number | undefined {
    return this.#rows[0]?.atSecond
  }

  /** A row that follows the last one. */
  push(entry: TimelineEntry): void {
    this.#closeIdle()
    this.#rows.push(entry)
    this.#begun++
  }

  /** A row before the first one. */
  unshift(entry: TimelineEntry): void {
    this.#rows.unshift(entry)
  }

  /** The row of this second, which must be in one; open until another row is pushed, opened or joined. */
  open(second: number): OpenRow {
    const row = this.#openAt(this.#placeOf(second))
    row.usedAt = this.#begun
    return row
  }

  /** Makes one row of that at `place` and of the next one. */
  joinAt(place: number): void {
    const next = this.#rows[place + 1] as Row
    const entry = next instanceof OpenRow ? this.#close(next) : next
    const into = this.#openAt(place)
    into.join(entry)
    this.#rows.splice(place + 1, 1)
    this.#close(into)
  }

  /** Those that are closed are handed out as they are. */
  entries(): TimelineEntry[] {
    return this.#rows.map((row) => (row instanceof OpenRow ? row.entry() : row))
  }

  #openAt(place: number): OpenRow {
    const found = this.#rows[place] as Row
    if (found instanceof OpenRow) return found
    if (this.#open.size >= maxOpen) this.#close(leastRecent(this.#open) as OpenRow)
    const row = new OpenRow(found, () => this.#spare.pop() ?? new HistogramCounts())
    this.#rows[place] = row
    this.#open.add(row)
    return row
  }

  #close(row: OpenRow): TimelineEntry {
    const entry = row.close((counts) => this.#spare.push(counts))
    this.#rows[this.#placeOf(row.atSecond)] = entry
    this.#open.delete(row)
    return entry
  }

  /** One for each row that begins: never a pause to close many. */
  #closeIdle(): void {
    const row = leastRecent(this.#open)
    if (row !== undefined && this.#begun - row.usedAt >= idleAfter) this.#close(row)
  }

  /** Binary search. */
  #placeOf(second: number): number {
    let [low, high] = [0, this.#rows.length - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#rows[middle] as Row).atSecond <= second) low = middle
      else high = middle - 1
    }
    return low
  }
}

/** The row that was needed longest ago, and of several the one that was opened first. */
function leastRecent(rows: Iterable<OpenRow>): OpenRow | undefined {
  let least: OpenRow | undefined
  for (const row of rows) if (least === undefined || row.usedAt < least.usedAt) least = row
  return least
}
