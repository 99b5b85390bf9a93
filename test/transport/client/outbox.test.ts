import { expect, test } from 'vitest'
import { flushBytes, Outbox } from '../../../src/transport/client/outbox.js'
import type { Link } from '../../../src/transport/network/link.js'

/** A link that keeps what it was given, as a slow socket does. */
function keepingLink(hasLeft?: boolean) {
  const written: Uint8Array[] = []
  const link: Link = {
    peer: 'peer',
    write: (bytes) => written.push(bytes) > 0,
    ...(hasLeft !== undefined && { hasLeft }),
    pause() {},
    resume() {},
    end() {},
    reset() {},
  }
  return { link, written }
}

function put(outbox: Outbox, text: string): void {
  outbox.reserve(text.length)
  outbox.buffer.set(Buffer.from(text), outbox.end)
  outbox.end += text.length
}

const textOf = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('latin1')

test.each([undefined, false])(
  'bytes that a link may still hold (hasLeft %s) stay as they are, whatever is written next',
  (hasLeft) => {
    const { link, written } = keepingLink(hasLeft)
    const outbox = new Outbox()
    for (const text of ['one', 'two', 'three']) {
      put(outbox, text)
      expect(outbox.writeTo(link)).toBe(true)
    }
    expect(written.map(textOf)).toEqual(['one', 'two', 'three'])
  },
)

test('where the bytes have left, the next write uses their buffer, also that of another connection', () => {
  const { link, written } = keepingLink(true)
  const [first, second] = [new Outbox(), new Outbox()]
  for (const outbox of [first, second, first, second]) {
    put(outbox, 'known')
    outbox.writeTo(link)
  }
  const [, , third, fourth] = written
  expect(fourth?.buffer).toBe(third?.buffer)
  // Whoever reads them later than the link said reads nonsense, at once.
  expect(textOf(third)).not.toBe('known')
})

test('two connections that gather at the same time have buffers of their own', () => {
  const { link, written } = keepingLink(true)
  const [first, second] = [new Outbox(), new Outbox()]
  for (const outbox of [first, second]) {
    put(outbox, 'warm')
    outbox.writeTo(link)
  }
  put(first, 'first')
  put(second, 'second')
  expect(textOf(first.buffer.subarray(0, first.end))).toBe('first')
  expect(first.buffer.buffer).not.toBe(second.buffer.buffer)
  first.writeTo(link)
  expect(textOf(second.buffer.subarray(0, second.end))).toBe('second')
  expect(written).toHaveLength(3)
})

test('more than a used buffer holds is written whole', () => {
  const { link, written } = keepingLink(true)
  const outbox = new Outbox()
  put(outbox, 'warm')
  outbox.writeTo(link)
  const part = 'x'.repeat(5000)
  for (let bytes = 0; bytes < flushBytes; bytes += part.length) put(outbox, part)
  const { end } = outbox
  outbox.writeTo(link)
  expect(written[1]).toHaveLength(end)
  expect(textOf(written[1])).toBe('x'.repeat(end))
})

test('without a link, and with nothing to say, nothing is written', () => {
  const { link, written } = keepingLink(true)
  const outbox = new Outbox()
  expect(outbox.writeTo(link)).toBeUndefined()
  put(outbox, 'dropped')
  expect(outbox.writeTo(undefined)).toBeUndefined()
  expect(outbox.writeTo(link)).toBeUndefined()
  expect(written).toEqual([])
})
