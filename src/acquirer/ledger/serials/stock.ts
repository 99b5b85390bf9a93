// Serial numbers kept in stock where it is a long way to the ledger: they are had at once, and new ones are asked for in time.

import type { Reserve } from './rrn.js'

/**
 * More than postings can wait for a ledger that is away: what is numbered after that is answered with a malfunction, and is in no
 * books.
 */
export const stockedSerials = 200_000

interface SerialRange {
  next: number
  readonly end: number
}

/** Days whose numbers are kept: a new one begins while the last one's messages are still under way. */
const mostDays = 2

/** `ask` calls back with the first of `stockedSerials` numbers of the day, or with undefined when they cannot be had now. */
export function stockSerials(ask: (day: string, then: (first: number | undefined) => void) => void): Reserve {
  const days = new Map<string, SerialRange[]>()
  const asking = new Set<string>()

  const refill = (day: string) => {
    if (asking.has(day)) return
    asking.add(day)
    ask(day, (first) => {
      asking.delete(day)
      if (first === undefined) return
      const ranges = days.get(day)
      const range = { next: first, end: first + stockedSerials }
      if (ranges !== undefined) ranges.push(range)
      else days.set(day, [range])
      if (days.size > mostDays) days.delete(days.keys().next().value as string)
    })
  }

  return (day, count) => {
    const ranges = days.get(day) ?? []
    if (ranges.reduce((sum, { next, end }) => sum + end - next, 0) < stockedSerials / 2) refill(day)
    const range = ranges.find(({ next, end }) => end - next >= count)
    if (range === undefined) return undefined
    range.next += count
    return range.next - count
  }
}

/** The same, with numbers of `today` in stock already. */
export async function filledStock(today: string, ask: Parameters<typeof stockSerials>[0]): Promise<Reserve> {
  let firstAsked: (() => void) | undefined
  const isStocked = new Promise<void>((resolve) => {
    firstAsked = resolve
  })
  const reserve = stockSerials((day, then) =>
    ask(day, (first) => {
      then(first)
      firstAsked?.()
    }),
  )
  reserve(today, stockedSerials, false)
  await isStocked
  return reserve
}
