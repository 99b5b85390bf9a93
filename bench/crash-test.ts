// Kills real processes and looks whether money was lost or taken twice. Exit 1 when it was, or when the rounds could not show it.
//
//     npm run bench -- crash-test                                20 rounds: both sides die in the middle of 500 sales a second, and
//                                                                in every other round again while they recover
//     npm run bench -- crash-test --rounds N --seed S            other rounds; equal seeds kill after equal times
//     npm run bench -- crash-test --rate N --seconds N           other runs
//     npm run bench -- crash-test --json FILE                    writes the rounds for machines

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freshSeed } from '../src/base/random.js'
import { shortfallsOf } from './crash/judge.js'
import { activityOf, crashRounds, type RoundReport } from './crash-rounds.js'
import { readFlags } from './flags.js'

const flags = readFlags({
  rounds: { usual: 20, least: 1 },
  seed: { usual: freshSeed(), least: 0 },
  rate: { usual: 500, least: 1 },
  seconds: { usual: 4, least: 1 },
  json: 'file',
})

/** One line a round: instants in ms after the first sale or the beginning of recovery, then what the round ended with. */
const rowOf = ({ killedAt, inDoubt, selling, books, wire, problems, exitCode, holds }: RoundReport) => ({
  'acquirer killed': killedAt.map(({ acquirer }) => `${acquirer} ms`).join(', '),
  'terminals killed': killedAt.map(({ terminal }) => `${terminal} ms`).join(', '),
  'sales/s before': ((selling.requests / selling.ms) * 1000).toFixed(0),
  'in doubt': inDoubt.join(', '),
  'charged by the journal': books.terminal.states.charged,
  'by the ledger': books.acquirer?.states.charged,
  'by the wire': wire.approved,
  'reversed on the wire': wire.reversed,
  'books differ': Object.values(books.counts).reduce((sum, count) => sum + count, 0),
  'wire differs': problems.length,
  'exit code': exitCode,
  holds,
})

const reports = await crashRounds({
  program: join(import.meta.dirname, '../../dist/cli/main.js'),
  rounds: flags.rounds,
  seed: flags.seed,
  rate: flags.rate,
  loadMs: flags.seconds * 1000,
  onRound: ({ round, holds }) => console.error(`round ${round} of ${flags.rounds}: ${holds ? 'agrees' : 'DIFFERS'}`),
})
console.table(reports.map(rowOf))
const failed = reports.filter(({ holds }) => !holds)
for (const { round, books, problems, files, said } of failed) {
  const found = [...books.differences.slice(0, 5).map((each) => JSON.stringify(each)), ...problems.slice(0, 5)]
  console.log(`round ${round}, files in ${files}:\n${found.join('\n')}\n${said}`)
}
console.log(`seed ${flags.seed}: ${reports.length - failed.length} of ${reports.length} rounds agree`)
const shortfalls = shortfallsOf(activityOf(reports), flags.rate)
for (const shortfall of shortfalls) console.log(`nothing is shown: ${shortfall}`)
if (flags.json !== undefined) {
  writeFileSync(flags.json, `${JSON.stringify({ seed: flags.seed, shortfalls, rounds: reports }, null, 2)}\n`)
}
if (failed.length > 0 || shortfalls.length > 0) process.exitCode = 1
