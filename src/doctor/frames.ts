// Cuts the evidence into frames by one framing, and says how much of it that explains.

import { createDeframer, type Measure } from '../framing/deframer.js'
import { type Framing, maxFrameBytes } from '../framing/framing.js'
import { createPrefix } from '../framing/prefix.js'
import type { ByteSample, WireEvidence } from './evidence.js'

export interface FrameCut {
  readonly framing: Framing
  readonly frames: readonly Uint8Array[]
  /** Share of the bytes that stand in whole frames, prefixes counted: 0 to 1. */
  readonly coverage: number
  /** Equal for framings that cut the same frames out of the same places. */
  readonly signature: string
}

/** Frames that are judged: more agree no better. */
const maxFrames = 100
/** Packet boundaries at which a sample that begins inside a message is tried again. */
const maxStarts = 32

interface Pieces {
  readonly frames: readonly Uint8Array[]
  /** From the start that was taken to the end of the last frame. */
  readonly covered: number
}

/** `measure` tells of framing `none` where a message ends. Undefined where the framing gives no frame at all. */
export function cutEvidence({ samples }: WireEvidence, framing: Framing, measure?: Measure): FrameCut | undefined {
  const frames: Uint8Array[] = []
  const places: number[] = []
  let covered = 0
  let total = 0
  for (const [index, sample] of samples.entries()) {
    if (frames.length >= maxFrames) break
    const pieces = piecesOf(sample, framing, measure)
    total += pieces.frames.length === 0 ? sample.bytes.length : Math.min(sample.bytes.length, reachOf(sample, pieces))
    covered += pieces.covered
    for (const frame of pieces.frames) places.push(index, frame.byteOffset, frame.length)
    frames.push(...pieces.frames)
  }
  if (frames.length === 0) return undefined
  return { framing, frames, coverage: covered / Math.max(1, total), signature: places.join(' ') }
}

function piecesOf(sample: ByteSample, framing: Framing, measure: Measure | undefined): Pieces {
  if (measure !== undefined) return bestCut(sample, (bytes) => cutByMeasure(bytes, measure))
  return framing.length.kind === 'none' ? packetsOf(sample) : bestCut(sample, (bytes) => cutFrom(bytes, framing))
}

/** Messages one behind the other, as far as each ends. */
function cutByMeasure(bytes: Uint8Array, measure: Measure): Pieces {
  const frames: Uint8Array[] = []
  let covered = 0
  while (covered < bytes.length && frames.length < maxFrames) {
    const rest = bytes.subarray(covered)
    const total = measure(rest)
    if (total <= 0 || total > rest.length) break
    frames.push(rest.subarray(0, total))
    covered += total
  }
  return { frames, covered }
}

/** A sample of very many frames is judged by those that were cut. */
const reachOf = ({ bytes }: ByteSample, { frames, covered }: Pieces) =>
  frames.length >= maxFrames ? covered : bytes.length

/** Framing `none`: what arrived together is one message. */
function packetsOf({ bytes, starts }: ByteSample): Pieces {
  const frames = starts
    .map((at, index) => bytes.subarray(at, starts[index + 1] ?? bytes.length))
    .filter((frame) => frame.length > 0 && frame.length <= maxFrameBytes)
    .slice(0, maxFrames)
  return { frames, covered: frames.reduce((sum, frame) => sum + frame.length, 0) }
}

/** From the beginning, or from the packet boundary that explains most: a capture may begin inside a message. */
function bestCut(sample: ByteSample, cutFrom: (bytes: Uint8Array) => Pieces): Pieces {
  let best: Pieces = { frames: [], covered: 0 }
  for (const start of sample.starts.slice(0, maxStarts)) {
    const pieces = cutFrom(sample.bytes.subarray(start))
    if (pieces.covered > best.covered) best = pieces
    if (best.covered >= sample.bytes.length - start) break
  }
  return best
}

function cutFrom(bytes: Uint8Array, framing: Framing): Pieces {
  const deframer = createDeframer(framing, { maxFrameBytes })
  const { bytes: frontBytes, trailer } = createPrefix(framing)
  const frames: Uint8Array[] = []
  let covered = 0
  deframer.push(bytes)
  try {
    for (let frame = deframer.next(); frame !== undefined && frames.length < maxFrames; frame = deframer.next()) {
      frames.push(frame)
      // Bytes between frames, such as empty frames, are not explained: a wider length may explain them.
      covered += frontBytes + frame.length + trailer.length
    }
  } catch {
    // The frames before the place where the stream cannot be read any further still count.
  }
  return { frames, covered }
}
