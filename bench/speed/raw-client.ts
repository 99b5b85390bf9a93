// A client that is faster than any acquirer: it keeps sales in flight and counts the answers.

import { connect } from 'node:net'
import { type Fetched, fetchAnswers, type SpeedFlow } from './flow.js'
import { createRawApprovals, createRawSales } from './raw-sales.js'
import type { LoadShape } from './shapes.js'

/** Keeps the shape's sales in flight for so long; each in flight is another terminal's, as in a fleet. */
export function driveSales(port: number, { connections, inFlight }: LoadShape, flow: SpeedFlow): Promise<Fetched> {
  return fetchAnswers(flow, (count) =>
    Array.from({ length: connections }, (_, connection) => {
      const sales = createRawSales(connection * inFlight + 1, inFlight)
      const approvals = createRawApprovals()
      const socket = connect(port, '127.0.0.1')
      socket.setNoDelay(true)
      socket.on('connect', () => socket.write(sales.next(inFlight)))
      socket.on('data', (chunk) => {
        const answered = approvals.count(chunk)
        count(answered)
        if (answered > 0) socket.write(sales.next(answered))
      })
      return socket
    }),
  )
}
