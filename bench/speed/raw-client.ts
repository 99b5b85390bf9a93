// A client that is faster than any acquirer: it keeps sales in flight and counts the answers.

import { connect } from 'node:net'
import { type Fetched, fetchAnswers, type SpeedFlow } from './flow.js'
import { countApproved, createRawSales } from './raw-sales.js'
import { type LoadShape, measuredSpeaker } from './shapes.js'

/** Keeps the shape's sales in flight for so long; each in flight is another terminal's, as in a fleet. */
export function driveSales(port: number, { connections, inFlight }: LoadShape, flow: SpeedFlow): Promise<Fetched> {
  const { wire } = measuredSpeaker()
  return fetchAnswers(flow, (count) =>
    Array.from({ length: connections }, (_, connection) => {
      const sales = createRawSales(connection * inFlight + 1, inFlight)
      const reader = wire.createReader()
      const socket = connect(port, '127.0.0.1')
      socket.setNoDelay(true)
      socket.on('connect', () => socket.write(sales.next(inFlight)))
      socket.on('data', (chunk) => {
        reader.push(chunk)
        const answered = countApproved(reader)
        count(answered)
        if (answered > 0) socket.write(sales.next(answered))
      })
      return socket
    }),
  )
}
