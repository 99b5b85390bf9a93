// A dictionary of Python or an object of JavaScript in a source file, as YAML: their literals are flow mappings there. Nothing
// is run: what is not a literal is refused.

import { refuseSpec } from './spec-error.js'

/** The text with everything but the first literal blanked out, every line kept. Throws UsageError where there is none. */
export function literalIn(text: string, file: string): string {
  const isPython = /\.py$/i.test(file)
  const bare = withoutComments(text, isPython)
  const start = literalStart(bare)
  const place = { file, line: 1, column: 1, path: '' }
  if (start === undefined)
    refuseSpec(
      place,
      isPython
        ? 'assigns no dictionary in braces: write the spec as JSON (python3 -c "import json, FILE; print(json.dumps(FILE.SPEC))")'
        : 'assigns or exports no object in braces: write the formats as JSON',
    )
  const end = literalEnd(bare, start)
  const line = text.slice(0, start).split('\n').length
  if (end === undefined) refuseSpec({ ...place, line }, 'begins a literal in braces that does not end')
  return blank(bare.slice(0, start)) + bare.slice(start, end)
}

const blank = (text: string) => text.replace(/[^\r\n]/g, ' ')

/** `SPEC = {`, `module.exports = {`, `export default {`, with a type between name and sign. */
function literalStart(text: string): number | undefined {
  const match =
    /^[ \t]*(?:export\s+default\s*|(?:export\s+)?(?:const\s+|let\s+|var\s+)?[\w.]+(?:\s*:[^={}\n]+)?\s*=\s*)\{/m.exec(
      text,
    )
  return match === null ? undefined : match.index + match[0].length - 1
}

/** Behind the brace that closes the one at `start`. */
function literalEnd(text: string, start: number): number | undefined {
  let depth = 0
  for (let at = start; at < text.length; at++) {
    const character = text[at]
    if (character === '"' || character === "'") at = stringEnd(text, at)
    else if (character === '{' || character === '[') depth++
    else if (character === '}' || character === ']') depth--
    if (depth === 0) return at + 1
  }
  return undefined
}

function stringEnd(text: string, start: number): number {
  const quote = text[start]
  let at = start + 1
  while (at < text.length && text[at] !== quote && text[at] !== '\n') at += text[at] === '\\' ? 2 : 1
  return at
}

/** Comments and texts over several lines blanked out; what stands inside a string stays. */
function withoutComments(text: string, isPython: boolean): string {
  const pattern = isPython
    ? /"""[\s\S]*?"""|'''[\s\S]*?'''|("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|#[^\n]*/g
    : /("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|\/\/[^\n]*|\/\*[\s\S]*?\*\//g
  return text.replace(pattern, (whole, string: string | undefined) => (string === undefined ? blank(whole) : string))
}
