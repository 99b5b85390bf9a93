// A clear sheet of one transaction: what a merchant can hand to the bank. A function of its line of evidence.

import { often } from '../../base/text/counted.js'
import { printable } from '../../base/text/shown-text.js'
import type { EvidenceLine, EvidenceStep } from '../../measure/evidence.js'
import { wideColumns } from '../layout/columns.js'
import { formatMs } from '../layout/figures.js'
import { causeName, causeRemedy, confidenceOf } from '../words/causes.js'
import {
  cycleWords,
  outcomeWords,
  owedStateWords,
  owedStepWords,
  payoutStateWords,
  sheetWords,
  stepWords,
  typeWords,
} from '../words/evidence.js'
import { fieldName } from '../words/fields.js'
import { type Language, meaningIn } from '../words/language.js'
import { sentenceIn } from '../words/sentences.js'

type Fact = readonly [what: string, text: string]

/** Text of several lines, with a line feed at the end. */
export function printEvidenceSheet(line: EvidenceLine, language: Language): string {
  const say = (word: keyof typeof sheetWords) => sheetWords[word][language]
  const sections: readonly (readonly string[])[] = [
    [say('title')],
    wideColumns(factsOf(line, language)),
    [say('steps'), ...indented(stepRows(line, language))],
    wideColumns(moneyFacts(line, language)),
    [say('cause'), ...indented(causeLines(line, language))],
    [say(wasSent(line) ? 'request' : 'unsentRequest'), ...indented(messageRows(line.request, language))],
    [say('answer'), ...indented(messageRows(line.answer, language))],
    line.lateAnswer === null ? [] : [say('lateAnswer'), ...indented(messageRows(line.lateAnswer, language))],
  ]
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

const wasSent = ({ steps }: EvidenceLine) => steps.some(({ step }) => step === 'written')

/** As the message shows it: masked. */
function cardOf({ request }: EvidenceLine): string | null {
  if (typeof request !== 'object' || request === null) return null
  const rows = new Map(fieldRows('', (request as { readonly fields?: unknown }).fields))
  const shown = rows.get('2') ?? rows.get('35')
  return shown === undefined ? null : printable(shown)
}

const indented = (lines: readonly string[]) => lines.map((line) => `  ${line}`)

function factsOf(line: EvidenceLine, language: Language): readonly Fact[] {
  const say = (word: keyof typeof sheetWords) => sheetWords[word][language]
  const facts: readonly (readonly [keyof typeof sheetWords, string | null])[] = [
    ['rrn', line.rrn ?? say('noRrn')],
    ['terminal', line.terminal === '' ? null : line.terminal],
    ['merchant', line.merchant === '' ? null : line.merchant],
    ['batch', line.batch],
    ['stan', line.stan],
    ['type', typeWords[line.type]?.[language] ?? line.type],
    ['amount', line.amount],
    ['card', cardOf(line)],
    ['time', line.steps[0]?.local.replace('T', ' ') ?? null],
    ['target', line.target],
    ['outcome', outcomeWords[line.outcome][language]],
    ['code', codeText(line.code, line.codeMeaning, language)],
    ['reason', line.reason === null ? null : sentenceIn(language, line.reason)],
    ['tries', line.tries === 1 ? null : triesText(line, language)],
    ['response', responseText(line, language)],
  ]
  return facts.flatMap(([word, text]): Fact[] => (text === null ? [] : [[say(word), printable(text)]]))
}

function codeText(code: string | null, meaning: string | null, language: Language): string | null {
  if (code === null) return null
  return meaning === null ? code : `${code} ${meaningIn(language, meaning)}`
}

function triesText({ tries, firstCode }: EvidenceLine, language: Language): string {
  if (firstCode === null) return String(tries)
  return `${tries} (${sheetWords.firstCode[language]} ${firstCode})`
}

function responseText({ responseMs, withinMs, timelyResponse }: EvidenceLine, language: Language): string {
  const verdict = sheetWords[timelyResponse ? 'inTime' : 'tooLate'][language]
  const limit = `${sheetWords.timelyWithin[language]} ${formatMs(withinMs)}`
  return `${formatMs(responseMs)} (${limit}: ${verdict})`
}

function stepRows({ steps, timeZone, reversal }: EvidenceLine, language: Language): readonly string[] {
  const say = (word: keyof typeof sheetWords) => sheetWords[word][language]
  const words = (step: EvidenceStep) =>
    ((reversal && owedStepWords[reversal.kind][step.step]) ?? stepWords[step.step])[language]
  const rows = steps.map((step, index) => [
    words(step),
    step.local.replace('T', ' '),
    step.utc,
    formatMs(step.afterMs),
    index === 0 ? '' : formatMs(step.afterMs - (steps[index - 1] as EvidenceStep).afterMs),
  ])
  const head = ['', `${say('local')} (${timeZone})`, say('utc'), say('after'), say('sincePrevious')]
  return wideColumns([head, ...rows], [3, 4])
}

function moneyFacts({ reversal, payout, steps }: EvidenceLine, language: Language): readonly Fact[] {
  const say = (word: keyof typeof sheetWords) => sheetWords[word][language]
  const facts: Fact[] = []
  if (reversal !== null) {
    const tries = language === 'zh' ? `已发送 ${reversal.tries} 次` : `sent ${often(reversal.tries)}`
    const code = reversal.code === null ? '' : `, ${say('code')} ${reversal.code}`
    facts.push([
      say(reversal.kind === 'reversal' ? 'reversal' : 'repeat'),
      `${owedStateWords[reversal.state][language]}, ${tries}${code}`,
    ])
  }
  if (payout !== null) {
    const after =
      payout.state !== 'paid' || payout.afterMs === null ? '' : `, ${say('after')} ${formatMs(payout.afterMs)}`
    const within = payout.withinMs === null ? '' : ` (${say('timelyWithin')} ${formatMs(payout.withinMs)})`
    const paid = steps.find(({ step }) => step === 'paid')
    if (paid !== undefined) facts.push([say('paidAt'), paid.local.replace('T', ' ')])
    const { agreed } = payout
    if (agreed !== undefined && payout.state !== 'voided') {
      facts.push([say('agreedNet'), printable(agreed.net)], [say('agreedFee'), printable(agreed.fee)])
      facts.push([say('agreedCycle'), cycleWords[agreed.cycle]?.[language] ?? printable(agreed.cycle)])
    }
    facts.push([say('payout'), `${payoutStateWords[payout.state][language]}${after}${within}`])
  }
  return facts
}

function causeLines({ cause }: EvidenceLine, language: Language): readonly string[] {
  if (cause === null) return [sheetWords.noCause[language]]
  const remedy = causeRemedy(cause.cause, language)
  const confidence = confidenceOf(cause)
  const sure = confidence === null ? '' : `, ${sheetWords.confidence[language]} ${Math.round(100 * confidence)} %`
  return [
    `${causeName(cause.cause, language)} (${cause.cause})${sure}`,
    ...cause.evidence.map((sentence) => `- ${printable(sentenceIn(language, sentence))}`),
    ...(remedy === undefined ? [] : [`${sheetWords.remedy[language]}: ${remedy}`]),
  ]
}

/** A masked message as `decode` prints it: MTI, then one row a field. */
function messageRows(message: unknown, language: Language): readonly string[] {
  if (typeof message !== 'object' || message === null) return [sheetWords.noMessage[language]]
  const { mti, fields } = message as { readonly mti?: unknown; readonly fields?: unknown }
  const rows = [...fieldRows('', fields)].map(([path, value]) => [
    path,
    path.includes('.') ? '' : fieldName(path, language),
    printable(value),
  ])
  return wideColumns([['MTI', '', printable(String(mti))], ...rows])
}

function* fieldRows(path: string, value: unknown): Generator<readonly [path: string, value: string]> {
  if (typeof value === 'string') yield [path, value]
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return
  const entries = Object.entries(value)
  if (path === '') entries.sort(([a], [b]) => Number(a) - Number(b))
  for (const [key, inner] of entries) yield* fieldRows(path === '' ? key : `${path}.${key}`, inner)
}
