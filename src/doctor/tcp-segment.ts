// From a captured packet to the TCP segment in it: Ethernet with VLAN tags, Linux cooked, loopback and raw IP; IPv4 and IPv6.

import type { Packet } from './pcap.js'

export interface Endpoint {
  /** As text: `10.0.0.1`, `2001:db8:0:0:0:0:0:1`. */
  readonly host: string
  readonly port: number
}

export interface TcpSegment {
  readonly from: Endpoint
  readonly to: Endpoint
  /** Number of the first byte of `bytes`, or of the SYN. */
  readonly sequence: number
  /** Number of the next byte that this side expects, where `isAck`. */
  readonly acknowledged: number
  /** Bytes that this side takes, without its scale: 0 is 0 in any. */
  readonly window: number
  readonly isSyn: boolean
  readonly isAck: boolean
  /** FIN: this side sends no more. */
  readonly isEnd: boolean
  readonly isReset: boolean
  readonly bytes: Uint8Array
  readonly atMs: number
}

/** Undefined for a packet that carries no whole beginning of a TCP segment, and for a later fragment. */
export function tcpSegmentOf({ linkType, bytes, atMs }: Packet): TcpSegment | undefined {
  const inner = ipOf(linkType, bytes)
  if (inner === undefined || inner.length < 20) return undefined
  const version = (inner[0] as number) >> 4
  const found = version === 4 ? fromIpv4(inner) : version === 6 ? fromIpv6(inner) : undefined
  return found === undefined ? undefined : segmentOf(found, atMs)
}

const link = { null: 0, ethernet: 1, raw: 101, loop: 108, cooked: 113, ipv4: 228, ipv6: 229, cooked2: 276 } as const
/** The numbers that some systems write for raw IP. */
const otherRaw = [12, 14]

const etherType = { ipv4: 0x0800, ipv6: 0x86dd, vlan: [0x8100, 0x88a8, 0x9100] } as const

/** The IP packet; undefined where there is another protocol. */
function ipOf(linkType: number, bytes: Uint8Array): Uint8Array | undefined {
  switch (linkType) {
    case link.ethernet:
      return afterEtherType(bytes, 12)
    case link.cooked:
      return afterEtherType(bytes, 14)
    case link.cooked2:
      return isIp(uint16(bytes, 0)) ? bytes.subarray(20) : undefined
    // Four bytes of the address family, in the order of the machine that captured: the IP version says the same.
    case link.null:
    case link.loop:
      return bytes.subarray(4)
    case link.raw:
    case link.ipv4:
    case link.ipv6:
      return bytes
    default:
      return otherRaw.includes(linkType) ? bytes : undefined
  }
}

const isIp = (type: number) => type === etherType.ipv4 || type === etherType.ipv6

/** Tags of a frame: a provider's, a customer's, and room for what labs do. */
const maxVlanTags = 4

function afterEtherType(bytes: Uint8Array, typeAt: number): Uint8Array | undefined {
  let at = typeAt
  for (let tags = 0; tags <= maxVlanTags; tags++) {
    const type = uint16(bytes, at)
    if (isIp(type)) return bytes.subarray(at + 2)
    if (!(etherType.vlan as readonly number[]).includes(type)) return undefined
    at += 4
  }
  return undefined
}

const tcp = 6

interface Carried {
  readonly source: string
  readonly destination: string
  readonly bytes: Uint8Array
}

function fromIpv4(bytes: Uint8Array): Carried | undefined {
  const headerBytes = ((bytes[0] as number) & 15) * 4
  // Zero where the network card cut the packets after they were captured.
  const total = uint16(bytes, 2) || bytes.length
  const isLaterFragment = (uint16(bytes, 6) & 0x1fff) !== 0
  if (headerBytes < 20 || bytes[9] !== tcp || isLaterFragment || total < headerBytes) return undefined
  const address = (at: number) => bytes.subarray(at, at + 4).join('.')
  return { source: address(12), destination: address(16), bytes: bytes.subarray(headerBytes, total) }
}

/** Headers that may stand between: hop by hop, routing, fragment, authentication, destination options. */
const extension = { fragment: 44, authentication: 51, plain: [0, 43, 60] } as const
/** RFC 8200 §4.1 lists fewer than this many. */
const maxExtensions = 8

function fromIpv6(bytes: Uint8Array): Carried | undefined {
  if (bytes.length < 40) return undefined
  const payload = uint16(bytes, 4)
  const end = payload === 0 ? bytes.length : 40 + payload
  let next = bytes[6] as number
  let at = 40
  for (let headers = 0; next !== tcp; headers++) {
    const length = extensionBytes(bytes, at, next)
    if (length === undefined || headers === maxExtensions) return undefined
    next = bytes[at] as number
    at += length
  }
  return { source: ipv6Address(bytes, 8), destination: ipv6Address(bytes, 24), bytes: bytes.subarray(at, end) }
}

function extensionBytes(bytes: Uint8Array, at: number, type: number): number | undefined {
  if (at + 8 > bytes.length) return undefined
  const length = bytes[at + 1] as number
  if ((extension.plain as readonly number[]).includes(type)) return 8 + length * 8
  if (type === extension.authentication) return 8 + length * 4
  return type === extension.fragment && (uint16(bytes, at + 2) & 0xfff8) === 0 ? 8 : undefined
}

function ipv6Address(bytes: Uint8Array, at: number): string {
  return Array.from({ length: 8 }, (_, group) => uint16(bytes, at + 2 * group).toString(16)).join(':')
}

function segmentOf({ source, destination, bytes }: Carried, atMs: number): TcpSegment | undefined {
  if (bytes.length < 20) return undefined
  const headerBytes = ((bytes[12] as number) >> 4) * 4
  if (headerBytes < 20 || headerBytes > bytes.length) return undefined
  const flags = bytes[13] as number
  return {
    from: { host: source, port: uint16(bytes, 0) },
    to: { host: destination, port: uint16(bytes, 2) },
    sequence: uint16(bytes, 4) * 65_536 + uint16(bytes, 6),
    acknowledged: uint16(bytes, 8) * 65_536 + uint16(bytes, 10),
    window: uint16(bytes, 14),
    isSyn: (flags & 0x02) !== 0,
    isAck: (flags & 0x10) !== 0,
    isEnd: (flags & 0x01) !== 0,
    isReset: (flags & 0x04) !== 0,
    bytes: bytes.subarray(headerBytes),
    atMs,
  }
}

/** Big endian; 0 beyond the end. */
function uint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
}
