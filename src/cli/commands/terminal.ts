// `isochron terminal`: drives a host from flags alone. The flags make a scenario; all else is as in `run`.

import { UsageError } from '../../base/errors.js'
import { parseRate } from '../../base/units.js'
import { outFolder } from '../../run/files/out-folder.js'
import { dialectNamed } from '../../run/files/read-dialect.js'
import type { TlsFiles } from '../../run/keys/tls-files.js'
import { scenarioFromData } from '../../scenario/reader.js'
import type { Command } from '../command.js'
import { journalChoice, journalOptions } from '../flags/journal-flags.js'
import { metricsOptions, metricsPlace, metricsTokenOptions } from '../flags/metrics-flags.js'
import {
  abortOptions,
  codecNamed,
  dialectName,
  durationMs,
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
import { pacingNamed, workersNamed, workersOption } from '../flags/part-flags.js'
import { keyOptions, type TlsFlags, tlsClientOptions, tlsFilesOf } from '../flags/protection-options.js'
import { trafficFlagsOf, trafficOptions } from '../flags/traffic-flags.js'
import { awaitTargets, waitOption } from '../flags/wait-flag.js'
import { runAndReport } from '../reporting/run-and-report.js'

const options = {
  target: { ...text('target', 'HOST:PORT of the host'), demandOption: true },
  rate: text('rate', 'open: so many transactions arrive, such as 100/s, whether or not answers come'),
  concurrency: text('concurrency', 'closed: so many terminals, each with its next card after the last answer'),
  duration: text('duration', 'how long; 10s when left out'),
  warmup: text('warmup', 'at the start of the duration, in no figure; none when left out'),
  connections: text('connections', 'a number of shared ones, per-terminal (when left out), or per-transaction'),
  'in-flight': text('in-flight', 'requests without an answer on one shared connection'),
  mix: text('mix', 'kinds by weight, such as sale=8,balance=2'),
  terminals: text('terminals', 'how many terminals; left out: one per transaction of a second'),
  timeout: text('timeout', 'how long a terminal waits; 30s when left out'),
  ...waitOption,
  out: text('out', "folder for the run's result and reports"),
  seed: text('seed', 'equal seeds give equal arrivals, cards and amounts'),
  threshold: texts(thresholdWords),
  ...abortOptions,
  lang: text('lang', 'language of progress and reports: en (when left out) or zh'),
  quiet: flag('no progress on stderr'),
  'allow-saturated': flag('a generator that was the bottleneck does not make the exit code 3'),
  ...workersOption,
  ...journalOptions,
  ...metricsOptions,
  ...metricsTokenOptions,
  ...trafficOptions,
  force: flag('a run in the folder of --out and files of --record and --pcap are overwritten'),
  ...messageOptions,
  ...signOnOption,
  ...keyOptions,
  ...tlsClientOptions,
} as const

type Flag = keyof typeof options
type OnOff = 'quiet' | 'force' | 'allow-saturated' | 'unmasked' | 'tls' | 'insecure' | 'no-sign-on'
type Flags = {
  readonly [Name in Exclude<Flag, OnOff | 'target' | 'threshold' | 'abort-on-fail'>]: string | undefined
} & {
  readonly target: string
  readonly threshold?: readonly string[]
  readonly 'abort-on-fail'?: readonly string[]
  readonly 'no-sign-on'?: boolean | undefined
} & TlsFlags

/** Terminals that flags alone ask for at the most: one connection each. */
const mostTerminals = 10_000

export const terminalCommand: Command = {
  name: 'terminal',
  flags: Object.keys(options),
  add: (program, choose) =>
    program.command(
      'terminal',
      'drive a host from flags alone, without a scenario file',
      (command) =>
        command
          .options(options)
          .example('$0 terminal --target 127.0.0.1:8583 --rate 100/s --duration 30s', '100 transactions a second')
          .example(
            "$0 terminal --target :8583 --rate 50/s --threshold 'outcomes.approved >= 99%'",
            'exit 3 when the host declines too many',
          )
          .example(
            "$0 terminal --target :8583 --rate 50/s --duration 10m --abort-on-fail 'timelyRate >= 90%'",
            'ends as soon as it is missed, exit 3',
          )
          .example('$0 terminal --target :8583 --wait 30s', 'a host that is still starting')
          .example(
            '$0 terminal --target :8583 --concurrency 8 --mix sale=8,balance=2',
            'eight terminals, one after another',
          )
          .example('$0 terminal --target :8583 --duration 5s --trace', 'every message as it passes, masked')
          .example(
            '$0 terminal --target :8583 --dialect iso87-binary --tpdu 6000000000 --no-sign-on',
            'a host behind a TPDU, which asks for no sign-on',
          )
          .example(
            '$0 terminal --target :8583 --rate 5000/s --duration 32s --warmup 2s',
            'the first two seconds are in no figure',
          )
          .example(
            '$0 terminal --target :8583 --rate 50000/s --workers auto',
            'more load than one core can make: a generator on each free core',
          ),
      (args) =>
        choose(async (io) => {
          const pacing = pacingNamed(args.pacing)
          const loaded = scenarioFromData(scenarioData(args as Flags), { dialectNamed })
          const outDir = outFolder(args.out, { force: args.force === true })
          const interrupted = await awaitTargets(io, [args.target as string], args.wait)
          if (interrupted !== undefined) return interrupted
          return runAndReport(io, loaded, {
            outDir,
            language: languageNamed(args.lang),
            quiet: args.quiet,
            metrics: metricsPlace(args),
            allowSaturated: args['allow-saturated'],
            traffic: trafficFlagsOf(args),
            workers: workersNamed(args.workers),
            ...journalChoice(args),
            ...(pacing !== undefined && { pacing }),
          })
        }),
    ),
}

/** The scenario that the flags describe, as a file would hold it. Throws UsageError that names the flag. */
export function scenarioData(flags: Flags): Record<string, unknown> {
  const { name, ...load } = loadOf(flags)
  return dropUndefined({
    name,
    dialect: dialectValue(flags),
    framing: flags.framing,
    codec: codecNamed(flags.codec),
    keys: flags.keys,
    tls: definedOnly(tlsFilesOf(flags)),
    seed: wholeNumber('seed', flags.seed, { min: 0, max: Number.MAX_SAFE_INTEGER }),
    terminals: dropUndefined({
      count: wholeNumber('terminals', flags.terminals, { min: 1, max: 1_000_000 }) ?? load.terminals,
      target: [flags.target],
      connections: connectionsOf(flags),
      mix: flags.mix === undefined ? undefined : mixOf(flags.mix),
      timeout: checkedDuration('timeout', flags.timeout),
      signOn: flags['no-sign-on'] === true ? false : undefined,
    }),
    warmup: checkedDuration('warmup', flags.warmup),
    load: [load.phase],
    thresholds: thresholdsOf(flags).map(({ rule }) => rule),
  })
}

/** A name, or a name with what the flags lay over it. */
function dialectValue(flags: Flags): unknown {
  const envelope = envelopeFlags(flags)
  const base = dialectName(flags.dialect)
  return Object.keys(envelope).length === 0 ? base : { base, envelope }
}

function loadOf({ rate, concurrency, duration }: Flags): { name: string; terminals: number; phase: unknown } {
  const lasts = checkedDuration('duration', duration) ?? '10s'
  if (rate !== undefined && concurrency !== undefined)
    throw new UsageError('--rate and --concurrency: expected one of them: arrivals are open or closed, not both')
  if (rate === undefined) {
    const terminals = wholeNumber('concurrency', concurrency, { min: 1, max: 100_000 }) ?? 1
    return { name: `concurrency ${terminals}`, terminals, phase: { concurrency: { terminals, for: lasts } } }
  }
  const perSecond = parseRate(rate)
  if (perSecond === undefined) throw new UsageError(`--rate: expected a rate such as 500/s, got '${rate}'`)
  const terminals = Math.min(mostTerminals, Math.max(1, Math.ceil(perSecond)))
  return { name: `rate ${rate}`, terminals, phase: { hold: { rate, for: lasts } } }
}

function connectionsOf({ connections, 'in-flight': inFlightText }: Flags): unknown {
  const inFlight = wholeNumber('in-flight', inFlightText, { min: 1, max: 65_536 })
  if (connections === undefined || !/^\d/.test(connections)) {
    if (inFlight !== undefined) throw new UsageError('--in-flight: needs --connections with a number of shared ones')
    if (connections === undefined || connections === 'per-terminal') return 'perTerminal'
    if (connections === 'per-transaction') return 'perTransaction'
    throw new UsageError(`--connections: expected a number, per-terminal or per-transaction, got '${connections}'`)
  }
  return dropUndefined({ shared: wholeNumber('connections', connections, { min: 1, max: 10_000 }), inFlight })
}

function mixOf(mix: string): Record<string, number> {
  const entries = mix.split(',').map((part) => {
    const match = /^\s*([^=\s]+)\s*=\s*(\d+(?:\.\d+)?)\s*$/.exec(part)
    if (match === null) throw new UsageError(`--mix: expected kinds and weights such as sale=8,balance=2, got '${mix}'`)
    return [match[1] as string, Number(match[2])] as const
  })
  return Object.fromEntries(entries)
}

function checkedDuration(name: string, value: string | undefined): string | undefined {
  if (value !== undefined) durationMs(name, value)
  return value
}

const definedOnly = (files: TlsFiles | undefined) => files && dropUndefined({ ...files })

function dropUndefined(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined))
}
