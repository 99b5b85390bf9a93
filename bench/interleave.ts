// A loop that measures several small tasks fairly: all take turns in short rounds, so that a busy moment of the machine hits
// each of them, and the median of the rounds counts.

/** The work that is measured; it returns something that depends on it, so that the work is not optimised away. */
export type Task = () => unknown

export interface Interleaving {
  readonly rounds: number
  /** Milliseconds of one task in one round. */
  readonly roundMs: number
}

/** Long enough for the compiler to settle and for the timer's grain not to matter. */
export const usual: Interleaving = { rounds: 41, roundMs: 4 }

/** Nanoseconds per call of each task, by its name. */
export function measure(tasks: Readonly<Record<string, Task>>, { rounds, roundMs }: Interleaving = usual) {
  const runners = Object.entries(tasks).map(([name, task]) => ({
    name,
    task,
    calls: callsFor(task, roundMs),
    times: [] as number[],
  }))
  for (let round = 0; round < rounds; round++) {
    for (const { task, calls, times } of runners) times.push((elapsedMs(task, calls) * 1e6) / calls)
  }
  return new Map(runners.map(({ name, times }) => [name, median(times)]))
}

/** Doubles the number of calls until they take as long as a round; that warms the task up too. */
function callsFor(task: Task, roundMs: number): number {
  let calls = 16
  // The fastest of three: a pause of the machine must not pass for work, or rounds would be too short to mean anything.
  while (Math.min(elapsedMs(task, calls), elapsedMs(task, calls), elapsedMs(task, calls)) < roundMs) calls *= 2
  return calls
}

let sink: unknown

function elapsedMs(task: Task, calls: number): number {
  const start = performance.now()
  for (let call = 0; call < calls; call++) sink = task()
  return performance.now() - start
}

/** The last result: kept where the compiler cannot prove that nobody reads it. */
export const lastResult = () => sink

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1] as number
}
