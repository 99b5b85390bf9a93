// Is this commit slower than the committed figures of bench/baseline.json? Each is a part of what a plain Node echo takes in the same
// round. Exit 1 for a figure below half of its baseline, or four times the bytes a transaction; below 70 %, or 1.3 times, it is told.
// A machine that is too busy to measure on is told too.
//
//     npm run bench -- baseline                       one round, and up to three more while something is slower
//     npm run bench -- baseline --write               writes the figures; measure on a machine that does nothing else
//     npm run bench -- baseline --rounds 5 --json FILE

import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { resolve } from 'node:path'
import { alignedTable } from '../src/report/layout/table.js'
import { readFlags } from './flags.js'
import { createQuiet } from './quiet.js'
import { type Baseline, bestOf, gatedGroups, gatedShape, judgeGate } from './speed/gate.js'
import { type Round, runRound } from './speed/round.js'

const args = process.argv.slice(2)
const write = args.includes('--write')
process.argv = [...process.argv.slice(0, 2), ...args.filter((arg) => arg !== '--write')]
const flags = readFlags({ rounds: { usual: 4, least: 1 }, seconds: { usual: 3, least: 2 }, json: 'file' })
/** The file beside the sources: the compiled code stands in another folder. */
const file = resolve(import.meta.dirname, '../../bench/baseline.json')
const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cpus: cpus().length }
/** The best of some rounds counts: none waits for a quiet moment. */
const quiet = createQuiet(0)
const rounded = (value: number) => Number(value.toPrecision(3))

async function measure(isEnough: (rounds: readonly Round[]) => boolean): Promise<readonly Round[]> {
  const rounds: Round[] = []
  let failed = 0
  while (rounds.length + failed < flags.rounds && !(rounds.length > 0 && isEnough(rounds))) {
    process.stderr.write(`round ${rounds.length + failed + 1} of at most ${flags.rounds}\n`)
    try {
      rounds.push(await runRound(gatedGroups, flags.seconds, quiet, [gatedShape]))
    } catch (error) {
      failed++
      console.log(`warning: a round could not be measured: ${(error as Error).message}`)
    }
  }
  return rounds
}

async function renew(): Promise<void> {
  const rounds = await measure(() => false)
  if (rounds.length === 0) throw new Error('nothing could be measured: use a machine that does nothing else')
  const best = bestOf(rounds)
  const figures = Object.fromEntries(
    Object.entries(best).map(([group, { ofEcho, bytes }]) => [
      group,
      { ofEcho: rounded(ofEcho), ...(bytes !== undefined && { bytes: Math.round(bytes) }) },
    ]),
  )
  // Bytes are the gate of `npm test` (test/bench/bytes.test.ts): whoever changes them does it there, on purpose.
  const { bytes } = JSON.parse(readFileSync(file, 'utf8')) as Baseline
  const baseline: Baseline = { schema: 'isochron/baseline@1', machine, figures, bytes }
  writeFileSync(file, `${JSON.stringify(baseline, undefined, 2)}\n`)
  console.log(`wrote ${file}`)
  console.log(JSON.stringify(figures))
}

async function compare(): Promise<void> {
  const baseline = JSON.parse(readFileSync(file, 'utf8')) as Baseline
  const rowsOf = (rounds: readonly Round[]) => judgeGate(baseline, bestOf(rounds))
  const rounds = await measure((made) => rowsOf(made).every(({ verdict }) => verdict === 'met'))
  if (rounds.length === 0) return console.log('warning: this machine is too busy to measure on: nothing was compared')
  const rows = rowsOf(rounds)
  const text = (value: number | undefined) => (value === undefined ? '-' : String(rounded(value)))
  console.log(
    alignedTable(
      ['figure', 'baseline', 'now', 'verdict'],
      rows.map(({ name, base, value, verdict }) => [name, text(base), text(value), verdict]),
    ).join('\n'),
  )
  console.log(`baseline of node ${baseline.machine.node}, ${baseline.machine.cpus} x ${baseline.machine.cpu}`)
  if (flags.json !== undefined)
    writeFileSync(flags.json, `${JSON.stringify({ machine, rows, rounds }, undefined, 2)}\n`)
  const slower = rows.filter(({ verdict }) => verdict === 'slower').map(({ name }) => name)
  if (slower.length > 0)
    console.log(`warning: slower than the baseline, within what machines differ: ${slower.join('; ')}`)
  if (rows.some(({ verdict }) => verdict === 'FAIL')) process.exitCode = 1
}

await (write ? renew() : compare())
