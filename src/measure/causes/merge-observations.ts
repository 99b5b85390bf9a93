// The observations of the parts of one run, as plain data, and put together: a surge cannot be seen in a twentieth of a load,
// so causes are diagnosed once, over all parts.

import { type Slices, sliced } from '../../base/slices.js'
import type { PayoutHold } from '../money/merchant-funds.js'
import { Bins, type PackedBins } from './bins.js'
import { type ContractTerms, newMerchantFunds, type ObservedFunds, type PayoutSeen } from './funds-observed.js'
import type { ControlSeen, Observations, Observed, TerminalSeen } from './observations.js'

export interface PackedMerchantFunds extends Omit<ObservedFunds, 'payouts' | 'waits'> {
  readonly payouts: readonly PayoutSeen[]
  readonly waits: readonly number[]
}

export interface PackedObservations extends Omit<Observations, 'bins' | 'terminals' | 'funds'> {
  readonly bins: PackedBins
  readonly terminals: readonly (readonly [id: string, seen: TerminalSeen])[]
  readonly funds: {
    readonly withinMs: number
    readonly merchants: readonly (readonly [merchant: string, funds: PackedMerchantFunds])[]
  } | null
}

export function packObservations({ bins, terminals, funds, ...rest }: Observations): PackedObservations {
  return {
    ...rest,
    bins: bins.pack(),
    terminals: [...terminals],
    funds: funds && {
      withinMs: funds.withinMs,
      merchants: [...funds.merchants].map(([merchant, { payouts, waits, ...sums }]) => [
        merchant,
        { ...sums, payouts: payouts.items, waits: waits.items },
      ]),
    },
  }
}

/** The number that transaction `id` of part `part` has among those of `parts` parts. */
export const mergedId = (id: number, part: number, parts: number): number => id * parts + part

/**
 * All parts as one run, in slices: their clocks began together. Connections and transactions get numbers of their own.
 * `contractOf`: what merchants agreed, which is in the scenario. `holds`: what the acquirer says of them. At least one part.
 */
export function* mergingObservations(
  parts: readonly PackedObservations[],
  contractOf: (merchant: string) => ContractTerms | undefined,
  holds?: ReadonlyMap<string, readonly PayoutHold[]>,
): Slices<Observations> {
  const [first] = parts as [PackedObservations]
  const sum = (name: 'offered' | 'untimely' | 'left' | 'unmatched' | 'lateAnswers' | 'lastingLinks') =>
    parts.reduce((total, part) => total + part[name], 0)
  const bins = new Bins()
  for (const part of parts) bins.addPacked(part.bins)
  yield
  const lists = yield* mergingLists(parts)
  return {
    timelyWithinMs: first.timelyWithinMs,
    wallAtStart: first.wallAtStart,
    measureFromMs: first.measureFromMs,
    timeoutMs: first.timeoutMs,
    endedAt: Math.max(...parts.map(({ endedAt }) => endedAt)),
    offered: sum('offered'),
    untimely: sum('untimely'),
    left: sum('left'),
    unmatched: sum('unmatched'),
    lateAnswers: sum('lateAnswers'),
    signOnCodes: first.signOnCodes,
    setupCodes: first.setupCodes,
    lastingLinks: sum('lastingLinks'),
    ...lists,
    gaps: commonGaps(parts),
    bins,
    terminals: new Map(parts.flatMap(({ terminals }) => terminals)),
    funds: first.funds && {
      ...{ withinMs: first.funds.withinMs, contractOf, merchants: mergeFunds(parts) },
      ...(holds && { holds }),
    },
    eventLoopP99Ms: worst(parts.map(({ eventLoopP99Ms }) => eventLoopP99Ms)),
  }
}

type Lists = 'transactions' | 'echoes' | 'controls' | 'connects' | 'downs' | 'unreadable' | 'answers' | 'tcp' | 'seen'

function* mergingLists(parts: readonly PackedObservations[]): Slices<Pick<Observations, Lists>> {
  const linkBase = runningSum(parts.map(linksOf))
  yield
  const renumber = <Item extends { readonly link: number | undefined }>(item: Item, part: number): Item =>
    item.link === undefined ? item : { ...item, link: item.link + (linkBase[part] ?? 0) }
  function* inTime<Item extends Linked>(list: (part: PackedObservations) => readonly Item[]): Slices<Item[]> {
    const all: Item[] = []
    for (const [index, part] of parts.entries()) yield* sliced(list(part), (item) => all.push(renumber(item, index)))
    all.sort(byTime)
    yield
    return all
  }
  const transactions: Observed[] = []
  const seen: Observations['seen'][number][] = []
  const controls: ControlSeen[] = []
  for (const [part, each] of parts.entries()) {
    const own = (of: Observed): Observed => ({
      ...renumber(of, part),
      id: mergedId(of.id, part, parts.length),
      connection: nameIn(part, of.connection),
    })
    yield* sliced(each.transactions, (of) => transactions.push(own(of)))
    yield* sliced(each.seen, ({ of, ...rest }) =>
      seen.push({ ...rest, of: { ...of, connection: nameIn(part, of.connection) } }),
    )
    yield* sliced(each.controls, (of) => controls.push({ ...of, connection: nameIn(part, of.connection) }))
  }
  seen.sort(byTime)
  controls.sort(byTime)
  return {
    ...{ transactions, seen, controls },
    echoes: yield* inTime(({ echoes }) => echoes),
    connects: yield* inTime(({ connects }) => connects),
    downs: yield* inTime(({ downs }) => downs),
    unreadable: yield* inTime(({ unreadable }) => unreadable),
    answers: yield* inTime(({ answers }) => answers),
    tcp: parts.flatMap(({ tcp }) => tcp ?? []).sort(byTime),
  }
}

/** Connections of several parts are told apart. */
const nameIn = <Name extends string | undefined>(part: number, connection: Name): Name | string =>
  connection === undefined ? connection : `${part + 1}.${connection}`

interface Linked {
  readonly at: number
  readonly link: number | undefined
}

const byTime = (one: { readonly at: number }, other: { readonly at: number }) => one.at - other.at

/** Numbers of connections that a part used. */
function linksOf({ lastingLinks, connects, answers, transactions }: PackedObservations): number {
  let highest = -1
  for (const list of [connects, answers, transactions])
    for (const { link = -1 } of list) highest = Math.max(highest, link)
  return Math.max(lastingLinks, highest + 1)
}

function runningSum(counts: readonly number[]): readonly number[] {
  let sum = 0
  return counts.map((count) => {
    sum += count
    return sum - count
  })
}

/** Nothing was heard from the host where no part heard anything. */
function commonGaps(parts: readonly PackedObservations[]): Observations['gaps'] {
  return parts
    .slice(1)
    .reduce(
      (common, { gaps }) =>
        common.flatMap(({ from, to }) =>
          gaps
            .map((gap) => ({ from: Math.max(from, gap.from), to: Math.min(to, gap.to) }))
            .filter((gap) => gap.from < gap.to),
        ),
      parts[0]?.gaps ?? [],
    )
}

const worst = (values: readonly (number | null)[]) =>
  values.reduce((most, value) => (value === null ? most : Math.max(most ?? 0, value)), null)

function mergeFunds(parts: readonly PackedObservations[]): ReadonlyMap<string, ObservedFunds> {
  const merged = new Map<string, ObservedFunds>()
  for (const [merchant, seen] of parts.flatMap(({ funds }) => funds?.merchants ?? [])) {
    const into = merged.get(merchant) ?? newMerchantFunds()
    merged.set(merchant, into)
    into.firstSaleAt = earliest(into.firstSaleAt, seen.firstSaleAt)
    into.lastSaleAt = Math.max(into.lastSaleAt, seen.lastSaleAt)
    for (const name of ['sold', 'waiting', 'sales', 'refunds', 'refunded', 'refundedSince'] as const)
      into[name] += seen[name]
    for (const wait of seen.waits) into.waits.push(wait)
  }
  for (const [merchant, into] of merged) {
    const payouts = parts.flatMap(
      ({ funds }) => funds?.merchants.find(([name]) => name === merchant)?.[1].payouts ?? [],
    )
    for (const payout of [...payouts].sort(byTime)) into.payouts.push(payout)
  }
  return merged
}

const earliest = (one: number | undefined, other: number | undefined) =>
  one === undefined || other === undefined ? (one ?? other) : Math.min(one, other)
