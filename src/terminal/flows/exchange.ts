// Requests that move no money: whatever becomes of them, nothing is owed afterwards.

import { defineFlow } from './flow.js'

const table = {
  prepared: { written: 'sent', unsent: 'notSent' },
  sent: { approved: 'approved', declined: 'declined', inDoubt: 'noAnswer' },
  approved: {},
  declined: {},
  noAnswer: {},
  notSent: {},
} as const

export const balance = defineFlow({ name: 'balance', start: 'prepared', table })
export const signOnFlow = defineFlow({ name: 'signOn', start: 'prepared', table })
export const signOffFlow = defineFlow({ name: 'signOff', start: 'prepared', table })
export const echoFlow = defineFlow({ name: 'echo', start: 'prepared', table })
