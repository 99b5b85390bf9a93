// `isochron watch`: probes a live host gently, says how it is, and exits 3 when it turns bad: for an on-call system.

import { type ExitCode, exitCode, StartError, UsageError } from '../../base/errors.js'
import { parsePercent } from '../../base/units.js'
import type { Dialect } from '../../codec/dialect.js'
import type { WatchState } from '../../measure/watch/state.js'
import { watchLine, watchRecord } from '../../report/watch-lines.js'
import type { Language } from '../../report/words/language.js'
import { progressLineIn } from '../../report/words/progress-lines.js'
import { parseAddress } from '../../run/addresses.js'
import { dialectSpeaker } from '../../run/dialect-speaker.js'
import { readCards } from '../../run/files/read-cards.js'
import { insecureLine } from '../../run/keys/protection-lines.js'
import { readTls, type TlsFiles } from '../../run/keys/tls-files.js'
import { openTraffic } from '../../run/traffic/open-traffic.js'
import { quietMs, watchHost } from '../../run/watch/watch-host.js'
import { realWorld } from '../../run/world.js'
import type { Command } from '../command.js'
import {
  type CodecName,
  codecNamed,
  dialectOf,
  durationMs,
  flag,
  languageNamed,
  messageOptions,
  text,
} from '../flags/options.js'
import { keyOptions, tlsClientOptions, tlsFilesOf } from '../flags/protection-options.js'
import { type TrafficFlags, trafficChoice, trafficFlagsOf, trafficOptions } from '../flags/traffic-flags.js'
import { codeOfSignal, listenForInterrupts } from '../interrupts.js'
import type { Io } from '../io.js'
import { keysToldOf } from '../keys-told.js'

const options = {
  target: { ...text('target', 'HOST:PORT of the host'), demandOption: true },
  every: text('every', 'time between probes, at least 1s; 5s when left out. One is under way at a time'),
  for: text('for', 'how long to watch; left out: until it turns bad, or Ctrl-C'),
  window: text('window', 'the state is judged by the probes of so long, the last two at least; 1m when left out'),
  'timely-rate': text(
    'timely-rate',
    'share of timely probes in the window below which the state is bad; 99% when left out',
  ),
  timely: text('timely', 'an answer within this is timely; 3s when left out'),
  timeout: text('timeout', 'how long to wait for a connection and for an answer; 10s when left out'),
  card: text('card', 'CSV file with a card (pan, expiry): a balance inquiry beside each echo, never with a PIN'),
  terminal: text('terminal', 'terminal id (DE41) that the host knows; 00000001 when left out'),
  merchant: text('merchant', 'merchant id (DE42) that the host knows; 000000000000001 when left out'),
  'keep-going': flag('goes on when the state is bad; the exit code is 3 at the end all the same'),
  lang: text('lang', 'language: en (when left out) or zh'),
  json: flag('one JSON object for each probe'),
  ...trafficOptions,
  ...messageOptions,
  ...keyOptions,
  ...tlsClientOptions,
} as const

/** Probes of a live host may not come faster. */
const shortestEveryMs = 1000
const longestWindowMs = 3_600_000
/** 24 days: a single timer reaches no further. */
const longestForMs = 24 * 86_400_000
/** Probes between two lines while nothing changes. */
const probesPerLine = 6

export const watchCommand: Command = {
  name: 'watch',
  flags: Object.keys(options),
  add: (program, choose) =>
    program.command(
      'watch',
      'probe a live host gently; exit 3 when it turns bad',
      (command) =>
        command
          .options(options)
          .example('$0 watch --target host:8583 --every 5s', 'echo messages only; network or host, when it turns bad')
          .example(
            '$0 watch --target host:8583 --card card.csv --terminal 12345678',
            'a balance inquiry beside each echo',
          )
          .example('$0 watch --target host:8583 --for 10m --keep-going --json', 'one object for each probe')
          .epilogue('Exit codes: 0 ended while good, 3 it turned bad, 5 it was never reached, 130 Ctrl-C'),
      (args) =>
        choose(async (io) =>
          watch(io, {
            target: args.target as string,
            everyMs: limited('every', args.every ?? '5s', shortestEveryMs, longestWindowMs),
            forMs: args.for === undefined ? undefined : limited('for', args.for, 1, longestForMs),
            windowMs: limited('window', args.window ?? '1m', shortestEveryMs, longestWindowMs),
            timelyRate: shareNamed('timely-rate', args['timely-rate'] ?? '99%'),
            timelyMs: limited('timely', args.timely ?? '3s', 1, longestWindowMs),
            timeoutMs: limited('timeout', args.timeout ?? '10s', 1, longestWindowMs),
            card: args.card,
            terminal: args.terminal ?? '00000001',
            merchant: args.merchant ?? '000000000000001',
            keepGoing: args['keep-going'],
            json: args.json,
            dialect: await dialectOf(args),
            language: languageNamed(args.lang),
            framing: args.framing,
            codec: codecNamed(args.codec),
            keys: args.keys,
            tls: tlsFilesOf(args),
            traffic: trafficFlagsOf(args),
          }),
        ),
    ),
}

interface Watch {
  readonly target: string
  readonly everyMs: number
  readonly forMs: number | undefined
  readonly windowMs: number
  readonly timelyRate: number
  readonly timelyMs: number
  readonly timeoutMs: number
  readonly card: string | undefined
  readonly terminal: string
  readonly merchant: string
  readonly keepGoing: boolean
  readonly json: boolean
  readonly language: Language
  readonly dialect: Dialect
  readonly framing: string | undefined
  readonly codec: CodecName
  readonly keys: string | undefined
  readonly tls: TlsFiles | undefined
  readonly traffic: TrafficFlags
}

async function watch(io: Io, { card, json, language, keys, tls: files, ...options }: Watch): Promise<ExitCode> {
  const target = parseAddress(options.target, '--target:')
  const tls = files && readTls(files)
  const { clock, network: plainNetwork } = realWorld(tls === undefined ? {} : { tls })
  const speaker = dialectSpeaker(options)
  await using traffic = await openTraffic(trafficChoice(io, speaker.dialect, options.traffic), {
    ...{ wire: speaker.wire, clock },
    onTrouble: (line) => io.stderr.write(`${line}\n`),
  })
  const network = traffic.around(plainNetwork)
  const cards = card === undefined ? [] : readCards(card)
  if (tls?.insecure) io.stderr.write(`${insecureLine}\n`)
  const print = json
    ? undefined
    : createPrinter(language, (line) => io.stdout.write(`${stamp(clock.wall())} ${line}\n`))
  const say = (text: string) => io.stderr.write(`${progressLineIn(language, text)}\n`)
  using interrupts = listenForInterrupts(io, 'closing the connection', say)
  const ended = await watchHost({
    onWaiting: (words) => say(`waiting for ${quietMs / 1000} s: ${words}`),
    ...options,
    ...{ target, speaker, clock, network, timeZone: 'Asia/Shanghai' },
    card: cards[0],
    keys: keysToldOf(io, keys),
    signal: interrupts.signal,
    onProbe: (probe, state) => {
      print?.(state)
      const at = new Date(clock.wall() - (clock.now() - probe.at)).toISOString()
      if (json) io.stdout.write(`${JSON.stringify(watchRecord(probe, state, at))}\n`)
    },
  })
  if (!json)
    io.stdout.write(
      `${stamp(clock.wall())} ${language === 'zh' ? '结束' : 'end'}: ${watchLine(ended.state, language)}\n`,
    )
  if (interrupts.by !== undefined) return codeOfSignal(interrupts.by)
  if (!ended.everConnected) throw new StartError(neverReached(options.target, ended.state))
  return ended.turnedBad ? exitCode.notMet : exitCode.done
}

function neverReached(target: string, { trouble }: WatchState): string {
  const why = trouble === null ? '' : trouble.evidence.join(', ')
  const ask = /ENOTFOUND|EAI_AGAIN/.test(why) ? 'is its name right?' : 'does a host listen there?'
  return `${target}: never reached${why && ` (${why})`}: ${ask}`
}

/** Prints a state when it has changed, and every few probes. */
function createPrinter(language: Language, write: (line: string) => void): (state: WatchState) => void {
  let last = ''
  let left = 0
  return (state) => {
    const kind = `${state.verdict} ${state.trouble?.cause ?? ''}`
    if (kind === last && left > 0) {
      left--
      return
    }
    last = kind
    left = probesPerLine - 1
    write(watchLine(state, language))
  }
}

const stamp = (wallMs: number) => new Date(wallMs).toISOString().slice(0, 19).concat('Z')

function limited(name: string, value: string, least: number, most: number): number {
  const ms = durationMs(name, value)
  if (ms >= least && ms <= most) return ms
  throw new UsageError(`--${name}: expected ${least} ms to ${most / 60_000} minutes, got '${value}'`)
}

function shareNamed(name: string, value: string): number {
  const share = parsePercent(value)
  if (share !== undefined && share > 0 && share <= 1) return share
  throw new UsageError(`--${name}: expected a share such as 99%, got '${value}'`)
}
