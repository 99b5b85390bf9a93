// Packets out of a capture file: libpcap's format (microseconds and nanoseconds, both byte orders) and pcapng.
//
// A file that ends in the middle of a packet gives the packets before it; nothing in a file can make the reading fail.

export interface Packet {
  /** The kind of header that the bytes begin with: a LINKTYPE_ number of tcpdump.org. */
  readonly linkType: number
  /** Milliseconds since 1970-01-01 UTC; 0 where the file does not say. */
  readonly atMs: number
  /** A view of the file. */
  readonly bytes: Uint8Array
}

export interface Capture {
  readonly packets: readonly Packet[]
  /** The file ends inside a packet, or what follows is no packet. */
  readonly isTruncated: boolean
}

/** Packets that are read of one file: more than a file of the largest size that is read can usefully hold. */
export const maxPackets = 500_000

/** Interfaces of one pcapng section: more than any machine captures on. */
const maxInterfaces = 256

const nothing: Capture = { packets: [], isTruncated: false }

/** One capture file, or the files of one capture, the oldest first. */
export type CaptureFiles = Uint8Array | readonly Uint8Array[]

/** Whether the bytes, or those of each file, begin as a capture file does. */
export function isCapture(bytes: CaptureFiles): boolean {
  if (!(bytes instanceof Uint8Array)) return bytes.every(isCapture)
  return bytes.length >= 24 && (classicOrder(viewOf(bytes)) !== undefined || isPcapng(viewOf(bytes)))
}

/** The packets of a capture in the order of its files; none for bytes that are no capture. */
export function readCapture(bytes: CaptureFiles): Capture {
  if (!(bytes instanceof Uint8Array)) return joined(bytes.map(readCapture))
  if (!isCapture(bytes)) return nothing
  return isPcapng(viewOf(bytes)) ? readPcapng(bytes) : readClassic(bytes)
}

/** Files that were written side by side are one after the other in time, packet by packet. */
function joined(captures: readonly Capture[]): Capture {
  const packets = captures.flatMap((capture) => capture.packets)
  const isInOrder = captures.every(({ packets: [first] }, index) => {
    const last = captures[index - 1]?.packets.at(-1)
    return first === undefined || last === undefined || last.atMs <= first.atMs
  })
  return {
    packets: isInOrder ? packets : packets.sort((one, other) => one.atMs - other.atMs),
    isTruncated: captures.some(({ isTruncated }) => isTruncated),
  }
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

const microsecondMagic = 0xa1b2c3d4
const nanosecondMagic = 0xa1b23c4d

interface ClassicOrder {
  readonly little: boolean
  readonly fractionsPerMs: number
}

function classicOrder(view: DataView): ClassicOrder | undefined {
  for (const little of [true, false]) {
    const magic = view.getUint32(0, little)
    if (magic === microsecondMagic) return { little, fractionsPerMs: 1e3 }
    if (magic === nanosecondMagic) return { little, fractionsPerMs: 1e6 }
  }
  return undefined
}

const classicHeaderBytes = 24
const recordHeaderBytes = 16

function readClassic(bytes: Uint8Array): Capture {
  const view = viewOf(bytes)
  const { little, fractionsPerMs } = classicOrder(view) as ClassicOrder
  // The high half says how much of a checksum frames carry.
  const linkType = view.getUint32(20, little) & 0xffff
  const packets: Packet[] = []
  let at = classicHeaderBytes
  while (at + recordHeaderBytes <= bytes.length && packets.length < maxPackets) {
    const end = at + recordHeaderBytes + view.getUint32(at + 8, little)
    if (end > bytes.length) break
    const atMs = view.getUint32(at, little) * 1e3 + view.getUint32(at + 4, little) / fractionsPerMs
    packets.push({ linkType, atMs, bytes: bytes.subarray(at + recordHeaderBytes, end) })
    at = end
  }
  return { packets, isTruncated: at < bytes.length }
}

const sectionBlock = 0x0a0d0d0a
const byteOrderMagic = 0x1a2b3c4d
const blockTypes = { interface: 1, simplePacket: 3, enhancedPacket: 6 } as const

function isPcapng(view: DataView): boolean {
  return view.getUint32(0) === sectionBlock && sectionOrder(view, 0) !== undefined
}

/** True for little endian; undefined for what is no section. */
function sectionOrder(view: DataView, at: number): boolean | undefined {
  if (at + 12 > view.byteLength) return undefined
  if (view.getUint32(at + 8, true) === byteOrderMagic) return true
  return view.getUint32(at + 8, false) === byteOrderMagic ? false : undefined
}

interface Interface {
  readonly linkType: number
  /** Units of its clock in a millisecond. */
  readonly unitsPerMs: number
}

interface Block {
  readonly type: number
  readonly at: number
  readonly end: number
}

function readPcapng(bytes: Uint8Array): Capture {
  const view = viewOf(bytes)
  const packets: Packet[] = []
  let interfaces: Interface[] = []
  let little = true
  let at = 0
  while (at + 12 <= bytes.length && packets.length < maxPackets) {
    if (view.getUint32(at) === sectionBlock) {
      const order = sectionOrder(view, at)
      if (order === undefined) break
      little = order
      interfaces = []
    }
    const block = blockAt(view, at, little)
    if (block === undefined) break
    const { type } = block
    if (type === blockTypes.interface && interfaces.length < maxInterfaces)
      interfaces.push(readInterface(view, block, little))
    if (type === blockTypes.enhancedPacket) packets.push(...readEnhanced(bytes, block, little, interfaces))
    if (type === blockTypes.simplePacket) packets.push(...readSimple(bytes, block, little, interfaces))
    at = block.end
  }
  return { packets, isTruncated: at < bytes.length }
}

/** Undefined for a block that the file does not hold whole. */
function blockAt(view: DataView, at: number, little: boolean): Block | undefined {
  const total = view.getUint32(at + 4, little)
  // Blocks are padded to four bytes; a smaller length than its own frame would stand still for ever.
  if (total < 12 || total % 4 !== 0 || at + total > view.byteLength) return undefined
  return { type: view.getUint32(at, little), at, end: at + total }
}

/** Body of a block: after its type and length, up to its length repeated. */
const bodyOf = ({ at, end }: Block) => ({ from: at + 8, to: end - 4 })

const usualUnitsPerMs = 1e3
const resolutionOption = 9

function readInterface(view: DataView, block: Block, little: boolean): Interface {
  const { from, to } = bodyOf(block)
  if (to - from < 8) return { linkType: -1, unitsPerMs: usualUnitsPerMs }
  const linkType = view.getUint16(from, little)
  for (let at = from + 8; at + 4 <= to; ) {
    const code = view.getUint16(at, little)
    const length = view.getUint16(at + 2, little)
    if (code === 0) break
    if (code === resolutionOption && length === 1 && at + 5 <= to) {
      return { linkType, unitsPerMs: unitsOf(view.getUint8(at + 4)) }
    }
    at += 4 + ((length + 3) & ~3)
  }
  return { linkType, unitsPerMs: usualUnitsPerMs }
}

/** if_tsresol: a negative power of ten, or of two when the high bit is set. */
const unitsOf = (resolution: number) => (resolution & 0x80 ? 2 ** (resolution & 0x7f) : 10 ** (resolution & 0x7f)) / 1e3

function readEnhanced(bytes: Uint8Array, block: Block, little: boolean, interfaces: readonly Interface[]): Packet[] {
  const view = viewOf(bytes)
  const { from, to } = bodyOf(block)
  if (to - from < 20) return []
  const known = interfaces[view.getUint32(from, little)]
  const start = from + 20
  const end = start + view.getUint32(from + 12, little)
  if (known === undefined || end > to) return []
  const units = view.getUint32(from + 4, little) * 2 ** 32 + view.getUint32(from + 8, little)
  return [{ linkType: known.linkType, atMs: units / known.unitsPerMs, bytes: bytes.subarray(start, end) }]
}

function readSimple(bytes: Uint8Array, block: Block, little: boolean, interfaces: readonly Interface[]): Packet[] {
  const { from, to } = bodyOf(block)
  const [first] = interfaces
  if (to - from < 4 || first === undefined) return []
  const length = Math.min(viewOf(bytes).getUint32(from, little), to - from - 4)
  return [{ linkType: first.linkType, atMs: 0, bytes: bytes.subarray(from + 4, from + 4 + length) }]
}
