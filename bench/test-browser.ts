// The HTML report in a real browser. Exit 1 for an error on the console, a request, an empty chart, a hostile name that
// became markup, a page wider than a phone, or a day of seconds that takes 5 s or more. Without a Chromium: one line, exit 0.
//
//     npm run bench -- test:browser                       with chromium or google-chrome of the system, or $CHROMIUM
//     npm run bench -- test:browser --shots FOLDER        leaves screenshots there
//     npm run bench -- test:browser --time warn           a slow machine is told, and is no failure; all else is

import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium } from 'playwright-core'
import { realClock } from '../src/base/clock.js'
import { printPage } from '../src/report/html/page.js'
import type { SavedRun } from '../src/report/saved-run.js'
import { pageAssets } from '../src/run/files/page-assets.js'
import { dialectNamed } from '../src/run/files/read-dialect.js'
import { readRun } from '../src/run/files/read-run.js'
import { runScenario } from '../src/run/run-scenario.js'
import { loadScenario } from '../src/scenario/reader.js'
import { readFlags } from './flags.js'

const flags = readFlags({ shots: 'file', json: 'file', time: { usual: 'hold', oneOf: ['hold', 'warn'] } })
const places = [process.env.CHROMIUM ?? '', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const browserFile = places.find((place) => place !== '' && existsSync(place))
const dayMs = 5000
const charts = 5

const scenario = `
name: browser
dialect: iso87-ascii
seed: 5
terminals: { count: 50, timeout: 2s }
acquirer: { workers: 8, serviceTime: { p50: 40ms, p99: 180ms } }
load: [{ hold: { rate: 100/s, for: 20s } }]
faults: [{ name: stall, on: acquirer, stall: { for: 2s }, at: 8s }]
thresholds: ["responseTime.p99 < 200ms", "books.agree"]
`

interface Look {
  readonly name: string
  readonly run: SavedRun
  readonly width?: number
  readonly dark?: boolean
  readonly scripts?: boolean
  readonly print?: boolean
  readonly language?: 'en' | 'zh'
  readonly withinMs?: number
}

const evil = '</script><img src=x onerror="document.title=1"><b id=evil>'

function hostile(run: SavedRun): SavedRun {
  const { result } = run
  const sale = Object.values(result.breakdown.type)[0]
  return {
    ...run,
    result: {
      ...result,
      scenario: { ...result.scenario, name: evil },
      ...{ responseCodes: { [evil]: 1 }, failures: { [evil]: 1 } },
      breakdown: { ...result.breakdown, merchant: sale === undefined ? {} : { [evil]: sale, two: sale } },
      timeline: result.timeline.map((row) => ({ ...row, faults: [evil] })),
      slowest: result.slowest.map((row) => ({ ...row, terminal: evil, reason: evil })),
    },
  }
}

/** A day of rows of one second each: 24 times what a result ever holds. */
function dayOf(run: SavedRun): SavedRun {
  const rows = run.result.timeline
  const timeline = Array.from({ length: 86_400 }, (_, atSecond) => ({
    ...(rows[atSecond % rows.length] as (typeof rows)[number]),
    atSecond,
  }))
  const intervals = Array.from({ length: 86_400 }, (_, atSecond) => ({
    ...(run.intervals[atSecond % run.intervals.length] as SavedRun['intervals'][number]),
    atSecond,
  }))
  return { ...run, result: { ...run.result, timeline }, intervals }
}

async function look(browser: Browser, folder: string, { name, run, ...how }: Look): Promise<readonly string[]> {
  const file = join(folder, `${name}.html`)
  writeFileSync(file, printPage(run, pageAssets(), how.language ?? 'en'))
  const scripts = how.scripts ?? true
  const context = await browser.newContext({
    viewport: { width: how.width ?? 1200, height: 900 },
    colorScheme: how.dark === true ? 'dark' : 'light',
    javaScriptEnabled: scripts,
  })
  const page = await context.newPage()
  const problems: string[] = []
  page.on('console', (message) => message.type() === 'error' && problems.push(`console: ${message.text()}`))
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`))
  page.on('request', (request) => request.url().startsWith('file:') || problems.push(`request: ${request.url()}`))
  const began = realClock.now()
  await page.goto(pathToFileURL(file).href)
  if (scripts) await page.waitForSelector(`html[data-drawn="${charts}"]`, { timeout: 60_000 })
  const took = realClock.now() - began
  if (how.withinMs !== undefined && took >= how.withinMs) {
    const late = `ready after ${Math.round(took)} ms, limit ${how.withinMs} ms`
    // How fast a machine draws says nothing of the page where the machine is not known.
    if (flags.time === 'warn') console.log(`warning: ${late}`)
    else problems.push(late)
  }
  if (how.print === true) await page.pdf({ path: join(folder, `${name}.pdf`), format: 'A4' })
  else await page.screenshot({ path: join(folder, `${name}.png`), fullPage: how.withinMs === undefined })
  if ((await page.locator('table').count()) < 7) problems.push('tables are missing')
  if ((await page.locator('#evil, img').count()) > 0) problems.push('a hostile name became markup')
  if (scripts) problems.push(...(await page.evaluate<string[]>(emptyCharts)))
  if (scripts && (await page.evaluate('document.documentElement.scrollWidth > innerWidth')))
    problems.push('wider than the screen')
  await context.close()
  console.log(
    `${name.padEnd(12)} ${String(Math.round(took)).padStart(6)} ms  ${problems.length === 0 ? 'ok' : problems.join('; ')}`,
  )
  return problems.map((problem) => `${name}: ${problem}`)
}

/** Runs in the page: charts whose canvas is of one colour. */
const emptyCharts = `[...document.querySelectorAll('.chart canvas')].filter((canvas) => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
  const seen = new Set()
  for (let at = 0; at < data.length; at += 4) seen.add(data[at] << 16 | data[at + 1] << 8 | data[at + 2])
  return seen.size < 3
}).map((canvas) => 'blank chart ' + canvas.closest('.chart').id)`

async function main(executablePath: string): Promise<readonly string[]> {
  const folder = flags.shots ?? mkdtempSync(join(tmpdir(), 'isochron-browser-'))
  mkdirSync(folder, { recursive: true })
  const runFolder = mkdtempSync(join(tmpdir(), 'isochron-run-'))
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  try {
    const loaded = loadScenario(scenario, 'browser', { dialectNamed })
    await runScenario(loaded.scenario, { source: loaded.source, clock: 'virtual', outDir: runFolder })
    const run = await readRun(runFolder)
    const looks: readonly Look[] = [
      { name: 'light', run },
      { name: 'dark', run, dark: true },
      { name: 'phone', run, width: 390 },
      { name: 'paper', run, print: true },
      { name: 'no-script', run, scripts: false },
      { name: 'chinese', run, language: 'zh' },
      { name: 'hostile', run: hostile(run) },
      { name: 'day', run: dayOf(run), withinMs: dayMs },
    ]
    const problems: string[] = []
    for (const each of looks) problems.push(...(await look(browser, folder, each)))
    return problems
  } finally {
    await browser.close()
    rmSync(runFolder, { recursive: true, force: true })
    if (flags.shots === undefined) rmSync(folder, { recursive: true, force: true })
  }
}

if (browserFile === undefined)
  console.log("test:browser: no Chromium here: install Debian's chromium, or set CHROMIUM; nothing was looked at")
else {
  const problems = await main(browserFile)
  if (flags.json !== undefined) writeFileSync(flags.json, `${JSON.stringify({ problems }, undefined, 2)}\n`)
  process.exitCode = problems.length === 0 ? 0 : 1
}
