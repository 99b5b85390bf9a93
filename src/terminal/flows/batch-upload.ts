// The records of a batch, some in each message, and a last message that says how many there were.

import { defineFlow } from './flow.js'

export const batchUpload = defineFlow({
  name: 'batchUpload',
  start: 'ready',
  table: {
    ready: { recordsSent: 'sending', nothingLeft: 'ending' },
    sending: { acknowledged: 'ready', noAnswer: 'failed' },
    ending: { acknowledged: 'done', noAnswer: 'failed' },
    done: {},
    failed: {},
  },
})
