// The lengths in front of a message: one that stands twice, counts something else, or is wrong.

import { agreeing, counted } from '../base/text/counted.js'
import { framings } from '../framing/framings.js'
import { createPrefix } from '../framing/prefix.js'

/** Bytes of a frame around a message that was found in it. */
export interface Front {
  /** From the start of the frame to the MTI. */
  readonly bytes: Uint8Array
  /** Bytes from the MTI to the end of the frame. */
  readonly bodyBytes: number
  /** Bytes of a length that was already taken off; 0 where there was none. */
  readonly prefixBytes: number
}

/** The usual lengths, those first that are hardest to hit by chance. */
const lengths = ['ascii4', 'hex4', 'binary4', 'binary2', 'bcd2', 'ascii3', 'ascii2'].flatMap((name) => {
  const framing = framings.find((one) => one.name === name)
  return framing === undefined ? [] : [{ name, prefix: createPrefix(framing) }]
})

/** A length may miss so many bytes: itself, a TPDU, an end mark. */
const nearMiss = 8

export interface FrontWords {
  /** `a TPDU and a header of 2 bytes`. */
  readonly name: string
  /** The oddities of the lengths in front; none where they say what is there. */
  readonly notes: readonly string[]
}

/** The words for the bytes in front of a message that was found behind a header of no known shape. */
export function frontWords(front: Front): FrontWords {
  const again = secondLength(front)
  if (again !== undefined) return { name: parts(front.bytes), notes: [again] }
  const wrong = front.prefixBytes > 0 ? undefined : wrongLength(front)
  if (wrong === undefined) return { name: parts(front.bytes), notes: [] }
  const rest = front.bytes.subarray(wrong.bytes)
  return { name: `a wrong length${rest.length === 0 ? '' : ` and ${parts(rest)}`}`, notes: [wrong.note] }
}

/** A TPDU begins with 60 to 6F and has five bytes. */
const tpduBytes = 5

function parts(bytes: Uint8Array): string {
  const hasTpdu = ((bytes[0] ?? 0) & 0xf0) === 0x60 && bytes.length >= tpduBytes
  const rest = hasTpdu ? bytes.length - tpduBytes : bytes.length
  const header = `a header of ${rest} ${rest === 1 ? 'byte' : 'bytes'}`
  if (!hasTpdu) return header
  return rest === 0 ? 'a TPDU' : `a TPDU and ${header}`
}

/** Two lengths, one behind the other, that both say what follows them. */
function secondLength({ bytes, bodyBytes, prefixBytes }: Front): string | undefined {
  const found = lengths.find(({ prefix }) => {
    const at = bytes.length - prefix.bytes
    return at >= 0 && prefix.read(bytes, at) === bodyBytes
  })
  if (found === undefined) return undefined
  const at = bytes.length - found.prefix.bytes
  const isTwice = prefixBytes > 0 || startsWithLength(bytes.subarray(0, at), bytes.length - at + bodyBytes)
  if (!isTwice) return undefined
  return `the length stands twice: right before the message ${found.name} says ${counted(bodyBytes, 'byte')} again. One side adds a length to a message that has one already: leave one of the two out`
}

const startsWithLength = (bytes: Uint8Array, following: number) =>
  lengths.some(({ prefix }) => {
    const rest = bytes.length - prefix.bytes
    return rest >= 0 && prefix.read(bytes, 0) === rest + following
  })

interface WrongLength {
  readonly bytes: number
  readonly note: string
}

/** A length at the very beginning that fits no framing. */
function wrongLength({ bytes, bodyBytes }: Front): WrongLength | undefined {
  const total = bytes.length + bodyBytes
  const announced = lengths.flatMap(({ name, prefix }) => {
    if (prefix.bytes > bytes.length) return []
    const says = prefix.read(bytes, 0)
    return says > 0 ? [{ name, says, bytes: prefix.bytes, follow: total - prefix.bytes }] : []
  })
  const twofold = announced.find(({ says, follow }) => says === 2 * follow)
  const near = announced.find(({ says, follow }) => says !== follow && Math.abs(says - follow) <= nearMiss)
  const found = twofold ?? near
  if (found === undefined) return undefined
  const { name, says, follow } = found
  const why =
    found === twofold
      ? 'it counts hex digits, and must count bytes'
      : `it is wrong, or the message ${says > follow ? 'lost' : 'gained'} ${Math.abs(says - follow)} on its way`
  return {
    bytes: found.bytes,
    note: `the length in front (${name}) says ${says} where ${counted(follow, 'byte')} ${agreeing(follow, 'follows', 'follow')}: ${why}`,
  }
}
