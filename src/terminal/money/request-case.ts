// The facts of a request that must not be forgotten, read from the request when somebody asks: of a hundred sales the journal
// writes every one down, and nobody asks again.

import { amountField, bareAmount } from '../../codec/amount.js'
import type { CaseForm, CaseRecord, FormedCase } from '../journal/journal-records.js'
import type { OriginalRead } from '../requests/originals.js'
import type { Request } from '../requests/request.js'
import type { Terminal } from '../terminal.js'

/** The part that the cases of one message, and of one reversal of it, have in common. */
export interface RequestForm extends CaseForm {
  /** In the order of the names. */
  readonly reads: readonly OriginalRead[]
}

const merchantField = 42

/** Filled anew for each text that is read. */
const unanswered = { batch: '', answer: undefined }

export class RequestCase implements FormedCase {
  readonly terminal: string
  readonly merchant: string
  readonly stan: string
  readonly batch: string
  readonly amountMinor: number
  readonly form: RequestForm
  readonly #request: Request

  /** `batch`: what tells it from another one with its STAN. */
  constructor(form: RequestForm, request: Request, terminal: Terminal, batch: string) {
    this.form = form
    this.#request = request
    this.terminal = terminal.id
    // A host books by what it is told: a spec may have no field for the merchant.
    this.merchant = request.plan.sample.has(merchantField) ? terminal.merchant : ''
    this.stan = request.stan ?? ''
    this.batch = batch
    this.amountMinor = Number(bareAmount(request.plan.valueOf(amountField, request.values) ?? '0'))
  }

  get type(): string {
    return this.form.type
  }

  get textCount(): number {
    return this.form.reversal === undefined ? this.#request.values.length : this.form.reads.length
  }

  text(index: number): string | undefined {
    if (this.form.reversal === undefined) return this.#request.values[index]
    unanswered.batch = this.#request.batch
    const text = this.form.reads[index]?.(this.#request, unanswered)
    return text === '' ? undefined : text
  }

  get owed(): CaseRecord['owed'] {
    const { reversal, names } = this.form
    if (reversal === undefined) return { do: 'repeat', values: this.#request.values }
    const original: Record<string, string> = {}
    for (const [index, name] of names.entries()) {
      const text = this.text(index)
      if (text !== undefined) original[name] = text
    }
    return { do: 'reverse', message: reversal, original }
  }
}
