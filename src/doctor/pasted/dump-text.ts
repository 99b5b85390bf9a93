// Dumps with offsets in front: hexdump, xxd, od, jPOS, Wireshark, tcpdump -X. Characters behind the bytes are ignored.

/** Bytes of one dump, and the line on which it begins, from 1. */
export interface TextPiece {
  readonly bytes: Uint8Array
  readonly line: number
}

/** An offset, then bytes in groups of one or two, then what is no byte. */
const dumpLine = /^\s*(?:0x)?([0-9a-f]{4,8}):?\s+((?:[0-9a-f]{2}){1,2}(?: {1,3}(?:[0-9a-f]{2}){1,2})*)(?=$|\s|\|)/i
/** hexdump and od end with a line that holds the length alone; hexdump writes `*` for lines like the one before. */
const closingLine = /^\s*(?:0x)?[0-9a-f]{4,8}:?\s*$/i
const repeatLine = /^\s*\*\s*$/
/** As hexdump without flags and `od -x` write on this kind of machine: words of 16 bits, the low byte last, and no characters. */
const wordLine = /^\s*[0-9a-f]{7}(?: +[0-9a-f]{4})+\s*$/i
const wordsEnd = /^\s*([0-9a-f]{7})\s*$/i

interface DumpLine {
  /** The offset as it is written: its radix is known by what follows. */
  readonly offset: string
  readonly bytes: Uint8Array
  readonly line: number
}

/** Offset 0 begins a dump; lines that are none, such as headings of packets, stand between dumps. Undefined for another text. */
export function dumpsOf(lines: readonly string[]): readonly TextPiece[] | undefined {
  const read = lines.some((line) => wordsEnd.test(line)) && onlyWords(lines) ? readWords : readDumps
  for (const radix of [16, 8, 10]) {
    const dumps = read(lines, radix)
    if (dumps !== undefined && dumps.length > 0) return dumps
  }
  return undefined
}

const onlyWords = (lines: readonly string[]): boolean =>
  lines.every((line) => wordLine.test(line) || !dumpLine.test(line))

/** The same of words: the closing line says where the last of them ends. */
function readWords(lines: readonly string[], radix: number): readonly TextPiece[] | undefined {
  const ends = lines.flatMap((line) => wordsEnd.exec(line)?.[1] ?? [])
  const dumps = readDumps(lines, radix)
  return dumps?.map(({ bytes, line }, index) => {
    const end = Number.parseInt(ends[index] ?? '', radix)
    const even = Buffer.concat([bytes, Buffer.alloc(bytes.length % 2)])
    return { bytes: even.swap16().subarray(0, Number.isNaN(end) ? bytes.length : end), line }
  })
}

function readDumps(lines: readonly string[], radix: number): readonly TextPiece[] | undefined {
  const dumps: DumpLine[][] = []
  let closing: number | undefined
  for (const [index, line] of lines.entries()) {
    const found = dumpLineOf(line, index + 1)
    const current = dumps.at(-1)
    if (found === undefined) {
      // Lines that are alike and left out cannot be told from lines that are missing.
      if (repeatLine.test(line) && current !== undefined) return undefined
      if (closingLine.test(line) && current !== undefined) closing = index
      continue
    }
    const offset = Number.parseInt(found.offset, radix)
    if (offset === 0) dumps.push([found])
    else if (current === undefined || closing === index) return undefined
    else current.push(found)
  }
  const pieces = dumps.map((dump) => joined(dump, radix))
  return pieces.every((piece) => piece !== undefined) ? pieces : undefined
}

function dumpLineOf(text: string, line: number): DumpLine | undefined {
  const match = dumpLine.exec(text)
  if (match === null) return undefined
  return { offset: match[1] as string, bytes: Buffer.from((match[2] as string).replace(/\s/g, ''), 'hex'), line }
}

/** Each line gives the bytes up to the next one's offset; the last one those that the lines before it have at most. */
function joined(dump: readonly DumpLine[], radix: number): TextPiece | undefined {
  const offsets = dump.map(({ offset }) => Number.parseInt(offset, radix))
  const widest = Math.max(...offsets.slice(1).map((offset, index) => offset - (offsets[index] as number)), 0)
  const parts: Uint8Array[] = []
  for (const [index, { bytes }] of dump.entries()) {
    const next = offsets[index + 1]
    const width = next === undefined ? Math.min(bytes.length, widest || 16) : next - (offsets[index] as number)
    // An offset that does not continue the bytes so far is no offset.
    if (width <= 0 || width > bytes.length) return undefined
    parts.push(bytes.subarray(0, width))
  }
  return { bytes: Buffer.concat(parts), line: dump[0]?.line ?? 1 }
}
