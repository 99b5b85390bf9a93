// Service times as the packets of a line tell them, read from a capture by these lines alone: nothing of src/ is used here.
//
// Each connection has one request in flight at a time, so the first bytes of a host after those of a terminal are their answer.

/** One as the system saw it. `bytes`: of its payload. */
interface Packet {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly from: number
  readonly to: number
  readonly bytes: number
}

const [micro, nano] = [0xa1b2c3d4, 0xa1b23c4d]
const [globalHeader, recordHeader, ethernetHeader] = [24, 16, 14]
const [ipv4, tcp] = [0x0800, 6]

/** TCP packets of a classic capture file over Ethernet (pcap, draft-ietf-opsawg-pcap), in this machine's byte order. */
function* packetsOf(file: Buffer): Iterable<Packet> {
  const magic = file.readUInt32LE(0)
  if (magic !== micro && magic !== nano) throw new Error('the capture is no pcap file of this machine')
  const perMs = magic === nano ? 1e6 : 1e3
  for (let at = globalHeader; at + recordHeader <= file.length; ) {
    const kept = file.readUInt32LE(at + 8)
    const ip = at + recordHeader + ethernetHeader
    const next = at + recordHeader + kept
    if (next > file.length) return
    if (file.readUInt16BE(ip - 2) === ipv4 && file[ip + 9] === tcp) {
      const segment = ip + 4 * ((file[ip] as number) & 0x0f)
      const headers = segment - ip + 4 * ((file[segment + 12] as number) >> 4)
      yield {
        at: file.readUInt32LE(at) * 1000 + file.readUInt32LE(at + 4) / perMs,
        from: file.readUInt16BE(segment),
        to: file.readUInt16BE(segment + 2),
        bytes: file.readUInt16BE(ip + 2) - headers,
      }
    }
    at = next
  }
}

/** In ms, of every request from `fromMs` (since 1970) on to the port that was sent the most. */
export function serviceTimes(file: Buffer, fromMs: number): readonly number[] {
  const said = [...packetsOf(file)].filter(({ bytes }) => bytes > 0)
  const counts = new Map<number, number>()
  for (const { to } of said) counts.set(to, (counts.get(to) ?? 0) + 1)
  const [host] = [...counts].sort(([, one], [, other]) => other - one)[0] ?? []
  const askedAt = new Map<number, number>()
  const times: number[] = []
  for (const { at, from, to } of said) {
    if (to === host && !askedAt.has(from)) askedAt.set(from, at)
    const asked = from === host ? askedAt.get(to) : undefined
    if (asked === undefined) continue
    askedAt.delete(to)
    if (asked >= fromMs) times.push(at - asked)
  }
  return times.sort((one, other) => one - other)
}

/** `share` of 1. The times are in order. */
export const atShare = (times: readonly number[], share: number): number =>
  times[Math.min(times.length - 1, Math.ceil(share * times.length) - 1)] as number
