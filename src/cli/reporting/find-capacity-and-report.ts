// `run --find-capacity CONDITION`: the highest rate at which the host keeps it, and the curve on the way there.

import { type ExitCode, exitCode } from '../../base/errors.js'
import { capacityLine, printCapacity } from '../../report/capacity.js'
import type { LoadedScenario } from '../../scenario/reader.js'
import { runWithJournal } from '../flags/journal-flags.js'
import { watchRun } from '../flags/metrics-flags.js'
import { codeOfSignal, listenForInterrupts } from '../interrupts.js'
import { type Io, screenOf } from '../io.js'
import { createProgress, once } from '../progress.js'
import { writeEnded } from '../write-ended.js'
import { ofEachRun, refuseForEach } from './each-run.js'
import { languageOf, type ReportOptions } from './run-and-report.js'

/** Throws UsageError for a condition that cannot be judged, and what runScenario throws. */
export async function findCapacityAndReport(
  io: Io,
  { scenario, source }: LoadedScenario,
  options: ReportOptions & { readonly condition: string },
): Promise<ExitCode> {
  refuseWhatIsOfOneRun(options)
  using progress = createProgress(io.stderr, options)
  using interrupts = listenForInterrupts(io, 'waiting for open answers; no further rate is tried', progress.say)
  await using watched = await watchRun(progress, options)
  const { findCapacity } = await import('../../run/find-capacity.js')
  const run = {
    ...{ source, signal: interrupts.signal, onSnapshot: watched.onSnapshot, metered: watched.metered },
    onProgress: once(progress.line),
    ...ofEachRun(options),
  }
  const capacity = await findCapacity(scenario, (tried) => runWithJournal(io, { ...scenario, ...tried }, run), {
    condition: options.condition,
    signal: interrupts.signal,
    outDir: options.outDir,
    onRate: (rate, seconds) => progress.line(`${rate}/s for ${seconds} s`),
    onStep: (step) => {
      progress.done()
      progress.line(capacityLine(step, options.language))
    },
  })
  const isLimited = capacity.limitedBy === 'generator' && !options.allowSaturated
  const ran = capacity.keptPerSecond === null || isLimited ? exitCode.notMet : exitCode.done
  const exit = interrupts.by === undefined ? ran : codeOfSignal(interrupts.by)
  progress.done()
  writeEnded(io.stdout, printCapacity(capacity, { ...screenOf(io.stdout), ...languageOf(options), exit }), exit)
  if (options.outDir !== undefined) progress.line(`wrote ${options.outDir}/capacity.json and capacity.csv`)
  return exit
}

function refuseWhatIsOfOneRun({ ledger, journal, payouts, share, startAtWall, workers, traffic }: ReportOptions): void {
  const { trace, record, pcap, unmasked, 'record-limit': limit } = traffic ?? {}
  refuseForEach(
    {
      ledger,
      journal,
      payouts,
      part: share,
      'start-at': startAtWall,
      workers,
      trace,
      record,
      pcap,
      unmasked: unmasked || undefined,
      'record-limit': limit,
    },
    (flag) => `with --find-capacity: every rate is a run of its own; leave --${flag} out`,
  )
}
