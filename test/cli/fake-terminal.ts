// A terminal of so many columns and rows, as far as the program uses one: it wraps, scrolls, and breaks long lines anew when it
// becomes narrower, as tmux and most others do.

import { displayWidth } from '../../src/report/layout/columns.js'

/** Stands for the escape character. */
const escapeMark = '\ue000'

export class FakeTerminal {
  /** Lines from the first one written on; the screen is the last `rows` of them. */
  #lines: string[] = ['']
  #row = 0
  #column = 0
  columns: number
  rows: number
  /** Lines that were longer than the terminal was wide when they were written. */
  wrapped = 0
  #listeners = new Set<() => void>()

  constructor(columns: number, rows: number) {
    this.columns = columns
    this.rows = rows
  }

  readonly isTTY = true
  readonly write = (data: string | Uint8Array) => this.#feed(String(data))
  readonly onResize = (action: () => void) => {
    this.#listeners.add(action)
    return () => void this.#listeners.delete(action)
  }

  /** The screen that a person sees, without the spaces at the end. */
  screen(): string {
    return this.#lines.slice(-this.rows).join('\n').trimEnd()
  }

  /** All that was ever there. */
  text(): string {
    return this.#lines.join('\n').trimEnd()
  }

  resize(columns: number, rows: number): void {
    const before = this.#lines
    const cursor = this.#row
    this.columns = columns
    this.rows = rows
    this.#lines = []
    for (const [index, line] of before.entries()) {
      if (index === cursor) this.#row = this.#lines.length
      this.#lines.push(...broken(line, columns))
    }
    for (const listener of [...this.#listeners]) listener()
  }

  #feed(text: string): void {
    const pieces = text.replaceAll('\x1b', escapeMark).matchAll(/\ue000\[(\d*)([A-Za-z])|\n|\r|[^\ue000\n\r]/gu)
    for (const [piece, count, command] of pieces) {
      if (piece === '\n') this.#down()
      else if (piece === '\r') this.#column = 0
      else if (command === 'A') this.#row = Math.max(0, this.#row - Number(count || 1))
      else if (command === 'J') this.#eraseBelow()
      else if (command === 'K') this.#lines[this.#row] = ''
      else if (command === undefined) this.#put(piece)
    }
  }

  #down(): void {
    this.#row++
    this.#column = 0
    if (this.#row === this.#lines.length) this.#lines.push('')
  }

  #put(character: string): void {
    if (this.#column + displayWidth(character) > this.columns) {
      this.wrapped++
      this.#down()
    }
    const line = this.#lines[this.#row] ?? ''
    this.#lines[this.#row] = line.slice(0, this.#column) + character + line.slice(this.#column + 1)
    this.#column += displayWidth(character)
  }

  #eraseBelow(): void {
    this.#lines[this.#row] = (this.#lines[this.#row] ?? '').slice(0, this.#column)
    this.#lines.length = this.#row + 1
  }
}

function broken(line: string, columns: number): readonly string[] {
  const lines: string[] = ['']
  for (const character of line) {
    if (displayWidth(`${lines.at(-1)}${character}`) > columns) lines.push('')
    lines[lines.length - 1] += character
  }
  return lines
}
