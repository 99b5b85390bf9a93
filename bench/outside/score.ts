// The counts of trials: by kind and over all, for runs, captures and watches; and how far confidence can be believed.

import type { OutsideKind } from './kind.js'
import type { OutsideTrial, TrialVerdict } from './trial.js'

/** Least shares that must be right, over all and of each kind; most that may be wrong with confidence, and healthy accused. */
export const outsideGoals = { run: 0.85, explain: 0.85, watch: 0.9, each: 0.6, surelyWrong: 0.03, healthyAccused: 0.01 }
/** Confidence above which a wrong word does harm. */
const sure = 0.75

/** `right`: exactly the truth was named. `half`: the truth and something else. `silent`: nothing, though something was. */
export type Mark = 'right' | 'half' | 'silent' | 'wrong'

export function markOf(truth: OutsideTrial['truth'], { named }: TrialVerdict): Mark {
  const isNamed = named.includes(truth)
  if (truth === 'healthy') return named.length === 0 ? 'right' : 'wrong'
  if (named.length === 0) return 'silent'
  return isNamed ? (named.length === 1 ? 'right' : 'half') : 'wrong'
}

/** Somebody else was named, and surely, while the truth was not. */
export const isSurelyWrong = (truth: OutsideTrial['truth'], verdict: TrialVerdict): boolean =>
  markOf(truth, verdict) === 'wrong' &&
  verdict.causes.some(({ cause, confidence }) => verdict.named.includes(cause) && confidence > sure)

export interface MarkTally {
  readonly trials: number
  readonly right: number
  readonly half: number
  readonly silent: number
  readonly wrong: number
  readonly surelyWrong: number
}

export interface OutsideScores {
  readonly run: MarkTally
  readonly explain: MarkTally
  readonly watch: { readonly trials: number; readonly right: number }
  readonly healthyAccused: { readonly trials: number; readonly accused: number }
  readonly each: Readonly<
    Record<string, { readonly truth: string; readonly run: MarkTally; readonly explain: MarkTally }>
  >
  /** The verdicts by confidence, and those that were right. */
  readonly reliability: readonly {
    readonly from: number
    readonly to: number
    readonly said: number
    readonly right: number
  }[]
  readonly problems: readonly string[]
}

export function outsideScores(trials: readonly OutsideTrial[], kinds: readonly OutsideKind[]): OutsideScores {
  const each = Object.fromEntries(
    kinds.flatMap(({ name, truth }) => {
      const own = trials.filter(({ kind }) => kind === name)
      return own.length === 0 ? [] : [[name, { truth, run: tallyOf(own, 'run'), explain: tallyOf(own, 'explain') }]]
    }),
  )
  const watched = trials.flatMap(({ watch }) => watch ?? [])
  const well = trials.filter(({ truth }) => truth === 'healthy')
  const scores = {
    ...{ run: tallyOf(trials, 'run'), explain: tallyOf(trials, 'explain'), each },
    watch: { trials: watched.length, right: watched.filter(({ wanted, found }) => wanted === found).length },
    healthyAccused: { trials: well.length, accused: well.filter(({ run }) => run.named.length > 0).length },
    reliability: reliabilityOf(trials),
  }
  return { ...scores, problems: problemsOf(scores) }
}

function tallyOf(trials: readonly OutsideTrial[], what: 'run' | 'explain'): MarkTally {
  const judged = trials.flatMap((trial) => {
    const verdict = trial[what]
    return verdict === undefined ? [] : [{ truth: trial.truth, verdict }]
  })
  const count = (mark: Mark) => judged.filter(({ truth, verdict }) => markOf(truth, verdict) === mark).length
  return {
    ...{
      trials: judged.length,
      right: count('right'),
      half: count('half'),
      silent: count('silent'),
      wrong: count('wrong'),
    },
    surelyWrong: judged.filter(({ truth, verdict }) => isSurelyWrong(truth, verdict)).length,
  }
}

const bands = [0.55, 0.65, 0.75, 0.85, 0.9, 0.95, 1.001] as const

function reliabilityOf(trials: readonly OutsideTrial[]): OutsideScores['reliability'] {
  const verdicts = trials.flatMap(({ truth, run, explain }) =>
    [run, explain].flatMap((verdict) =>
      (verdict?.causes ?? [])
        .filter(({ cause }) => verdict?.named.includes(cause))
        .map(({ cause, confidence }) => ({ confidence, isRight: cause === truth })),
    ),
  )
  return bands.slice(0, -1).map((from, index) => {
    const to = bands[index + 1] as number
    const inside = verdicts.filter(({ confidence }) => confidence >= from && confidence < to)
    return { from, to: Math.min(1, to), said: inside.length, right: inside.filter(({ isRight }) => isRight).length }
  })
}

const shareOf = (part: number, of: number) => (of === 0 ? 1 : part / of)
const percent = (value: number) => `${(value * 100).toFixed(1)} %`

/** Trials of one kind from which on its share says something. */
const enoughOfKind = 3

function problemsOf({
  run,
  explain,
  watch,
  healthyAccused,
  each,
  reliability,
}: Omit<OutsideScores, 'problems'>): string[] {
  const atLeast = (what: string, found: number, goal: number) =>
    found >= goal ? [] : [`${what}: ${percent(found)}, at least ${percent(goal)} is asked`]
  const atMost = (what: string, found: number, goal: number) =>
    found <= goal ? [] : [`${what}: ${percent(found)}, at most ${percent(goal)} is allowed`]
  return [
    ...atLeast('runs right', shareOf(run.right, run.trials), outsideGoals.run),
    ...atLeast('captures right', shareOf(explain.right, explain.trials), outsideGoals.explain),
    ...atLeast('watches right', shareOf(watch.right, watch.trials), outsideGoals.watch),
    ...atMost('runs wrong with confidence', run.surelyWrong / Math.max(1, run.trials), outsideGoals.surelyWrong),
    ...atMost(
      'captures wrong with confidence',
      explain.surelyWrong / Math.max(1, explain.trials),
      outsideGoals.surelyWrong,
    ),
    ...atMost(
      'healthy runs accused',
      healthyAccused.accused / Math.max(1, healthyAccused.trials),
      outsideGoals.healthyAccused,
    ),
    ...Object.entries(each).flatMap(([name, { run: own }]) =>
      own.trials < enoughOfKind ? [] : atLeast(`kind '${name}'`, own.right / own.trials, outsideGoals.each),
    ),
    ...reliability
      .filter(({ from, said }) => from >= 0.9 && said >= 20)
      .flatMap(({ from, said, right }) => atLeast(`verdicts from ${percent(from)} on`, right / said, 0.85)),
  ]
}
