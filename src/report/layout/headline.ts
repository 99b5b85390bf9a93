// The first line of every report: what was offered, what became of it, and whether the generator can be trusted.

import type { Result } from '../../measure/result.js'
import { outcomes } from '../../measure/sample.js'
import { formatCount, formatShare, shareWithoutAnswer } from './figures.js'

/** `offered 100  approved 98 …; failed+unsent 1 %; generator not saturated`. */
export function headline(result: Result): string {
  const counts = outcomes.map((outcome) => `${outcome} ${formatCount(result.outcomes[outcome])}`)
  const lost = formatShare(shareWithoutAnswer(result.offered, result.outcomes))
  const parts = [
    `offered ${formatCount(result.offered)}  ${counts.join('  ')}`,
    `failed+unsent ${lost}`,
    saturation(result),
    ...(result.tls?.insecure ? ['TLS INSECURE: the certificate of the host was not checked'] : []),
    ...(result.books?.agree === false ? ['BOOKS DO NOT AGREE'] : []),
    ...(result.interrupted ? ['INTERRUPTED: only what was measured until then'] : []),
  ]
  return parts.join('; ')
}

function saturation({ generator }: Result): string {
  if (generator === null) return 'generator: simulated time'
  if (!generator.saturated) return 'generator not saturated'
  return 'generator SATURATED: this machine was the bottleneck, do not trust the latencies'
}
