// Walks every block of the README and of the documents: each page in an empty folder of its own, its blocks one after
// another, with `isochron` on the path. Fenced shell runs as it stands. Examples in passing (indented) run line by line on a
// stage that has what they name, and YAML is checked by the command that reads it. Ports are moved to free ones, and pauses are longer on a busy machine.
// Run: npm run bench -- docs [--page README.md] [--json FILE]

import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { alignedColumns } from '../src/report/layout/table.js'
import { type Block, blocksOf } from './docs/blocks.js'
import { type PassingLine, runPassing } from './docs/passing-lines.js'
import { slowness } from './docs/slowness.js'
import { setStage } from './docs/stage.js'

const root = resolve(import.meta.dirname, '../..')
const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => `docs/${name}`),
]
/** Ports that the documents name. */
const named = ['8583', '9000', '8474', '8475', '9464', '9465']
/** A page takes half a minute; one that hangs is a failure. */
const pageTimeoutMs = 180_000
const worthTellingMs = 2000

async function freePort(): Promise<string> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as { port: number }
  await new Promise((done) => server.close(done))
  return String(port)
}

interface Walked {
  readonly page: string
  readonly blocks: number
  readonly code: number | null
  readonly output: string
  readonly passing: readonly PassingLine[]
}

/** Recipes are files of CI systems, which `npm test` reads; what stands in docs/reference/ is generated. */
const isWalked = (page: string) => !/^docs\/(?:recipes|reference)\//.test(page)

async function walk(page: string, bin: string): Promise<Walked> {
  let text = readFileSync(join(root, page), 'utf8')
  for (const port of named) text = text.replaceAll(new RegExp(`(?<=:|--metrics )${port}\\b`, 'g'), await freePort())
  const blocks = blocksOf(text)
  const folder = mkdtempSync(join(tmpdir(), 'isochron-docs-'))
  const path = `${bin}:${process.env.PATH}`
  try {
    const whole = blocks.filter(({ language, isFenced }) => language === 'sh' && isFenced)
    const { code, output } = whole.length === 0 ? { code: 0, output: '' } : await runWhole(whole, folder, path)
    const others = blocks.filter(({ isFenced, language }) => !isFenced || language === 'yaml')
    const passing = others.length === 0 ? [] : await runPassing(others, setStage(folder, others, path))
    return { page, blocks: whole.length + others.length, code, output, passing }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function runWhole(blocks: readonly Block[], folder: string, path: string) {
  const script = `set -eu\ntrap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n${blocks.map(({ text }) => text).join('\n')}`
  const child = spawn('bash', ['-c', script], {
    cwd: folder,
    env: { ...process.env, PATH: path },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: Math.ceil(pageTimeoutMs * slowness()),
  })
  const output: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => output.push(String(data)))
  const code = await new Promise<number | null>((done) => child.once('close', done))
  return { code, output: output.join('') }
}

const isGreen = ({ code, passing }: Walked) => code === 0 && passing.every(({ ok }) => ok)
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`

/** The line that took longest, where one took long. */
function longestOf({ passing }: Walked): string {
  const [longest] = [...passing].sort((a, b) => b.ms - a.ms)
  return longest === undefined || longest.ms < worthTellingMs
    ? ''
    : `, ${seconds(longest.ms)} of it for ${longest.line}`
}

const flag = (name: string) => {
  const at = process.argv.indexOf(name)
  return at > 0 ? process.argv[at + 1] : undefined
}

const bin = mkdtempSync(join(tmpdir(), 'isochron-bin-'))
mkdirSync(bin, { recursive: true })
symlinkSync(join(root, 'dist/cli/main.js'), join(bin, 'isochron'))
const walked: Walked[] = []
const only = flag('--page')
for (const page of pages.filter((name) => name.endsWith('.md') && isWalked(name) && (only ?? name) === name)) {
  const startedAt = performance.now()
  const done = await walk(page, bin)
  walked.push(done)
  console.error(
    `${page}: ${isGreen(done) ? 'ok' : 'FAILED'}, ${seconds(performance.now() - startedAt)}${longestOf(done)}`,
  )
}
rmSync(bin, { recursive: true, force: true })

const shown = walked.filter(({ blocks }) => blocks > 0)
const count = (lines: readonly PassingLine[], outcome: RegExp) =>
  String(lines.filter((line) => outcome.test(line.outcome)).length)
console.log(
  alignedColumns([
    ['page', 'blocks', 'exit', 'lines run', 'not run', 'failed'],
    ...shown.map(({ page, blocks, code, passing }) => [
      ...[page, String(blocks), String(code), count(passing, /^ran$/), count(passing, /^not run/)],
      count(passing, /^exit/),
    ]),
  ]).join('\n'),
)
for (const { page, passing } of shown)
  for (const { line, outcome } of passing.filter((each) => each.outcome !== 'ran'))
    console.log(`${page}: ${line}\n  ${outcome}`)
for (const { page, output } of shown.filter(({ code }) => code !== 0)) console.log(`\n${page}:\n${output.slice(-3000)}`)
const file = flag('--json')
if (file !== undefined) writeFileSync(file, `${JSON.stringify(shown, undefined, 2)}\n`)
process.exitCode = shown.every(isGreen) ? 0 : 1
