// `isochron report`: a run again, in any format, from its folder.

import { existsSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { type ExitCode, exitCode, StartError, UsageError } from '../../base/errors.js'
import { suggestion } from '../../base/suggest.js'
import { reasonOf } from '../../base/text/system-words.js'
import { type ReportFormatName, reportFormat, reportFormatNames } from '../../report/formats.js'
import type { Language } from '../../report/words/language.js'
import { runFiles } from '../../run/files/out-folder.js'
import { pageAssets } from '../../run/files/page-assets.js'
import { readRun } from '../../run/files/read-run.js'
import type { Command } from '../command.js'
import { languageNamed, text } from '../flags/options.js'
import type { Io } from '../io.js'

const options = {
  format: text('format', `${reportFormatNames.join(', ')}; left out: as the ending of --out says, else text`),
  lang: text('lang', 'language of html, markdown and text: en (when left out) or zh'),
  out: text('out', 'file to write; left out: stdout'),
} as const

/** Formats by the ending of a file's name. */
const endings: Readonly<Record<string, ReportFormatName>> = {
  html: 'html',
  htm: 'html',
  md: 'markdown',
  xml: 'junit',
  json: 'json',
  hgrm: 'hgrm',
  csv: 'csv',
  txt: 'text',
}

export const reportCommand: Command = {
  name: 'report',
  flags: Object.keys(options),
  add: (program, choose) =>
    program.command(
      'report <result>',
      "make a report of a run's folder: a page for people, or a file for CI",
      (command) =>
        command
          .positional('result', { type: 'string', demandOption: true, describe: "a run's folder, or its result.json" })
          .options(options)
          .example('$0 report runs/1', 'what the run printed when it ended')
          .example('$0 report runs/1 --format html --out report.html', 'one file that can be mailed; works offline')
          .example('$0 report runs/1 --out zh.html --lang zh', 'the same in Chinese')
          .example('$0 report runs/1 --format junit --out junit.xml', 'thresholds as test cases')
          .example('$0 report runs/1 --format csv', 'the run second by second, for a spreadsheet'),
      (args) =>
        choose((io) =>
          report(io, {
            place: args.result as string,
            format: formatNamed(args.format, args.out),
            language: languageNamed(args.lang),
            out: args.out,
          }),
        ),
    ),
}

interface ReportRequest {
  readonly place: string
  readonly format: ReportFormatName
  readonly language: Language
  readonly out: string | undefined
}

async function report(io: Io, { place, format, language, out }: ReportRequest): Promise<ExitCode> {
  const { print, bilingual } = reportFormat(format)
  if (language !== 'en' && bilingual !== true)
    throw new UsageError(`--lang ${language}: ${format} has no words of its own; use --format html, markdown or text`)
  const text = print(await readRun(place), { language, assets: pageAssets })
  if (out === undefined) io.stdout.write(text)
  else writeTo(out, text)
  return exitCode.done
}

/** The files of a run's folder that no report can be made without, or stands for. */
const measured: ReadonlySet<string> = new Set([...runFiles, 'scenario.yaml'])

/** Throws StartError where the file cannot be written, and UsageError for one that a run has measured. */
export function writeTo(file: string, text: string): void {
  if (measured.has(basename(file)) && existsSync(file))
    throw new UsageError(`--out ${file}: a run has measured that file: name another one`)
  try {
    writeFileSync(file, text)
  } catch (cause) {
    throw new StartError(`cannot write ${file} (${reasonOf(cause)}): name another file with --out`, { cause })
  }
}

function formatNamed(name: string | undefined, out: string | undefined): ReportFormatName {
  if (name === undefined) return endings[/\.(\w+)$/.exec(out ?? '')?.[1]?.toLowerCase() ?? ''] ?? 'text'
  const known = reportFormatNames.find((each) => each === (name === 'md' ? 'markdown' : name))
  if (known !== undefined) return known
  throw new UsageError(
    `--format: unknown format '${name}'${suggestion(name, reportFormatNames)}; known are ${reportFormatNames.join(', ')}`,
  )
}
