// report.html: a run for people, in one file that asks the network for nothing. Equal runs give equal bytes.

import type { Result } from '../../measure/result.js'
import { formatCount, formatMs, formatRate, formatShare, shareWithoutAnswer } from '../layout/figures.js'
import { verdictText } from '../rows/verdict.js'
import type { SavedRun } from '../saved-run.js'
import type { Language } from '../words/language.js'
import type { PageWord } from '../words/page.js'
import { reportLineIn } from '../words/report-lines.js'
import { anyTable } from './any-table.js'
import type { PageAssets } from './assets.js'
import { chartSection, secondsSection } from './charts.js'
import { escapeHtml, htmlSection, htmlTable } from './markup.js'
import { moneySection } from './money-section.js'
import {
  answerSection,
  breakdownSections,
  causeSection,
  faultSection,
  latencySection,
  type PageText,
  sayIn,
  thresholdSection,
} from './sections.js'
import { waterfall } from './waterfall.js'

/** The whole page. `assets` are what it carries: it can be opened from a disk, an artifact or a mail. */
export function printPage(run: SavedRun, assets: PageAssets, language: Language = 'en'): string {
  const { result } = run
  const say = sayIn(language)
  const sections = [
    header(result, language),
    tiles(result, say),
    thresholdSection(result, say),
    causeSection(result, language),
    htmlSection('slowest', say('slowest'), waterfall(run, language)),
    chartSection(run, language),
    latencySection(result, say),
    breakdownSections(result, language),
    answerSection(result, say),
    faultSection(result, say),
    moneySection(result, language),
    htmlSection('parts', say('parts'), anyTable('', result.parts)),
    generatorSection(result, say),
    secondsSection(result, language),
    run.scenario === null ? '' : scenarioDetails(run.scenario, say),
  ]
  return htmlDocument(`${verdictText(result, language).word} ${result.scenario.name}`, sections, assets, language)
}

/** A page around `sections`, with a policy that lets nothing run but what it carries. */
export function htmlDocument(
  title: string,
  sections: readonly string[],
  assets: PageAssets,
  language: Language,
): string {
  const policy = `default-src 'none'; script-src '${assets.uplot.hash}' '${assets.page.hash}'; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'`
  return `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)} · isochron</title>
<!-- The charts are drawn by uPlot.
${assets.licence.trim().replaceAll('--', '- -')}
-->
<style>${assets.style}</style>
</head>
<body>
<main>
${sections.filter((section) => section !== '').join('\n')}
</main>
<script>${assets.uplot.text}</script>
<script>${assets.page.text}</script>
</body>
</html>
`
}

function header(result: Result, language: Language): string {
  const say = sayIn(language)
  const { passed, reason } = verdictText(result, language)
  const badge = `<strong class="badge ${passed ? 'good' : 'bad'}">${escapeHtml(say(passed ? 'pass' : 'fail'))}</strong>`
  const warnings = banners(result).map((word) => `<p class="banner">${escapeHtml(say(word))}</p>`)
  const because = result.generator?.saturatedBecause
  const why = because === undefined ? '' : `<p class="note">${escapeHtml(reportLineIn(language, because))}</p>`
  return `<header><h1>${escapeHtml(result.scenario.name)}</h1>
<p class="verdict">${badge} <span>${escapeHtml(reason)}</span></p>
${warnings.join('\n')}${why}
<p class="facts">${[...facts(result, say).map(escapeHtml), digest(result, say)].join(' · ')}</p></header>`
}

function banners({ generator, interrupted, abortedBy, tls, books, whole }: Result): readonly PageWord[] {
  const shown: readonly (readonly [PageWord, boolean])[] = [
    ['saturatedBanner', generator?.saturated === true],
    ['notWholeBanner', whole === false],
    ['interruptedBanner', interrupted],
    ['abortedBanner', abortedBy !== undefined],
    ['insecureBanner', tls?.insecure === true],
    ['booksBanner', books?.agree === false],
  ]
  return shown.filter(([, isTrue]) => isTrue).map(([word]) => word)
}

function facts({ scenario, startedAt, endedAt, tool, keys }: Result, say: PageText): readonly string[] {
  return [
    `${say('from')} ${startedAt}`,
    `${say('to')} ${endedAt}`,
    `${say('seed')} ${scenario.seed}`,
    say(scenario.clock),
    ...(scenario.remedies.length === 0 ? [] : [`${say('remedies')} ${scenario.remedies.join(', ')}`]),
    ...(keys === null ? [] : [`${say('keys')} ${keys.source}`]),
    `${say('made')} ${tool.name} ${tool.version}, Node ${tool.node}`,
  ]
}

/** A digest is no card number, however many digits stand side by side in it: it is shown as it is where it is one. */
function digest({ scenario }: Result, say: PageText): string {
  const { sha256 } = scenario
  return `${escapeHtml(say('scenarioHash'))} ${/^[0-9a-f]{64}$/.test(sha256) ? sha256 : escapeHtml(sha256.slice(0, 64))}`
}

function tiles(result: Result, say: PageText): string {
  const { responseTime: times, timeliness, books, generator, throughput } = result
  const lost = shareWithoutAnswer(result.offered, result.outcomes)
  const within = formatMs(timeliness.responseWithinMs)
  const booksWord = books === null || books.agree === null ? 'notKnown' : books.agree ? 'agree' : 'disagree'
  const generatorWord = generator === null ? 'simulated' : generator.saturated ? 'saturated' : 'keptUp'
  const funds = timeliness.fundsTimelyRate ?? null
  const shown: readonly (readonly [name: string, value: string, kind: string])[] = [
    [say('offered'), `${formatCount(result.offered)} (${formatRate(throughput.offeredPerSecond)})`, ''],
    [`${say('timelyRate')} (≤ ${within})`, formatShare(timeliness.timelyRate), ''],
    ...(funds === null ? [] : [[say('fundsTimelyRate'), formatShare(funds), ''] as const]),
    [say('lost'), formatShare(lost), lost !== null && lost > 0 ? 'bad' : ''],
    ['p50', formatMs(times.p50), ''],
    ['p99', formatMs(times.p99), ''],
    ['p99.9', formatMs(times.p999), ''],
    ['max', formatMs(times.max), ''],
    [say('books'), say(booksWord), books?.agree === false ? 'bad' : ''],
    [say('generator'), say(generatorWord), generator?.saturated === true ? 'bad' : ''],
  ]
  const all = shown.map(
    ([name, value, kind]) =>
      `<div${kind === '' ? '' : ` class="${kind}"`}><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`,
  )
  return `<dl class="tiles">${all.join('')}</dl>`
}

function generatorSection({ generator }: Result, say: PageText): string {
  if (generator === null) return ''
  const { lagMs, eventLoopDelayMs, terminalBusy, cores, waitShare, gc, backPressure } = generator
  const ms = (value: number | null | undefined) => formatMs(value ?? null)
  const rows = [
    [say('lag'), ms(lagMs.p50), ms(lagMs.p99), ms(lagMs.max)],
    [say('eventLoop'), '', ms(eventLoopDelayMs?.p99), ms(eventLoopDelayMs?.max)],
    [say('terminalBusy'), formatCount(terminalBusy ?? 0), '', ''],
    ...(cores === undefined ? [] : [[say('cores'), cores.toFixed(2), '', '']]),
    ...(waitShare === undefined ? [] : [[say('noProcessor'), formatShare(waitShare), '', '']]),
    ...(gc === undefined ? [] : [[say('garbage'), formatShare(gc.share), '', ms(gc.longestMs)]]),
    ...(backPressure === undefined ? [] : [[say('backPressure'), formatCount(backPressure), '', '']]),
  ]
  return htmlSection('generator', say('generator'), htmlTable(['', 'p50', 'p99', 'max'], rows))
}

function scenarioDetails(text: string, say: PageText): string {
  return `<details id="scenario"><summary>${escapeHtml(say('scenario'))}</summary><pre>${escapeHtml(text)}</pre></details>`
}
