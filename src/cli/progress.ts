// Progress on stderr: figures that redraw themselves in a terminal, a plain line every few seconds elsewhere.

import { printable } from '../base/text/shown-text.js'
import { type LiveSnapshot, liveLine, liveView } from '../report/live.js'
import type { Output } from './io.js'

export interface Progress {
  line(text: string): void
  snapshot(live: LiveSnapshot): void
  /** Takes the last figures away. */
  done(): void
}

/** Between two plain lines, in ms of the run. */
const plainLineEveryMs = 5000
/** Columns of a terminal that does not say how many it has. */
const usualColumns = 80

/** `plain`: lines even in a terminal. */
export function createProgress(
  output: Output,
  { quiet, plain: isPlain = false }: { quiet: boolean; plain?: boolean },
): Progress {
  if (quiet) return { line: () => {}, snapshot: () => {}, done: () => {} }
  return output.isTTY === true && !isPlain ? redrawing(output) : plain(output)
}

function plain(output: Output): Progress {
  let nextAt = plainLineEveryMs
  return {
    line: (text) => output.write(`${text}\n`),
    snapshot(live) {
      // Snapshots come once a second, a little late: half a second early is meant to be this line's turn.
      if (live.elapsedMs < nextAt - 500) return
      nextAt = live.elapsedMs + plainLineEveryMs
      output.write(`${liveLine(live)}\n`)
    },
    done: () => {},
  }
}

function redrawing(output: Output): Progress {
  let drawn = 0
  const draw = (lines: readonly string[]) => {
    // Up to the first line of the last picture, then each line cleared before it is written anew.
    const up = drawn === 0 ? '' : `\x1b[${drawn}A`
    const picture = `${up}${lines.map((line) => `\x1b[2K${printable(line)}\n`).join('')}`
    if (output.draw === undefined) output.write(picture)
    else output.draw(picture)
    drawn = lines.length
  }
  // The figures of a moment ago are no figures of the run: nothing stale stays above the report.
  const done = () => {
    if (drawn > 0) output.write(`\x1b[${drawn}A\x1b[0J`)
    drawn = 0
  }
  return {
    line(text) {
      done()
      output.write(`${text}\n`)
    },
    snapshot: (live) => draw(liveView(live, output.columns ?? usualColumns)),
    done,
  }
}

/** Says each line once: what every run would say again, such as whose keys these are, is said by the first. */
export function once(say: (line: string) => void): (line: string) => void {
  const said = new Set<string>()
  return (line) => {
    if (!said.has(line)) say(line)
    said.add(line)
  }
}
