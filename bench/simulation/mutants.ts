// The deliberate defects, as patches of the compiled code. Rule: a patch whose place is gone throws, so that no defect
// counts as missed, or as found, that was never made.

import type { TermName } from './having.js'

export interface Patch {
  readonly file: string
  /** Stands in the file exactly once. */
  readonly from: string
  readonly to: string
}

export interface Mutant {
  readonly name: string
  readonly patches: readonly Patch[]
  /** It shows so seldom that it takes so many times more schedules. */
  readonly times?: number
  /** The term of payouts without which it cannot show; left out: none is needed. */
  readonly having?: TermName
}

export const mutants: readonly Mutant[] = [
  { name: 'no defect', patches: [] },
  {
    name: 'post after answering',
    patches: [
      {
        file: 'src/acquirer/acquirer.js',
        from: 'if (carriedOut)\n            posting.post(request, decision, work);',
        to: 'if (carriedOut) { desk.answer(work, decision); posting.post(request, decision, { conclude() {} }); }',
      },
    ],
  },
  {
    name: 'post a step after',
    patches: [
      {
        file: 'src/acquirer/ledger/ledger-posting.js',
        from: 'this.#line.push({ operation, asker });\n            this.#goOn();',
        to: 'this.#line.push({ operation, asker: { conclude() {} } }); asker.conclude(decision); if (!this.#isBusy) { this.#isBusy = true; this.#setup.clock.precisely(0, () => { this.#isBusy = false; if (!this.#abandoned) this.#goOn(); }); }',
      },
    ],
  },
  {
    name: 'any answer will do',
    patches: [
      {
        file: 'src/terminal/money/owed.js',
        from: "return outcome !== 'failed' && !retryCode && !this.#options.notRead.includes(code)",
        to: 'return true',
      },
    ],
  },
  {
    name: 'send, then journal',
    patches: [
      {
        file: 'src/terminal/journal/journal.js',
        from: 'this.#writer.open(id, record);',
        to: 'this.#writer.open(id, record); done(undefined, who); this.#clock.precisely(0, this.#flushAsked); return id;',
      },
    ],
  },
  {
    name: 'forget which totals were told',
    times: 10,
    patches: [
      {
        file: 'src/run/terminals/settlements.js',
        from: 'journal.settling(id, message, (error) => resolve(error === undefined))',
        to: 'resolve(true)',
      },
    ],
  },
  {
    name: 'refuse settlements',
    patches: [
      {
        file: 'src/acquirer/ledger/post-batch.js',
        from: 'if (before !== undefined)\n                return repeated(decision, before);',
        to: 'if (terminal) return { ...decision, code: codes.malfunction };',
      },
    ],
  },
  {
    name: 'settle, do not close',
    patches: [
      {
        file: 'src/acquirer/ledger/post-batch.js',
        from: 'if (closes)\n                yield* close(terminal, batch);',
        to: '',
      },
    ],
  },
  {
    name: 'settle by wrong totals',
    patches: [
      {
        file: 'src/acquirer/ledger/post-batch.js',
        from: 'const totals = yield* totalsOf(ledger.totals.over, terminal.id, batch);',
        to: 'const right = yield* totalsOf(ledger.totals.over, terminal.id, batch); const totals = { ...right, debitAmount: right.debitAmount + 1 };',
      },
    ],
  },
  {
    name: 'forget the journal',
    patches: [{ file: 'src/terminal/journal/journal.js', from: 'this.#storage.append(bytes)', to: 'void bytes' }],
  },
  {
    name: 'treat a repeat as new',
    patches: [
      {
        file: 'src/acquirer/ledger/store/schema.js',
        from: 'posted_at INTEGER NOT NULL,\n  UNIQUE (batch, stan, terminal)',
        to: 'posted_at INTEGER NOT NULL',
      },
      { file: 'src/acquirer/ledger/post-money.js', from: 'if (known !== undefined)', to: 'if (false)' },
    ],
  },
  {
    name: 'pay again and again',
    having: 'settlement',
    patches: [
      {
        file: 'src/acquirer/ledger/payouts.js',
        from: 'paid_entry = CASE WHEN paid_entry > ?2 THEN paid_entry ELSE ?2 END',
        to: 'paid_entry = CASE WHEN paid_entry > ?2 THEN paid_entry ELSE paid_entry END',
      },
    ],
  },
  {
    name: 'refund more than was paid',
    patches: [
      {
        file: 'src/acquirer/ledger/originals.js',
        from: "amount + (yield* entries.following(original.id, ['refund'])).amount <= original.amount",
        to: 'amount <= original.amount',
      },
    ],
  },
  {
    name: 'round fees down',
    having: 'settlement',
    patches: [
      {
        file: 'src/acquirer/settlement/fee.js',
        from: 'const doubled = 2n * parts + partsPerUnit;',
        to: 'const doubled = 2n * parts;',
      },
    ],
  },
  {
    name: 'no cap on fees',
    having: 'feeCap',
    patches: [{ file: 'src/acquirer/settlement/fee.js', from: '(ofRate < cap ? ofRate : cap)', to: 'ofRate' }],
  },
  {
    name: 'no least fee',
    having: 'feeMinimum',
    patches: [
      {
        file: 'src/acquirer/settlement/fee.js',
        from: 'const ofRate = rated < least ? least : rated;',
        to: 'const ofRate = rated;',
      },
    ],
  },
  {
    name: 'pay out for nothing',
    having: 'payoutFee',
    patches: [
      {
        file: 'src/acquirer/settlement/decide-payout.js',
        from: 'fee: feeUnits(fee) + ofPayout(terms),',
        to: 'fee: feeUnits(fee),',
      },
    ],
  },
  {
    name: 'pay in spite of a hold',
    having: 'hold',
    patches: [
      {
        file: 'src/acquirer/settlement/decide-payout.js',
        from: 'if (unpaid.held !== undefined)',
        to: 'if (false)',
      },
    ],
  },
  {
    name: 'give back twice',
    patches: [
      {
        file: 'src/acquirer/ledger/originals.js',
        from: "return effect === 'void' ? ['void', 'refund'] : ['capture', 'release'];",
        to: "return effect === 'void' ? [] : ['capture', 'release'];",
      },
    ],
  },
  {
    name: 'approve a repeat after its reversal',
    patches: [
      {
        file: 'src/acquirer/ledger/post-money.js',
        from: "if (!isSame || first.state === 'reversed')",
        to: 'if (!isSame)',
      },
    ],
  },
  {
    name: 'reverse for another terminal',
    patches: [
      {
        file: 'src/acquirer/ledger/post-reversal.js',
        from: 'const entry = yield* entries.find(terminal.id, named.batch, named.stan);',
        to: 'let entry = yield* entries.find(terminal.id, named.batch, named.stan); for (let id = 1; entry === undefined && id <= 8; id++) entry = yield* entries.find(id, named.batch, named.stan);',
      },
    ],
  },
  {
    name: 'capture any amount',
    patches: [
      {
        file: 'src/acquirer/ledger/originals.js',
        from: 'return amount * 100 <= original.amount * mostCaptured;',
        to: 'return true;',
      },
    ],
  },
  {
    name: 'refund after a void',
    patches: [
      {
        file: 'src/acquirer/ledger/originals.js',
        from: "return ['void'];",
        to: 'return [];',
      },
    ],
  },
  {
    name: 'pay what missed its window again and again',
    having: 'window',
    patches: [
      {
        file: 'src/acquirer/settlement/settlement.js',
        from: 'yield* payouts.madeUp(id, lastMissed.id);',
        // Without the semicolon the next line would stand in the condition.
        to: ';',
      },
    ],
  },
  {
    name: 'take a chargeback again and again',
    having: 'chargebacks',
    patches: [
      {
        file: 'src/acquirer/settlement/settlement.js',
        from: 'yield* closeChargebacks(id, numbers[0]);',
        // Without the semicolon the next line would stand in the condition.
        to: ';',
      },
    ],
  },
  {
    name: 'spend the reserve',
    having: 'reserve',
    patches: [
      {
        file: 'src/acquirer/settlement/decide-payout.js',
        from: '+ account - terms.reserve',
        to: '+ account',
      },
    ],
  },
  {
    name: 'cancel what was written',
    patches: [
      { file: 'src/terminal/money/money-desk.js', from: 'if (!transaction.written)', to: 'if (!transaction.answered)' },
    ],
  },
]

/** Throws Error unless the place stands in the code exactly once. */
export function patched(code: string, { file, from, to }: Patch): string {
  const parts = code.split(from)
  if (parts.length !== 2) throw new Error(`${file}: expected '${from}' once, found it ${parts.length - 1} times`)
  return parts.join(to)
}
