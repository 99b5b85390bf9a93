// Results and parts of runs as they may be kept: no card number in a name that a user chose.

import { maskTexts } from '../../base/mask.js'
import type { PartRecord } from '../../measure/part-record.js'
import type { Result } from '../../measure/result.js'

/** Masked by their dialect, or no text that anybody wrote: figures as base64 and as decimal digits. */
const leftAlone = new Set(['request', 'answer', 'hdr', 'sha256', 'sum', 'squares'])

/** Names of messages, merchants, faults, hosts: a user may have put a card number into any of them. */
export const maskResult = <Given extends Partial<Result>>(result: Given) => maskTexts(result, leftAlone) as Given

/** The same for a part as it is written to disk: parts of one run are masked alike, so that they still fit together. */
export const maskPart = (part: PartRecord) => maskTexts(part, leftAlone) as PartRecord
