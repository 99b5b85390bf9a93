// Writes capture files: segments of TCP in packets of a link type, packets in a file format.

export interface Segment {
  readonly from: { readonly host: readonly number[]; readonly port: number }
  readonly to: { readonly host: readonly number[]; readonly port: number }
  readonly sequence: number
  /** The next byte that is expected from the other side; left out: 0. */
  readonly acknowledges?: number
  readonly flags?: { readonly syn?: boolean; readonly ack?: boolean; readonly fin?: boolean; readonly rst?: boolean }
  readonly bytes?: Uint8Array
}

const u16 = (value: number) => Buffer.from([(value >> 8) & 255, value & 255])
const u32 = (value: number, little = false) => {
  const bytes = Buffer.alloc(4)
  if (little) bytes.writeUInt32LE(value >>> 0)
  else bytes.writeUInt32BE(value >>> 0)
  return bytes
}

function tcp({ from, to, sequence, acknowledges = 0, flags = {}, bytes = Buffer.alloc(0) }: Segment): Buffer {
  const bits = (flags.syn ? 2 : 0) | (flags.ack === false ? 0 : 16) | (flags.fin ? 1 : 0) | (flags.rst ? 4 : 0)
  // Four bytes of options, so that a reader which takes the header for 20 bytes is found out.
  return Buffer.concat([
    ...[u16(from.port), u16(to.port), u32(sequence), u32(acknowledges), Buffer.from([6 << 4, bits]), u16(1024), u32(0)],
    ...[Buffer.from([1, 1, 1, 0]), bytes],
  ])
}

export function ipv4(segment: Segment): Buffer {
  const inner = tcp(segment)
  return Buffer.concat([
    ...[Buffer.from([0x45, 0]), u16(20 + inner.length), u32(0), Buffer.from([64, 6]), u16(0)],
    ...[Buffer.from(segment.from.host), Buffer.from(segment.to.host), inner],
  ])
}

export function ipv6(segment: Segment): Buffer {
  const inner = Buffer.concat([Buffer.from([6, 0, 1, 4, 0, 0, 0, 0]), tcp(segment)])
  const host = ({ host }: Segment['from']) => Buffer.concat([Buffer.alloc(16 - host.length), Buffer.from(host)])
  // A hop-by-hop header stands in front of the TCP header.
  return Buffer.concat([
    u32(0x6000_0000),
    u16(inner.length),
    Buffer.from([0, 64]),
    host(segment.from),
    host(segment.to),
    inner,
  ])
}

const zeros = (length: number) => Buffer.alloc(length)
/** Link type to what stands in front of an IPv4 packet. */
export const links = {
  ethernet: { type: 1, front: Buffer.concat([zeros(12), u16(0x0800)]) },
  vlan: { type: 1, front: Buffer.concat([zeros(12), u16(0x88a8), u16(7), u16(0x8100), u16(42), u16(0x0800)]) },
  cooked: { type: 113, front: Buffer.concat([zeros(14), u16(0x0800)]) },
  cooked2: { type: 276, front: Buffer.concat([u16(0x0800), zeros(18)]) },
  loopback: { type: 0, front: Buffer.from([2, 0, 0, 0]) },
  raw: { type: 101, front: zeros(0) },
  ethernet6: { type: 1, front: Buffer.concat([zeros(12), u16(0x86dd)]) },
} as const

export interface FileOptions {
  readonly linkType: number
  readonly little?: boolean
  readonly nanoseconds?: boolean
  /** Epoch ms of each packet; left out: a millisecond apart. */
  readonly times?: readonly number[]
}

/** The packet at `index` was captured `index` milliseconds after 1000 s. */
const atMs = (index: number) => 1_000_000 + index

export function pcap(
  packets: readonly Uint8Array[],
  { linkType, little = true, nanoseconds = false, times: given }: FileOptions,
): Buffer {
  const number = (value: number) => u32(value, little)
  const magic = nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4
  const version = Buffer.concat([2, 4].map((part) => number(part).subarray(little ? 0 : 2, little ? 2 : 4)))
  const head = Buffer.concat([number(magic), version, number(0), number(0), number(65_535), number(linkType)])
  const records = packets.map((packet, index) => {
    const at = given?.[index] ?? atMs(index)
    const fraction = Math.round((at % 1000) * (nanoseconds ? 1e6 : 1e3))
    const times = [number(Math.floor(at / 1000)), number(fraction)]
    return Buffer.concat([...times, number(packet.length), number(packet.length), packet])
  })
  return Buffer.concat([head, ...records])
}

export function pcapng(
  packets: readonly Uint8Array[],
  { linkType, little = true, nanoseconds = false }: FileOptions,
): Buffer {
  const number = (value: number) => u32(value, little)
  const short = (value: number) => number(value).subarray(little ? 0 : 2, little ? 2 : 4)
  const block = (type: number, ...parts: readonly Uint8Array[]) => {
    const body = Buffer.concat(parts)
    const padded = Buffer.concat([body, zeros((4 - (body.length % 4)) % 4)])
    return Buffer.concat([number(type), number(padded.length + 12), padded, number(padded.length + 12)])
  }
  const resolution = nanoseconds ? [short(9), short(1), Buffer.from([9, 0, 0, 0]), short(0), short(0)] : []
  const section = block(0x0a0d0d0a, number(0x1a2b3c4d), short(1), short(0), Buffer.alloc(8, 255))
  const card = block(1, short(linkType), short(0), number(0), ...resolution)
  const records = packets.map((packet, index) => {
    const units = atMs(index) * (nanoseconds ? 1e6 : 1e3)
    const length = number(packet.length)
    return block(6, number(0), number(Math.floor(units / 2 ** 32)), number(units % 2 ** 32), length, length, packet)
  })
  // A block of a kind that nobody knows stands between.
  return Buffer.concat([section, card, block(0x0bad, zeros(5)), ...records])
}

const client = { host: [10, 0, 0, 2], port: 40_001 }
const server = { host: [10, 0, 0, 1], port: 8583 }

/** A connection in which each request is answered: handshake, then data. Sequence numbers go through their end. */
export function connection(requests: readonly Uint8Array[], answers: readonly Uint8Array[]): Segment[] {
  const starts = { client: 0xffff_fff0, server: 77 }
  const segments: Segment[] = [
    { from: client, to: server, sequence: starts.client, flags: { syn: true, ack: false } },
    { from: server, to: client, sequence: starts.server, flags: { syn: true } },
  ]
  let next = { client: starts.client + 1, server: starts.server + 1 }
  requests.forEach((request, index) => {
    segments.push({ from: client, to: server, sequence: next.client, bytes: request })
    next = { ...next, client: next.client + request.length }
    const answer = answers[index]
    if (answer === undefined) return
    segments.push({ from: server, to: client, sequence: next.server, bytes: answer })
    next = { ...next, server: next.server + answer.length }
  })
  return segments
}
