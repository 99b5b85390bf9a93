// Traffic as packets of a capture file, which Wireshark and `isochron explain` read: Ethernet, IPv4 and TCP are made up
// around the bytes that this process handed to its sockets and got from them. Times are this process's own, and nothing is
// acknowledged without data: whether a packet was lost on the way is not in it.
//
// File: libpcap's format, microseconds, little-endian, LINKTYPE_ETHERNET. IPv4: RFC 791 §3.1. TCP: RFC 9293 §3.1.

import type { Clock } from '../base/clock.js'
import type { StreamDirection, Tap, Tapped } from './tap.js'

export interface PacketOptions {
  readonly clock: Clock
  /** Takes the head of the file, then packet by packet. */
  readonly write: (bytes: Uint8Array) => void
}

/** Bytes of data in one packet, as on an Ethernet. */
const maxSegmentBytes = 1460
const flags = { fin: 1, syn: 2, reset: 4, push: 8, ack: 16 } as const

interface Side {
  readonly address: Uint8Array
  readonly port: number
  readonly mac: number
  /** The number of the next byte. */
  sequence: number
}

interface Conversation {
  readonly client: Side
  readonly server: Side
}

export function createPackets({ clock, write }: PacketOptions): Tap {
  const open = new Map<number, Conversation>()
  const began = { wall: clock.wall(), now: clock.now() }
  write(fileHead())

  const packet = (from: Side, to: Side, bits: number, data: Uint8Array = nothing) => {
    const isFirst = (bits & flags.syn) !== 0 && (bits & flags.ack) === 0
    write(recorded(began.wall + clock.now() - began.now, ethernet(from, to, isFirst ? bits : bits | flags.ack, data)))
    const counted = data.length + ((bits & (flags.syn | flags.fin)) !== 0 ? 1 : 0)
    from.sequence = (from.sequence + counted) >>> 0
  }
  const opened = (connection: Tapped): Conversation => {
    const found = open.get(connection.id)
    if (found !== undefined) return found
    const { client, server } = conversationOf(connection)
    packet(client, server, flags.syn)
    packet(server, client, flags.syn | flags.ack)
    packet(client, server, flags.ack)
    const conversation = { client, server }
    open.set(connection.id, conversation)
    return conversation
  }

  return {
    onOpened: (connection) => void opened(connection),
    onBytes(connection, direction, bytes) {
      const { client, server } = opened(connection)
      const [from, to] = sidesOf(direction, client, server)
      for (let at = 0; at < bytes.length; at += maxSegmentBytes)
        packet(from, to, flags.push, bytes.subarray(at, at + maxSegmentBytes))
    },
    onClosed(connection, why = 'ended') {
      const conversation = open.get(connection.id)
      open.delete(connection.id)
      const { client, server } = conversation ?? conversationOf(connection)
      if (conversation === undefined) {
        // Never opened: an attempt, and a refusal where there was one.
        packet(client, server, flags.syn)
        if (why.startsWith('refused')) packet(server, client, flags.reset)
      } else if (why.startsWith('ended') || why.startsWith('local')) {
        const [first, second] = why.startsWith('ended') ? [server, client] : [client, server]
        packet(first, second, flags.fin)
        packet(second, first, flags.fin)
      } else packet(server, client, flags.reset)
    },
  }
}

const sidesOf = (direction: StreamDirection, client: Side, server: Side): readonly [Side, Side] =>
  direction === 'upstream' ? [client, server] : [server, client]

function conversationOf({ id, peer, server }: Tapped): Conversation {
  const client = peer === server ? madeUpClient(id, server) : peer
  return { client: side(client, 1, id), server: side(server, 2, id) }
}

/** A port of its own for each of the latest 16,384 connections of this process, whose addresses a link does not tell. */
function madeUpClient(id: number, server: string): string {
  const port = 49_152 + ((id - 1) % 16_384)
  return /^(127\.|localhost:|\[::1\])/.test(server) ? `127.0.0.1:${port}` : `198.18.0.1:${port}`
}

/** Hosts that are no IPv4 address stand as one of the addresses that RFC 5737 keeps for examples. */
const exampleHost = [192, 0, 2, 1]

function side(text: string, mac: number, id: number): Side {
  const colon = text.lastIndexOf(':')
  const host = text.slice(0, colon).replace(/^\[|\]$/g, '')
  const ipv4 = /(?:^|:)(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(host)?.slice(1).map(Number)
  const isLoopback = host === 'localhost' || host === '::1'
  return {
    address: Uint8Array.from(ipv4 ?? (isLoopback ? [127, 0, 0, 1] : exampleHost)),
    port: Number(text.slice(colon + 1)),
    mac,
    // Different for connections that follow each other on one port.
    sequence: (id * 64_000) >>> 0,
  }
}

function ethernet(from: Side, to: Side, bits: number, data: Uint8Array): Uint8Array {
  const frame = Buffer.alloc(54 + data.length)
  frame.set([2, 0, 0, 0, 0, to.mac, 2, 0, 0, 0, 0, from.mac, 8, 0])
  const ip = frame.subarray(14)
  ip[0] = 0x45
  ip.writeUInt16BE(40 + data.length, 2)
  ip.writeUInt16BE(0x4000, 6)
  ip[8] = 64
  ip[9] = 6
  ip.set(from.address, 12)
  ip.set(to.address, 16)
  ip.writeUInt16BE(checksum(ip.subarray(0, 20)), 10)
  const tcp = ip.subarray(20)
  tcp.writeUInt16BE(from.port, 0)
  tcp.writeUInt16BE(to.port, 2)
  tcp.writeUInt32BE(from.sequence, 4)
  tcp.writeUInt32BE((bits & flags.ack) === 0 ? 0 : to.sequence, 8)
  tcp[12] = 0x50
  tcp[13] = bits
  tcp.writeUInt16BE(65_535, 14)
  tcp.set(data, 20)
  tcp.writeUInt16BE(checksum(tcp, pseudoHeader(from, to, tcp.length)), 16)
  return frame
}

/** The part beside the segment that the checksum of TCP covers (RFC 9293 §3.1). */
function pseudoHeader({ address }: Side, to: Side, length: number): number {
  return checksumSum(Uint8Array.from([...address, ...to.address, 0, 6, length >> 8, length & 0xff]))
}

/** RFC 1071. */
function checksum(bytes: Uint8Array, start = 0): number {
  let sum = start + checksumSum(bytes)
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
  return ~sum & 0xffff
}

function checksumSum(bytes: Uint8Array): number {
  let sum = 0
  for (let at = 0; at < bytes.length; at += 2) sum += ((bytes[at] as number) << 8) | (bytes[at + 1] ?? 0)
  return sum
}

function fileHead(): Uint8Array {
  const head = Buffer.alloc(24)
  head.writeUInt32LE(0xa1b2c3d4, 0)
  head.writeUInt16LE(2, 4)
  head.writeUInt16LE(4, 6)
  head.writeUInt32LE(65_535, 16)
  head.writeUInt32LE(1, 20)
  return head
}

function recorded(wallMs: number, frame: Uint8Array): Uint8Array {
  const record = Buffer.alloc(16 + frame.length)
  record.writeUInt32LE(Math.floor(wallMs / 1000), 0)
  record.writeUInt32LE(Math.floor((wallMs % 1000) * 1000), 4)
  record.writeUInt32LE(frame.length, 8)
  record.writeUInt32LE(frame.length, 12)
  record.set(frame, 16)
  return record
}

const nothing: Uint8Array = new Uint8Array(0)
