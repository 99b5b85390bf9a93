// The first line of every report: what was offered, what became of it, and whether the generator can be trusted.

import type { Result } from '../../measure/result.js'
import { outcomes } from '../../measure/sample.js'
import { formatCount, formatShare, shareWithoutAnswer } from './figures.js'

/** `offered 100  approved 98 …; failed+unsent 1 %; generator not saturated`. */
export function headline(result: Result): string {
  const counts = outcomes.map((outcome) => `${outcome} ${formatCount(result.outcomes[outcome])}`)
  const lost = formatShare(shareWithoutAnswer(result.offered, result.outcomes))
  const parts = [
    ...(result.whole === false ? [notWhole(result)] : []),
    ...(result.mixed === undefined ? [] : ['MIXED: the parts are not of one run']),
    `offered ${formatCount(result.offered)}  ${counts.join('  ')}`,
    `failed+unsent ${lost}`,
    saturation(result),
    ...(result.tls?.insecure ? ['TLS INSECURE: the certificate of the host was not checked'] : []),
    ...(result.books?.agree === false ? ['BOOKS DO NOT AGREE'] : []),
    ...(result.abortedBy === undefined ? [] : ['ENDED EARLY by a threshold']),
    ...(result.interrupted ? ['INTERRUPTED: only what was measured until then'] : []),
  ]
  return parts.join('; ')
}

/** `NOT WHOLE: part 3 of 20 (host) died at 41 s`; the part alone where this is the result of one part. */
function notWhole({ parts = [] }: Result): string {
  const lost = parts.filter((part) => part.lost !== null)
  const [only] = parts
  if (lost.length === 0 && only !== undefined) return `NOT WHOLE: part ${only.part} of ${only.of} alone`
  const named = lost.map(
    ({ part, of, host, lost: why }) => `part ${part} of ${of}${host === null ? '' : ` (${host})`} ${why}`,
  )
  return `NOT WHOLE: ${named.join(', ')}`
}

function saturation({ generator }: Result): string {
  if (generator === null) return 'generator: simulated time'
  if (!generator.saturated) return 'generator not saturated'
  return 'generator SATURATED: this machine was the bottleneck, do not trust the latencies'
}
