// Watching a host over the simulated network: what is sent, how gently, and how it ends.

import { describe, expect, test } from 'vitest'
import { compile } from '../../../src/codec/compile.js'
import { cupPos } from '../../../src/codec/dialects/cup-pos.js'
import { iso87Ascii } from '../../../src/codec/dialects/iso87-ascii.js'
import { answerMti } from '../../../src/codec/head/mti.js'
import type { Message } from '../../../src/codec/message.js'
import { framingNamed } from '../../../src/framing/framings.js'
import { readRunKeys } from '../../../src/run/keys/run-keys.js'
import { createSpeaker } from '../../../src/run/speaker.js'
import { type WatchOptions, watchHost } from '../../../src/run/watch/watch-host.js'
import { virtualWorld } from '../../../src/run/world.js'
import { completeCard } from '../../../src/terminal/requests/cards.js'
import { createWire } from '../../../src/transport/wire/wire.js'

const target = { host: '127.0.0.1', port: 8583 }
const card = completeCard({ pan: '6200000000000005', expiry: '3012' })

interface Host {
  /** Milliseconds until the answer; undefined: never. `at`: ms since the watch began. */
  readonly answersAfter?: (request: Message, at: number) => number | undefined
  readonly code?: (request: Message, at: number) => string
  /** Said to whatever comes, in place of answers. */
  readonly babbles?: Uint8Array
}

/** Watches a host in virtual time; `host` undefined: nobody listens. */
async function watch(host: Host | undefined, given: Partial<WatchOptions> = {}, dialect = iso87Ascii) {
  const world = virtualWorld(Date.parse('2026-01-05T00:00:00Z'))
  const codec = compile(dialect)
  const wire = createWire({ codec, framing: framingNamed(dialect.framing) })
  const requests: { message: Message; at: number }[] = []
  const verdicts: string[] = []
  let links = 0
  let inFlight = 0
  let mostInFlight = 0
  const accept = () => {
    links++
    return wire.createReader()
  }
  const work = async () => {
    const startedAt = world.clock.now()
    const listener =
      host &&
      (await world.network.listen(target, (link) => {
        const reader = accept()
        return {
          onData(bytes) {
            if (host.babbles !== undefined) return link.write(host.babbles)
            reader.push(bytes)
            for (let received = reader.next(); received !== undefined; received = reader.next()) {
              const message = codec.unpack(received.body)
              const at = world.clock.now() - startedAt
              requests.push({ message, at })
              mostInFlight = Math.max(mostInFlight, ++inFlight)
              const after = host.answersAfter === undefined ? 5 : host.answersAfter(message, at)
              if (after === undefined) continue
              const body = codec.pack({
                mti: answerMti(message.mti),
                fields: { ...answerFields(message), 39: host.code?.(message, at) ?? '00' },
              })
              const front = wire.answerFront(received).slice()
              world.clock.after(after, () => {
                inFlight--
                const frame = new Uint8Array(wire.overheadBytes + body.length)
                const write = (bytesOut: Uint8Array, place: number) => {
                  bytesOut.set(body, place)
                  return place + body.length
                }
                link.write(frame.subarray(0, wire.frame(frame, 0, body.length, { write }, front)))
              })
            }
          },
          onClose() {},
        }
      }))
    const end = await watchHost({
      ...{ target, speaker: createSpeaker({ dialect }), clock: world.clock, network: world.network, everyMs: 5000 },
      ...{ forMs: 60_000, windowMs: 60_000, timelyMs: 3000, timeoutMs: 10_000, timelyRate: 0.99, keepGoing: false },
      ...{ terminal: 'WATCH001', merchant: '000000000000001', timeZone: 'UTC', card: undefined },
      keys: readRunKeys('none').set,
      signal: new AbortController().signal,
      onProbe: (_, state) => verdicts.push(state.verdict),
      ...given,
    })
    await listener?.close()
    return { end, tookMs: world.clock.now() - startedAt }
  }
  const { end, tookMs } = await world.until(work())
  return { end, tookMs, requests, verdicts, links, mostInFlight }
}

function answerFields({ fields }: Message): Message['fields'] {
  return Object.fromEntries(
    Object.entries(fields).filter(([field]) => ['3', '4', '11', '41', '42', '70'].includes(field)),
  )
}

describe('a healthy host', () => {
  test('gets echoes at the rate that was asked for, one connection that stays, and a fresh one now and then', async () => {
    const { end, requests, links, verdicts, mostInFlight } = await watch({})
    expect(end).toMatchObject({ turnedBad: false, everConnected: true })
    expect(requests.map(({ message }) => message.mti)).toEqual(Array.from({ length: 12 }, () => '0800'))
    expect(links).toBe(3)
    expect(mostInFlight).toBe(1)
    expect(new Set(verdicts)).toEqual(new Set(['good']))
    expect(end.state).toMatchObject({ lostConnections: 0, failedConnects: 0, trouble: null })
  })

  test('gets no card data and no PIN with an echo', async () => {
    const { requests } = await watch({})
    for (const { message } of requests) {
      for (const field of ['2', '35', '52', '55']) expect(message.fields[field]).toBeUndefined()
    }
  })

  test('gets balance inquiries only with a card, one at a time, never with a PIN', async () => {
    const { requests, mostInFlight, end } = await watch({}, { card })
    const inquiries = requests.filter(({ message }) => message.mti !== '0800')
    expect(inquiries.length).toBe(12)
    for (const { message } of inquiries) {
      expect(message.fields['52']).toBeUndefined()
      expect(message.fields['2'] ?? message.fields['35']).toContain('6200000000000005')
    }
    expect(mostInFlight).toBe(1)
    expect(end.state.answerMs).toBeGreaterThan(4)
  })

  test('is asked in its own dialect, with a sign-on before the first inquiry', async () => {
    const { requests } = await watch({}, { card, forMs: 9000 }, cupPos)
    expect(requests[0]?.message.mti).toBe('0820')
    expect(requests.some(({ message }) => message.fields['3'] === '310000')).toBe(true)
  })
})

describe('a host that goes silent', () => {
  const silentFrom = (from: number, to = Number.POSITIVE_INFINITY) => ({
    answersAfter: (_: Message, at: number) => (at >= from && at < to ? undefined : 5),
  })

  test('ends the watch as soon as it is known', async () => {
    const { end, tookMs } = await watch(silentFrom(20_000))
    expect(end.turnedBad).toBe(true)
    expect(end.state.trouble?.cause).toBe('host-down')
    expect(tookMs).toBeLessThan(50_000)
  })

  test('is watched on where that was asked for, and is good again later', async () => {
    const { end, verdicts, tookMs } = await watch(silentFrom(20_000, 41_000), { keepGoing: true, forMs: 200_000 })
    expect(tookMs).toBeGreaterThan(199_000)
    expect(verdicts).toContain('bad')
    expect(verdicts.at(-1)).toBe('good')
    expect(end.turnedBad).toBe(true)
  })

  test('is not asked faster because of it', async () => {
    const { requests, links } = await watch(silentFrom(0), { keepGoing: true })
    expect(requests.length).toBeLessThanOrEqual(6)
    expect(links).toBeLessThan(12)
  })
})

test('a host that answers late but surely is slow', async () => {
  const { end } = await watch({ answersAfter: () => 4000 })
  expect(end).toMatchObject({ turnedBad: true, state: { trouble: { cause: 'host-slow' } } })
})

test('a host that says that it is down is believed', async () => {
  const { end } = await watch({ code: () => '91' }, { card }, iso87Ascii)
  expect(end).toMatchObject({ turnedBad: true, state: { trouble: { cause: 'host-down' } } })
})

const babble = [
  { name: 'another framing', bytes: new Uint8Array([0x7f, 0xff, 1, 2, 3]) },
  { name: 'another protocol', bytes: new TextEncoder().encode('HTTP/1.1 400 Bad Request\r\n\r\n') },
  { name: 'frames that hold no message', bytes: new TextEncoder().encode('0004????') },
]
for (const { name, bytes } of babble) {
  test(`a peer that speaks ${name} is not silent: something is set up wrongly`, async () => {
    const { end } = await watch({ babbles: bytes })
    expect(end).toMatchObject({ turnedBad: true, state: { trouble: { cause: 'terminal-setup' } } })
    expect(end.state.trouble?.evidence.join(' ')).toMatch(/answer that cannot be read \(\d+ bytes\)/)
  })
}

test('a window that is shorter than the timeout still finds that the host is gone', async () => {
  for (const given of [{}, { card }]) {
    const { end, tookMs } = await watch({ answersAfter: () => undefined }, { ...given, windowMs: 1000 })
    expect(end).toMatchObject({ turnedBad: true, state: { verdict: 'bad' } })
    expect(tookMs).toBeLessThan(40_000)
  }
})

test('a terminal id that does not fit is refused before anything is sent', async () => {
  for (const given of [{}, { card }]) {
    await expect(watch({}, { ...given, terminal: 'WATCH0001' }, cupPos)).rejects.toThrow(
      /cannot be made of this terminal, merchant and card: field 41: expected at most 8/,
    )
  }
})

test('where nobody listens, no connection was ever made', async () => {
  const { end } = await watch(undefined)
  expect(end).toMatchObject({ turnedBad: true, everConnected: false, state: { trouble: { cause: 'host-down' } } })
})

test('an interrupt ends it at once', async () => {
  const controller = new AbortController()
  let seen = 0
  const { tookMs, end } = await watch(
    {},
    {
      signal: controller.signal,
      onProbe: () => {
        if (++seen === 2) controller.abort()
      },
    },
  )
  expect(tookMs).toBeLessThan(7000)
  expect(end.turnedBad).toBe(false)
})
