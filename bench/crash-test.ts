// Kills real processes and looks whether money was lost or taken twice. Exit 1 when it was.
//
//     npm run crash-test                                   20 rounds: both sides die in the middle of 500 sales a second
//     npm run crash-test -- --rounds N --seed S            other rounds; equal seeds kill after equal times
//     npm run crash-test -- --rate N --seconds N           other runs
//     npm run crash-test -- --json FILE                    writes the rounds for machines

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { freshSeed } from '../src/base/random.js'
import { crashRounds, type RoundReport } from './crash-rounds.js'

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    seed: { type: 'string', default: String(freshSeed()) },
    rate: { type: 'string', default: '500' },
    seconds: { type: 'string', default: '4' },
    json: { type: 'string' },
  },
})

/** One line a round: instants in ms after the first sale, then what the two files hold by the end of the round. */
const rowOf = ({ killedAt, inDoubt, books, exitCode, holds }: RoundReport) => ({
  'acquirer killed': `${killedAt.acquirer} ms`,
  'terminals killed': `${killedAt.terminal} ms`,
  'in doubt': inDoubt,
  charged: books.terminal.states.charged,
  'by the ledger': books.acquirer?.states.charged,
  reversed: books.terminal.states.reversed,
  differences: Object.values(books.counts).reduce((sum, count) => sum + count, 0),
  'exit code': exitCode,
  holds,
})

const seed = Number(flags.seed)
const reports = await crashRounds({
  program: join(import.meta.dirname, '../../dist/cli/main.js'),
  rounds: Number(flags.rounds),
  seed,
  rate: Number(flags.rate),
  loadMs: Number(flags.seconds) * 1000,
  onRound: ({ round, holds }) => console.error(`round ${round} of ${flags.rounds}: ${holds ? 'agrees' : 'DIFFERS'}`),
})
console.table(reports.map(rowOf))
const failed = reports.filter(({ holds }) => !holds)
for (const { round, books, files, said } of failed) {
  console.log(`round ${round}, files in ${files}: ${JSON.stringify(books.differences.slice(0, 5))}\n${said}`)
}
console.log(`seed ${seed}: ${reports.length - failed.length} of ${reports.length} rounds agree`)
if (flags.json !== undefined) writeFileSync(flags.json, `${JSON.stringify({ seed, rounds: reports }, null, 2)}\n`)
if (failed.length > 0) process.exitCode = 1
