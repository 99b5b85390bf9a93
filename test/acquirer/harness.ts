// An acquirer in virtual time, and a peer that hands it messages as a server does: in a buffer that is used again.

import { createAcquirer } from '../../src/acquirer/acquirer.js'
import type { ThirdParty } from '../../src/acquirer/intake/third-party.js'
import { acquirerSchema } from '../../src/acquirer/options.js'
import type { Posting } from '../../src/acquirer/posting.js'
import type { Advices } from '../../src/acquirer/settlement/advices.js'
import { compilePlaceholders } from '../../src/base/placeholders.js'
import { createRandom } from '../../src/base/random.js'
import { createVirtualClock, type VirtualClock } from '../../src/base/virtual-clock.js'
import { createZone } from '../../src/base/zone.js'
import { compile } from '../../src/codec/compile.js'
import type { Dialect } from '../../src/codec/dialect.js'
import { builtInDialect } from '../../src/codec/dialects/index.js'
import type { Fields, Message } from '../../src/codec/message.js'
import type { Replier } from '../../src/transport/server/server.js'

/** 2026-02-03 12:34:56 UTC, 20:34:56 in Shanghai. */
export const wallStart = Date.UTC(2026, 1, 3, 12, 34, 56)

export interface Answered {
  readonly at: number
  readonly message: Message
}

/** The fate of one message: its answers, and whether it was given up. */
export interface Fate {
  readonly answers: Answered[]
  dismissed: number
}

export interface HarnessOptions {
  readonly dialect?: string | Dialect
  /** The `acquirer:` section of a scenario. */
  readonly acquirer?: unknown
  readonly posting?: Posting
  readonly advices?: Advices | undefined
  readonly thirdParty?: ThirdParty
  readonly clock?: VirtualClock
  readonly maxHeldBytes?: number
  readonly seed?: number
  readonly maxBodyBytes?: number
}

export function createHarness({
  dialect = 'cup-pos',
  acquirer: section = {},
  seed = 1,
  clock = createVirtualClock(wallStart),
  ...options
}: HarnessOptions = {}) {
  const codec = compile(typeof dialect === 'string' ? builtInDialect(dialect) : dialect)
  const acquirer = createAcquirer({
    codec,
    options: acquirerSchema.parse(section),
    clock,
    random: createRandom(seed),
    zone: createZone('Asia/Shanghai'),
    ...options,
  })
  const shared = new Uint8Array(65_536)
  const unasked: Message[] = []
  const connection = {
    ...{ id: 1, peer: '127.0.0.1:40000', isOpen: true, end: () => {}, reset: () => {} },
    send(maxBodyBytes: number, writeBody: (target: Uint8Array, at: number) => number) {
      const target = new Uint8Array(maxBodyBytes)
      unasked.push(codec.unpack(target.slice(0, writeBody(target, 0))))
      return true
    },
  }

  const replierFor = (fate: Fate): Replier => ({
    connection,
    reply(maxBodyBytes, writeBody) {
      if (maxBodyBytes > (options.maxBodyBytes ?? 65_535)) throw new Error('longer than a frame')
      const target = new Uint8Array(maxBodyBytes + 7)
      const end = writeBody(target, 7)
      fate.answers.push({ at: clock.now(), message: codec.unpack(target.slice(7, end)) })
      return true
    },
    dismiss: () => {
      fate.dismissed++
    },
  })

  const sendBytes = (bytes: Uint8Array): Fate => {
    const fate: Fate = { answers: [], dismissed: 0 }
    shared.set(bytes)
    const body = shared.subarray(0, bytes.length)
    const { peek: found, error } = codec.peekOn(body)
    const [peek, partly] = error === undefined ? [found, undefined] : [undefined, found]
    acquirer.onRequest({ peek, error, partly, body, tpdu: undefined, header: undefined, frame: body }, replierFor(fate))
    shared.fill(0xee)
    return fate
  }

  return {
    acquirer,
    clock,
    codec,
    /** The messages that the host sent of its own accord. */
    unasked,
    sendBytes,
    send: (message: Message) => sendBytes(codec.pack(message)),
    /** A message of the dialect, with other fields over it; undefined leaves one out. */
    sendNamed: (name: string, fields: Record<string, string | undefined> = {}) =>
      sendBytes(codec.pack(namedMessage(codec.dialect, name, fields))),
  }
}

const sample: Record<string, string> = {
  stan: '000123',
  amount: '000000001234',
  currency: '156',
  terminal: 'T0000001',
  merchant: 'M00000000000001',
  batch: '000001',
  operator: '01',
  rrn: '603412000123',
  'card.pan': '6212345678901232',
  'card.expiry': '3012',
  'card.track2': '6212345678901232D30121010000000',
  'card.sequence': '001',
}

/** The placeholders of a message that are filled only where there are keys. */
const unsigned = ['{mac}', '{pinBlock}']

export function namedMessage(dialect: Dialect, name: string, fields: Record<string, string | undefined> = {}): Message {
  const definition = dialect.messages[name]
  if (definition === undefined) throw new Error(`${dialect.name} has no message ${name}`)
  const filled = Object.entries(definition.fields).map(([field, value]) => {
    if (typeof value !== 'string') return [field, value]
    if (unsigned.includes(value)) return [field, undefined]
    const filler = compilePlaceholders(value, Object.keys(sample))
    return [field, filler?.((placeholder) => sample[placeholder] as string, wallStart) ?? value]
  })
  const all = { ...Object.fromEntries(filled), ...fields }
  const present = Object.entries(all).filter(([field, value]) => value !== undefined && field !== 'mti')
  return { mti: fields.mti ?? definition.mti, fields: Object.fromEntries(present) as Fields }
}
