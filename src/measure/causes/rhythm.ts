// How lateness is spread over time: does it come again and again with a period, or do answers take longer and longer?

import { counted } from '../../base/text/counted.js'
import { instantWords, inWords, quantile } from './numbers.js'
import type { AnswerSeen, Observations } from './observations.js'

export interface Rhythm {
  readonly everyMs: number
  /** How long it lasts each time, in the middle. */
  readonly lastsMs: number
  readonly times: number
  /** When it began first, in ms since the start of the load. */
  readonly firstAt: number
}

export interface Growth {
  /** Middle of the answers in the first and in the last part of the run, in ms. */
  readonly fromMs: number
  readonly toMs: number
  /** Added by each second of the run, in ms. */
  readonly perSecondMs: number
}

/** Late ones that are this much further apart than the middle ones, and so many ms, are of two episodes. */
const apart = 8
const leastApartMs = 500
/** Episodes of a rhythm, and how much the time between them may differ. */
const leastEpisodes = 3
const mostJitter = 0.12
/** A share of its period: what lasts longer is no episode. */
const mostOfPeriod = 0.7

/** Undefined where lateness comes at no period. */
export function findRhythm({ seen }: Observations): Rhythm | undefined {
  const late = seen.flatMap(({ at, isUntimely }) => (isUntimely ? [at] : []))
  const gaps = late.slice(1).map((at, index) => at - (late[index] as number))
  const limit = Math.max(leastApartMs, apart * (quantile(gaps, 0.5) ?? 0))
  const episodes: { from: number; to: number }[] = []
  for (const at of late) {
    const last = episodes.at(-1)
    if (last !== undefined && at - last.to < limit) last.to = at
    else episodes.push({ from: at, to: at })
  }
  if (episodes.length < leastEpisodes) return undefined
  const ends = episodes.map(({ to }) => to)
  const periods = ends.slice(1).map((to, index) => to - (ends[index] as number))
  const everyMs = periods.reduce((sum, each) => sum + each, 0) / periods.length
  const lastsMs = quantile(
    episodes.map(({ from, to }) => to - from),
    0.5,
  ) as number
  const isRegular = periods.every((period) => Math.abs(period - everyMs) <= mostJitter * everyMs)
  if (!isRegular || lastsMs > mostOfPeriod * everyMs) return undefined
  return { everyMs, lastsMs, times: episodes.length, firstAt: episodes[0]?.from ?? 0 }
}

/** Parts of a run that are compared, and answers that each must have. */
const parts = 6
const leastAnswers = 5
/** The last part must take so many times as long as the first, and each next to no less than the one before. */
const grown = 2
const fallen = 0.92

/** Undefined where answers do not take longer and longer. */
export function findGrowth({ answers }: Observations): Growth | undefined {
  const [first, last] = [answers[0], answers.at(-1)]
  if (first === undefined || last === undefined || answers.length < parts * leastAnswers) return undefined
  const width = (last.at - first.at) / parts
  const middles = Array.from({ length: parts }, (_, part) => middleOf(answers, first.at + part * width, width))
  const known = middles.filter((middle) => middle !== undefined)
  if (known.length < parts) return undefined
  const [fromMs = 0, toMs = 0] = [known[0], known.at(-1)]
  const isSteady = known.every((middle, part) => part === 0 || middle >= fallen * (known[part - 1] as number))
  if (!isSteady || toMs < grown * fromMs) return undefined
  return { fromMs, toMs, perSecondMs: ((toMs - fromMs) * 1000) / (width * (parts - 1)) }
}

function middleOf(answers: readonly AnswerSeen[], from: number, width: number): number | undefined {
  const inside = answers.filter(({ at }) => at >= from && at <= from + width)
  return inside.length < leastAnswers
    ? undefined
    : quantile(
        inside.map(({ ms }) => ms),
        0.5,
      )
}

/** The words of a slow host's evidence on its rhythm; empty where there is nothing to say. */
export function rhythmWords(
  { wallAtStart }: Pick<Observations, 'wallAtStart'>,
  rhythm: Rhythm | undefined,
  growth: Growth | undefined,
): readonly string[] {
  return [
    ...(rhythm === undefined
      ? []
      : [
          `it comes again every ${inWords(rhythm.everyMs)} (${counted(rhythm.times, 'time')}, for about ${inWords(rhythm.lastsMs)}), first at ${instantWords(rhythm.firstAt, wallAtStart)}`,
        ]),
    ...(growth === undefined
      ? []
      : [
          `answers take longer and longer: ${inWords(growth.fromMs)} at first and ${inWords(growth.toMs)} at the end, ${inWords(growth.perSecondMs)} more each second`,
        ]),
  ]
}
