// Bytes that a person copied as text: hex, a message a line, or a dump with offsets in front and characters behind.

/** Undefined for bytes that are no such text. */
export function bytesOfHexText(input: Uint8Array): readonly Uint8Array[] | undefined {
  if (!input.every(isPrintable)) return undefined
  const lines = Buffer.from(input)
    .toString('latin1')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
  if (lines.length === 0) return undefined
  return dumpOf(lines) ?? messagesOf(lines)
}

const isPrintable = (byte: number) => (byte >= 0x20 && byte < 0x7f) || byte === 9 || byte === 10 || byte === 13

/** Each line is one message. */
function messagesOf(lines: readonly string[]): readonly Uint8Array[] | undefined {
  const hex = lines.map((line) => line.replace(/0x/gi, '').replace(/[\s:,-]/g, ''))
  const isHex = hex.every((digits) => digits.length % 2 === 0 && /^[0-9a-f]+$/i.test(digits))
  return isHex ? hex.map((digits) => Buffer.from(digits, 'hex')) : undefined
}

/** `0000  00 34 08 00  .4..` as hexdump, xxd, tcpdump and Wireshark print it; offset 0 begins a message. */
const dumpLine = /^\s*(?:0x)?([0-9a-f]{4,8}):?\s+((?:[0-9a-f]{2,4}(?: {1,2}|$)){1,16})/i

function dumpOf(lines: readonly string[]): readonly Uint8Array[] | undefined {
  const messages: number[][] = []
  for (const line of lines) {
    const match = dumpLine.exec(line)
    // hexdump ends with a line that holds the length alone.
    if (match === null && /^[0-9a-f]{4,8}$/i.test(line.trim()) && messages.length > 0) continue
    if (match === null) return undefined
    const offset = Number.parseInt(match[1] as string, 16)
    if (offset === 0) messages.push([])
    const message = messages.at(-1)
    // An offset that does not continue the bytes so far is no offset.
    if (message === undefined || offset !== message.length) return undefined
    message.push(...Buffer.from((match[2] as string).replace(/\s/g, ''), 'hex').subarray(0, 16))
  }
  return messages.map((bytes) => Uint8Array.from(bytes))
}
