// A request that is undone when nobody knows whether the host carried it out: sale, void, pre-authorisation and its void,
// completion. Rule: once in doubt it ends reversed, whatever is said of it later, or is dropped where that is allowed.

import { defineFlow } from './flow.js'

const table = {
  prepared: { journalled: 'journalled', unsent: 'cancelled' },
  journalled: { written: 'sent', unsent: 'cancelled' },
  sent: { approved: 'charged', declined: 'declined', inDoubt: 'inDoubt' },
  inDoubt: { sentAgain: 'settling', lateApproval: 'inDoubt', dropped: 'dropped' },
  settling: { acknowledged: 'reversed', noAcknowledgement: 'inDoubt', lateApproval: 'settling' },
  charged: {},
  declined: {},
  reversed: {},
  dropped: {},
  cancelled: {},
} as const

export const sale = defineFlow({ name: 'sale', start: 'prepared', table })
export const voidOfSale = defineFlow({ name: 'void', start: 'prepared', table })
export const preauth = defineFlow({ name: 'preauth', start: 'prepared', table })
export const preauthVoid = defineFlow({ name: 'preauthVoid', start: 'prepared', table })
export const completion = defineFlow({ name: 'completion', start: 'prepared', table })
