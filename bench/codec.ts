// `npm run bench -- codec`: times the codec in every built-in dialect, and the iso_8583 library on the same message in the same run.
// `--json FILE` writes the figures. Exit 1 when we are not at least ten times as fast as the library.

import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import Iso8583Message from 'iso_8583'
import { compile } from '../src/codec/compile.js'
import type { Dialect } from '../src/codec/dialect.js'
import { builtInDialect, builtInDialects } from '../src/codec/dialects/index.js'
import { measure, type Task } from './interleave.js'
import { measuredSale } from './measured-sale.js'

const operations = ['pack', 'unpack', 'template', 'peek'] as const

/** Library's pack and unpack together, divided by ours: less than this fails. */
const wantedRatio = 10

function tasksOf(dialect: Dialect): Record<(typeof operations)[number], Task> {
  const codec = compile(dialect)
  const message = measuredSale(dialect)
  const bytes = codec.pack(message)
  // One after another, as they come: the same trace number twice need not be read twice.
  const peeked = Array.from({ length: 16 }, (_, index) =>
    codec.pack({ ...message, fields: { ...message.fields, 11: String(101_010 + index) } }),
  )
  let turn = 0
  const slots = [4, 7, 11, 12, 37].filter((field) => message.fields[field] !== undefined)
  const slotValues = slots.map((slot) => String(message.fields[slot]))
  const template = codec.template(message, slots)
  const target = new Uint8Array(template.maxBytes)
  return {
    pack: () => codec.pack(message),
    unpack: () => codec.unpack(bytes),
    template: () => template.write(target, 0, slotValues),
    peek() {
      turn = (turn + 1) % peeked.length
      return codec.peek(peeked[turn] as Uint8Array).text(11)
    },
  }
}

function libraryTasks(dialect: Dialect): Record<'library pack' | 'library unpack', Task> {
  const { mti, fields } = measuredSale(dialect)
  const flat = { 0: mti, ...(fields as Record<string, string>) }
  const bytes = new Iso8583Message(flat).getRawMessage() as Buffer
  const ours = compile(dialect).pack({ mti, fields })
  if (!bytes.equals(ours)) throw new Error('the library and our codec pack different bytes: nothing to compare')
  return {
    'library pack': () => new Iso8583Message(flat).getRawMessage(),
    'library unpack': () => new Iso8583Message().getIsoJSON(bytes, { lenHeader: false }),
  }
}

/** The answer of one dialect's thread: nanoseconds by the name of the operation. */
type Times = Readonly<Record<string, number>>

/** Each dialect has a thread of its own, as in a run, so that the shapes of one do not slow another down. */
function timesOf(dialect: Dialect): Promise<Times> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL(import.meta.url), { workerData: dialect.name })
    thread.once('message', resolve).once('error', reject)
  })
}

/** The library takes turns with the dialect that is its own. */
function measureHere(name: string): Times {
  const dialect = builtInDialect(name)
  const library = dialect.name === 'iso_8583' ? libraryTasks(dialect) : {}
  return Object.fromEntries(measure({ ...tasksOf(dialect), ...library }))
}

async function main(): Promise<void> {
  const { values: options } = parseArgs({ options: { json: { type: 'string' } } })
  const rows: Row[] = []
  for (const dialect of builtInDialects) {
    rows.push({
      dialect: dialect.name,
      fields: Object.keys(measuredSale(dialect).fields).length,
      ns: await timesOf(dialect),
    })
  }
  const ratio = ratioOf(rows.find(({ dialect }) => dialect === 'iso_8583')?.ns ?? {})
  console.log(table(rows, ratio))
  if (options.json !== undefined) {
    const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cpus: cpus().length }
    writeFileSync(options.json, `${JSON.stringify({ machine, unit: 'ns', rows, ratio }, null, 2)}\n`)
  }
  if (ratio.both < wantedRatio) {
    console.error(
      `pack and unpack are ${ratio.both.toFixed(1)} times as fast as the library: expected at least ${wantedRatio}`,
    )
    process.exitCode = 1
  }
}

interface Ratio {
  readonly pack: number
  readonly unpack: number
  readonly both: number
}

function ratioOf(ns: Times): Ratio {
  const at = (name: string) => ns[name] ?? Number.NaN
  const [theirPack, theirUnpack] = [at('library pack'), at('library unpack')]
  return {
    pack: theirPack / at('pack'),
    unpack: theirUnpack / at('unpack'),
    both: (theirPack + theirUnpack) / (at('pack') + at('unpack')),
  }
}

interface Row {
  readonly dialect: string
  readonly fields: number
  readonly ns: Times
}

function table(rows: readonly Row[], ratio: Ratio): string {
  const line = (cells: readonly string[]) => cells.map((cell, index) => pad(cell, index)).join('')
  const cells = (ns: Times, names: readonly string[]) => names.map((name) => ns[name]?.toFixed(0) ?? '')
  const times = (value: number) => `${value.toFixed(1)}x`
  const own = rows.find(({ dialect }) => dialect === 'iso_8583') as Row
  return [
    line(['ns per operation', 'fields', ...operations]),
    ...rows.map(({ dialect, fields, ns }) => line([dialect, String(fields), ...cells(ns, operations)])),
    line(['library iso_8583', String(own.fields), ...cells(own.ns, ['library pack', 'library unpack'])]),
    line(['library / ours', '', times(ratio.pack), times(ratio.unpack)]),
    `pack + unpack: ${times(ratio.both)} as fast as the library (at least ${wantedRatio}x is wanted)`,
  ].join('\n')
}

const pad = (cell: string, index: number) => (index === 0 ? cell.padEnd(18) : cell.padStart(10))

if (isMainThread) await main()
else parentPort?.postMessage(measureHere(String(workerData)))
