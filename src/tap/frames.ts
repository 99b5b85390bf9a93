// The messages in the bytes that pass: one reader for each direction of each connection, for as long as it is open.

import type { Reader, Received, Wire } from '../transport/wire/wire.js'
import type { StreamDirection, Tapped } from './tap.js'

export interface FrameReader {
  /** Calls back for each message in the bytes; for bytes that are no frames only once, and then never for that direction. */
  push(connection: Tapped, direction: StreamDirection, bytes: Uint8Array): void
  /** The bytes that came in that direction and are no whole message, in words; undefined where none are left over. */
  unread(connection: Tapped, direction: StreamDirection): string | undefined
  /** The connection is closed: its readers go. */
  forget(connection: Tapped): void
}

export interface FrameHandlers {
  /** `received` is valid during the call only. */
  onMessage(connection: Tapped, direction: StreamDirection, received: Received): void
  /** From here on this direction cannot be read: it is no stream of frames, or joined in the middle of one. */
  onUnreadable(connection: Tapped, direction: StreamDirection, why: string): void
}

type Readers = Record<StreamDirection, Reader | undefined>

export function createFrameReader(wire: Wire, handlers: FrameHandlers): FrameReader {
  const open = new Map<number, Readers>()

  const readersOf = (connection: Tapped): Readers => {
    let readers = open.get(connection.id)
    if (readers === undefined) {
      readers = { upstream: wire.createReader(), downstream: wire.createReader() }
      open.set(connection.id, readers)
    }
    return readers
  }

  return {
    push(connection, direction, bytes) {
      const readers = readersOf(connection)
      const reader = readers[direction]
      if (reader === undefined) return
      try {
        reader.push(bytes)
        for (let received = reader.next(); received !== undefined; received = reader.next()) {
          handlers.onMessage(connection, direction, received)
        }
      } catch (error) {
        readers[direction] = undefined
        handlers.onUnreadable(connection, direction, error instanceof Error ? error.message : String(error))
      }
    },
    unread: ({ id }, direction) => open.get(id)?.[direction]?.unread,
    forget: (connection) => open.delete(connection.id),
  }
}
