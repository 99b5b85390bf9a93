// Hands a run out over a bus for a command: progress on stderr, the summary on stdout, the exit code.

import type { ExitCode } from '../../base/errors.js'
import { printSummary } from '../../report/summary.js'
import type { LoadedScenario } from '../../scenario/reader.js'
import { type Ci, tellCi } from '../ci.js'
import { exitCodeOf } from '../exit-codes.js'
import type { CoordinatorChoice } from '../flags/coordinator-flags.js'
import { listenForInterrupts } from '../interrupts.js'
import { type Io, screenOf } from '../io.js'
import { createProgress } from '../progress.js'
import { writeEnded } from '../write-ended.js'

export interface CoordinateReport {
  readonly outDir: string | undefined
  readonly quiet: boolean
  readonly allowSaturated: boolean
  readonly ci: Ci
}

/** `loaded` is undefined where a run is taken up. Throws what coordinateRun throws. */
export async function coordinateAndReport(
  io: Io,
  loaded: (LoadedScenario & { readonly file: string }) | undefined,
  choice: CoordinatorChoice,
  { outDir, quiet, allowSaturated, ci }: CoordinateReport,
): Promise<ExitCode> {
  const { coordinateRun } = await import('../../run/bus/coordinate-run.js')
  using progress = createProgress(io.stderr, { quiet })
  using interrupts = listenForInterrupts(io, 'generators drain what is open', progress.say)
  const { url, run } = choice.access
  const worker = `isochron worker --on ${url} --run ${run}`
  const starting =
    loaded === undefined
      ? `run ${run}: taken up; generators that still run go on by themselves, one that is gone starts with: ${worker}`
      : `run ${run}: start each generator with: ${worker}`
  const result = await coordinateRun(loaded, {
    ...choice,
    ...{ outDir, allowSaturated, signal: interrupts.signal, say: progress.line, onSnapshot: progress.snapshot },
    onGiven: () => progress.line(starting),
    onResult(made) {
      progress.done()
      const exit = exitCodeOf(made, interrupts.by)
      writeEnded(io.stdout, printSummary(made, { ...screenOf(io.stdout), exit }), exit)
      tellCi(io, made, ci)
    },
  })
  if (outDir !== undefined) progress.line(`wrote ${outDir}/report.html, result.json, junit.xml and more`)
  return exitCodeOf(result, interrupts.by)
}
