// How often the causes of a run are named rightly: blind trials with random shops, lines, loads and severities.
//
//     npm run bench -- causes                       2000 trials in virtual time: the confusion matrix; exit 1 below the goals
//     npm run bench -- causes --runs N --seed N     others
//     npm run bench -- causes --real --runs 30      over TCP in real time, some six seconds each
//     npm run bench -- causes --wrong               shows each trial that was judged wrongly
//     npm run bench -- causes --json FILE           writes the figures
//
// bench/causes/README.md says what a trial is. One process for each core; in real time one alone.

import { type ChildProcess, fork } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { realClock } from '../src/base/clock.js'
import type { TrialPace } from './causes/base.js'
import { causeGoals, causeScores, confusion } from './causes/matrix.js'
import { planTrials } from './causes/plan.js'
import type { CauseTrial } from './causes/trial.js'

/** In real time there are few trials: of all of them so many must be right. */
const realGoal = 0.9

const { values: flags } = parseArgs({
  options: {
    runs: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    real: { type: 'boolean', default: false },
    wrong: { type: 'boolean', default: false },
    json: { type: 'string' },
    workers: { type: 'string' },
    /** The number of a process that this one has started. */
    part: { type: 'string' },
  },
})
const pace: TrialPace = flags.real ? 'real' : 'virtual'
const workers = flags.real ? 1 : Number(flags.workers ?? cpus().length)
const plan = planTrials(Number(flags.runs), Number(flags.seed))

async function makePart(part: number): Promise<readonly CauseTrial[]> {
  const trials: CauseTrial[] = []
  for (const [index, { make }] of plan.entries()) if (index % workers === part) trials.push(await make(pace))
  return trials
}

function partOf(part: number): Promise<readonly CauseTrial[]> {
  const child: ChildProcess = fork(fileURLToPath(import.meta.url), [...process.argv.slice(2), '--part', String(part)])
  return new Promise((resolve, reject) => {
    child.on('message', (trials) => resolve(trials as CauseTrial[]))
    child.on('exit', (code) => reject(new Error(`a worker ended with ${code}`)))
  })
}

const share = (value: number | null) => (value === null ? '–' : `${(value * 100).toFixed(1)} %`)

function report(trials: readonly CauseTrial[], seconds: number): boolean {
  const scores = causeScores(trials)
  console.table(confusion(trials))
  const { single, each, double, healthyAccused } = scores
  const goalOfEach = Object.entries(each).map(([cause, score]) => [cause, score, causeGoals.each, 'at least'] as const)
  const lines = [
    ['single causes', single, causeGoals.single, 'at least'] as const,
    ...goalOfEach,
    ['pairs: the set is equal', double, causeGoals.double, 'at least'] as const,
    ['healthy, but accused', healthyAccused, causeGoals.healthyAccused, 'at most'] as const,
  ]
  console.table(
    lines.map(([what, { trials: of, right, share: found }, goal, word]) => ({
      what,
      trials: of,
      count: right,
      share: share(found),
      goal: `${word} ${share(goal)}`,
    })),
  )
  const right = trials.filter(
    ({ expected, named }) => expected.length === named.length && expected.every((cause) => named.includes(cause)),
  )
  console.log(
    `${trials.length} trials in ${seconds.toFixed(0)} s, ${right.length} right, ${trials.reduce((sum, { redrawn }) => sum + redrawn, 0)} redrawn`,
  )
  const met = flags.real ? right.length >= realGoal * trials.length : scores.met
  if (flags.wrong) for (const trial of trials) if (!right.includes(trial)) show(trial)
  if (flags.json !== undefined) {
    const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cpus: cpus().length }
    const figures = {
      machine,
      runs: trials.length,
      seed: Number(flags.seed),
      pace,
      seconds,
      goals: causeGoals,
      scores,
      confusion: confusion(trials),
    }
    writeFileSync(flags.json, `${JSON.stringify({ ...figures, met }, null, 2)}\n`)
  }
  return met
}

function show({ seed, expected, named, how, dialect, untimely, causes }: CauseTrial): void {
  console.log(
    `\n${seed} ${dialect}: ${how}: expected ${expected.join(' + ') || 'nothing'}, named ${named.join(' + ') || 'nothing'}, ${untimely} untimely`,
  )
  for (const { cause, count, share: of, confidence, evidence } of causes ?? [])
    console.log(`    ${cause} ${count} (${share(of)}), ${confidence}: ${evidence.join('; ')}`)
}

if (flags.part !== undefined) {
  const trials = await makePart(Number(flags.part))
  process.send?.(trials, () => process.disconnect?.())
} else {
  const began = realClock.now()
  const parts =
    workers > 1 ? await Promise.all(Array.from({ length: workers }, (_, part) => partOf(part))) : [await makePart(0)]
  if (!report(parts.flat(), (realClock.now() - began) / 1000)) process.exitCode = 1
}
