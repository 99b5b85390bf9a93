// Sales as the fastest client makes them: it stamps a trace number into frames that are packed once, and looks at the response codes of
// the answers and at nothing else.

import { createDeframer } from '../../src/framing/deframer.js'
import { maxFrameBytes } from '../../src/framing/framing.js'
import { measuredMessages, measuredSpeaker } from './shapes.js'

const largestStan = 999_999
const stanDigits = 6
const zero = 48

export interface RawSales {
  /** Frames of the next so many sales, each another terminal's in turn. */
  next(count: number): Uint8Array
}

/** `terminals` of them take turns, from number `first` on. */
export function createRawSales(first: number, terminals: number): RawSales {
  const speaker = measuredSpeaker()
  const names = Array.from({ length: terminals }, (_, index) => String(first + index).padStart(8, '0'))
  const frames = names.map((name) => frameOf(speaker, name))
  const stanAt = placeOfStan(speaker)
  const frameBytes = frames[0]?.length ?? 0
  const round = Buffer.concat(frames)
  let sent = 0
  return {
    next(count) {
      const bytes = Buffer.allocUnsafe(count * frameBytes)
      for (let at = 0; at < bytes.length; ) {
        const from = (sent % terminals) * frameBytes
        const piece = Math.min(round.length - from, bytes.length - at)
        round.copy(bytes, at, from, from + piece)
        const stan = (Math.floor(sent / terminals) % largestStan) + 1
        for (const end = at + piece; at < end; at += frameBytes) writeDigits(bytes, at + stanAt, stan)
        sent += piece / frameBytes
      }
      return bytes
    },
  }
}

type Speaker = ReturnType<typeof measuredSpeaker>

function frameOf(speaker: Speaker, terminal: string, stan = '000000'): Buffer {
  const { codec, wire } = speaker
  const template = codec.template(measuredMessages(speaker).request, [11, 41])
  const bytes = Buffer.alloc(wire.overheadBytes + template.maxBytes)
  const writer = { write: (target: Uint8Array, at: number) => template.write(target, at, [stan, terminal]) }
  return bytes.subarray(0, wire.frame(bytes, 0, template.maxBytes, writer))
}

/** Two sales that differ in their trace number alone differ first where it begins. */
function placeOfStan(speaker: Speaker): number {
  const [one, other] = [frameOf(speaker, '00000001', '111111'), frameOf(speaker, '00000001', '222222')]
  return one.findIndex((byte, index) => byte !== other[index])
}

function writeDigits(bytes: Uint8Array, at: number, number: number): void {
  let left = number
  for (let index = at + stanDigits - 1; index >= at; index--) {
    const tenth = Math.floor(left / 10)
    bytes[index] = zero + left - 10 * tenth
    left = tenth
  }
}

export interface RawApprovals {
  /**
   * Takes in what arrived, and says how many answers it completes. Throws for one that approves nothing: its host has done less than it
   * should.
   */
  count(bytes: Uint8Array): number
}

export function createRawApprovals(): RawApprovals {
  const { codec, wire } = measuredSpeaker()
  const deframer = createDeframer(wire.framing, { maxFrameBytes, measure: wire.measure })
  /** The length of the answers, and where in them the response code stands, once it is known. */
  let [length, codeAt] = [0, 0]
  const look = (answer: Uint8Array) => {
    const code = codec.peek(answer).raw(39)
    length = answer.length
    codeAt = (code?.byteOffset ?? 0) - answer.byteOffset
  }
  return {
    count(bytes) {
      deframer.push(bytes)
      let answered = 0
      for (let answer = deframer.next(); answer !== undefined; answer = deframer.next()) {
        if (answer.length !== length) look(answer)
        if (answer[codeAt] !== zero || answer[codeAt + 1] !== zero)
          throw new Error(`a sale was answered with code ${codec.peek(answer).text(39)}`)
        answered++
      }
      return answered
    },
  }
}
