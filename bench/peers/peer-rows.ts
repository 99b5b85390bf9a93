// Messages that peers packed themselves, read, packed again and packed from values: one row for each peer and spec, and each framing.

import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseJsonInOrder } from '../../src/base/written-order.js'
import { compile } from '../../src/codec/compile.js'
import type { Dialect } from '../../src/codec/dialect.js'
import type { FieldValue, Message } from '../../src/codec/message.js'
import { readMessage } from '../../src/codec/message-json.js'
import { carriedAs } from '../../src/codec/xml/as-xml.js'
import type { EnvelopeDefinition } from '../../src/framing/envelope.js'
import { framingNamed } from '../../src/framing/framings.js'
import { dialectNamed } from '../../src/run/files/read-dialect.js'
import { createWire } from '../../src/transport/wire/wire.js'

/** How many of the messages of one peer were equal, each way. */
export interface PeerRow {
  readonly peer: string
  readonly spec: string
  readonly messages: number
  /** Every value as the peer was given it. */
  readonly decoded: number
  /** Unpacked and packed: equal bytes. */
  readonly repacked: number
  /** Packed from the values: equal bytes. */
  readonly packed: number
  /** The first that was not, with what was wrong. */
  readonly trouble?: string
}

interface PeerMessage {
  readonly peer: string
  readonly spec: string
  readonly hex: string
  readonly message: Message
}

interface PeerFrames {
  readonly peer: string
  readonly framing: string
  readonly spec: string
  readonly envelope: EnvelopeDefinition
  readonly hex: string
  readonly messages: readonly Message[]
}

/** The folder of this file in the sources, wherever it was compiled to. */
export const peersFolder = (root: string): string => join(root, 'bench/peers')

export const specNamed = (folder: string, spec: string): Dialect =>
  dialectNamed(spec.includes('.') ? resolve(folder, 'specs', spec) : spec)

/** Tags keep the order in which they were given to the peer. */
const read = <T>(folder: string, file: string): readonly T[] =>
  parseJsonInOrder(readFileSync(join(folder, file), 'utf8')) as readonly T[]

export function messageRows(folder: string): readonly PeerRow[] {
  const messages = read<PeerMessage>(folder, 'messages.json')
  const specs = [...new Set(messages.map(({ spec }) => spec))]
  return specs.map((spec) => {
    const own = messages.filter((each) => each.spec === spec)
    const codec = compile(specNamed(folder, spec))
    return counted(own[0]?.peer ?? '', spec, own, ({ hex, message }) => {
      const bytes = Buffer.from(hex, 'hex')
      const back = codec.unpack(bytes)
      return {
        decoded: isSame(message.fields as FieldValue, back.fields as FieldValue) && back.mti === message.mti,
        repacked: bytes.equals(codec.pack(back)),
        packed: bytes.equals(codec.pack(readMessage(message))),
      }
    })
  })
}

/** Streams as the peers' channels write them, handed in whole and byte by byte. */
export function frameRows(folder: string): readonly PeerRow[] {
  return read<PeerFrames>(folder, 'frames.json').map((frames) => {
    const framing = framingNamed(frames.framing)
    const dialect = carriedAs(specNamed(folder, frames.spec), framing.length.kind)
    const envelope = { ...dialect.envelope, ...frames.envelope }
    const wire = createWire({ codec: compile(dialect), framing, envelope })
    const stream = Buffer.from(frames.hex, 'hex')
    const said = frames.framing === 'xml' ? withoutComments(stream) : stream
    return counted(frames.peer, frames.framing, [frames], () => {
      const [whole, split] = [stream.length, 1].map((step) => messagesIn(wire, stream, step))
      const written = Buffer.concat(frames.messages.map((message) => frameOf(wire, message)))
      const isRead = (read: readonly Message[] | undefined) =>
        read?.length === frames.messages.length &&
        read.every((message, at) => isSame(frames.messages[at]?.fields as FieldValue, message.fields as FieldValue))
      const again = Buffer.concat((whole ?? []).map((message) => frameOf(wire, message)))
      return { decoded: isRead(whole) && isRead(split), repacked: said.equals(again), packed: said.equals(written) }
    })
  })
}

/** A comment of XML says who wrote it: no part of the message. */
const withoutComments = (stream: Buffer) => Buffer.from(stream.toString('utf8').replace(/ *<!--[^>]*-->\n/g, ''))

type Wire = ReturnType<typeof createWire>

function messagesIn(wire: Wire, stream: Buffer, step: number): readonly Message[] {
  const reader = wire.createReader()
  const messages: Message[] = []
  for (let at = 0; at < stream.length; at += step) {
    reader.push(Uint8Array.from(stream.subarray(at, at + step)))
    for (let got = reader.next(); got !== undefined; got = reader.next()) {
      if (got.error !== undefined) throw got.error
      messages.push(wire.codec.unpack(Uint8Array.from(got.body)))
    }
    reader.keep()
  }
  return messages
}

function frameOf(wire: Wire, message: Message): Buffer {
  const body = wire.codec.pack(message)
  const target = Buffer.alloc(wire.overheadBytes + body.length)
  const writer = {
    write: (into: Uint8Array, at: number) => {
      into.set(body, at)
      return at + body.length
    },
  }
  return target.subarray(0, wire.frame(target, 0, body.length, writer))
}

interface Checks {
  readonly decoded: boolean
  readonly repacked: boolean
  readonly packed: boolean
}

function counted<T>(peer: string, spec: string, items: readonly T[], check: (item: T) => Checks): PeerRow {
  const counts = { decoded: 0, repacked: 0, packed: 0 }
  let trouble: string | undefined
  items.forEach((item, index) => {
    try {
      const checks = check(item)
      for (const name of ['decoded', 'repacked', 'packed'] as const) {
        if (checks[name]) counts[name]++
        else trouble ??= `message ${index}: not ${name} to what the peer has`
      }
    } catch (error) {
      trouble ??= `message ${index}: ${(error as Error).message}`
    }
  })
  return { peer, spec, messages: items.length, ...counts, ...(trouble === undefined ? {} : { trouble }) }
}

/** The filler of a field of fixed width is no part of its value. */
function isSame(given: FieldValue, back: FieldValue | undefined): boolean {
  if (typeof given === 'string') return typeof back === 'string' && bare(given) === bare(back)
  if (typeof back !== 'object' || back === null) return false
  const [asked, got] = [given, back].map((value) => Object.entries(value).filter(([key]) => key !== 'order'))
  return (
    asked?.length === got?.length &&
    (asked ?? []).every(([key, value]) => isSame(value as FieldValue, (back as Record<string, FieldValue>)[key]))
  )
}

const bare = (text: string) => text.replace(/^[0 ]+|[ ]+$/g, '')
