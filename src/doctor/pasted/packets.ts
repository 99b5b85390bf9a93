// Packets with their Ethernet, IP and TCP headers, copied as bytes: what a sniffer shows of a message.

import type { Packet } from '../pcap.js'
import { tcpSegmentOf } from '../tcp-segment.js'

/** LINKTYPE_ numbers that a copied packet may begin with: Ethernet, Linux cooked, cooked v2, raw IP, loopback. */
const linkTypes = [1, 113, 276, 101, 0]
/** Ethernet pads what is shorter than its smallest frame. */
const smallestEthernetBytes = 60

/** The pieces as packets of TCP; undefined where one of them is none. Their times are their order. */
export function packetsIn(pieces: readonly { readonly bytes: Uint8Array }[]): readonly Packet[] | undefined {
  for (const linkType of linkTypes) {
    const packets = pieces.map(({ bytes }, index): Packet => ({ linkType, atMs: index, bytes }))
    if (packets.length > 0 && packets.every(isWhole)) return packets
  }
  return undefined
}

/** A TCP segment whose IP header counts exactly the bytes that are there: what is no packet hardly ever has one. */
function isWhole(packet: Packet): boolean {
  const { bytes, linkType } = packet
  if (tcpSegmentOf(packet) === undefined) return false
  for (const at of ipStarts(linkType)) {
    const version = (bytes[at] ?? 0) >> 4
    const counted = version === 4 ? uint16(bytes, at + 2) : version === 6 ? 40 + uint16(bytes, at + 4) : 0
    const end = at + counted
    const isPadded = linkType === 1 && bytes.length <= smallestEthernetBytes && end <= bytes.length
    if (counted > 0 && (end === bytes.length || isPadded)) return true
  }
  return false
}

/** Where IP may begin: an Ethernet frame may have two VLAN tags. */
function ipStarts(linkType: number): readonly number[] {
  if (linkType === 1) return [14, 18, 22]
  if (linkType === 113) return [16]
  if (linkType === 276) return [20]
  return [linkType === 0 ? 4 : 0]
}

const uint16 = (bytes: Uint8Array, at: number) => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
