// The limit of Node itself: frames of the measured sizes, all answers of one read in one write, and nothing looked at.

import { connect, createServer, type Server } from 'node:net'
import { type Fetched, fetchAnswers, type SpeedFlow } from './flow.js'
import type { LoadShape } from './shapes.js'

export interface EchoSizes {
  readonly request: number
  readonly answer: number
}

/** Frames that one write holds at most: all that one read of 64 KiB can bring. */
const mostAtOnce = 1024

export function startEcho({ request, answer }: EchoSizes): Server {
  const answers = Buffer.alloc(mostAtOnce * answer)
  return createServer((socket) => {
    let bytes = 0
    socket.setNoDelay(true)
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk) => {
      bytes += chunk.length
      const frames = Math.min(mostAtOnce, Math.floor(bytes / request))
      bytes -= frames * request
      if (frames > 0) socket.write(answers.subarray(0, frames * answer))
    })
  })
}

/** Keeps the shape's requests in flight for so long. */
export function driveEcho(
  port: number,
  shape: LoadShape,
  { request, answer }: EchoSizes,
  flow: SpeedFlow,
): Promise<Fetched> {
  const requests = Buffer.alloc(shape.inFlight * request)
  return fetchAnswers(flow, (count) =>
    Array.from({ length: shape.connections }, () => {
      let bytes = 0
      const socket = connect(port, '127.0.0.1')
      socket.setNoDelay(true)
      socket.on('connect', () => socket.write(requests))
      socket.on('data', (chunk) => {
        bytes += chunk.length
        const frames = Math.floor(bytes / answer)
        bytes -= frames * answer
        count(frames)
        if (frames > 0) socket.write(requests.subarray(0, frames * request))
      })
      return socket
    }),
  )
}
