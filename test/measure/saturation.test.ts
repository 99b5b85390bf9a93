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

test('several reasons are all named', () => {
  expect(saturatedBecause({ ...healthy, lagP99Ms: 99, unsentUnexplained: 1 })?.split('; ')).toHaveLength(2)
})
