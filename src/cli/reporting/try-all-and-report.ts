// `run --with all`: the scenario without and with each of its remedies, one table on stdout, the exit code of the best.

import { type ExitCode, exitCode, UsageError } from '../../base/errors.js'
import { baseline } from '../../measure/remedies.js'
import { headline } from '../../report/layout/headline.js'
import { printRemedies } from '../../report/remedies.js'
import type { TriedRemedies } from '../../run/try-remedies.js'
import type { LoadedScenario } from '../../scenario/reader.js'
import { exitCodeOf } from '../exit-codes.js'
import { runWithJournal } from '../flags/journal-flags.js'
import { watchRun } from '../flags/metrics-flags.js'
import { type Interrupts, listenForInterrupts } from '../interrupts.js'
import { type Io, screenOf } from '../io.js'
import { createProgress, once } from '../progress.js'
import { runTraffic } from '../run-traffic.js'
import { writeEnded } from '../write-ended.js'
import { ofEachRun, refuseForEach } from './each-run.js'
import { languageOf, type ReportOptions } from './run-and-report.js'

/** Whether `--with` asks for the comparison. Throws UsageError where it asks for that and for something else. */
export function asksForAll(names: readonly string[]): boolean {
  if (!names.includes('all')) return false
  if (names.length > 1) throw new UsageError('--with all: runs every remedy by itself; leave the other --with out')
  return true
}

/** `read` gives the scenario with the remedies of these names. Throws what runScenario throws. */
export async function tryAllAndReport(
  io: Io,
  read: (names: readonly string[]) => LoadedScenario,
  options: ReportOptions,
): Promise<ExitCode> {
  refuseWhatIsOfOneRun(options)
  const base = read([])
  const names = Object.keys(base.scenario.remedies)
  if (names.length === 0) throw new UsageError('--with all: the scenario has no remedies:')
  using progress = createProgress(io.stderr, { ...options, plain: options.traffic?.trace !== undefined })
  using interrupts = listenForInterrupts(io, 'waiting for open answers; no further remedy is tried', progress.say)
  await using watched = await watchRun(progress, options)
  const { tryRemedies } = await import('../../run/try-remedies.js')
  const tried = await tryRemedies(
    [base, ...names.map((name) => read([name]))],
    (scenario, run) => runWithJournal(io, scenario, run),
    {
      signal: interrupts.signal,
      outDir: options.outDir,
      keep: options.keep,
      onRun: (name, index, of) => progress.line(`${index + 1} of ${of}: ${name}`),
      onEnded: (result) => {
        progress.done()
        progress.line(headline(result))
      },
      onSnapshot: watched.onSnapshot,
      metered: watched.metered,
      onProgress: once(progress.line),
      ...runTraffic(io, base.scenario, options.traffic),
      ...ofEachRun(options),
    },
  )
  const exit = exitCodeOfBest(tried, interrupts.by)
  progress.done()
  writeEnded(io.stdout, printRemedies(tried.comparison, { ...screenOf(io.stdout), ...languageOf(options), exit }), exit)
  if (options.outDir !== undefined)
    progress.line(`wrote ${options.outDir}/remedies.json and remedies.md, and a folder for each run`)
  return exit
}

function refuseWhatIsOfOneRun({ ledger, journal, payouts, share, startAtWall, workers, traffic }: ReportOptions): void {
  const { record, pcap } = traffic ?? {}
  refuseForEach(
    { ledger, journal, payouts, record, pcap, part: share, 'start-at': startAtWall, workers },
    (flag) => `with --with all: every run has its own; name one remedy, or leave --${flag} out`,
  )
}

function exitCodeOfBest({ comparison, results }: TriedRemedies, interruptedBy: Interrupts['by']) {
  const result = results.get(comparison.best ?? baseline)
  if (result === undefined) return exitCode.couldNotStart
  return exitCodeOf({ ...result, interrupted: comparison.interrupted }, interruptedBy)
}
