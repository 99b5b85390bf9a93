// A message still owed to the host, a reversal or an advice, is sent until it is acknowledged. Rule: when its tries are used up
// it rests, and is tried again before the next transaction, on reconnect and at the end; it is dropped only on request.

import { defineFlow } from './flow.js'

export const reversal = defineFlow({
  name: 'reversal',
  start: 'owed',
  table: {
    owed: { sent: 'sending' },
    sending: { acknowledged: 'acknowledged', noAcknowledgement: 'pausing', triesUsedUp: 'resting', givenUp: 'dropped' },
    pausing: { paused: 'owed', woken: 'owed' },
    resting: { woken: 'owed' },
    acknowledged: {},
    dropped: {},
  },
})
