// Times in which other merchants send much more than usual, and whether the host was slow in them alone.

import type { Bins } from './bins.js'
import { quantile } from './numbers.js'
import type { Observations } from './observations.js'

export interface Surge {
  /** `to`: until the line that it made has been worked off. */
  readonly from: number
  readonly to: number
  /** Transactions a second, in it and usually. */
  readonly rate: number
  readonly usualRate: number
  /** The merchant that sends most of what is more than usual. */
  readonly merchant: string
  /** Mean time of the answers, in ms, in it and usually. */
  readonly serviceMs: number
  readonly usualServiceMs: number
  /** Shares of transactions whose answer came, but too late, in it and outside of all surges. */
  readonly untimely: number
  readonly untimelyOutside: number
}

/** Width of what is compared, in ms: long enough that arrivals by chance even out. */
const cellMs = 1000
/** So much more than usual is a surge. */
const surgeFactor = 1.4
/** One second more than usual happens by chance, unless it is so much more. */
const leastCells = 2
const suddenFactor = 2.5
/** Standard deviations above the mean of a Poisson process that chance does not reach in a run. */
const noChance = 5
/** Arrivals of a cell that are needed to speak of a rate. */
const leastArrivals = 8
/** Answers are slow when they take this many times as long as usual. */
const slowFactor = 1.5
/** A line is worked off for as long as this many times the surge, at most. */
const mostAfter = 4

interface Cell {
  readonly from: number
  readonly to: number
  readonly offered: number
  readonly untimely: number
  readonly answered: number
  readonly serviceSum: number
}

export function findSurges({ bins }: Observations): readonly Surge[] {
  if (bins.merchants.size < 2) return []
  const cells = cellsOf(bins)
  const usualMs = quantile(cells.filter(({ answered }) => answered > 0).map(meanOf), 0.3) ?? 0
  // Terminals that wait for a slow host ask less: what is usual is what came while it was quick.
  const quick = cells.filter((cell) => meanOf(cell) <= slowFactor * usualMs)
  const usual = quantile(
    (quick.length >= leastCells ? quick : cells).map(({ offered }) => offered),
    0.35,
  )
  if (usual === undefined || cells.length < 4) return []
  const isHigh = ({ offered }: Cell) =>
    offered >= leastArrivals && offered >= surgeFactor * usual + 2 * Math.sqrt(usual)
  const isLong = (run: readonly Cell[]) => run.length >= leastCells || (run[0]?.offered ?? 0) >= suddenFactor * usual
  // A third of the cells lies below `usual`: the mean of arrivals by chance is this much above it.
  const mean = usual + 0.4 * Math.sqrt(usual)
  const isNoChance = (run: readonly Cell[]) =>
    sumOf(run).offered - run.length * mean >= noChance * Math.sqrt(run.length * mean)
  const runs = runsOf(cells, isHigh)
    .filter((run) => isLong(run) && isNoChance(run))
    .map((run) => ({ high: run, all: [...run, ...aftermath(cells, run, usualMs)] }))
  const inside = new Set(runs.flatMap(({ all }) => all))
  const outside = sumOf(cells.filter((cell) => !inside.has(cell)))
  return runs.map(({ high, all }) => surgeOf(bins, high, { all, outside, usual }))
}

function surgeOf(
  bins: Bins,
  high: readonly Cell[],
  { all, outside, usual }: { all: readonly Cell[]; outside: Sums; usual: number },
): Surge {
  const [from, until] = [high[0]?.from ?? 0, high.at(-1)?.to ?? 0]
  const sums = sumOf(all)
  const seconds = (until - from) / 1000
  const cell = Math.max(cellMs, bins.widthMs)
  return {
    from,
    to: all.at(-1)?.to ?? until,
    rate: sumOf(high).offered / seconds,
    usualRate: (usual * 1000) / cell,
    merchant: loudest(bins, from, until),
    serviceMs: sums.answered === 0 ? Number.POSITIVE_INFINITY : sums.serviceSum / sums.answered,
    usualServiceMs: outside.answered === 0 ? 0 : outside.serviceSum / outside.answered,
    untimely: sums.untimely / Math.max(1, sums.offered),
    untimelyOutside: outside.untimely / Math.max(1, outside.offered),
  }
}

function cellsOf(bins: Bins): readonly Cell[] {
  const width = Math.max(1, Math.round(cellMs / bins.widthMs)) * bins.widthMs
  const end = bins.length * bins.widthMs
  const cells: Cell[] = []
  for (let from = 0; from < end; from += width) {
    const to = from + width
    const sum = (column: Parameters<Bins['sum']>[0]) => bins.sum(column, from, to - bins.widthMs / 2)
    cells.push({
      ...{ from, to, offered: sum('offered'), untimely: sum('slowAnswers') },
      ...{ answered: sum('answered'), serviceSum: sum('serviceSum') },
    })
  }
  // After the last arrival only answers come.
  while (cells.at(-1)?.offered === 0) cells.pop()
  return cells
}

/** Cells that follow each other and fit. */
function runsOf(cells: readonly Cell[], fits: (cell: Cell) => boolean): readonly (readonly Cell[])[] {
  const runs: Cell[][] = []
  let run: Cell[] | undefined
  for (const cell of cells) {
    if (!fits(cell)) run = undefined
    else if (run !== undefined) run.push(cell)
    else {
      run = [cell]
      runs.push(run)
    }
  }
  return runs
}

/** As long as answers stay slow behind it: the host works off what the surge left. */
function aftermath(cells: readonly Cell[], run: readonly Cell[], usualMs: number): readonly Cell[] {
  const start = cells.indexOf(run.at(-1) as Cell) + 1
  const found: Cell[] = []
  for (const cell of cells.slice(start, start + mostAfter * run.length)) {
    if (meanOf(cell) < slowFactor * usualMs) break
    found.push(cell)
  }
  return found
}

/** Mean time of the answers to what arrived in a cell; no answer at all is slow. */
const meanOf = ({ answered, serviceSum }: Cell) => (answered === 0 ? Number.POSITIVE_INFINITY : serviceSum / answered)

type Sums = Pick<Cell, 'offered' | 'untimely' | 'answered' | 'serviceSum'>

function sumOf(cells: readonly Cell[]): Sums {
  return cells.reduce<Sums>(
    (sum, { offered, untimely, answered, serviceSum }) => ({
      offered: sum.offered + offered,
      untimely: sum.untimely + untimely,
      answered: sum.answered + answered,
      serviceSum: sum.serviceSum + serviceSum,
    }),
    { offered: 0, untimely: 0, answered: 0, serviceSum: 0 },
  )
}

/** The group whose rate grew most against the whole run. */
function loudest(bins: Bins, from: number, to: number): string {
  const whole = bins.length * bins.widthMs
  let best = { merchant: '', more: Number.NEGATIVE_INFINITY }
  for (const merchant of bins.merchants.keys()) {
    const inside = bins.offeredBy(merchant, from, to - 1)
    const more = inside - (bins.offeredBy(merchant, 0, whole) * (to - from)) / whole
    if (more > best.more) best = { merchant, more }
  }
  return best.merchant
}
