// Every condition of scenarios/conditions without remedies, with its own, and with those of all others: what is named, what helps.
//
//     npm run bench -- conditions                   in virtual time (generator: real); exit 1 unless each condition fails without a
//                                                   remedy, is named rightly, and is cured by one of its own and by no other that is
//                                                   not explained
//     npm run bench -- conditions --real            all of them in real time: about an hour
//     npm run bench -- conditions --only NAME       one condition, again and again for several
//     npm run bench -- conditions --own             own remedies only
//     npm run bench -- conditions --write           writes the table into scenarios/conditions/README.md
//     npm run bench -- conditions --json FILE       writes the figures

import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { realClock } from '../src/base/clock.js'
import { conditionProblems, type Tried } from './conditions/judge.js'
import { printTable, replaceTable } from './conditions/print-table.js'
import { readConditions, remediesOf } from './conditions/read-conditions.js'
import { tryCondition } from './conditions/try-condition.js'

const { values: flags } = parseArgs({
  options: {
    real: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    own: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
})

const folder = resolve('scenarios/conditions')
const conditions = readConditions(folder)
const remedies = remediesOf(conditions)
const unknown = flags.only.find((name) => !conditions.some(({ cause }) => cause === name))
if (unknown !== undefined) {
  process.stderr.write(`--only ${unknown}: there is ${conditions.map(({ cause }) => cause).join(', ')}\n`)
  process.exit(2)
}
const began = realClock.now()
const all: Tried[] = []
for (const condition of conditions) {
  if (flags.only.length > 0 && !flags.only.includes(condition.cause)) continue
  const tried = await tryCondition(
    condition,
    remedies.filter(({ cause }) => !flags.own || cause === condition.cause),
    {
      clock: flags.real ? 'real' : 'virtual',
      onRun: (cause, remedy) => progress(`${cause}: ${remedy}`),
    },
  )
  all.push(tried)
}
progress('')

const table = printTable(all, remedies)
process.stdout.write(`${table}\n\n`)
const problems = all.flatMap(flags.own ? (tried) => conditionProblems({ ...tried, alsoHelps: {} }) : conditionProblems)
const seconds = Math.round((realClock.now() - began) / 1000)
const runs = all.reduce((sum, { own, foreign }) => sum + 1 + own.length + foreign.length, 0)
process.stdout.write(
  problems.length === 0 ? `all as it must be: ${runs} runs in ${seconds} s\n` : `${problems.join('\n')}\n`,
)
if (flags.json !== undefined)
  writeFileSync(flags.json, `${JSON.stringify({ seconds, runs, problems, all }, undefined, 2)}\n`)
if (flags.write) {
  const file = join(folder, 'README.md')
  writeFileSync(file, replaceTable(readFileSync(file, 'utf8'), table))
}
process.exitCode = problems.length === 0 ? 0 : 1

/** One line that is written over and over; nothing where nobody looks. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`)
}
