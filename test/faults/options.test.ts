// The `faults:` and `profiles:` sections as people write them, and what is said about mistakes.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { faultCatalogue, lineFaults, messageFaults } from '../../src/faults/catalogue.js'
import { faultsSchema, findProfile } from '../../src/faults/options.js'
import { networkProfiles, profileFaults } from '../../src/faults/profiles.js'

const problemsOf = (entry: unknown) => {
  const read = faultsSchema.safeParse([entry])
  return read.success ? [] : read.error.issues.map(({ path, message }) => `${path.slice(1).join('.')}: ${message}`)
}

test('a fault is read to plain data that a thread can be handed', () => {
  const written = { name: 'slow', on: 'network', latency: { latency: '250ms' }, share: '10%', from: '30s', for: '5s' }
  const [spec] = faultsSchema.parse([written])
  expect(structuredClone(spec)).toEqual(spec)
  expect(spec).toMatchObject({
    name: 'slow',
    on: 'network',
    type: 'latency',
    selector: { share: 0.1, from: 30_000, for: 5000 },
  })
  expect(spec?.attributes).toEqual({ latency: 250, jitter: 0, distribution: 'uniform' })
})

test('faults without a name are called after their kind', () => {
  const specs = faultsSchema.parse([{ no_answer: {} }, { no_answer: {}, first: 1 }, { name: 'no_answer 2', down: {} }])
  expect(specs.map(({ name }) => name)).toEqual(['no_answer', 'no_answer 3', 'no_answer 2'])
})

const mistakes: readonly [string, unknown, RegExp][] = [
  ['no fault at all', { on: 'network' }, /expected one fault/],
  ['two faults in one entry', { latency: {}, down: {} }, /a second fault beside latency/],
  ['a match on a fault of the line', { latency: {}, match: { mti: '0210' } }, /sees no messages/],
  ['a match that cannot be read', { no_answer: {}, match: { stan: '1' } }, /neither mti nor card nor a field number/],
  ['from beside at', { no_answer: {}, from: '1s', at: '2s' }, /give one of them/],
  ['every without for', { latency: {}, from: '1s', every: '5s' }, /say with `for` how long/],
  ['for longer than every', { latency: {}, from: '1s', for: '9s', every: '5s' }, /never pause/],
  ['an instant of a refusal', { refuse: {}, at: '5s' }, /say with `for` how long/],
  ['a share of the host', { on: 'acquirer', slow: { times: 2 }, share: '5%' }, /share: slow is the state of the whole/],
  ['a number without its unit', { latency: { latency: 250 } }, /duration/],
  ['an unknown attribute', { latency: { lag: '1s' } }, /lag/],
]

describe('mistakes', () => {
  for (const [name, entry, said] of mistakes) test(name, () => expect(problemsOf(entry).join('\n')).toMatch(said))

  test('two faults of one name', () => {
    const read = faultsSchema.safeParse([
      { name: 'a', down: {} },
      { name: 'a', down: {} },
    ])
    expect(read.error?.issues[0]?.message).toBe("a second fault named 'a'")
  })
})

test('names of faults are told apart from each other', () => {
  const types = faultCatalogue.map(({ type }) => type)
  expect(new Set(types).size).toBe(types.length)
  expect(lineFaults.length + messageFaults.length).toBeLessThanOrEqual(types.length)
})

describe('network profiles', () => {
  test('gprs is 500 ms one way, 20 kbit/s up, 2 % loss, 2 s to attach', () => {
    const faults = profileFaults('gprs', networkProfiles.gprs as NonNullable<(typeof networkProfiles)[string]>)
    expect(faults.map(({ type, attributes, selector }) => [type, attributes, selector.direction])).toEqual([
      ['attach', { time: 2000 }, undefined],
      ['bandwidth', { rate: 2.5 }, 'request'],
      ['bandwidth', { rate: 6.25 }, 'answer'],
      ['loss', { rate: 0.02, rtt: 1000 }, undefined],
      ['latency', { latency: 500, jitter: 100, distribution: 'uniform' }, undefined],
    ])
  })

  test('a name that is near another is suggested, and an own one comes first', () => {
    expect(findProfile('wify', {})).toEqual({ problem: expect.stringContaining("did you mean 'wifi'") })
    expect(findProfile('wifi', { wifi: { latency: 9, loss: 0, attach: 0 } })).toMatchObject({ latency: 9 })
  })
})

test('every fault stands in the tables of src/faults/README.md', () => {
  const text = readFileSync(new URL('../../src/faults/README.md', import.meta.url), 'utf8')
  expect(
    [...lineFaults, ...messageFaults].map(({ type }) => type).filter((type) => !text.includes(`\`${type}\``)),
  ).toEqual([])
})
