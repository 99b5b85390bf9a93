// The last line of a screen: whether it passed, why, and the exit code. Red and green stand only here.

import { foldLine, green, red } from './screen.js'

/** Where text is shown. */
export interface Screen {
  /** Columns of a terminal; left out: lines are as long as they are. */
  readonly columns?: number | undefined
  /** Left out: no colours. */
  readonly colours?: boolean
  /** The exit code that the last line names; left out: that of what is shown. */
  readonly exit?: number
}

/** `FAILED 1 of 5: responseTime.p99 1,158 ms, limit 800 ms · exit 3`. */
export function endingLine(
  { passed, reason }: { readonly passed: boolean; readonly reason: string },
  { columns, colours = false, exit }: Screen & { readonly exit: number },
): string {
  const lines = foldLine(`${passed ? 'PASSED' : 'FAILED'} ${reason} · exit ${exit}`, columns).join('\n')
  if (!colours) return lines
  return passed && exit === 0 ? green(lines) : red(lines)
}
