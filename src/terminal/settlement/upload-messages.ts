// The messages of a batch upload: eight records to a message, and a last message with their number.
// Card numbers are not kept once a transaction has ended, so zeros stand in their place.

import { amountText } from '../../codec/amount.js'
import { batchUpload } from '../flows/batch-upload.js'
import { step } from '../flows/flow.js'
import type { UploadRow } from './charged-rows.js'

export interface UploadMessage {
  readonly isEnd: boolean
  /** `upload.records`, or `upload.count.4`. */
  readonly names: Readonly<Record<string, string>>
}

const recordsPerMessage = 8

/** The messages in their order; whoever stops asking stops the upload. */
export function* uploadMessages(rows: readonly UploadRow[]): Iterable<UploadMessage> {
  let state: keyof typeof batchUpload.table = batchUpload.start
  for (let first = 0; first < rows.length; first += recordsPerMessage) {
    const some = rows.slice(first, first + recordsPerMessage)
    state = step(batchUpload, state, 'recordsSent')
    yield { isEnd: false, names: { 'upload.records': count(some.length, 2) + some.map(recordOf).join('') } }
    state = step(batchUpload, state, 'acknowledged')
  }
  step(batchUpload, state, 'nothingLeft')
  yield { isEnd: true, names: { 'upload.count.4': count(rows.length, 4) } }
}

/** Type 2 (00: domestic card), trace number 6, card number 20, amount 12. */
const recordOf = ({ stan, amountMinor }: UploadRow): string => `00${stan}${'0'.repeat(20)}${amountText(amountMinor)}`

const count = (number: number, digits: number) => String(number % 10 ** digits).padStart(digits, '0')
