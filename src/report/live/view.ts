// The run while it runs, as lines of a terminal. Rule: no line is wider than the terminal, whatever it holds; what matters least
// goes first.

import { outcomes } from '../../measure/sample.js'
import { saturatedBecause } from '../../measure/saturation.js'
import { displayWidth } from '../layout/columns.js'
import { formatCount, formatMs, formatRate, formatShare, shareWithoutAnswer } from '../layout/figures.js'
import type { Language } from '../words/language.js'
import { progressLineIn } from '../words/progress-lines.js'
import type { LiveSnapshot, RunningSnapshot, StartingSnapshot } from './snapshot.js'
import { type LivePoint, sparkLines } from './sparkline.js'

/** Columns of the bar. */
const barWidth = 20
/** Seconds of the sparkline: more than any terminal is wide. */
const mostPoints = 400
/** Response codes that are named. */
const mostCodes = 12

export interface LiveView {
  /** The picture of this moment. */
  lines(live: LiveSnapshot, size: { readonly columns: number; readonly rows?: number | undefined }): readonly string[]
}

/** A view of one run: it remembers what the sparkline shows. */
export function createLiveView(language: Language = 'en'): LiveView {
  const points: LivePoint[] = []
  const say = (part: string) => progressLineIn(language, part)
  let last: LiveSnapshot | undefined
  return {
    lines(live, { columns, rows = Number.POSITIVE_INFINITY }) {
      // Drawn anew for a terminal of another size, a second is still one second.
      if (live !== last && live.stage !== 'starting') {
        points.push({ p99: live.p99, faulty: (live.faults ?? []).length > 0 })
        if (points.length > mostPoints) points.shift()
      }
      last = live
      const all = live.stage === 'starting' ? startingLines(live) : runningLines(live, points, columns)
      // A terminal of few rows has the first lines, and room for the cursor.
      return all.slice(0, Math.max(1, rows - 1)).map((parts) => fitted(parts.map(say), columns))
    },
  }
}

type Parts = readonly string[]

function startingLines(live: StartingSnapshot): readonly Parts[] {
  const { doing, done, failed, of, connected, elapsedMs, waitingFor, came } = live
  const through = doing === 'signOn' ? 'signed on' : 'connected'
  const left = of - done - failed
  const waiting =
    left > 0 ? `${doing === 'signOn' ? 'the sign-on' : 'connections'} of ${formatCount(left)} more` : undefined
  return [
    [
      bar(of === 0 ? 1 : (done + failed) / of),
      'starting',
      seconds(elapsedMs),
      ...(doing === 'signOn' ? [`connected ${formatCount(connected)}`] : []),
      `${through} ${formatCount(done)} of ${formatCount(of)}`,
      ...(failed > 0 ? [`failed ${formatCount(failed)}`] : []),
    ],
    [`waiting for ${waiting ?? waitingFor ?? 'the load to begin'}`, ...(came === undefined ? [] : [came])],
  ]
}

function runningLines(live: RunningSnapshot, points: readonly LivePoint[], columns: number): readonly Parts[] {
  const { outcomes: counts, offered, inFlight, p50, p99, timely, faults } = live
  const ended = outcomes.reduce((sum, outcome) => sum + counts[outcome], 0)
  const known = outcomes.filter((outcome) => counts[outcome] > 0 || outcome === 'approved')
  return [
    [
      bar(live.durationMs === 0 ? 1 : live.elapsedMs / live.durationMs),
      ...stage(live),
      `in flight ${formatCount(inFlight)}`,
      `asked ${formatRate(live.offeredRate)}`,
      `ended ${formatRate(live.perSecond)}`,
    ],
    [`offered ${formatCount(offered)}`, ...known.map((outcome) => `${outcome} ${formatCount(counts[outcome])}`)],
    [
      `response time p50 ${formatMs(p50)}`,
      `p99 ${formatMs(p99)}`,
      `timely ${formatShare(ended === 0 ? null : timely / ended)}`,
      `failed+unsent ${formatShare(shareWithoutAnswer(offered, counts))}`,
    ],
    ...sparkLines(points, columns, faults !== null).map((line) => [line]),
    [`codes ${codes(live)}`],
    ...(faults === null ? [] : [[`faults now: ${faults.length === 0 ? 'none' : faults.join(', ')}`]]),
    health(live),
  ]
}

/** `32s of 1m20s  48s left`. */
function stage({ stage: now, elapsedMs, durationMs, warmupMs, drainMs }: RunningSnapshot): Parts {
  const of = `${seconds(Math.min(elapsedMs, durationMs))} of ${seconds(durationMs)}`
  if (now === 'draining') return [of, `draining, at most ${seconds(durationMs + drainMs - elapsedMs)} more`]
  const left = `${seconds(durationMs - elapsedMs)} left`
  return now === 'warmup' ? [of, `warm-up for ${seconds(warmupMs - elapsedMs)} more`, left] : [of, left]
}

function codes({ responseCodes }: RunningSnapshot): string {
  const ranked = Object.entries(responseCodes).sort(([, one], [, other]) => other - one)
  const named = ranked.slice(0, mostCodes).map(([code, count]) => `${code}: ${formatCount(count)}`)
  return named.length === 0 ? 'none yet' : named.join('  ')
}

function health({ lagP99, eventLoopP99, p50 }: RunningSnapshot): Parts {
  const because = saturatedBecause({
    lagP99Ms: lagP99,
    responseP50Ms: p50,
    eventLoopDelayP99Ms: eventLoopP99,
    unsentUnexplained: 0,
  })
  return [
    `generator ${because === undefined ? 'keeps up' : 'IS LATE: do not trust the latencies'}`,
    `lag p99 ${formatMs(lagP99)}`,
    `event loop p99 ${formatMs(eventLoopP99)}`,
  ]
}

/** Whole seconds: `32s`, `1m20s`. */
function seconds(ms: number): string {
  const whole = Math.max(0, Math.round(ms / 1000))
  const minutes = Math.floor(whole / 60)
  return minutes === 0 ? `${whole}s` : `${minutes}m${whole % 60 === 0 ? '' : `${whole % 60}s`}`
}

function bar(share: number): string {
  const full = Math.round(Math.max(0, Math.min(1, share)) * barWidth)
  return `[${'='.repeat(full)}${' '.repeat(barWidth - full)}]`
}

/** Parts side by side as far as there is room; the first is cut where it alone is too wide. */
function fitted(parts: Parts, columns: number): string {
  let line = ''
  for (const part of parts) {
    const next = line === '' ? part : `${line}  ${part}`
    if (displayWidth(next) > columns) return line === '' ? cut(part, columns) : line
    line = next
  }
  return line
}

function cut(text: string, columns: number): string {
  let [shown, width] = ['', 0]
  for (const character of text) {
    width += displayWidth(character)
    if (width > columns - 1) return columns < 1 ? '' : `${shown}…`
    shown += character
  }
  return shown
}
