// `isochron evidence`: one transaction of a run as a sheet for the bank, or the list of those that have evidence.

import { type ExitCode, exitCode, UsageError } from '../../base/errors.js'
import type { EvidenceLine } from '../../measure/evidence.js'
import { type EvidenceOrder, EvidenceTop, evidenceCount, evidenceTable } from '../../report/evidence/list.js'
import { type EvidenceSelector, isSelected, Nearest, selectorText } from '../../report/evidence/select.js'
import { printEvidenceSheet } from '../../report/evidence/sheet.js'
import type { Language } from '../../report/words/language.js'
import { evidenceFile, readEvidence } from '../../run/files/read-evidence.js'
import type { Command } from '../command.js'
import { flag, languageNamed, text, wholeNumber } from '../flags/options.js'
import type { Io } from '../io.js'

const options = {
  rrn: text('rrn', 'retrieval reference number (DE37) of the transaction'),
  terminal: text('terminal', 'terminal (DE41); alone: all its transactions'),
  stan: text('stan', 'trace number (DE11) of the transaction, with --terminal: where no answer ever brought an RRN'),
  batch: text('batch', 'batch, where the trace number stands in several'),
  sort: text('sort', 'order of the list: newest (when left out) or slowest first'),
  limit: text('limit', 'rows of the list; 20 when left out, all with --json alone'),
  lang: text('lang', 'language: en (when left out) or zh'),
  json: flag('print the lines of evidence as JSON, one a line; without --sort in the order of the file'),
} as const

/** Rows of the list where nobody says. */
const usualRows = 20
/** Transactions that are named when several fit. */
const mostNamed = 5

export const evidenceCommand: Command = {
  name: 'evidence',
  flags: Object.keys(options),
  add: (program, choose) =>
    program.command(
      'evidence <result>',
      'what a merchant can hand to the bank: times, messages and cause of a transaction that was not timely',
      (command) =>
        command
          .positional('result', { type: 'string', demandOption: true, describe: "a run's folder, or its result.json" })
          .options(options)
          .example('$0 evidence runs/1', 'every transaction with evidence, the newest first')
          .example('$0 evidence runs/1 --rrn 000012000345 --lang zh', 'the sheet of one, in Chinese')
          .example('$0 evidence runs/1 --terminal 00000012 --stan 345', 'where no answer ever brought an RRN'),
      (args) =>
        choose((io) => {
          const { rrn, terminal, stan, batch } = args
          if ((stan ?? batch) !== undefined && terminal === undefined && rrn === undefined)
            throw new UsageError('--stan and --batch: expected --terminal with them: every terminal counts for itself')
          return evidence(io, {
            selector: { rrn, terminal, stan, batch },
            order: orderNamed(args.sort),
            limit: wholeNumber('limit', args.limit, { min: 1, max: 100_000 }),
            language: languageNamed(args.lang),
            json: args.json,
            file: evidenceFile(args.result as string),
          })
        }),
    ),
}

interface Evidence {
  readonly file: string
  readonly selector: EvidenceSelector
  /** Left out: newest, or with `json` as they stand in the file. */
  readonly order: EvidenceOrder | undefined
  readonly limit: number | undefined
  readonly language: Language
  readonly json: boolean
}

async function evidence(io: Io, options: Evidence): Promise<ExitCode> {
  const { file, selector, order = 'newest', limit = usualRows, language, json } = options
  if (json) return await printLines(io, options)
  const asksForOne = selector.rrn !== undefined || selector.stan !== undefined
  const top = new EvidenceTop(order, asksForOne ? Math.max(limit, mostNamed) : limit)
  for await (const line of readEvidence(file)) {
    if (isSelected(line, selector)) top.add(line)
  }
  if (top.count === 0 && selectorText(selector) !== '') throw await notFound(file, selector)
  const [first] = top.lines
  if (asksForOne && first !== undefined) io.stdout.write(printEvidenceSheet(only(top, selector, first), language))
  else {
    const { lines, count } = top
    const table = count === 0 ? [] : evidenceTable(lines, language)
    io.stdout.write(`${[evidenceCount(lines.length, count, order, language), ...table].join('\n')}\n`)
  }
  return exitCode.done
}

/** Lines as JSON: all as they are read, or those that --sort and --limit ask for. */
async function printLines(io: Io, { file, selector, order, limit }: Evidence): Promise<ExitCode> {
  const print = (line: EvidenceLine) => io.stdout.write(`${JSON.stringify(line)}\n`)
  const top = order === undefined ? undefined : new EvidenceTop(order, limit ?? usualRows)
  let count = 0
  for await (const line of readEvidence(file)) {
    if (!isSelected(line, selector)) continue
    count++
    if (top !== undefined) top.add(line)
    else if (count <= (limit ?? count)) print(line)
  }
  if (count === 0 && selectorText(selector) !== '') throw await notFound(file, selector)
  for (const line of top?.lines ?? []) print(line)
  return exitCode.done
}

/** Throws UsageError where several fit, which says how they differ. */
function only({ count, lines }: EvidenceTop, selector: EvidenceSelector, first: EvidenceLine): EvidenceLine {
  if (count === 1) return first
  const named = lines.slice(0, mostNamed).map(nameOf)
  const more = count > named.length ? [`and ${count - named.length} more`] : []
  throw new UsageError(
    `${selectorText(selector)}: ${count} transactions fit; say which with ${differences(lines)}: ${[...named, ...more].join('; ')}`,
  )
}

const nameOf = ({ terminal, batch, stan, steps }: EvidenceLine) =>
  `terminal ${terminal}${batch === null ? '' : `, batch ${batch}`}, STAN ${stan ?? 'none'}, ${steps[0]?.local ?? ''}`

function differences(lines: readonly EvidenceLine[]): string {
  const differs = (key: 'terminal' | 'stan' | 'batch') => new Set(lines.map((line) => line[key])).size > 1
  const flags = (['terminal', 'stan', 'batch'] as const).filter(differs).map((key) => `--${key}`)
  return flags.length === 0 ? '--json, which prints them all' : flags.join(' and ')
}

async function notFound(file: string, selector: EvidenceSelector): Promise<UsageError> {
  const key = selector.rrn !== undefined ? 'rrn' : selector.terminal !== undefined ? 'terminal' : 'stan'
  const nearest = new Nearest(selector[key] ?? '')
  let isTerminalKnown = false
  const stans = new Nearest(selector.stan ?? '')
  for await (const line of readEvidence(file)) {
    nearest.add(line[key])
    if (selector.terminal === undefined || !isSelected(line, { terminal: selector.terminal })) continue
    isTerminalKnown = true
    stans.add(line.stan)
  }
  const [what, values] = isTerminalKnown && key === 'terminal' ? ['STAN', stans.values] : [key, nearest.values]
  const hint = values.length === 0 ? '' : `; nearest ${what === 'rrn' ? 'RRN' : what}: ${values.join(', ')}`
  return new UsageError(
    `${file}: no evidence of ${selectorText(selector)}${hint}; only transactions that were not timely have some, all with \`run --keep all\``,
  )
}

function orderNamed(name: string | undefined): EvidenceOrder | undefined {
  if (name === undefined || name === 'newest' || name === 'slowest') return name
  throw new UsageError(`--sort: expected newest or slowest, got '${name}'`)
}
