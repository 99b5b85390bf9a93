// `isochron run`: a scenario from its first connection to its report.

import { type ExitCode, UsageError } from '../../base/errors.js'
import { outFolder } from '../../run/files/out-folder.js'
import { dialectNamed } from '../../run/files/read-dialect.js'
import type { Assignment } from '../../scenario/overlay.js'
import { type LoadedScenario, loadScenario, type ReadOptions } from '../../scenario/reader.js'
import { ciNamed } from '../ci.js'
import type { Command } from '../command.js'
import { judgeChoice, judgeOptions } from '../flags/compare-flags.js'
import { coordinatorChoice, coordinatorOptions } from '../flags/coordinator-flags.js'
import { journalChoice, journalOptions } from '../flags/journal-flags.js'
import { ledgerAccessOf, ledgerOptions } from '../flags/ledger-options.js'
import { metricsOptions, metricsPlace, metricsTokenOptions } from '../flags/metrics-flags.js'
import {
  abortOptions,
  codecNamed,
  type DialectFlags,
  dialectName,
  envelopeFlags,
  flag,
  languageNamed,
  messageOptions,
  signOnOption,
  text,
  texts,
  thresholdsOf,
  thresholdWords,
  wholeNumber,
} from '../flags/options.js'
import { pacingNamed, partChoice, partOptions, workersNamed } from '../flags/part-flags.js'
import { keyOptions, protectionAssignments, tlsClientOptions } from '../flags/protection-options.js'
import { type Base, repeatChoice, repeatOptions } from '../flags/repeat-flags.js'
import { trafficFlagsOf, trafficOptions } from '../flags/traffic-flags.js'
import { readScenarioText } from '../input/scenario-text.js'
import type { Io } from '../io.js'
import { placing } from '../placing.js'
import { coordinateAndReport } from '../reporting/coordinate-and-report.js'
import { findCapacityAndReport } from '../reporting/find-capacity-and-report.js'
import { repeatAndReport } from '../reporting/repeat-and-report.js'
import { type ReportOptions, runAndReport } from '../reporting/run-and-report.js'
import { asksForAll, tryAllAndReport } from '../reporting/try-all-and-report.js'

const options = {
  out: text('out', "folder for the run's result, scenario and reports; made when it is not there"),
  set: texts('PATH=VALUE: change the scenario, such as load[0].hold.rate=200/s; may be repeated'),
  with: texts(
    'a remedy of the scenario to run with, may be repeated; all: without, then with each, and a table of both',
  ),
  seed: text('seed', 'equal seeds give equal arrivals, cards and amounts'),
  threshold: texts(thresholdWords),
  ...abortOptions,
  keep: text('keep', 'transactions in evidence.jsonl of --out: late (when left out: those not timely), or all'),
  lang: text('lang', 'language of what is printed when the run is over: en (when left out) or zh'),
  ci: text('ci', 'tell a CI server: github (when its environment says so), gitlab or none'),
  quiet: flag('no progress on stderr'),
  ...metricsOptions,
  ...metricsTokenOptions,
  ...repeatOptions,
  ...judgeOptions,
  'find-capacity': text(
    'find-capacity',
    "a threshold such as 'responseTime.p99 < 800ms': find the highest rate at which the host keeps it",
  ),
  'allow-saturated': flag('a generator that was the bottleneck does not make the exit code 3'),
  clock: text('clock', 'real: over TCP in real time; virtual: simulated, as fast as it goes, the same for equal seeds'),
  ...ledgerOptions,
  ...journalOptions,
  ...partOptions,
  ...coordinatorOptions,
  ...trafficOptions,
  force: flag('a run in the folder of --out and files of --record and --pcap are overwritten'),
  ...messageOptions,
  ...signOnOption,
  ...keyOptions,
  ...tlsClientOptions,
} as const

const examples: [command: string, description: string][] = [
  ['$0 run scenarios/quickstart.yaml --out runs/1', 'result.json and report.md in runs/1'],
  ['$0 run scenarios/faults.yaml --trace', 'every message and which fault hit it, masked'],
  ['$0 run s.yaml --keys host-keys.yaml', 'MACs and PINs with your keys; `keys check` shows their KCVs'],
  ['$0 run s.yaml --clock virtual', 'a day of payments in minutes, the same for equal seeds'],
  ['$0 run s.yaml --set terminals.count=10 --seed 42', 'the same scenario, smaller and repeatable'],
  [
    '$0 run s.yaml --dialect iso87-binary --tpdu 6000000000 --no-sign-on',
    'a host behind a TPDU, which asks for no sign-on',
  ],
  ['$0 run s.yaml --ledger books.sqlite', 'the postings of the embedded acquirer, to look at afterwards'],
  ['$0 run scenarios/conditions/host-slow.yaml --with all --clock virtual', 'which remedy helps, in seconds'],
  ["$0 run s.yaml --threshold 'responseTime.p99 < 800ms'", 'exit 3 when it is not met'],
  ["$0 run s.yaml --abort-on-fail 'timelyRate >= 90%' --delay-abort-eval 10s", 'ends as soon as it is missed, exit 3'],
  ['$0 run s.yaml --journal pos.journal', 'reversals survive a kill; the next run sends them first'],
  ['$0 run s.yaml --workers auto', 'more load than one core can make: a generator on each free core'],
  ['$0 run s.yaml --metrics 9464', 'figures for Prometheus on http://127.0.0.1:9464/metrics'],
  ['$0 run s.yaml --repeat 5 --out runs/today', 'how much runs differ by themselves; a folder each'],
  ['$0 run s.yaml --against runs/yesterday --out runs/today', 'whether it is slower than a run made before'],
  ['$0 run s.yaml --repeat 6 --against-set acquirer.workers=8 --out ab', 'in turn with a changed one; which is slower'],
  [
    "$0 run s.yaml --find-capacity 'responseTime.p99 < 800ms' --out capacity",
    'doubles the rate, then halves the distance; the curve in capacity/capacity.csv',
  ],
  [
    '$0 run s.yaml --seed 7 --part 1/2 --start-at 2026-11-26T22:30:00Z --out part-1',
    'half of the load; the other half elsewhere, then `isochron merge`',
  ],
  [
    '$0 run s.yaml --on tls://bus:4222 --parts 20 --out runs/1',
    '20 generators on other machines, one start, one result',
  ],
  ['$0 run --on tls://bus:4222 --resume run-ab12 --out runs/1', 'the report of a run whose coordinator died'],
]

export const runCommand: Command = {
  name: 'run',
  flags: Object.keys(options),
  add: (program, choose) =>
    program.command(
      'run [scenario]',
      'run a scenario and report',
      (command) =>
        command
          .positional('scenario', {
            type: 'string',
            describe: 'scenario file, a name that `isochron scenarios` lists, or - for stdin',
          })
          .options(options)
          .example(examples)
          .epilogue(
            'Exit codes: 0 done, 2 bad usage, 3 a threshold not met or generator saturated, 4 books, 5 could not start',
          ),
      (args) =>
        choose(async (io) => {
          const [clock, pacing] = [clockNamed(args.clock), pacingNamed(args.pacing)]
          const flags = [...assignments(args), ...protectionAssignments(args)]
          const onBus = coordinatorChoice(args, Object.keys(options))
          const report = () => ({ ...args, outDir: outFolder(args.out, args), allowSaturated: args['allow-saturated'] })
          if (onBus?.resume === true)
            return await coordinateAndReport(io, undefined, onBus, { ...report(), ci: ciNamed(args.ci) })
          if (args.scenario === undefined) throw new UsageError('run: expected a file; --help explains it')
          const { name, text } = await readScenarioText(io, args.scenario)
          const read = (names: readonly string[]) =>
            loadScenario(text, name, { set: args.set, flags, dialectNamed, with: names })
          if (onBus !== undefined) {
            const loaded = read(args.with)
            return await placing(loaded, () =>
              coordinateAndReport(io, { ...loaded, file: name }, onBus, { ...report(), ci: ciNamed(args.ci) }),
            )
          }
          const how = {
            outDir: outFolder(args.out, args),
            ci: ciNamed(args.ci),
            language: languageNamed(args.lang),
            keep: keepNamed(args.keep, args.out),
            quiet: args.quiet,
            metrics: metricsPlace(args),
            allowSaturated: args['allow-saturated'],
            ledger: args.ledger,
            traffic: trafficFlagsOf(args),
            ledgerAccess: ledgerAccessOf(args),
            ...journalChoice(args),
            ...partChoice(args),
            workers: workersNamed(args.workers),
            ...(pacing === undefined ? {} : { pacing }),
            ...(clock === undefined ? {} : { clock }),
          }
          const condition = args['find-capacity']
          const repeat = repeatChoice(args)
          if (repeat !== undefined) {
            refuseRepeated(condition, args.with)
            const inTurn = await readBase(io, repeat.base, {
              text,
              name,
              read: { set: args.set, flags, with: args.with },
            })
            return await repeatAndReport(io, read(args.with), { ...repeat, ...judgeChoice(args), inTurn }, how)
          }
          refuseJudged(condition, args)
          return await reportRuns(io, read, args.with, condition === undefined ? how : { ...how, condition })
        }),
    ),
}

/** One run, one for each remedy, or those of a search for the highest rate. */
function reportRuns(
  io: Io,
  read: (names: readonly string[]) => LoadedScenario,
  names: readonly string[],
  how: ReportOptions & { readonly condition?: string },
): Promise<ExitCode> {
  const { condition, ...options } = how
  const all = condition === undefined && asksForAll(names)
  const loaded = read(all ? [] : names)
  return placing(loaded, () => {
    if (condition !== undefined) return findCapacityAndReport(io, loaded, { ...options, condition })
    return all ? tryAllAndReport(io, read, options) : runAndReport(io, loaded, options)
  })
}

function refuseRepeated(condition: string | undefined, remedies: readonly string[]): void {
  if (condition !== undefined) throw new UsageError('--find-capacity with --repeat or --against: leave one of them out')
  if (remedies.includes('all'))
    throw new UsageError('--with all with --repeat or --against: name one remedy, or leave one of them out')
}

function refuseJudged(
  condition: string | undefined,
  flags: { readonly threshold: readonly string[]; readonly 'abort-on-fail': readonly string[] },
): void {
  if (condition === undefined) return
  for (const name of ['threshold', 'abort-on-fail'] as const)
    if (flags[name].length > 0)
      throw new UsageError(
        `--${name} with --find-capacity: its condition is what every rate is judged by; leave it out`,
      )
}

/** The scenario that is run in turn: another file with the same flags, or this one with what --against-set changes. */
async function readBase(
  io: Io,
  base: Base,
  own: { readonly text: string; readonly name: string; readonly read: ReadOptions },
): Promise<LoadedScenario | undefined> {
  if (base.kind !== 'scenario') return undefined
  const { name, text } = base.file === undefined ? own : await readScenarioText(io, base.file)
  const { set = [] } = own.read
  return loadScenario(text, name, { ...own.read, set: [...set, ...base.set], dialectNamed })
}

/** Flags that stand for a key of the scenario. */
function assignments(
  args: DialectFlags & {
    readonly seed: string | undefined
    readonly 'no-sign-on': boolean
    readonly framing: string | undefined
    readonly codec: string | undefined
  } & Parameters<typeof thresholdsOf>[0],
): readonly Assignment[] {
  const values = {
    seed: wholeNumber('seed', args.seed, { min: 0, max: Number.MAX_SAFE_INTEGER }),
    dialect: args.dialect === undefined ? undefined : dialectName(args.dialect),
    framing: args.framing,
    codec: args.codec === undefined ? undefined : codecNamed(args.codec),
  }
  const thresholds = thresholdsOf(args).map(({ flag, rule }) => ({
    flag,
    path: ['thresholds'],
    value: [rule],
    appends: true,
  }))
  const changed = Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : [{ flag: `--${key} ${value}`, path: [key], value }],
  )
  const envelope = Object.entries(envelopeFlags(args)).map(([part, value]) => ({
    flag: `--${part} ${value || 'none'}`,
    path: ['dialect', 'envelope', part],
    value,
  }))
  const signOn = args['no-sign-on'] ? [{ flag: '--no-sign-on', path: ['terminals', 'signOn'], value: false }] : []
  return [...changed, ...envelope, ...signOn, ...thresholds]
}

function keepNamed(name: string | undefined, folder: string | undefined): 'all' | 'late' {
  if (name !== undefined && folder === undefined)
    throw new UsageError('--keep: evidence is written to the folder of the run: name one with --out')
  if (name === undefined || name === 'all' || name === 'late') return name ?? 'late'
  throw new UsageError(`--keep: expected late or all, got '${name}'`)
}

function clockNamed(name: string | undefined): 'real' | 'virtual' | undefined {
  if (name === undefined || name === 'real' || name === 'virtual') return name
  throw new UsageError(`--clock: expected real or virtual, got '${name}'`)
}
