// Times the codec in every built-in dialect, on sales one after another, and the iso_8583 library on the same ones in the same run.
//
//     npm run bench -- codec                exit 1 where an operation takes a larger part of the library's time than it may
//     npm run bench -- codec --json FILE    writes the figures
//     npm run bench -- codec --patience N   seconds at most in which it waits for quiet processors (see quiet.ts)

import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import Iso8583Message from 'iso_8583'
import { compile } from '../src/codec/compile.js'
import type { Dialect } from '../src/codec/dialect.js'
import { builtInDialect, builtInDialects } from '../src/codec/dialects/index.js'
import type { Message } from '../src/codec/message.js'
import { readFlags } from './flags.js'
import { measure, type Task } from './interleave.js'
import { measuredSale } from './measured-sale.js'
import { createQuiet, patienceFlag } from './quiet.js'

const operations = ['pack', 'unpack', 'template', 'peek'] as const

/** How many times each must fit into the library's: unpack into its unpack, the others into its pack. */
const wanted = { pack: 30, unpack: 12, template: 100, peek: 100 } as const
/** Sales that take turns: what all have in common need not be written, or read, twice. */
const sales = 16

/** Calls the task with 0, 1, 2 … and again from the beginning. */
function inTurn(task: (turn: number) => unknown): Task {
  let turn = 0
  return () => {
    turn = (turn + 1) % sales
    return task(turn)
  }
}

function tasksOf(dialect: Dialect): Record<(typeof operations)[number], Task> {
  const codec = compile(dialect)
  const messages = Array.from({ length: sales }, (_, number) => measuredSale(dialect, number))
  const packed = messages.map((message) => codec.pack(message))
  const [first] = messages as [Message]
  const slots = [4, 7, 11, 12, 37].filter((field) => first.fields[field] !== undefined)
  const slotValues = messages.map(({ fields }) => slots.map((slot) => String(fields[slot])))
  const template = codec.template(first, slots)
  const target = new Uint8Array(template.maxBytes)
  return {
    pack: inTurn((turn) => codec.pack(messages[turn] as Message)),
    unpack: inTurn((turn) => codec.unpack(packed[turn] as Uint8Array)),
    template: inTurn((turn) => template.write(target, 0, slotValues[turn] as string[])),
    peek: inTurn((turn) => codec.peek(packed[turn] as Uint8Array).text(11)),
  }
}

function libraryTasks(dialect: Dialect): Record<'library pack' | 'library unpack', Task> {
  const { pack } = compile(dialect)
  const flat = Array.from({ length: sales }, (_, number) => {
    const { mti, fields } = measuredSale(dialect, number)
    return { 0: mti, ...(fields as Record<string, string>) }
  })
  const packed = flat.map((message) => new Iso8583Message(message).getRawMessage() as Buffer)
  if (!packed.every((bytes, number) => bytes.equals(pack(measuredSale(dialect, number)))))
    throw new Error('the library and our codec pack different bytes: nothing to compare')
  return {
    'library pack': inTurn((turn) => new Iso8583Message(flat[turn]).getRawMessage()),
    'library unpack': inTurn((turn) => new Iso8583Message().getIsoJSON(packed[turn] as Buffer, { lenHeader: false })),
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
  const flags = readFlags({ json: 'file', patience: patienceFlag })
  const quiet = createQuiet(flags.patience * 1000)
  const rows: Row[] = []
  for (const dialect of builtInDialects) {
    rows.push({
      dialect: dialect.name,
      fields: Object.keys(measuredSale(dialect).fields).length,
      ns: await quiet.measured(() => timesOf(dialect)),
    })
  }
  const ratio = ratioOf(rows.find(({ dialect }) => dialect === 'iso_8583')?.ns ?? {})
  console.log(table(rows, ratio))
  console.log(quiet.words())
  if (flags.json !== undefined) {
    const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cpus: cpus().length }
    const written = { machine, unit: 'ns', quiet: quiet.counts(), rows, ratio }
    writeFileSync(flags.json, `${JSON.stringify(written, null, 2)}\n`)
  }
  const isMet = operations.every((operation) => ratio[operation] >= wanted[operation])
  console.log(isMet ? 'met' : 'NOT MET')
  if (!isMet) process.exitCode = 1
}

type Ratio = Readonly<Record<(typeof operations)[number], number>>

function ratioOf(ns: Times): Ratio {
  const at = (name: string) => ns[name] ?? Number.NaN
  const of = (operation: string, library: string) => at(library) / at(operation)
  return {
    pack: of('pack', 'library pack'),
    unpack: of('unpack', 'library unpack'),
    template: of('template', 'library pack'),
    peek: of('peek', 'library pack'),
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
    line(['library / ours', '', ...operations.map((operation) => times(ratio[operation]))]),
    line(['at least', '', ...operations.map((operation) => times(wanted[operation]))]),
  ].join('\n')
}

const pad = (cell: string, index: number) => (index === 0 ? cell.padEnd(18) : cell.padStart(10))

if (isMainThread) await main()
else parentPort?.postMessage(measureHere(String(workerData)))
