// The messages on the wire, by an onlooker that shares nothing with the program but the codec's `peek`. Rule: what counts
// is what passed by, request and answer; what either side believes is not asked.

import { compile } from '../../src/codec/compile.js'
import { cupPos } from '../../src/codec/dialects/cup-pos.js'
import type { Onlooker } from './relay.js'

/** A transaction by its terminal, batch and trace number. */
export interface Seen {
  /** The MTI of its request; empty where none was seen. */
  mti: string
  amountMinor: number
  /** How often the number was used: an advice that is told again is no use of its own. */
  uses: number
  /** An answer 00 was handed to the terminal. */
  approved: boolean
  reversalSent: boolean
  /** An answer 00 to its reversal was handed to the terminal. */
  reversalAcknowledged: boolean
}

export interface Witness {
  /** The transactions that were seen, by `keyOf`. */
  readonly seen: ReadonlyMap<string, Seen>
  /** The things that cannot be, as they were seen. */
  readonly problems: readonly string[]
  /** Requests of sales, voids and refunds so far, without repeats. */
  readonly requests: number
  /** The onlooker of a connection. */
  watch(): Onlooker
}

export const keyOf = (terminal: string, batch: string, stan: string) => `${terminal}/${batch}/${stan}`

/** A prefix that says how many bytes follow; TPDU and header stand before the message. */
const prefixBytes = 2
const frontBytes = 11

type Message = Readonly<Record<'mti' | 'key' | 'code', string> & { amountMinor: number }>

export function createWitness(): Witness {
  const { peek } = compile(cupPos)
  const seen = new Map<string, Seen>()
  const problems: string[] = []
  let requests = 0

  const read = (frame: Uint8Array): Message => {
    const fields = peek(frame.subarray(frontBytes))
    const text = (field: number) => fields.text(field) ?? ''
    const key = keyOf(text(41), text(60).slice(2, 8), text(11))
    return { mti: fields.mti, key, code: text(39), amountMinor: Number(text(4)) }
  }
  const request = ({ mti, key, amountMinor }: Message) => {
    if (!/^0[24]/.test(mti)) return
    // A terminal reverses also what it had only written down when it died: then nothing came before.
    const known = seen.get(key) ?? { ...unseen, amountMinor }
    seen.set(key, known)
    if (mti.startsWith('04')) known.reversalSent = true
    else if (known.uses === 0 || !isAdviceAgain(mti, amountMinor, known)) {
      requests++
      known.uses++
      known.mti = mti
    }
  }
  const answer = ({ mti, key, code }: Message) => {
    if (!/^0[24]/.test(mti)) return
    const known = seen.get(key)
    if (known === undefined) problems.push(`${key}: an answer ${mti} to what nobody asked`)
    else if (code !== '00') return
    else if (mti.startsWith('02')) known.approved = true
    else known.reversalAcknowledged = true
  }

  const look = (frame: Uint8Array, take: (message: Message) => void) => {
    try {
      take(read(frame))
    } catch (error) {
      problems.push(`a frame of ${frame.length} bytes cannot be read: ${error}`)
    }
  }

  return {
    seen,
    problems,
    get requests() {
      return requests
    },
    watch: () => ({
      request: createFrameReader((frame) => look(frame, request)),
      answer: createFrameReader((frame) => look(frame, answer)),
    }),
  }
}

const unseen = { mti: '', uses: 0, approved: false, reversalSent: false, reversalAcknowledged: false }

/** Only advices (0220) are told again in the same words; a request in doubt is reversed. */
const isAdviceAgain = (mti: string, amountMinor: number, first: Seen) =>
  mti === '0220' && first.mti === mti && first.amountMinor === amountMinor

/** Cuts a stream into what stands behind each prefix. Frames of no bytes keep a line open and are none. */
function createFrameReader(take: (frame: Uint8Array) => void): (bytes: Uint8Array) => void {
  let rest = Buffer.alloc(0)
  return (bytes) => {
    rest = Buffer.concat([rest, bytes])
    while (rest.length >= prefixBytes) {
      const end = prefixBytes + rest.readUInt16BE(0)
      if (rest.length < end) return
      if (end > prefixBytes) take(rest.subarray(prefixBytes, end))
      rest = rest.subarray(end)
    }
  }
}
