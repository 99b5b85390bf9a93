// report.html of `explain`: why payments in a capture were not timely, for whoever gets the complaint. One file, as a run's is.

import { evidenceCount, slowestOf } from '../evidence/list.js'
import { type Explained, type ExplainView, explainedHead } from '../explain.js'
import { pageWords } from '../words/page.js'
import { sentenceIn } from '../words/sentences.js'
import type { PageAssets } from './assets.js'
import { escapeHtml, htmlSection } from './markup.js'
import { htmlDocument } from './page.js'
import { causeSection } from './sections.js'
import { capturedWaterfall } from './waterfall.js'

/** Equal captures give equal bytes. */
export function printExplainPage(explained: Explained, view: ExplainView, assets: PageAssets): string {
  const { name, language, limit } = view
  const { causes, transactions, timely, lines, notes } = explained
  const slowest = slowestOf(lines, limit)
  const count = paragraph(evidenceCount(slowest.length, lines.length, 'slowest', language))
  const timelyRate = transactions === 0 ? null : timely / transactions
  const sections = [
    `<header><h1>${escapeHtml(name)}</h1>\n${explainedHead(explained, view).map(paragraph).join('\n')}</header>`,
    causeSection({ causes, timeliness: { timelyRate } }, language),
    lines.length === 0
      ? ''
      : htmlSection('slowest', pageWords.slowest[language], count + capturedWaterfall(slowest, language)),
    notes.length === 0 ? '' : htmlSection('notes', pageWords.notes[language], noteList(notes, view)),
  ]
  return htmlDocument(name, sections, assets, language)
}

const paragraph = (text: string) => `<p class="note">${escapeHtml(text)}</p>`

const noteList = (notes: readonly string[], { language }: ExplainView) =>
  `<ul>${notes.map((text) => `<li>${escapeHtml(sentenceIn(language, text))}</li>`).join('')}</ul>`
