// The last line of a screen: whether it passed, why, and the exit code.

import type { Language } from '../words/language.js'
import { foldLine } from './screen.js'

/** Where text is shown. */
export interface Screen {
  /** Columns of a terminal; left out: lines are as long as they are. */
  readonly columns?: number | undefined
  /** The exit code that the last line names; left out: that of what is shown. */
  readonly exit?: number
  /** Left out: English. */
  readonly language?: Language
}

/** `FAILED 1 of 5: responseTime.p99 1,158 ms, limit 800 ms · exit 3`; in a narrow terminal, several lines. */
export function endingLine(
  { passed, reason }: { readonly passed: boolean; readonly reason: string },
  { columns, exit, language = 'en' }: Screen & { readonly exit: number },
): string {
  const word = language === 'zh' ? (passed ? 'PASSED 通过' : 'FAILED 未通过') : passed ? 'PASSED' : 'FAILED'
  return foldLine(`${word} ${reason} · ${language === 'zh' ? '退出码' : 'exit'} ${exit}`, columns).join('\n')
}
