// `isochron compare`: is this run slower than that one, or only another?

import { type ExitCode, exitCode, UsageError } from '../../base/errors.js'
import { suggestion } from '../../base/suggest.js'
import { type ComparedRun, compareRuns } from '../../measure/compare/compare.js'
import { type FailIf, failuresOf } from '../../measure/compare/fail-if.js'
import { printComparisonPage } from '../../report/compare/page.js'
import {
  type JudgedComparison,
  printComparison,
  printComparisonJunit,
  printComparisonMarkdown,
} from '../../report/compare/text.js'
import type { Language } from '../../report/words/language.js'
import { searchLineIn } from '../../report/words/search-lines.js'
import { latestGood, readSide } from '../../run/compare-runs.js'
import { pageAssets } from '../../run/files/page-assets.js'
import type { Command } from '../command.js'
import { judgeChoice, judgeOptions } from '../flags/compare-flags.js'
import { flag, languageNamed, text, texts } from '../flags/options.js'
import type { Io } from '../io.js'
import { writeTo } from './report.js'

const options = {
  'latest-good': text('latest-good', 'folder of runs: the base is the newest one of the same scenario that passed'),
  ...judgeOptions,
  except: texts('path of the scenario, such as acquirer, that may differ between the sides; may be repeated'),
  force: flag('compare runs that are not comparable, and say so'),
  format: text('format', 'text (when left out), markdown, junit, html or json'),
  out: text('out', 'file to write; left out: stdout'),
  lang: text('lang', 'language of text, markdown and html: en (when left out) or zh'),
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
          .example('$0 compare old/ new/ --except acquirer', 'runs that differ on purpose, in the settings of the host')
          .example('$0 compare runs/1 runs/2 --format html --out c.html', 'both over each other')
          .epilogue('Exit codes: 0 nothing worse, 2 bad usage, 3 worse or not comparable'),
      (args) =>
        choose((io) => {
          const { conditions, how } = judgeChoice(args)
          return compare(io, {
            places: args.results as readonly string[],
            latestGood: args['latest-good'],
            conditions,
            how: { ...how, force: args.force, meant: args.except },
            format: formatNamed(args.format),
            out: args.out,
            language: languageNamed(args.lang),
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
  readonly language: Language
}

async function compare(io: Io, request: CompareRequest): Promise<ExitCode> {
  const { conditions, how, format, out, language } = request
  const places = placesOf(request)
  if (places === undefined) {
    const line = `no earlier run of this scenario in ${request.latestGood} passed: nothing to compare with`
    io.stdout.write(`PASS ${searchLineIn(request.language, line)}\n`)
    return exitCode.done
  }
  const base = readSide(places.base)
  const runs = places.runs.flatMap(readSide)
  const comparison = compareRuns(base, runs, how)
  const judged = { comparison, failures: failuresOf(comparison, conditions) }
  const printed = print(format, judged, { sides: { base, runs }, language })
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
  { sides, language }: { sides: { base: readonly ComparedRun[]; runs: readonly ComparedRun[] }; language: Language },
): string {
  const startedAt = sides.runs[0]?.result.startedAt ?? ''
  const printers: Readonly<Record<Format, () => string>> = {
    text: () => printComparison(judged, language),
    markdown: () => printComparisonMarkdown(judged, language),
    junit: () => printComparisonJunit(judged, startedAt),
    html: () => printComparisonPage(judged, sides, pageAssets(), language),
    json: () => `${JSON.stringify({ ...judged.comparison, failures: judged.failures }, undefined, 2)}\n`,
  }
  return printers[format]()
}

function formatNamed(name = 'text'): Format {
  const found = formats.find((each) => each === (name === 'md' ? 'markdown' : name))
  if (found !== undefined) return found
  throw new UsageError(
    `--format: unknown format '${name}'${suggestion(name, formats)}; known are ${formats.join(', ')}`,
  )
}
