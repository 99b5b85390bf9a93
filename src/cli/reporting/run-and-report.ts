// Runs a scenario for a command: progress on stderr, the summary on stdout, the exit code.

import type { ExitCode } from '../../base/errors.js'
import { printSummary } from '../../report/summary.js'
import type { Language } from '../../report/words/language.js'
import type { MetricsPlace } from '../../run/metrics/role-metrics.js'
import type { EvidenceScope } from '../../run/result/run-evidence.js'
import type { RunOptions } from '../../run/run-options.js'
import type { JournalStale } from '../../run/terminals/journal-options.js'
import type { LoadedScenario } from '../../scenario/reader.js'
import { type Ci, tellCi } from '../ci.js'
import { exitCodeOf } from '../exit-codes.js'
import { runWithJournal } from '../flags/journal-flags.js'
import { watchRun } from '../flags/metrics-flags.js'
import type { TrafficFlags } from '../flags/traffic-flags.js'
import { listenForInterrupts } from '../interrupts.js'
import { type Io, screenOf } from '../io.js'
import { createProgress } from '../progress.js'
import { runTraffic } from '../run-traffic.js'
import { writeEnded } from '../write-ended.js'
import { ofEachRun } from './each-run.js'

export interface ReportOptions {
  /** The run's folder. */
  readonly outDir: string | undefined
  /** Which transactions have evidence in the folder; left out: those that were not timely. */
  readonly keep?: EvidenceScope
  readonly quiet: boolean
  readonly allowSaturated: boolean
  /** The language of all that people read: progress, the report on stdout, those in the folder; left out: English. */
  readonly language?: Language
  /** A CI server that is told beside the exit code; left out: none. */
  readonly ci?: Ci
  /** Where figures are served for Prometheus; left out: nowhere. */
  readonly metrics?: MetricsPlace | undefined
  readonly pacing?: NonNullable<RunOptions['pacing']>
  readonly clock?: 'real' | 'virtual'
  readonly journal?: string | undefined
  readonly journalStale?: JournalStale | undefined
  readonly payouts?: string | undefined
  readonly ledger?: string | undefined
  readonly ledgerAccess?: RunOptions['ledgerAccess']
  /** The part of the run that this process makes, and when its load begins (epoch ms). */
  readonly share?: RunOptions['share']
  readonly startAtWall?: RunOptions['startAtWall']
  /** Generators in threads; left out: one, in this thread. */
  readonly workers?: number | 'auto' | undefined
  readonly traffic?: TrafficFlags
}

/** For a screen. */
export const languageOf = ({ language }: Pick<ReportOptions, 'language'>) =>
  language === undefined ? {} : { language }

/** Throws what runScenario throws. A run that was interrupted is reported as far as it came. */
export async function runAndReport(io: Io, loaded: LoadedScenario, options: ReportOptions): Promise<ExitCode> {
  // A view that redraws itself would be torn by the lines of a trace.
  using progress = createProgress(io.stderr, { ...options, plain: options.traffic?.trace !== undefined })
  using interrupts = listenForInterrupts(io, 'waiting for open answers', progress.say)
  await using watched = await watchRun(progress, options)
  const result = await runWithJournal(io, loaded.scenario, {
    journal: options.journal,
    journalStale: options.journalStale,
    payouts: options.payouts,
    ledger: options.ledger,
    ledgerAccess: options.ledgerAccess,
    share: options.share,
    startAtWall: options.startAtWall,
    workers: options.workers,
    source: loaded.source,
    remedies: loaded.remedies,
    signal: interrupts.signal,
    outDir: options.outDir,
    keep: options.keep,
    onSnapshot: watched.onSnapshot,
    metered: watched.metered,
    onProgress: progress.line,
    onResult(result) {
      progress.done()
      const exit = exitCodeOf(result, interrupts.by)
      writeEnded(io.stdout, printSummary(result, { ...screenOf(io.stdout), ...languageOf(options), exit }), exit)
      tellCi(io, result, options.ci ?? 'none')
    },
    ...runTraffic(io, loaded.scenario, options.traffic),
    ...ofEachRun(options),
  })
  if (options.outDir !== undefined)
    progress.line(`wrote ${options.outDir}/report.html, result.json, junit.xml and more`)
  return exitCodeOf(result, interrupts.by)
}
