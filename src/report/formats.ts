// Every report by the name of its format, and the files that a run's folder has of them.

import { printBenchmark } from './benchmark-json.js'
import { printCsv } from './csv.js'
import { printHgrm } from './hgrm.js'
import type { PageAssets } from './html/assets.js'
import { printPage } from './html/page.js'
import { printJson } from './json.js'
import { printJunit } from './junit.js'
import { printMarkdown } from './markdown.js'
import { printOpenMetrics } from './open-metrics.js'
import type { SavedRun } from './saved-run.js'
import { printSummary } from './summary.js'
import type { Language } from './words/language.js'

export interface ReportContext {
  /** The language, for formats that have words in both. */
  readonly language: Language
  /** Reads what an HTML page carries. */
  readonly assets: () => PageAssets
}

interface ReportFormat {
  /** Its file in a run's folder; left out: it is made only when it is asked for. */
  readonly file?: string
  /** Its texts are in both languages. */
  readonly bilingual?: boolean
  readonly print: (run: SavedRun, context: ReportContext) => string
}

export const reportFormats = {
  text: { bilingual: true, print: ({ result }, { language }) => printSummary(result, { language }) },
  html: {
    file: 'report.html',
    bilingual: true,
    print: (run, { assets, language }) => printPage(run, assets(), language),
  },
  markdown: {
    file: 'report.md',
    bilingual: true,
    print: ({ result }, { language }) => printMarkdown(result, language),
  },
  junit: { file: 'junit.xml', print: ({ result }) => printJunit(result) },
  openmetrics: { file: 'metrics.txt', print: ({ result }) => printOpenMetrics(result) },
  hgrm: { file: 'response-time.hgrm', print: ({ result }) => printHgrm(result.responseTime) },
  json: { print: ({ result }) => printJson(result) },
  csv: { print: ({ result }) => printCsv(result) },
  benchmark: { print: ({ result }) => printBenchmark(result) },
} as const satisfies Record<string, ReportFormat>

export type ReportFormatName = keyof typeof reportFormats

export const reportFormatNames = Object.keys(reportFormats) as readonly ReportFormatName[]

/** The format of a name; the type forgets which one, so that all are used alike. */
export const reportFormat = (name: ReportFormatName): ReportFormat => reportFormats[name]
