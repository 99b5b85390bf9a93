// The smallest real codec: four ASCII characters of MTI, then fields as `11=000001;41=T1;`. A naive twin for tests of
// what carries messages, which must not depend on any dialect.

import type { Codec, Peek, PeekedOn } from '../../src/codec/codec.js'
import type { Dialect, MessageEnvelope } from '../../src/codec/dialect.js'
import { builtInDialects } from '../../src/codec/dialects/index.js'
import type { Message } from '../../src/codec/message.js'

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')

function read(bytes: Uint8Array): Message {
  const all = text(bytes)
  if (!/^\d{4}(\d+=[^;=]*;)*$/.test(all)) throw new Error('not a tiny message')
  const fields = all.slice(4).split(';').slice(0, -1)
  return { mti: all.slice(0, 4), fields: Object.fromEntries(fields.map((field) => field.split('='))) }
}

function pack({ mti, fields }: Message): Uint8Array {
  return Buffer.from(
    mti +
      Object.entries(fields)
        .map(([field, value]) => `${field}=${String(value)};`)
        .join(''),
    'latin1',
  )
}

function peek(bytes: Uint8Array): Peek {
  const { mti, fields } = read(bytes)
  const value = (field: number) => fields[String(field)]
  return {
    mti,
    has: (field) => value(field) !== undefined,
    text: (field) => value(field) as string | undefined,
    raw: (field) => (value(field) === undefined ? undefined : Buffer.from(String(value(field)), 'latin1')),
  }
}

function readOrNot(bytes: Uint8Array): PeekedOn {
  const none: Peek = { mti: '', has: () => false, text: () => undefined, raw: () => undefined }
  try {
    return { peek: peek(bytes), error: undefined }
  } catch (error) {
    return { peek: none, error: error as Error }
  }
}

export function tinyCodec(envelope: MessageEnvelope = {}): Codec {
  const dialect: Dialect = { ...(builtInDialects[0] as Dialect), name: 'tiny', envelope }
  const put = (message: Message, target: Uint8Array, at: number) => {
    const bytes = pack(message)
    target.set(bytes, at)
    return at + bytes.length
  }
  return {
    dialect,
    name: 'tiny',
    pack,
    unpack: read,
    inspect: (bytes) => ({ message: read(bytes) }),
    peek,
    peekOn: readOrNot,
    template: (message, slots) => ({
      maxBytes: 4096,
      write: (target, at, values) => {
        const filled = Object.fromEntries(slots.map((field, index) => [String(field), values[index] ?? '']))
        return put({ ...message, fields: { ...message.fields, ...filled } }, target, at)
      },
    }),
    answerer: ({ mti, echoed, set }) => ({
      maxBytes: (requestBytes) => requestBytes + 4096,
      write: (request, values, target, at) => {
        const copied = echoed.flatMap((field) =>
          request.has(field) ? [[String(field), request.text(field) ?? '']] : [],
        )
        const own = set.map((field, index) => [String(field), values[index] ?? ''])
        return put({ mti, fields: Object.fromEntries([...copied, ...own]) }, target, at)
      },
    }),
  }
}
