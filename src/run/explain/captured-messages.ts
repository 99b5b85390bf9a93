// Messages out of the byte streams of a captured connection, each with the time of the packet that completed it.

import type { TcpStream } from '../../doctor/reassembly.js'
import type { Received, Wire } from '../../transport/wire/wire.js'

export interface MessageTrouble {
  /** Places where the stream could not be cut into messages. */
  broken: number
  /** Messages that could be cut but not read. */
  unreadable: number
}

/** Packets at whose beginning a message is looked for, where the capture begins or goes on in the middle of one. */
const mostStarts = 16

/** Calls `take` for each message, in order. What it is given is valid during the call only. */
export function readMessagesOf(
  { runs }: TcpStream,
  wire: Wire,
  take: (received: Received, atMs: number) => void,
): MessageTrouble {
  const trouble: MessageTrouble = { broken: 0, unreadable: 0 }
  for (const run of runs) {
    const start = startOf(run, wire)
    if (start === undefined) trouble.broken++
    else readRun(run, start, wire, { take, trouble })
  }
  return trouble
}

type Run = TcpStream['runs'][number]

/** The first packet at which a message begins. */
function startOf(run: Run, wire: Wire): number | undefined {
  const { packets } = run
  for (let index = 0; index < Math.min(packets.length, mostStarts); index++) {
    if (beginsMessage(run.bytes.subarray(packets[index]?.at), wire)) return index
  }
  return undefined
}

/** Longest message that is looked for, in bytes, with its front. */
const lookAheadBytes = 4096

function beginsMessage(bytes: Uint8Array, wire: Wire): boolean {
  const reader = wire.createReader()
  try {
    reader.push(bytes.subarray(0, lookAheadBytes))
    return reader.next()?.peek !== undefined
  } catch {
    return false
  }
}

function readRun(
  { bytes, packets }: Run,
  start: number,
  wire: Wire,
  { take, trouble }: { take: (received: Received, atMs: number) => void; trouble: MessageTrouble },
): void {
  const reader = wire.createReader()
  for (let index = start; index < packets.length; index++) {
    const { at = 0, atMs = 0 } = packets[index] ?? {}
    try {
      reader.push(bytes.subarray(at, packets[index + 1]?.at))
      for (let received = reader.next(); received !== undefined; received = reader.next()) {
        if (received.peek === undefined) trouble.unreadable++
        else take(received, atMs)
      }
    } catch {
      trouble.broken++
      return
    }
  }
}
