// The trace of TCP on a connection, from segments alone.

import { expect, test } from 'vitest'
import type { TcpSegment } from '../../src/doctor/tcp-segment.js'
import { createTrace } from '../../src/doctor/tcp-trace.js'

const client = { host: '10.0.0.1', port: 20_000 }
const server = { host: '10.0.0.9', port: 8583 }
const segment = (fromClient: boolean, atMs: number, rest: Partial<TcpSegment> = {}): TcpSegment => ({
  ...{ from: fromClient ? client : server, to: fromClient ? server : client, atMs, sequence: 0, acknowledged: 0 },
  ...{ window: 500, isSyn: false, isAck: true, isEnd: false, isReset: false, bytes: new Uint8Array(0), ...rest },
})
const ten = new Uint8Array(10)

function traceOf(...segments: TcpSegment[]) {
  const trace = createTrace(segments[0] as TcpSegment)
  for (const each of segments) trace.take(each)
  return trace.finish(server)
}

test('an acknowledged request, and one that is sent again and never acknowledged', () => {
  const { requests } = traceOf(
    segment(true, 0, { sequence: 100, acknowledged: 5, bytes: ten }),
    segment(false, 3, { sequence: 5, acknowledged: 110 }),
    segment(true, 50, { sequence: 110, acknowledged: 5, bytes: ten }),
    segment(true, 250, { sequence: 110, acknowledged: 5, bytes: ten }),
    segment(true, 650, { sequence: 110, acknowledged: 5, bytes: ten }),
  )
  expect(requests.get(0)).toMatchObject({ sent: 1, ackedAt: 3 })
  expect(requests.get(50)).toMatchObject({ sent: 3, ackedAt: undefined })
})

test('an answer acknowledges as well, beyond the end of the numbers too', () => {
  const { requests } = traceOf(
    segment(true, 0, { sequence: 0xffff_fffa, acknowledged: 5, bytes: ten }),
    segment(false, 40, { sequence: 5, acknowledged: 4, bytes: ten }),
  )
  expect(requests.get(0)).toMatchObject({ sent: 1, ackedAt: 40 })
})

test('duplicate acknowledgements and closed windows are counted; keep-alives and idle acknowledgements are not', () => {
  const found = traceOf(
    segment(true, 0, { sequence: 100, acknowledged: 5, bytes: ten }),
    segment(false, 1, { sequence: 5, acknowledged: 90 }),
    segment(false, 2, { sequence: 5, acknowledged: 90 }),
    segment(false, 3, { sequence: 5, acknowledged: 110, window: 0 }),
    segment(false, 4, { sequence: 5, acknowledged: 110 }),
  )
  expect(found).toMatchObject({ duplicateAcks: 1, zeroWindows: 1 })
})
