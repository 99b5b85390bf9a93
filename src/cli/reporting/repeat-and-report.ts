// `run --repeat` and `run --against`: every run in a line, the table of all and the comparison on stdout, the exit code of the worst.

import { type ExitCode, exitCode } from '../../base/errors.js'
import { failedRuns, type Repeats } from '../../measure/compare/repeats.js'
import { printRepeats } from '../../report/compare/repeats.js'
import { verdictLine } from '../../report/rows/verdict.js'
import { printSummary } from '../../report/summary.js'
import type { LoadedScenario } from '../../scenario/reader.js'
import { tellCi } from '../ci.js'
import type { judgeChoice } from '../flags/compare-flags.js'
import { runWithJournal } from '../flags/journal-flags.js'
import { watchRun } from '../flags/metrics-flags.js'
import type { RepeatChoice } from '../flags/repeat-flags.js'
import { codeOfSignal, type Interrupts, listenForInterrupts } from '../interrupts.js'
import { type Io, screenOf } from '../io.js'
import { placing } from '../placing.js'
import { createProgress, once } from '../progress.js'
import { runTraffic } from '../run-traffic.js'
import { writeEnded } from '../write-ended.js'
import { ofEachRun, refuseForEach } from './each-run.js'
import { languageOf, type ReportOptions } from './run-and-report.js'

export interface RepeatRequest extends RepeatChoice, ReturnType<typeof judgeChoice> {
  /** The scenario that is run in turn with this one, if any is. */
  readonly inTurn: LoadedScenario | undefined
}

/** Throws what runScenario throws. */
export async function repeatAndReport(
  io: Io,
  loaded: LoadedScenario,
  request: RepeatRequest,
  options: ReportOptions,
): Promise<ExitCode> {
  refuseOneFileForAll(options)
  const { base, times, pauseMs, inTurn, conditions, how } = request
  const { repeatRuns } = await import('../../run/repeat-runs.js')
  const { readSide } = await import('../../run/compare-runs.js')
  const earlier = base.kind === 'runs' ? readSide(base.place) : undefined
  using progress = createProgress(io.stderr, { ...options, plain: options.traffic?.trace !== undefined })
  using interrupts = listenForInterrupts(io, 'waiting for open answers; no further run is made', progress.say)
  await using watched = await watchRun(progress, options)
  const { outDir, keep, workers } = options
  const isOne = times === 1 && inTurn === undefined
  const repeats = await repeatRuns(
    loaded,
    async (scenario, run) => {
      const result = await placing(run.source === inTurn?.source ? inTurn : loaded, () =>
        runWithJournal(io, scenario, run),
      )
      progress.done()
      if (isOne) io.stdout.write(`${printSummary(result, { ...screenOf(io.stdout), ...languageOf(options) })}\n`)
      else progress.line(verdictLine(result, options.language))
      if (isOne) tellCi(io, result, options.ci ?? 'none')
      return result
    },
    {
      ...{ times, pauseMs, base: inTurn, earlier, conditions, how: { ...how, force: false } },
      ...{ signal: interrupts.signal, outDir, keep, workers },
      onRun: (name, index, of) => of > 1 && progress.line(`run ${index + 1} of ${of}: ${name}`),
      onSnapshot: watched.onSnapshot,
      metered: watched.metered,
      onProgress: once(progress.line),
      ...runTraffic(io, loaded.scenario, options.traffic),
      ...ofEachRun(options),
    },
  )
  const exit = exitOf(repeats, interrupts.by)
  writeEnded(io.stdout, printRepeats(repeats, { ...screenOf(io.stdout), ...languageOf(options), exit }), exit)
  if (outDir !== undefined) progress.line(`wrote ${outDir}/repeats.html, repeats.md, repeats.json and junit.xml`)
  return exit
}

function exitOf(repeats: Repeats, by: Interrupts['by']): ExitCode {
  if (by !== undefined) return codeOfSignal(by)
  const codes = failedRuns(repeats).map(({ exit }) => exit)
  const worst = ([exitCode.couldNotStart, exitCode.books, exitCode.notMet] as const).find((code) =>
    codes.includes(code),
  )
  if (worst !== undefined) return worst
  const isWorse = repeats.failures.length > 0 || repeats.comparison?.verdict === 'notComparable'
  return isWorse ? exitCode.notMet : exitCode.done
}

function refuseOneFileForAll({ ledger, journal, payouts, share, startAtWall, traffic }: ReportOptions): void {
  const { record, pcap } = traffic ?? {}
  refuseForEach(
    { ledger, journal, payouts, record, pcap, part: share, 'start-at': startAtWall },
    (flag) => `with --repeat or --against: every run has its own; leave --${flag} out`,
  )
}
