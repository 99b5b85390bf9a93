// Packets as they were seen at one place, and the capture file that is made of them (libpcap, raw IPv4).

export interface PacketSeen {
  /** Epoch ms. */
  readonly wallMs: number
  readonly fromClient: boolean
  /** The client's port of the connection. */
  readonly port: number
  readonly sequence: number
  readonly acknowledged: number
  readonly syn?: boolean
  readonly fin?: boolean
  readonly rst?: boolean
  /** Left out: the window is open. */
  readonly window?: number
  readonly bytes: Uint8Array
}

export const hostPort = 8583
const clientAddress = [10, 0, 0, 1]
const hostAddress = [10, 0, 0, 9]
const rawIp = 101

/** The bytes of a capture file. */
export function captureFile(packets: readonly PacketSeen[]): Uint8Array {
  const head = Buffer.alloc(24)
  head.writeUInt32LE(0xa1b2c3d4, 0)
  head.writeUInt16LE(2, 4)
  head.writeUInt16LE(4, 6)
  head.writeUInt32LE(65_535, 16)
  head.writeUInt32LE(rawIp, 20)
  return Buffer.concat([head, ...packets.map(recordOf)])
}

function recordOf(packet: PacketSeen): Uint8Array {
  const { wallMs, bytes } = packet
  const length = 40 + bytes.length
  const record = Buffer.alloc(16 + length)
  const micros = Math.round(wallMs * 1000)
  record.writeUInt32LE(Math.floor(micros / 1_000_000), 0)
  record.writeUInt32LE(micros % 1_000_000, 4)
  record.writeUInt32LE(length, 8)
  record.writeUInt32LE(length, 12)
  writeIp(record.subarray(16), packet, length)
  writeTcp(record.subarray(36), packet)
  record.set(bytes, 56)
  return record
}

/** Without a checksum, as where the network card writes it. */
function writeIp(ip: Buffer, { fromClient }: PacketSeen, length: number): void {
  ip.writeUInt8(0x45, 0)
  ip.writeUInt16BE(length, 2)
  ip.writeUInt8(64, 8)
  ip.writeUInt8(6, 9)
  ip.set(fromClient ? clientAddress : hostAddress, 12)
  ip.set(fromClient ? hostAddress : clientAddress, 16)
}

function writeTcp(tcp: Buffer, packet: PacketSeen): void {
  const { fromClient, port, sequence, acknowledged, syn = false, fin = false, rst = false, window = 65_000 } = packet
  tcp.writeUInt16BE(fromClient ? port : hostPort, 0)
  tcp.writeUInt16BE(fromClient ? hostPort : port, 2)
  tcp.writeUInt32BE(sequence >>> 0, 4)
  tcp.writeUInt32BE(acknowledged >>> 0, 8)
  tcp.writeUInt8(0x50, 12)
  const isFirst = syn && fromClient
  tcp.writeUInt8(
    (fin ? 1 : 0) | (syn ? 2 : 0) | (rst ? 4 : 0) | (packet.bytes.length > 0 ? 8 : 0) | (isFirst ? 0 : 16),
    13,
  )
  tcp.writeUInt16BE(window, 14)
}
