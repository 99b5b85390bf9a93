// The reports of one generator of several about itself while it runs.

import type { Clock } from '../../base/clock.js'
import type { GeneratorHooks } from '../run-options.js'

/** In ms: what is lost at the most when a generator dies. */
const tellEveryMs = 5000

/** Returns what stops it; undefined where nobody listens. */
export function startTelling(
  generator: GeneratorHooks | undefined,
  clock: Clock,
  look: () => Parameters<NonNullable<GeneratorHooks['soFar']>>[0],
): (() => void) | undefined {
  if (generator?.soFar === undefined) return undefined
  const tell = () => {
    timer = clock.after(tellEveryMs, tell)
    generator.soFar?.(look())
  }
  let timer = clock.after(tellEveryMs, tell)
  return () => timer.cancel()
}
