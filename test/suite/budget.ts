// The cost that the suite may have, in processor time: on a busy machine tests wait, and that is no fault of theirs.

/**
 * Seconds of processor time that the whole suite may take: two cores for five minutes. With build and check a quiet machine of
 * two cores took 508 s (27 November 2026, Node 20, 7,124 tests). A suite that needs more has grown: make its slowest files faster.
 */
export const budgetSeconds = 600

/** Files named when the budget is overdrawn. */
const named = 20

/**
 * The complaint about a suite that took longer than it may, with the files that took most; undefined for one that did not.
 * `lines` are those of write-time.ts: seconds, a blank, a file.
 */
export function overBudget(lines: string, runnerSeconds: number, allowed = budgetSeconds): string | undefined {
  const files = lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ({ seconds: Number.parseFloat(line), file: line.slice(line.indexOf(' ') + 1) }))
    .sort((one, other) => other.seconds - one.seconds)
  const spent = files.reduce((sum, { seconds }) => sum + seconds, runnerSeconds)
  if (spent <= allowed) return undefined
  return [
    `The tests took ${spent.toFixed(0)} s of processor time, and their budget is ${allowed} s: make the slowest faster.`,
    ...files.slice(0, named).map(({ seconds, file }) => `${seconds.toFixed(1).padStart(7)} s  ${file}`),
    `${runnerSeconds.toFixed(1).padStart(7)} s  the test runner itself`,
  ].join('\n')
}
