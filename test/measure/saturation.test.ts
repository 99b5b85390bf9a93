import { expect, test } from 'vitest'
import { type GeneratorSigns, saturatedBecause } from '../../src/measure/saturation.js'

const healthy: GeneratorSigns = { lagP99Ms: 1, responseP50Ms: 50, eventLoopDelayP99Ms: 5, unsentUnexplained: 0 }

const cases: { name: string; signs: Partial<GeneratorSigns>; because: string | undefined }[] = [
  { name: 'a healthy run', signs: {}, because: undefined },
  {
    name: 'a run without arrivals',
    signs: { lagP99Ms: null, responseP50Ms: null, eventLoopDelayP99Ms: null },
    because: undefined,
  },
  { name: 'lag of 10 ms', signs: { lagP99Ms: 10 }, because: undefined },
  {
    name: 'lag above 10 ms',
    signs: { lagP99Ms: 10.1 },
    because: '1 % of the arrivals began more than 10.1 ms late (limit 10 ms)',
  },
  { name: 'lag of a tenth of a slow answer', signs: { lagP99Ms: 200, responseP50Ms: 2000 }, because: undefined },
  {
    name: 'lag above a tenth of a slow answer',
    signs: { lagP99Ms: 201, responseP50Ms: 2000 },
    because: '1 % of the arrivals began more than 201 ms late (limit 200 ms)',
  },
  { name: 'an event loop delayed by 50 ms', signs: { eventLoopDelayP99Ms: 50 }, because: undefined },
  {
    name: 'an event loop delayed by more',
    signs: { eventLoopDelayP99Ms: 51 },
    because: 'the event loop kept 1 % of its work waiting for more than 51 ms (limit 50 ms)',
  },
  {
    name: 'unsent arrivals that nothing explains',
    signs: { unsentUnexplained: 3 },
    because: '3 arrivals were not sent in time though the peer took what it was sent',
  },
]

for (const { name, signs, because } of cases) {
  test(`${name}: ${because === undefined ? 'not saturated' : 'saturated, and says why'}`, () => {
    expect(saturatedBecause({ ...healthy, ...signs })).toBe(because)
  })
}

const effort = (cores: number, share: number, longestMs: number) => ({ cores, gc: { pauses: 3, share, longestMs } })
const suspects: { what: string; signs: Partial<GeneratorSigns>; words: string }[] = [
  { what: 'a full core', signs: { effort: effort(0.98, 0.01, 4) }, words: 'the process took 0.98 cores' },
  {
    what: 'garbage',
    signs: { effort: effort(0.5, 0.2, 30) },
    words: 'collecting garbage stopped it for 20.0 % of the time, 30 ms at the longest',
  },
  { what: 'one long collection', signs: { effort: effort(0.5, 0.01, 80) }, words: '80 ms at the longest' },
  {
    what: 'other processes',
    signs: { effort: { ...effort(0.3, 0.01, 4), waitShare: 0.12 } },
    words: 'other processes kept the processor from it for 12.0 % of the time',
  },
  { what: 'cold code', signs: { isLateAtStartOnly: true }, words: 'only the first 2 s were late: cold code' },
  { what: 'the peer', signs: { backPressure: 7 }, words: '7 writes filled a connection' },
]

test.each(suspects)(
  'what may have been the reason is named, never without a reason to complain: $what',
  ({ signs, words }) => {
    expect(saturatedBecause({ ...healthy, lagP99Ms: 99, ...signs })).toContain(words)
    expect(saturatedBecause({ ...healthy, ...signs })).toBeUndefined()
  },
)

test('a quiet generator is no suspect', () => {
  expect(
    saturatedBecause({ ...healthy, lagP99Ms: 99, effort: { ...effort(0.4, 0.02, 5), waitShare: 0.01 } })?.split('; '),
  ).toHaveLength(1)
})

test('several reasons are all named', () => {
  expect(saturatedBecause({ ...healthy, lagP99Ms: 99, unsentUnexplained: 1 })?.split('; ')).toHaveLength(2)
})
