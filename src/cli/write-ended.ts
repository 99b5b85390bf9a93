// Writes a report that ends with its verdict. Red and green stand there only: where they decide.

import { maskText } from '../base/mask.js'
import { printableLines } from '../base/text/shown-text.js'
import type { Output } from './io.js'

const green = (text: string) => `\x1b[32m${text}\x1b[0m`
const red = (text: string) => `\x1b[31m${text}\x1b[0m`

/** `text`: its last paragraph is the verdict. In a terminal that is red, or green where `exit` is 0. */
export function writeEnded(output: Output, text: string, exit: number): void {
  const at = text.trimEnd().lastIndexOf('\n\n')
  if (output.isTTY !== true || output.draw === undefined || at < 0) return void output.write(text)
  output.write(text.slice(0, at + 2))
  // Drawn as it is: what a file or a peer said in it is made harmless here.
  const ending = printableLines(maskText(text.slice(at + 2).trimEnd()))
  const lines = ending.split('\n').map(exit === 0 ? green : red)
  output.draw(`${lines.join('\n')}\n`)
}
