// How often causes are named rightly on traffic that this project did not make: small hosts, a line and relays of this
// bench's own, written from the wire formats alone, with a truth that is fixed before each run.
//
//     npm run bench -- outside                       300 trials in virtual time and 60 over TCP; exit 1 below a goal
//     npm run bench -- outside --seed N --runs N     others; --real N: of them over TCP
//     npm run bench -- outside --short N             so many more in virtual time, with the short times of those over TCP
//     npm run bench -- outside --only NAME           one kind of trial, by a part of its name
//     npm run bench -- outside --wrong yes           shows each trial that was judged wrongly
//     npm run bench -- outside --json FILE           writes the figures
//
// bench/outside/README.md says what a trial is, and which seeds were tuned on.

import { writeFileSync } from 'node:fs'
import { realClock } from '../src/base/clock.js'
import { readFlags } from './flags.js'
import { kinds } from './outside/kinds.js'
import { printScores, printTrial } from './outside/print.js'
import { markOf, outsideScores } from './outside/score.js'
import { makeTrial, type OutsideTrial } from './outside/trial.js'

const flags = readFlags({
  seed: { usual: 1, least: 0 },
  runs: { usual: 300, least: 0 },
  short: { usual: 0, least: 0 },
  real: { usual: 60, least: 0 },
  only: 'word',
  wrong: { usual: 'no', oneOf: ['yes', 'no'] },
  json: 'file',
})

/** The share of all trials that no draw may fail to make: more would hide what they would show. */
const mostMissing = 0.05

/** Where nobody looks, so many trials have a line. */
const toldInFile = 20

const chosen = kinds.filter(({ name, truth }) => `${truth}: ${name}`.includes(flags.only ?? ''))
if (chosen.length === 0) {
  process.stderr.write(`--only ${flags.only}: there is ${kinds.map(({ name }) => name).join(', ')}\n`)
  process.exit(2)
}
const began = realClock.now()
const trials: OutsideTrial[] = []
const missing: string[] = []
const counts = { virtual: flags.runs, short: flags.short, real: flags.real }
for (const pace of ['virtual', 'short', 'real'] as const) {
  const able = chosen.filter(({ real }) => pace !== 'real' || real !== 'never')
  const count = counts[pace]
  for (let index = 0; index < count && able.length > 0; index++) {
    const kind = able[index % able.length]
    if (kind === undefined) continue
    const trial = await makeTrial(kind, `${flags.seed}/${pace}/${index}`, pace)
    if (trial === undefined) missing.push(`${kind.name} (${pace})`)
    else trials.push(trial)
    tellProgress(`${pace} ${index + 1} of ${count}`, (index + 1) % toldInFile === 0)
  }
}
if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
const scores = outsideScores(trials, kinds)
process.stdout.write(printScores(scores))
if (flags.wrong === 'yes')
  for (const trial of trials) {
    const isWrong = [trial.run, trial.explain].some(
      (verdict) => verdict !== undefined && markOf(trial.truth, verdict) !== 'right',
    )
    if (isWrong || trial.watch?.wanted !== trial.watch?.found) process.stdout.write(printTrial(trial))
  }
const took = Math.round((realClock.now() - began) / 1000)
if (missing.length > 0)
  process.stdout.write(
    `no draw hit anybody as it should, or this machine itself stood still; not judged: ${missing.join(', ')}\n`,
  )
if (missing.length > mostMissing * (trials.length + missing.length)) process.exitCode = 1
process.stdout.write(
  `${trials.length} trials of ${chosen.length} kinds, seed ${flags.seed}, in ${took} s\n${scores.problems.map((line) => `${line}\n`).join('')}`,
)
if (flags.json !== undefined)
  writeFileSync(
    flags.json,
    `${JSON.stringify({ ...flags, node: process.version, seconds: took, scores, trials }, null, 2)}\n`,
  )
if (scores.problems.length > 0) process.exitCode = 1

/** One line that is written over and over on a screen; in a file a line now and then. */
function tellProgress(text: string, isNow: boolean): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`)
  else if (isNow) process.stderr.write(`${text}\n`)
}
