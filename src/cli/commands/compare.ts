// `isochron compare`: is this run slower than that one, or only another?

import { type ExitCode, exitCode, UsageError } from '../../base/errors.js'
import { suggestion } from '../../base/suggest.js'
import { parsePercent } from '../../base/units.js'
import { type ComparedRun, compareRuns } from '../../measure/compare/compare.js'
import { type FailIf, failuresOf, parseFailIf } from '../../measure/compare/fail-if.js'
import { printComparisonPage } from '../../report/compare/page.js'
import {
  type JudgedComparison,
  printComparison,
  printComparisonJunit,
  printComparisonMarkdown,
} from '../../report/compare/text.js'
import { latestGood, readSide } from '../../run/compare-runs.js'
import { pageAssets } from '../../run/files/page-assets.js'
import type { Command } from '../command.js'
import type { Io } from '../io.js'
import { flag, text, texts } from '../options.js'
import { writeTo } from './report.js'

const options = {
  'latest-good': text('latest-good', 'folder of runs: the base is the newest one of the same scenario that passed'),
  'fail-if': texts("'FIGURE worse' or 'FIGURE > +10%'; left out: any figure worse; may be repeated"),
  'min-change': text('min-change', 'a smaller change is none; 5% when left out'),
  confidence: text('confidence', 'of the intervals; 95% when left out'),
  force: flag('compare runs that are not comparable, and say so'),
  format: text('format', 'text (when left out), markdown, junit, html or json'),
  out: text('out', 'file to write; left out: stdout'),
} as const

const formats = ['text', 'markdown', 'junit', 'html', 'json'] as const
type Format = (typeof formats)[number]

export const compareCommand: Command = {
  name: 'compare',
  flags: Object.keys(options),
  add: (program, choose) =>
    program.command(
      'compare <results..>',
      'compare runs of one scenario, with confidence: the base first; exit 3 where one is worse',
      (command) =>
        command
          .positional('results', {
            type: 'string',
            array: true,
            demandOption: true,
            describe: "runs' folders; a folder of several runs is one side",
          })
          .options(options)
          .example('$0 compare runs/1 runs/2', 'whether the second is slower')
          .example('$0 compare runs/2 --latest-good runs', 'against the newest run in runs/ that passed')
          .example("$0 compare base/ new/ --fail-if 'responseTime.p99 > +10%'", 'four runs a side and more: by ranks')
          .example('$0 compare runs/1 runs/2 --format html --out c.html', 'both over each other')
          .epilogue('Exit codes: 0 nothing worse, 2 bad usage, 3 worse or not comparable'),
      (args) =>
        choose((io) => {
          const minChange = share('min-change', args['min-change']) ?? 0.05
          const confidence = share('confidence', args.confidence) ?? 0.95
          if (confidence < 0.5 || confidence > 0.9999)
            throw new UsageError(`--confidence: expected 50% to 99.99%, got '${args.confidence}'`)
          return compare(io, {
            places: args.results as readonly string[],
            latestGood: args['latest-good'],
            conditions: args['fail-if'].map(parseFailIf),
            how: { minChange, confidence, force: args.force },
            format: formatNamed(args.format),
            out: args.out,
          })
        }),
    ),
}

interface CompareRequest {
  readonly places: readonly string[]
  readonly latestGood: string | undefined
  readonly conditions: readonly FailIf[]
  readonly how: Parameters<typeof compareRuns>[2]
  readonly format: Format
  readonly out: string | undefined
}

async function compare(io: Io, request: CompareRequest): Promise<ExitCode> {
  const { conditions, how, format, out } = request
  const places = placesOf(request)
  if (places === undefined) {
    io.stdout.write(`PASS no earlier run of this scenario in ${request.latestGood} passed: nothing to compare with\n`)
    return exitCode.done
  }
  const base = readSide(places.base)
  const runs = places.runs.flatMap(readSide)
  const comparison = compareRuns(base, runs, how)
  const judged = { comparison, failures: failuresOf(comparison, conditions) }
  const printed = print(format, judged, { base, runs })
  if (out === undefined) io.stdout.write(printed)
  else writeTo(out, printed)
  return comparison.verdict === 'notComparable' || judged.failures.length > 0 ? exitCode.notMet : exitCode.done
}

/** Undefined where no earlier run is good. */
function placesOf({ places, latestGood: folder }: CompareRequest) {
  const [first, ...rest] = places as [string, ...string[]]
  if (folder === undefined) {
    if (rest.length === 0)
      throw new UsageError('compare: expected a base and a run, or one run and --latest-good DIR; --help explains it')
    return { base: first, runs: rest }
  }
  if (rest.length > 0) throw new UsageError('--latest-good: finds the base itself: name one run only')
  const base = latestGood(folder, first)
  return base === undefined ? undefined : { base, runs: [first] }
}

function print(
  format: Format,
  judged: JudgedComparison,
  sides: { base: readonly ComparedRun[]; runs: readonly ComparedRun[] },
): string {
  const startedAt = sides.runs[0]?.result.startedAt ?? ''
  const printers: Readonly<Record<Format, () => string>> = {
    text: () => printComparison(judged),
    markdown: () => printComparisonMarkdown(judged),
    junit: () => printComparisonJunit(judged, startedAt),
    html: () => printComparisonPage(judged, sides, pageAssets()),
    json: () => `${JSON.stringify({ ...judged.comparison, failures: judged.failures }, undefined, 2)}\n`,
  }
  return printers[format]()
}

function share(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  const parsed = parsePercent(value)
  if (parsed === undefined || parsed > 1) throw new UsageError(`--${name}: expected a share such as 5%, got '${value}'`)
  return parsed
}

function formatNamed(name = 'text'): Format {
  const found = formats.find((each) => each === (name === 'md' ? 'markdown' : name))
  if (found !== undefined) return found
  throw new UsageError(
    `--format: unknown format '${name}'${suggestion(name, formats)}; known are ${formats.join(', ')}`,
  )
}
