// The end of a terminal's batch: its totals against the host's. Out of balance, every transaction is told one by one.

import { defineFlow } from './flow.js'

export const settlement = defineFlow({
  name: 'settlement',
  start: 'trading',
  table: {
    trading: { totalsSent: 'reconciling' },
    reconciling: {
      balanced: 'closed',
      outOfBalance: 'uploading',
      outOfBalanceAndClosed: 'closed',
      noVerdict: 'failed',
      noVerdictAndClosed: 'closed',
    },
    uploading: { uploaded: 'closed', noAnswer: 'failed' },
    closed: {},
    failed: {},
  },
})
