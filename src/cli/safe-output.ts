// The output of a command, made harmless: whatever a file or a peer said cannot act on the terminal that shows it.

import { maskText } from '../base/mask.js'
import { printableJson, printableLines } from '../base/text/shown-text.js'
import type { Io, Output } from './io.js'

/** Results: JSON stays the same JSON. Bytes are what was asked for, and stay. */
const ofResults = (text: string) => (/^\s*[{[]/.test(text) ? printableJson(text) : printableLines(text))

/** Progress and errors may repeat what stands in a file: without card numbers and keys. */
const ofErrors = (text: string) => printableLines(maskText(text))

/** The same outside world with outputs that pass nothing on that could act on a terminal. */
export function safeIo(io: Io): Io {
  return {
    stdin: io.stdin,
    stdout: safe(io.stdout, ofResults),
    stderr: safe(io.stderr, ofErrors),
    onSignal: (action) => io.onSignal(action),
    exit: (code) => io.exit(code),
  }
}

function safe(output: Output, clean: (text: string) => string): Output {
  return {
    write: (data) => output.write(typeof data === 'string' ? clean(data) : data),
    draw: (text) => output.write(text),
    get waitingBytes() {
      return output.waitingBytes ?? 0
    },
    ...(output.isTTY === undefined ? {} : { isTTY: output.isTTY }),
    get columns() {
      return output.columns
    },
    get rows() {
      return output.rows
    },
    ...(output.onResize === undefined
      ? {}
      : { onResize: (action: () => void) => output.onResize?.(action) ?? (() => {}) }),
  }
}
