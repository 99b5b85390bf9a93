// The list of flows, by hand; each is printed by `diagram`.

import { completionAdvice, refund } from './advice.js'
import { batchUpload } from './batch-upload.js'
import { balance, echoFlow, signOffFlow, signOnFlow } from './exchange.js'
import { reversal } from './reversal.js'
import { completion, preauth, preauthVoid, sale, voidOfSale } from './reversible.js'
import { settlement } from './settlement.js'

export const flows = [
  ...[sale, voidOfSale, refund, preauth, preauthVoid, completion, completionAdvice, balance],
  ...[reversal, settlement, batchUpload, signOnFlow, signOffFlow, echoFlow],
] as const
