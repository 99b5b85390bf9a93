// Writes down what passes: one line of JSON for each message, masked, or whole as hex when it shall be played back with
// its own values. Pure but for the `write` that it is handed.

import type { Clock } from '../base/clock.js'
import { maskText } from '../base/mask.js'
import type { Codec } from '../codec/codec.js'
import { maskMessage } from '../codec/mask-message.js'
import type { Message } from '../codec/message.js'
import type { Wire } from '../transport/wire/wire.js'
import { createFrameReader } from './frames.js'
import type { StreamDirection, Tap } from './tap.js'

/** First line of a recording. */
export interface RecordingHead {
  readonly recording: 'isochron/recording@1'
  readonly startedAt: string
  readonly dialect: string
  readonly framing: string
  /** False: messages stand as hex with everything that is in them. */
  readonly masked: boolean
}

/** Every other line. `at` is milliseconds since the recording began. */
export interface RecordedLine {
  readonly at: number
  readonly connection: number
  readonly direction: StreamDirection
  readonly message?: Message
  /** MTI to last field. */
  readonly hex?: string
  /** Why there is no message: the bytes are not shown, for they may hold card data. */
  readonly unreadable?: string
  readonly closed?: true
}

export interface WireRecorderOptions {
  readonly wire: Wire
  readonly clock: Clock
  readonly masked: boolean
  readonly write: (line: string) => void
}

export function createWireRecorder({ wire, clock, masked, write }: WireRecorderOptions): Tap {
  const startedAt = clock.now()
  const { codec } = wire
  const note = (line: Omit<RecordedLine, 'at'>) => {
    write(JSON.stringify({ at: Number((clock.now() - startedAt).toFixed(3)), ...line }))
  }
  writeHead(write, {
    recording: 'isochron/recording@1',
    startedAt: new Date(clock.wall()).toISOString(),
    dialect: codec.dialect.name,
    framing: wire.framing.name,
    masked,
  })

  const frames = createFrameReader(wire, {
    onMessage: ({ id }, direction, { body, error }) => {
      if (error !== undefined) note({ connection: id, direction, unreadable: maskText(error.message) })
      else note({ connection: id, direction, ...content(codec, body, masked) })
    },
    onUnreadable: ({ id }, direction, why) => note({ connection: id, direction, unreadable: maskText(why) }),
  })

  return {
    onBytes: frames.push,
    onClosed(connection) {
      frames.forget(connection)
      note({ connection: connection.id, direction: 'upstream', closed: true })
    },
  }
}

const writeHead = (write: (line: string) => void, head: RecordingHead) => write(JSON.stringify(head))

function content(
  codec: Codec,
  body: Uint8Array,
  masked: boolean,
): Pick<RecordedLine, 'message' | 'hex' | 'unreadable'> {
  if (!masked) return { hex: Buffer.from(body).toString('hex').toUpperCase() }
  const { message, error } = codec.inspect(body)
  if (error !== undefined) return { unreadable: maskText(error.message) }
  return { message: maskMessage(codec.dialect, message) }
}
