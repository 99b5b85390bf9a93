// `npm run bench -- fuzz` with every built-in dialect and importer: `--cases N` for each, `--only NAME` for one of
// them, `--seed N`, `--json FILE`. Exit 1 when something throws
// what it should not, takes too long, or keeps memory. The work is done in a thread, so that one that hangs is seen.

import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { type FuzzTally, fuzz, type Subject, subjects } from './fuzzing.js'
import { growthOver } from './growth.js'

/** Cases between two signs of life. */
const blockCases = 1000
/** Without a sign of life for so long, in ms, a case hangs. */
const silenceMs = 120_000
/** Bytes that one subject may keep of all cases but the first tenth (`growthOver`). */
const growthBytes = 8 * 1024 * 1024

interface Work {
  readonly cases: number
  readonly seed: number
  /** The name of one subject; undefined: all. */
  readonly only: string | undefined
}

interface Row extends FuzzTally {
  readonly grownBytes: number
  readonly ms: number
}

type News = { readonly kind: 'alive'; readonly at: string } | { readonly kind: 'row'; readonly row: Row }

async function work({ cases, seed, only }: Work): Promise<void> {
  for (const subject of chosen(only)) tell({ kind: 'row', row: await fuzzInBlocks(subject, { cases, seed }) })
}

const chosen = (only: string | undefined) => subjects().filter(({ name }) => only === undefined || name === only)

const tell = (news: News) => parentPort?.postMessage(news)

async function fuzzInBlocks(subject: Subject, { cases, seed }: Pick<Work, 'cases' | 'seed'>): Promise<Row> {
  const startedAt = performance.now()
  const blocks: FuzzTally[] = []
  const grownBytes = await growthOver(cases, blockCases, (from, to) => {
    tell({ kind: 'alive', at: `${subject.name}, cases from ${from}` })
    blocks.push(fuzz(subject, { from, to, seed }))
  })
  return {
    name: subject.name,
    cases,
    taken: blocks.reduce((sum, { taken }) => sum + taken, 0),
    slowestMs: Math.max(...blocks.map((block) => block.slowestMs)),
    failures: blocks.flatMap(({ failures }) => failures).slice(0, 5),
    grownBytes,
    ms: performance.now() - startedAt,
  }
}

async function oversee(): Promise<void> {
  const { values } = parseArgs({
    options: {
      cases: { type: 'string', default: '200000' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string' },
      json: { type: 'string' },
    },
  })
  const asked: Work = { cases: Number(values.cases), seed: Number(values.seed), only: values.only }
  if (!Number.isInteger(asked.cases) || asked.cases < 1 || !Number.isInteger(asked.seed)) {
    throw new Error('expected whole numbers: --cases N --seed N')
  }
  if (chosen(asked.only).length === 0)
    throw new Error(
      `--only: expected one of ${subjects()
        .map(({ name }) => name)
        .join(', ')}`,
    )
  const rows: Row[] = []
  const trouble = await watched(asked, rows)
  if (trouble !== undefined) process.stdout.write(`${trouble}\n`)
  const isMet = trouble === undefined && rows.every((row) => row.failures.length === 0 && row.grownBytes <= growthBytes)
  process.stdout.write(`${isMet ? 'met' : 'NOT MET'}: seed ${asked.seed}, ${asked.cases} cases each\n`)
  if (values.json !== undefined)
    writeFileSync(values.json, `${JSON.stringify({ ...asked, isMet, trouble, rows }, undefined, 2)}\n`)
  process.exitCode = isMet ? 0 : 1
}

/** Prints a line for each subject; resolves to what ended the work early, if anything did. */
function watched(asked: Work, rows: Row[]): Promise<string | undefined> {
  const worker = new Worker(new URL(import.meta.url), { workerData: asked })
  process.stdout.write(`${line(['subject', 'cases', 'taken', 'slowest ms', 'grown KiB', 'seconds'])}\n`)
  return new Promise((resolve) => {
    let at = 'the start'
    let timer = setTimeout(hang, silenceMs)
    function hang() {
      void worker.terminate()
      resolve(`hangs: ${at}`)
    }
    worker.on('message', (news: News) => {
      clearTimeout(timer)
      timer = setTimeout(hang, silenceMs)
      if (news.kind === 'alive') at = news.at
      else print(news.row, rows)
    })
    worker.on('error', (error) => {
      clearTimeout(timer)
      resolve(`crashed at ${at}: ${error.stack ?? error.message}`)
    })
    worker.on('exit', () => {
      clearTimeout(timer)
      resolve(undefined)
    })
  })
}

function print(row: Row, rows: Row[]): void {
  rows.push(row)
  const { name, cases, taken, slowestMs, grownBytes, ms, failures } = row
  const kib = Math.round(grownBytes / 1024)
  process.stdout.write(`${line([name, cases, taken, slowestMs.toFixed(1), kib, (ms / 1000).toFixed(1)])}\n`)
  for (const failure of failures) process.stdout.write(`  ${failure}\n`)
}

const line = ([name, ...figures]: readonly (string | number)[]) =>
  String(name).padEnd(20) + figures.map((figure) => String(figure).padStart(12)).join('')

if (isMainThread) await oversee()
else await work(workerData as Work)
