// `npm run simulate:mutants`: deliberate defects, each patched into a copy of the compiled code. The simulation must
// find every one, and nothing in the copy that has none.

import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { readFlags } from './flags.js'

interface Patch {
  readonly file: string
  /** Stands in the file exactly once. */
  readonly from: string
  readonly to: string
}

interface Mutant {
  readonly name: string
  readonly patches: readonly Patch[]
}

const mutants: readonly Mutant[] = [
  { name: 'no defect', patches: [] },
  {
    name: 'post after answering',
    patches: [
      {
        file: 'src/acquirer/acquirer.js',
        from: 'if (carriedOut)\n            posting.post(request, decision, (final) => desk.answer(work, final))',
        to: 'if (carriedOut) (desk.answer(work, decision), posting.post(request, decision, () => {}))',
      },
    ],
  },
  {
    name: 'post a step after',
    patches: [
      {
        file: 'src/acquirer/ledger/ledger-posting.js',
        from: 'line.push({ operation, done });\n            if (!scheduled)\n                schedule(0);',
        to: 'line.push({ operation, done() {} }); done(decision); if (!scheduled) { scheduled = true; clock.precisely(0, () => schedule(0)); }',
      },
    ],
  },
  {
    name: 'any answer will do',
    patches: [
      {
        file: 'src/terminal/owed.js',
        from: "return outcome !== 'failed' && !retryCode && !this.#options.notRead.includes(code)",
        to: 'return true',
      },
    ],
  },
  {
    name: 'send, then journal',
    patches: [
      { file: 'src/terminal/journal.js', from: 'this.#waiting.push(done)', to: 'done(undefined)' },
      {
        file: 'src/terminal/journal.js',
        from: 'this.#clock.soon(() => this.#flush())',
        to: 'this.#clock.precisely(0, () => this.#flush())',
      },
    ],
  },
  {
    name: 'refuse settlements',
    patches: [
      {
        file: 'src/acquirer/ledger/post-batch.js',
        from: 'const first = find.get(terminal.id, batch, stan);',
        to: 'if (terminal) return { ...decision, code: codes.malfunction }; const first = undefined;',
      },
    ],
  },
  {
    name: 'settle, do not close',
    patches: [
      {
        file: 'src/acquirer/ledger/post-batch.js',
        from: 'if (closes)\n                close(terminal, batch);',
        to: '',
      },
    ],
  },
  {
    name: 'settle by wrong totals',
    patches: [
      {
        file: 'src/acquirer/ledger/post-batch.js',
        from: 'const totals = totalsOf(terminal.id, batch);',
        to: 'const right = totalsOf(terminal.id, batch); const totals = { ...right, debitAmount: right.debitAmount + 1 };',
      },
    ],
  },
  {
    name: 'forget the journal',
    patches: [{ file: 'src/terminal/journal.js', from: 'this.#storage.append(bytes)', to: 'void bytes' }],
  },
  {
    name: 'treat a repeat as new',
    patches: [
      {
        file: 'src/acquirer/ledger/schema.js',
        from: 'posted_at INTEGER NOT NULL,\n  UNIQUE (terminal, batch, stan)\n);\nCREATE INDEX entry_by_original',
        to: 'posted_at INTEGER NOT NULL\n);\nCREATE INDEX entry_by_original',
      },
      { file: 'src/acquirer/ledger/post-money.js', from: 'if (known !== undefined)', to: 'if (false)' },
    ],
  },
  {
    name: 'pay again and again',
    patches: [
      {
        file: 'src/acquirer/ledger/payouts.js',
        from: 'paid_entry = max(paid_entry, ?2)',
        to: 'paid_entry = paid_entry',
      },
    ],
  },
  {
    name: 'cancel what was written',
    patches: [
      { file: 'src/terminal/money-desk.js', from: 'if (!transaction.written)', to: 'if (!transaction.answered)' },
    ],
  },
]

const root = resolve(import.meta.dirname, '../..')

interface Report {
  readonly isMet: boolean
  /** Seeds that ended with a settlement without verdict. */
  readonly unsettled: readonly string[]
  readonly failed: readonly { readonly seed: string; readonly problems: readonly string[] }[]
}

/** The report of a run over the mutant. Throws when a patch does not fit, or the run itself ends early. */
function runMutant({ name, patches }: Mutant, args: readonly string[]): Report {
  const folder = mkdtempSync(join(tmpdir(), 'isochron-mutant-'))
  try {
    cpSync(join(root, 'dist-bench'), folder, { recursive: true })
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    for (const patch of patches) apply(folder, patch)
    const report = join(folder, 'report.json')
    const script = join(folder, 'bench/simulate.js')
    const { status, stderr } = spawnSync(process.execPath, [script, ...args, '--show', '0', '--json', report], {
      encoding: 'utf8',
    })
    if (status !== 0 && status !== 1) throw new Error(`${name}: ended with ${status}\n${stderr}`)
    return JSON.parse(readFileSync(report, 'utf8')) as Report
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function apply(folder: string, { file, from, to }: Patch): void {
  const path = join(folder, file)
  const parts = readFileSync(path, 'utf8').split(from)
  if (parts.length !== 2) throw new Error(`${file}: expected '${from}' once, found it ${parts.length - 1} times`)
  writeFileSync(path, parts.join(to))
}

const { schedules, seed = '1', json } = readFlags({ schedules: { usual: 60, least: 1 }, seed: 'word', json: 'file' })
const line = (cells: readonly (string | number)[]) =>
  process.stdout.write(`${cells.map((cell, index) => String(cell).padEnd([24, 14, 10][index] ?? 0)).join('')}\n`)

line(['defect', 'schedules', 'failed', 'first problem'])
const rows: object[] = []
let isMet = true
for (const mutant of mutants) {
  const report = runMutant(mutant, ['--schedules', String(schedules), '--seed', seed])
  const { failed, unsettled } = report
  const isRight = report.isMet === (mutant.patches.length === 0)
  isMet &&= isRight
  const first = failed[0]
  const noVerdict = unsettled.length === 0 ? '' : `no verdict in ${unsettled.length}`
  const problem = first === undefined ? noVerdict : `${first.problems[0]} (${first.seed})`
  const failures = report.isMet ? 0 : Math.max(failed.length, unsettled.length)
  rows.push({ defect: mutant.name, schedules, failures, isRight, problem })
  line([mutant.name, schedules, failures, isRight ? problem : `NOT AS IT SHOULD BE ${problem}`])
}
if (json !== undefined) writeFileSync(json, `${JSON.stringify({ seed, isMet, rows }, null, 2)}\n`)
process.stdout.write(`${isMet ? 'met' : 'NOT MET'}: every defect is found, and nothing where there is none\n`)
process.exitCode = isMet ? 0 : 1
