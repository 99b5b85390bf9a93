// Messages of a dialect as they go over a wire, for the doctor to look at.

import { compile } from '../../src/codec/compile.js'
import type { Dialect } from '../../src/codec/dialect.js'
import { answerMti } from '../../src/codec/head/mti.js'
import type { Message } from '../../src/codec/message.js'
import type { Framing } from '../../src/framing/framing.js'
import { createPrefix } from '../../src/framing/prefix.js'

const values: Readonly<Record<string, string>> = {
  amount: '000000001234',
  currency: '156',
  terminal: '00000001',
  merchant: '000000000000001',
  batch: '000001',
  operator: '01',
  'card.pan': '6225880000000001',
  'card.expiry': '2812',
  'card.track2': '6225880000000001=28121010000000000',
  'card.sequence': '001',
  'utc:MMDDhhmmss': '0314150926',
  'utc:hhmmss': '150926',
  'utc:MMDD': '0314',
  'local:hhmmss': '230926',
  'local:MMDD': '0314',
  'local:YYMMDDhhmmss': '260314230926',
  'local:YYYYMMDDhhmmss': '20260314230926',
}

/** Undefined for a text with a gap that no terminal fills in without a key. */
function filled(text: string, stan: number): string | undefined {
  const trace = String(stan).padStart(6, '0')
  const all: Readonly<Record<string, string>> = { ...values, stan: trace, rrn: `000001${trace}` }
  const parts = text.split(/[{}]/).map((part, index) => (index % 2 === 0 ? part : all[part]))
  return parts.includes(undefined) ? undefined : parts.join('')
}

/** A sign-on, an echo, sales and balances, each followed by a short answer. */
export function conversation(dialect: Dialect): readonly { request: Message; answer: Message }[] {
  const { responseCode, codes, matchBy } = dialect.rules
  return ['signOn', 'echo', 'sale', 'balance', 'sale'].flatMap((name, index) => {
    const definition = dialect.messages[name]
    if (definition === undefined) return []
    const fields = Object.fromEntries(
      Object.entries(definition.fields).flatMap(([key, text]) => {
        const value = typeof text === 'string' ? filled(text, index + 1) : undefined
        return value === undefined ? [] : [[key, value] as const]
      }),
    )
    const echoed = Object.entries(fields).filter(([key]) => matchBy.includes(Number(key)) || key === '12')
    const answer = { ...Object.fromEntries(echoed), [responseCode]: codes.approved }
    return [{ request: { mti: definition.mti, fields }, answer: { mti: answerMti(definition.mti), fields: answer } }]
  })
}

/** Requests and answers with their envelope and length in front. */
export function onTheWire(dialect: Dialect, framing: Framing): { requests: Buffer[]; answers: Buffer[] } {
  const { pack } = compile(dialect)
  const frames = conversation(dialect)
  const wrap = (message: Message) => framed(enveloped(pack(message), dialect), framing)
  return { requests: frames.map(({ request }) => wrap(request)), answers: frames.map(({ answer }) => wrap(answer)) }
}

export function enveloped(body: Uint8Array, { envelope }: Dialect): Buffer {
  const hex = (text = '') => Buffer.from(text, 'hex')
  return Buffer.concat([hex(envelope.tpdu), hex(envelope.header), body, hex(envelope.trailer)])
}

export function framed(frame: Uint8Array, framing: Framing): Buffer {
  const prefix = createPrefix(framing)
  const body = Buffer.concat([frame, prefix.trailer])
  const front = Buffer.alloc(prefix.bytes)
  prefix.write(front, 0, body.length)
  return Buffer.concat([front, body])
}
