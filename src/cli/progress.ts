// Progress on stderr: figures that redraw themselves in a terminal, a plain line every few seconds elsewhere.

import { printable } from '../base/text/shown-text.js'
import { displayWidth } from '../report/layout/columns.js'
import { foldLine } from '../report/layout/screen.js'
import { liveLine } from '../report/live/line.js'
import type { LiveSnapshot } from '../report/live/snapshot.js'
import { createLiveView } from '../report/live/view.js'
import type { Language } from '../report/words/language.js'
import { progressLineIn } from '../report/words/progress-lines.js'
import { type Output, usualColumns } from './io.js'

/** Disposed, it leaves no figures on the screen, however the command ends. */
export interface Progress extends Disposable {
  /** A line on what is happening; `--quiet` keeps it back. */
  line(text: string): void
  /** A line that is shown whatever the flags are: an interrupt, a trace. */
  say(text: string): void
  snapshot(live: LiveSnapshot): void
  /** Takes the last figures away. */
  done(): void
}

/** Between two plain lines, in ms of the run. */
const plainLineEveryMs = 5000
/** Until the first line of a start that takes long, in ms. */
const startLineAfterMs = 3000

/** `plain`: lines even in a terminal. */
export function createProgress(
  output: Output,
  { quiet, plain: isPlain = false, language = 'en' }: { quiet: boolean; plain?: boolean; language?: Language },
): Progress {
  const isRedrawn = output.isTTY === true && !isPlain
  const shown = quiet ? silent(output) : isRedrawn ? redrawing(output, language) : plain(output, language)
  const said = (say: (text: string) => void) => (text: string) => say(progressLineIn(language, text))
  return { ...shown, line: said(shown.line), say: said(shown.say), [Symbol.dispose]: shown.done }
}

type Shown = Omit<Progress, typeof Symbol.dispose>

const silent = (output: Output): Shown => ({
  line: () => {},
  say: (text) => output.write(`${text}\n`),
  snapshot: () => {},
  done: () => {},
})

function plain(output: Output, language: Language): Shown {
  let nextAt = startLineAfterMs
  let starting = true
  const line = (text: string) => void output.write(`${text}\n`)
  return {
    line,
    say: line,
    snapshot(live) {
      // The load has a clock of its own, and so has every run.
      if (starting !== (live.stage === 'starting')) nextAt = plainLineEveryMs
      starting = live.stage === 'starting'
      // Snapshots come once a second, a little late: half a second early is meant to be this line's turn.
      if (live.elapsedMs < nextAt - (starting ? 0 : 500)) return
      nextAt = live.elapsedMs + plainLineEveryMs
      line(progressLineIn(language, liveLine(live)))
    },
    done: () => {},
  }
}

function redrawing(output: Output, language: Language): Shown {
  let view = createLiveView(language)
  let drawn: readonly string[] = []
  let last: LiveSnapshot | undefined
  let release: (() => void) | undefined
  const columns = () => Math.max(1, output.columns ?? usualColumns)
  const put = (text: string) => (output.draw === undefined ? output.write(text) : output.draw(text))
  // A terminal that became narrower has broken the lines of the last picture into several rows.
  const rows = () => drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(displayWidth(line) / columns())), 0)
  const up = () => (drawn.length === 0 ? '' : `\x1b[${rows()}A\r`)
  const draw = (live: LiveSnapshot) => {
    const lines = view.lines(live, { columns: columns(), rows: output.rows }).map(printable)
    put(`${up()}\x1b[0J${lines.map((line) => `${line}\n`).join('')}`)
    drawn = lines
  }
  const redraw = () => {
    if (last !== undefined) draw(last)
  }
  const erase = () => {
    if (drawn.length > 0) put(`${up()}\x1b[0J`)
    drawn = []
  }
  // Above the figures, which stay where they are.
  const say = (text: string) => {
    erase()
    output.write(`${foldLine(text, columns()).join('\n')}\n`)
    redraw()
  }
  return {
    line: say,
    say,
    snapshot(live) {
      last = live
      release ??= output.onResize?.(redraw)
      draw(live)
    },
    // The figures of a moment ago are no figures of the run: nothing stale stays above the report.
    done() {
      erase()
      last = undefined
      release?.()
      release = undefined
      view = createLiveView(language)
    },
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
