// Keeps the suite short enough to be run before every commit: it warns when it took longer. A busy machine is no failure.

/** Seconds of tests; of `npm test`; the build and the linter take some ten more. */
const budgetSeconds = 270

export default function startSuite(): () => void {
  const startedAt = process.uptime()
  return () => {
    const seconds = process.uptime() - startedAt
    if (seconds <= budgetSeconds) return
    console.error(
      `warning: the tests took ${seconds.toFixed(0)} s, the budget is ${budgetSeconds} s: make the slowest faster`,
    )
  }
}
