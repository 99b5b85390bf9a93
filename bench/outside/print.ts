// Tables of what trials found.

import type { CauseRow } from '../../src/measure/causes/diagnose.js'
import type { MarkTally, OutsideScores } from './score.js'
import type { OutsideTrial } from './trial.js'

const percent = (part: number, of: number) => (of === 0 ? '–' : `${((part / of) * 100).toFixed(0)} %`)

export function printScores({ run, explain, watch, healthyAccused, each, reliability }: OutsideScores): string {
  const head = ['kind', 'truth', 'trials', 'run', 'half', 'silent', 'wrong', 'captures', 'right', 'wrong']
  const row = (name: string, truth: string, own: MarkTally, captured: MarkTally) => [
    ...[name, truth, `${own.trials}`, percent(own.right, own.trials), `${own.half}`, `${own.silent}`, `${own.wrong}`],
    ...[`${captured.trials}`, percent(captured.right, captured.trials), `${captured.wrong + captured.half}`],
  ]
  const rows = Object.entries(each).map(([name, of]) => row(name, of.truth, of.run, of.explain))
  const said = reliability.map(({ from, to, said: count, right }) => [
    `${(from * 100).toFixed(0)}-${(to * 100).toFixed(0)} %`,
    `${count}`,
    percent(right, count),
  ])
  return [
    table([head, ...rows, row('all', '', run, explain)]),
    '',
    table([['confidence', 'verdicts', 'right'], ...said]),
    '',
    `watch: state right ${percent(watch.right, watch.trials)} of ${watch.trials}`,
    `wrong with over 75 % confidence: runs ${percent(run.surelyWrong, run.trials)}, captures ${percent(explain.surelyWrong, explain.trials)}`,
    `healthy runs accused: ${healthyAccused.accused} of ${healthyAccused.trials}`,
    '',
  ].join('\n')
}

export function printTrial({ seed, kind, truth, how, run, explain, watch }: OutsideTrial): string {
  const lines = (name: string, of: OutsideTrial['run'] | undefined) =>
    of === undefined
      ? []
      : [
          `  ${name}: named ${of.named.join(' + ') || 'nothing'}; ${of.untimely} of ${of.offered} untimely`,
          ...of.causes.map(causeLine),
        ]
  const watched = watch === undefined ? [] : [`  watch: wanted ${watch.wanted}, found ${watch.found} (${watch.cause})`]
  return `${[`${seed} ${truth}: ${kind}: ${how}`, ...lines('run', run), ...lines('explain', explain), ...watched].join('\n')}\n`
}

const causeLine = ({ cause, count, confidence, evidence }: CauseRow) =>
  `    ${cause} ${count}, ${confidence}: ${evidence.join('; ')}`

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
