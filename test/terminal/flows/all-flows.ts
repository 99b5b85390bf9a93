// Every flow of a terminal, for the tests.

import { completionAdvice, refund } from '../../../src/terminal/flows/advice.js'
import { batchUpload } from '../../../src/terminal/flows/batch-upload.js'
import { reversal } from '../../../src/terminal/flows/reversal.js'
import { completion, preauth, preauthVoid, sale, voidOfSale } from '../../../src/terminal/flows/reversible.js'
import { settlement } from '../../../src/terminal/flows/settlement.js'

export const flows = [
  ...[sale, voidOfSale, refund, preauth, preauthVoid, completion, completionAdvice],
  ...[reversal, settlement, batchUpload],
] as const
