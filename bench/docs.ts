// Runs every shell block of the README and of the documents as it stands: each page in an empty folder of its own, its
// Run: npm run bench -- docs
// blocks one after another, with `isochron` on the path. Ports are moved to free ones.

import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { alignedColumns } from '../src/report/layout/table.js'
import { blocksOf } from './docs/blocks.js'

const root = resolve(import.meta.dirname, '../..')
const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => `docs/${name}`),
]
/** Ports that the documents name. */
const named = ['8583', '9000', '8474']
/** A page takes half a minute; one that hangs is a failure. */
const pageTimeoutMs = 180_000

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
}

/** Blocks fenced as `sh` are whole; examples in passing are indented, and `npm test` checks their flags. */
async function walk(page: string, bin: string): Promise<Walked> {
  const text = readFileSync(join(root, page), 'utf8')
  const blocks = blocksOf(text).filter(
    ({ language, isFenced }) => language === 'sh' && isFenced && !page.startsWith('docs/recipes/'),
  )
  if (blocks.length === 0) return { page, blocks: 0, code: 0, output: '' }
  const folder = mkdtempSync(join(tmpdir(), 'isochron-docs-'))
  let script = `set -eu\ntrap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n${blocks.map((block) => block.text).join('\n')}`
  for (const port of named) script = script.replaceAll(`:${port}`, `:${await freePort()}`)
  const child = spawn('bash', ['-c', script], {
    cwd: folder,
    env: { ...process.env, PATH: `${bin}:${process.env.PATH}` },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: pageTimeoutMs,
  })
  const output: string[] = []
  child.stdout.on('data', (data) => output.push(String(data)))
  child.stderr.on('data', (data) => output.push(String(data)))
  const code = await new Promise<number | null>((done) => child.once('close', done))
  rmSync(folder, { recursive: true, force: true })
  return { page, blocks: blocks.length, code, output: output.join('') }
}

const bin = mkdtempSync(join(tmpdir(), 'isochron-bin-'))
mkdirSync(bin, { recursive: true })
symlinkSync(join(root, 'dist/cli/main.js'), join(bin, 'isochron'))
const walked: Walked[] = []
for (const page of pages.filter((name) => name.endsWith('.md'))) walked.push(await walk(page, bin))
rmSync(bin, { recursive: true, force: true })

const shown = walked.filter(({ blocks }) => blocks > 0)
console.log(
  alignedColumns([
    ['page', 'blocks', 'exit'],
    ...shown.map(({ page, blocks, code }) => [page, String(blocks), String(code)]),
  ]).join('\n'),
)
for (const { page, output } of shown.filter(({ code }) => code !== 0)) console.log(`\n${page}:\n${output.slice(-3000)}`)
const at = process.argv.indexOf('--json')
if (at > 0) writeFileSync(process.argv[at + 1] as string, `${JSON.stringify(shown, undefined, 2)}\n`)
process.exitCode = shown.every(({ code }) => code === 0) ? 0 : 1
