// Frames found in a stream without opening them: no byte is lost, however the stream is cut and whatever it holds.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { framingNamed, framings } from '../../../src/framing/framings.js'
import { createRawFrames } from '../../../src/transport/wire/raw-frames.js'

const joined = (parts: readonly Uint8Array[]) => Uint8Array.from(Buffer.concat(parts))

function pieces(stream: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const cut: Uint8Array[] = []
  for (let at = 0, index = 0; at < stream.length; index++) {
    const size = sizes[index % sizes.length] as number
    cut.push(stream.slice(at, at + size))
    at += size
  }
  return cut
}

const frame = (text: string) => joined([Uint8Array.of(0, text.length), Buffer.from(text)])

test('whole frames come out, however they arrive', () =>
  fc.assert(
    fc.property(
      fc.array(fc.string({ minLength: 1, maxLength: 40 })),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      (texts, sizes) => {
        const frames = texts.map((text) => frame(text.replaceAll(/[^ -~]/g, '?')))
        const raw = createRawFrames(framingNamed('binary2'))
        const found = pieces(joined(frames), sizes).flatMap((chunk) =>
          raw.cut(chunk).map(({ kind, bytes }) => [kind, [...bytes]]),
        )
        expect(found).toEqual(frames.map((each) => ['frame', [...each]]))
        expect(raw.heldBytes).toBe(0)
      },
    ),
  ))

test('every byte that goes in comes out, in any framing, skimmed and cut by turns', () =>
  fc.assert(
    fc.property(
      fc.constantFrom(...framings),
      fc.uint8Array({ maxLength: 300 }),
      fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }),
      fc.array(fc.boolean(), { minLength: 1 }),
      (framing, stream, sizes, skims) => {
        const raw = createRawFrames(framing, undefined, 64)
        const out: Uint8Array[] = []
        for (const [index, chunk] of pieces(stream, sizes).entries()) {
          if (skims[index % skims.length] === true) {
            if (raw.heldBytes > 0) out.push(raw.takeHeld())
            raw.skim(chunk)
            out.push(chunk)
          } else for (const { bytes } of raw.cut(chunk)) out.push(Uint8Array.from(bytes))
        }
        if (raw.heldBytes > 0) out.push(raw.takeHeld())
        expect([...joined(out)]).toEqual([...stream])
      },
    ),
  ))

test('after skimming, cutting begins at the next frame', () => {
  const raw = createRawFrames(framingNamed('binary2'))
  const [one, two] = [frame('one'), frame('two')]
  raw.skim(one.subarray(0, 1))
  expect(raw.atBoundary).toBe(false)
  expect(raw.cut(joined([one.subarray(1), two])).map(({ kind, bytes }) => [kind, [...bytes]])).toEqual([
    ['loose', [...one.subarray(1)]],
    ['frame', [...two]],
  ])
})

test('a length above the limit is not waited for', () => {
  const raw = createRawFrames(framingNamed('binary2'), undefined, 10)
  const chunk = Uint8Array.of(0, 11, 1, 2)
  expect(raw.cut(chunk)).toEqual([{ kind: 'loose', bytes: chunk }])
  expect(raw.isForeign).toBe(true)
})

test('a prefix that turns out to be none after its beginning was skimmed leaves nothing behind', () => {
  const raw = createRawFrames(framingNamed('ascii4'), undefined, 64)
  raw.skim(Uint8Array.of(0, 0))
  const out = [Uint8Array.of(0, 0, 0), Uint8Array.of(1)].flatMap((chunk) => raw.cut(chunk))
  expect(out.map(({ kind, bytes }) => [kind, ...bytes])).toEqual([
    ['loose', 0, 0, 0],
    ['loose', 1],
  ])
  expect(raw.heldBytes).toBe(0)
})
