// An advice tells the host what has happened: refund, completion. Rule: it is never undone; in doubt it is sent again until
// the host has said yes or no.

import { defineFlow } from './flow.js'

const table = {
  prepared: { journalled: 'journalled', unsent: 'cancelled' },
  journalled: { written: 'sent', unsent: 'cancelled' },
  sent: { approved: 'charged', declined: 'declined', inDoubt: 'inDoubt' },
  inDoubt: { sentAgain: 'settling', lateApproval: 'inDoubt', dropped: 'dropped' },
  settling: { approved: 'charged', declined: 'declined', noAcknowledgement: 'inDoubt', lateApproval: 'settling' },
  charged: {},
  declined: {},
  dropped: {},
  cancelled: {},
} as const

export const refund = defineFlow({ name: 'refund', start: 'prepared', table })
export const completionAdvice = defineFlow({ name: 'completionAdvice', start: 'prepared', table })
