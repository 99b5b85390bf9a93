// `isochron explain`: why transactions in a capture were not timely, by the same cause files as a run's.

import { join } from 'node:path'
import { type ExitCode, exitCode, UsageError } from '../../base/errors.js'
import { createZone } from '../../base/zone.js'
import type { Dialect } from '../../codec/dialect.js'
import type { Language } from '../../report/words/language.js'
import type { Command } from '../command.js'
import {
  type DialectFlags,
  dialectOf,
  durationMs,
  flag,
  languageNamed,
  messageOptions,
  text,
  wholeNumber,
} from '../flags/options.js'
import type { Io } from '../io.js'

const options = {
  dialect: messageOptions.dialect,
  tpdu: messageOptions.tpdu,
  header: messageOptions.header,
  framing: messageOptions.framing,
  port: text('port', 'port of the host; left out: the one with most bytes that can be read'),
  timely: text('timely', 'an answer within this is timely; 3s when left out'),
  timeout: text('timeout', 'how long the terminals wait for an answer; 30s when left out'),
  'time-zone': text('time-zone', 'zone of the terminals, for local times; Asia/Shanghai when left out'),
  limit: text('limit', 'transactions that are shown, the slowest first; 20 when left out'),
  out: text('out', 'folder for report.html and evidence.jsonl: `isochron evidence` prints a sheet of each transaction'),
  force: flag('--out may name a folder that holds a run: its report and evidence are overwritten'),
  lang: text('lang', 'language: en (when left out) or zh'),
  json: flag('everything as one JSON object'),
} as const

/** Bytes of a capture that are read: half a million packets of payments. */
const maxCaptureBytes = 268_435_456
const usualRows = 20

export const explainCommand: Command = {
  name: 'explain',
  flags: Object.keys(options),
  add: (program, choose) =>
    program.command(
      'explain <captures..>',
      'why transactions in a capture of packets were not timely',
      (command) =>
        command
          .positional('captures', {
            type: 'string',
            array: true,
            demandOption: true,
            describe:
              'pcap or pcapng file, taken where the terminals are (tcpdump -w FILE port PORT), with the older parts FILE.1 … of a recording; several files of one capture; -: stdin',
          })
          .options(options)
          .example('$0 explain merchant.pcap', 'ranked causes, evidence, and the slowest transactions')
          .example('$0 explain merchant.pcap --dialect packager.xml --port 8583 --timely 5s', 'a host of your own')
          .example(
            '$0 explain merchant.pcap0 merchant.pcap1',
            'the files of tcpdump -C: one capture, in the order of time',
          )
          .example(
            '$0 explain merchant.pcap --out why --lang zh',
            'a page to hand on; then: isochron evidence why --rrn …',
          )
          .epilogue('Times are those of the packets: what a terminal waited before it sent anything is not in them.'),
      (args) =>
        choose(async (io) =>
          explain(io, {
            captures: args.captures,
            dialect: await dialectGiven(args),
            framing: args.framing,
            port: wholeNumber('port', args.port, { min: 1, max: 65_535 }),
            timelyMs: longerThanNothing('timely', args.timely ?? '3s'),
            timeoutMs: longerThanNothing('timeout', args.timeout ?? '30s'),
            timeZone: args['time-zone'] ?? 'Asia/Shanghai',
            limit: wholeNumber('limit', args.limit, { min: 1, max: 100_000 }) ?? usualRows,
            out: args.out,
            force: args.force,
            language: languageNamed(args.lang),
            json: args.json,
          }),
        ),
    ),
}

interface Explain {
  readonly captures: readonly string[]
  readonly dialect: Dialect | undefined
  readonly framing: string | undefined
  readonly port: number | undefined
  readonly timelyMs: number
  readonly timeoutMs: number
  readonly timeZone: string
  readonly limit: number
  readonly out: string | undefined
  readonly force: boolean
  readonly language: Language
  readonly json: boolean
}

/** Without a dialect, the built-in ones are tried with every envelope that is known. */
async function dialectGiven(flags: DialectFlags): Promise<Dialect | undefined> {
  if (flags.dialect !== undefined) return dialectOf(flags)
  if (flags.tpdu === undefined && flags.header === undefined) return undefined
  throw new UsageError('--tpdu and --header: only together with --dialect; without one, all are tried')
}

function longerThanNothing(name: string, value: string): number {
  const ms = durationMs(name, value)
  if (ms > 0) return ms
  throw new UsageError(`--${name}: expected more than nothing, such as 3s, got '${value}'`)
}

/** The modules that explain a capture. They are loaded when one is to be explained, so that help comes at once. */
async function loadTools() {
  const { isCapture } = await import('../../doctor/pcap.js')
  const { printExplanation } = await import('../../report/explain.js')
  const { progressLineIn } = await import('../../report/words/progress-lines.js')
  const { printExplainPage } = await import('../../report/html/explain-page.js')
  const { explainCapture } = await import('../../run/explain/explain-capture.js')
  const { outFolder } = await import('../../run/files/out-folder.js')
  const { pageAssets } = await import('../../run/files/page-assets.js')
  const { writeExplained } = await import('../../run/files/run-folder.js')
  const { readCaptures } = await import('../input/read-captures.js')
  const page = (...[explained, view]: Parameters<typeof printExplanation>) =>
    printExplainPage(explained, view, pageAssets())
  return { explainCapture, isCapture, outFolder, page, printExplanation, progressLineIn, readCaptures, writeExplained }
}

async function explain(io: Io, { captures, dialect, timeZone, json, force, ...given }: Explain): Promise<ExitCode> {
  const { explainCapture, isCapture, outFolder, page, printExplanation, progressLineIn, readCaptures, writeExplained } =
    await loadTools()
  const out = outFolder(given.out, { force })
  const zone = createZone(timeZone)
  const { files, name, notes } = await readCaptures(io, captures, maxCaptureBytes)
  if (!isCapture(files))
    throw new UsageError(`${name}: no capture: expected a pcap or pcapng file, as tcpdump -w writes it`)
  for (const note of notes) io.stderr.write(`${note}\n`)
  const { framing, port, timelyMs, timeoutMs, limit, language } = given
  const choice = { dialect, framing, port }
  const explained = explainCapture(files, name, { ...choice, timelyMs, timeoutMs, zone })
  const view = { name, withinMs: timelyMs, language, limit }
  if (json) {
    const { lines, ...rest } = explained
    io.stdout.write(`${JSON.stringify({ capture: name, ...rest, transactionsNotTimely: lines })}\n`)
  } else io.stdout.write(printExplanation(explained, view))
  if (out !== undefined) {
    const evidence = explained.lines.map((line) => `${JSON.stringify(line)}\n`)
    await writeExplained(out, { evidence, page: page(explained, view) })
    io.stderr.write(`${progressLineIn(language, `wrote ${join(out, 'report.html')} and evidence.jsonl`)}\n`)
  }
  return exitCode.done
}
