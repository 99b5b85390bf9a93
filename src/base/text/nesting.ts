// How deep a text of YAML or JSON is nested, told without a parser: parsers are recursive, and end their stack.

import { UsageError } from '../errors.js'

/** Levels of brackets, of indentation and of lists in lists: more than any file that a person writes. */
export const deepestNesting = 100

/** Where a text becomes deeper than deepestNesting: a line and a column from 1. Brackets in quotes count like others. */
export function tooDeepAt(text: string): { readonly line: number; readonly column: number } | undefined {
  const indents: number[] = []
  let brackets = 0
  let start = 0
  for (let line = 1; start <= text.length; line++) {
    const found = text.indexOf('\n', start)
    const end = found < 0 ? text.length : found
    const levels = /^ *(?:- +)*/.exec(text.slice(start, Math.min(end, start + 10_000)))?.[0] ?? ''
    const indent = levels.length
    const dashes = levels.split('-').length - 1
    if (indent < end - start) {
      while ((indents.at(-1) ?? -1) >= indent) indents.pop()
      indents.push(indent)
    }
    if (indents.length + dashes > deepestNesting) return { line, column: indent + 1 }
    for (let at = start; at < end; at++) {
      const code = text.charCodeAt(at)
      if (code === openBracket || code === openBrace) brackets++
      else if ((code === closeBracket || code === closeBrace) && brackets > 0) brackets--
      if (brackets > deepestNesting) return { line, column: at - start + 1 }
    }
    start = end + 1
  }
  return undefined
}

/** Throws UsageError that names the place. A parser would be slow before its stack ends. */
export function refuseNesting(text: string, file: string): void {
  const place = tooDeepAt(text)
  if (place === undefined) return
  throw new UsageError(`nested deeper than ${deepestNesting} levels`, {
    where: `${file}:${place.line}:${place.column}`,
  })
}

const [openBracket, closeBracket, openBrace, closeBrace] = [91, 93, 123, 125]
