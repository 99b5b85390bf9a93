// One round: every figure once, right after the echo of the same shape, so that a busy moment of the machine hits both.

import type { Quiet } from '../quiet.js'
import { type MeasuredJob, measureIn, startPeer } from './job.js'
import { type LoadShape, shapes } from './shapes.js'

export const groups = ['embedded', 'terminal', 'balance', 'acquirer', 'open', 'warm'] as const
export type Group = (typeof groups)[number]

/** The measurement of one group in one shape. */
export interface Point {
  readonly group: Group
  readonly shape: string
  readonly echo: MeasuredJob
  readonly measured: MeasuredJob
}

export type Round = readonly Point[]

/** Rates of the open loop, the lowest first; they are tried until two in a row are missed. Between those that may be asked for the steps are small. */
const openRates = [
  ...[1_000, 2_000, 5_000, 10_000, 15_000, 20_000, 25_000, 30_000, 40_000, 50_000],
  ...[55_000, 60_000, 65_000, 70_000, 75_000, 80_000, 85_000, 90_000, 95_000, 100_000],
]
/** An open rate is kept when 99 % of its arrivals leave within so many ms. */
const keptLagMs = 5
const openSeconds = 5

/** `only`: names of the shapes; left out: all of them. */
export async function runRound(
  chosen: readonly Group[],
  seconds: number,
  quiet: Pick<Quiet, 'measured'>,
  only: readonly string[] = shapes.map(({ name }) => name),
): Promise<Round> {
  const points: Point[] = []
  for (const shape of shapes.filter(({ name }) => only.includes(name))) {
    const echo = await quiet.measured(() => measureEcho(shape, seconds))
    for (const group of chosen) {
      if (group === 'open' || group === 'warm') continue
      const measured = await quiet.measured(() => closed(group, shape, seconds))
      points.push({ group, shape: shape.name, echo, measured })
    }
    if (shape.name !== '1x64') continue
    for (const group of chosen) {
      if (group !== 'open' && group !== 'warm') continue
      const measured = await highestRate(group === 'warm' ? 2 : 0, quiet)
      points.push({ group, shape: '16 connections', echo, measured })
    }
  }
  return points
}

async function measureEcho(shape: LoadShape, seconds: number): Promise<MeasuredJob> {
  await using peer = await startPeer({ do: 'echoServer' })
  return await measureIn({ do: 'echo', shape, seconds, port: peer.port })
}

async function closed(group: Exclude<Group, 'open' | 'warm'>, shape: LoadShape, seconds: number): Promise<MeasuredJob> {
  if (group === 'embedded') return measureIn({ do: 'closed', shape, seconds, message: 'sale' })
  await using peer = await startPeer({ do: group === 'acquirer' ? 'acquirer' : 'rawHost' })
  const { port } = peer
  if (group === 'acquirer') return await measureIn({ do: 'acquirerSales', shape, seconds, port })
  return await measureIn({ do: 'closed', shape, seconds, message: group === 'balance' ? 'balance' : 'sale', port })
}

/**
 * The highest rate whose lag stays small. A rate that is missed once is tried again, for the machine may have been busy, and so is the next
 * one: the steps are smaller than the difference that a moment makes.
 */
async function highestRate(warmupSeconds: number, quiet: Pick<Quiet, 'measured'>): Promise<MeasuredJob> {
  await using peer = await startPeer({ do: 'rawHost' })
  let best: MeasuredJob = { perSecond: 0 }
  let missed = 0
  for (const rate of openRates) {
    const job = { do: 'open', rate, seconds: openSeconds, warmupSeconds, port: peer.port } as const
    const tried = () => quiet.measured(() => measureIn(job))
    const first = await tried()
    const kept = isKept(first) ? first : await tried()
    missed = isKept(kept) ? 0 : missed + 1
    if (missed === 0) best = { ...kept, perSecond: rate }
    else if (missed === 2) break
  }
  return best
}

const isKept = ({ lagP99Ms, saturated }: MeasuredJob) =>
  typeof lagP99Ms === 'number' && lagP99Ms < keptLagMs && saturated !== true
