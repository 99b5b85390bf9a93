// Messages from a bus may be written by anyone: each is checked, and a parcel is put together in its order or not at all.

import { expect, test } from 'vitest'
import { ClockOffset } from '../../src/cluster/clock-offset.js'
import { Membership } from '../../src/cluster/membership.js'
import { type Fold, PartFeed } from '../../src/cluster/part-feed.js'
import {
  decode,
  encode,
  maxMessageBytes,
  messages,
  unwrapParcel,
  versionRefusal,
  wrapParcel,
} from '../../src/cluster/protocol.js'

test('the shortest round trip decides how far another clock is, and later ones tell how it drifts', () => {
  const offset = new ClockOffset()
  offset.add(1000, 1040, 38_020)
  offset.add(2000, 2002, 39_001.5)
  offset.add(3000, 3300, 40_000)
  expect(offset.best).toEqual({ offsetMs: 37_000.5, rttMs: 2 })
  expect(offset.takeLatest()).toEqual({ offsetMs: 37_000.5, rttMs: 2 })
  offset.add(9000, 9010, 46_006)
  expect(offset.takeLatest()).toEqual({ offsetMs: 37_001, rttMs: 10 })
})

const recording = (): Fold & { readonly heard: string[] } => {
  const heard: string[] = []
  const hear = (kind: string) => (bytes: Uint8Array) => void heard.push(`${kind} ${bytes.length}`)
  return { heard, handed: 0, ended: 0, delta: hear('delta'), final: hear('final') }
}
const head = { part: 0, incarnation: 'a', kind: 'delta' as const }

test('a parcel longer than a message comes in pieces; what comes again or is another generator’s does not count', () => {
  const feed = new PartFeed(recording())
  feed.expect('a')
  const pieces = wrapParcel({ ...head, seq: 0 }, new Uint8Array(maxMessageBytes + 1))
  expect(pieces).toHaveLength(2)
  expect(pieces.map((piece) => feed.take(piece))).toEqual([true, true])
  expect(pieces.map((piece) => feed.take(piece))).toEqual([false, false])
  expect(feed.take(wrapParcel({ ...head, incarnation: 'b', seq: 1 }, new Uint8Array(3))[0] as Uint8Array)).toBe(false)
  for (const piece of wrapParcel({ ...head, kind: 'final', seq: 1 }, new Uint8Array(2))) feed.take(piece)
  expect(feed.fold.heard).toEqual([`delta ${maxMessageBytes + 1}`, 'final 2'])
  expect(feed).toMatchObject({ isFinished: true, problem: undefined })
})

test('a gap is told and nothing after it counts', () => {
  const feed = new PartFeed(recording())
  feed.expect('a')
  for (const piece of wrapParcel({ ...head, seq: 1 }, new Uint8Array(2))) feed.take(piece)
  expect(feed.problem).toBe('its messages have a gap: 0 -> 1')
  expect(feed.fold.heard).toEqual([])
})

test.each([
  ['no line', new Uint8Array(4000)],
  ['no JSON', Buffer.from('{"part":\nxx')],
  ['a part that cannot be', Buffer.from('{"part":-1,"incarnation":"a","seq":0,"kind":"delta","i":0,"n":1}\nxx')],
])('%s is no parcel', (_, body) => {
  expect(unwrapParcel(body)).toBeUndefined()
})

test('a message of another shape is refused by its name and key', () => {
  expect(() => decode(messages.bundle, encode({ i: 'x' }), 'bundle')).toThrow("not a message 'bundle': i ")
  expect(() => decode(messages.bundle, Buffer.from('{'), 'bundle')).toThrow('is no JSON')
  expect(decode(messages.bundle, encode({ i: 1, later: true }), 'bundle')).toEqual({ i: 1 })
})

test('another version of the protocol or the program is refused with both', () => {
  expect(versionRefusal({ protocol: 2, version: '1' }, '1')).toContain('protocol 2 of the bus, the coordinator 1')
  expect(versionRefusal({ protocol: 1, version: '2' }, '1')).toContain('it is isochron 2, the coordinator is 1')
  expect(versionRefusal({ protocol: 1, version: '1' }, '1')).toBeUndefined()
})

const place = { host: 'h', pid: 1, cpus: 2 }

test('parts are given once: the one that is wanted, else the lowest that is free', () => {
  const membership = new Membership(2)
  expect(membership.choose({ incarnation: 'a', want: 1 })).toEqual({ part: 1 })
  membership.claim({ part: 1, incarnation: 'a', place }, 0)
  expect(membership.choose({ incarnation: 'b', want: 1 })).toEqual({ refused: 'part 2 is taken by a' })
  expect(membership.choose({ incarnation: 'b', want: 2 })).toEqual({
    refused: 'there is no part 3: the run has 2 parts',
  })
  expect(membership.choose({ incarnation: 'b' })).toEqual({ part: 0 })
  // The same question again has the same answer.
  expect(membership.choose({ incarnation: 'a' })).toEqual({ part: 1 })
  membership.claim({ part: 0, incarnation: 'b', place }, 0)
  expect(membership.choose({ incarnation: 'c' })).toEqual({ refused: 'the run has 2 parts, and none is free' })
  membership.left(0, 'b', 'no terminal could sign on')
  expect(membership.choose({ incarnation: 'c' })).toEqual({ part: 0 })
  membership.start(['c', 'a'], 0)
  expect(membership.choose({ incarnation: 'd' })).toEqual({
    refused: 'the run has started: a part is never made twice',
  })
})
