// Whole scenarios in virtual time: the same cores as over TCP, no waiting, exact figures.

import { expect, test } from 'vitest'
import { builtInDialects } from '../../src/codec/dialects/index.js'
import { runScenario } from '../../src/run/run-scenario.js'
import { parseScenario } from '../../src/scenario/reader.js'

const run = (text: string) => runScenario(parseScenario(text, 'test.yaml'), { source: text, clock: 'virtual' })
const sumOf = (counts: Record<string, number>) => Object.values(counts).reduce((sum, count) => sum + count, 0)

const slowHost = `
  name: slow host
  seed: 3
  terminals: { count: 400, connections: { shared: 4 }, mix: { sale: 1 } }
  acquirer: { workers: 1, serviceTime: { p50: 50ms } }
`

test('equal seeds give equal results to the byte, and another seed another result', async () => {
  const text = `{ name: twice, seed: 7, terminals: { count: 20 }, load: [ { hold: { rate: 50/s, for: 4s, arrivals: poisson } } ],
    acquirer: { workers: 2, serviceTime: { p50: 20ms, p99: 200ms } } }`
  const [one, two] = [await run(text), await run(text)]
  expect(JSON.stringify(one)).toBe(JSON.stringify(two))
  const other = await run(text.replace('seed: 7', 'seed: 8'))
  expect(other.responseTime.hdr).not.toBe(one.responseTime.hdr)
})

test('a result in virtual time says nothing of the machine', async () => {
  const { tool, generator, startedAt } = await run('{ name: a, seed: 1, load: [ { hold: { rate: 5/s, for: 1s } } ] }')
  expect(tool).toMatchObject({ platform: null, cpus: null })
  expect(generator).toBeNull()
  expect(startedAt.slice(0, 19)).toBe('2026-01-05T01:00:00')
})

test('the open model: arrivals do not wait for a host that is too slow, so response time grows without bound', async () => {
  const result = await run(`${slowHost}  load: [ { hold: { rate: 100/s, for: 10s } } ]`)
  const medians = result.timeline.slice(0, 9).map(({ p50 }) => p50 ?? 0)
  expect(result.offered).toBe(1000)
  for (const [second, median] of medians.entries()) expect(median).toBeGreaterThan(second * 3000)
  expect(sumOf(result.outcomes)).toBe(result.offered)
  expect(result.outcomes.timedOut).toBeGreaterThan(100)
})

test('the closed model: one terminal that waits for its answer sees the service time', async () => {
  const result = await run(`${slowHost}  load: [ { concurrency: { terminals: 1, for: 10s } } ]`)
  expect(result.responseTime.p50).toBeCloseTo(50, 0)
  expect(result.responseTime.max).toBeLessThan(52)
})

test('what is presented during the warm-up is in no figure', async () => {
  const result = await run(
    '{ name: w, seed: 1, warmup: 2s, terminals: { count: 50 }, load: [ { hold: { rate: 100/s, for: 5s } } ] }',
  )
  expect(result.offered).toBe(300)
})

test('a terminal does one thing at a time, and the wait for it is in the response time', async () => {
  const result =
    await run(`{ name: busy, seed: 1, terminals: { count: 1, mix: { sale: 1 } }, acquirer: { serviceTime: { p50: 100ms } },
    load: [ { hold: { rate: 20/s, for: 2s } } ] }`)
  expect(result.generator).toBeNull()
  expect(result.outcomes.approved).toBe(40)
  expect(result.responseTime.max).toBeGreaterThan(2000)
  expect(result.serviceTime.max).toBeLessThan(101)
})

test('arrivals of a merchant are paid at its terminals, and stand in the breakdown', async () => {
  const result = await run(`{ name: merchants, seed: 1, terminals: { count: 10, merchants: [shop, bar] },
    load: [ { hold: { rate: 20/s, for: 2s }, merchant: bar } ] }`)
  expect(Object.keys(result.breakdown.merchant)).toEqual(['bar'])
})

test('a rule of the acquirer decides, and a decline that is final is timely', async () => {
  const result =
    await run(`{ name: declined, seed: 1, terminals: { amounts: "9.99 CNY", mix: { sale: 1 } }, load: [ { hold: { rate: 5/s, for: 2s } } ],
    acquirer: { rules: [ { match: { "4": "000000000999" }, answer: "51" } ] } }`)
  expect(result.responseCodes).toEqual({ 51: 10 })
  expect(result.outcomes.declined).toBe(10)
  expect(result.timeliness.timelyRate).toBe(1)
})

test('a code of the retry class decides nothing: it is never timely', async () => {
  const result =
    await run(`{ name: retry, seed: 1, terminals: { mix: { sale: 1 } }, load: [ { hold: { rate: 5/s, for: 2s } } ],
    acquirer: { rules: [ { match: { mti: "0200" }, answer: "91" } ] } }`)
  expect(result.timeliness.timelyRate).toBe(0)
})

for (const { name } of builtInDialects) {
  for (const connections of ['perTerminal', 'perTransaction', '{ shared: 2, inFlight: 8 }']) {
    test(`${name} over connections ${connections}: every sale and inquiry is answered`, async () => {
      const result =
        await run(`{ name: d, seed: 1, dialect: ${name}, terminals: { count: 8, connections: ${connections}, mix: { sale: 3, balance: 1 },
        echoProbe: { every: 500ms, connections: 2 } }, load: [ { hold: { rate: 40/s, for: 2s } } ] }`)
      expect(result.outcomes).toEqual({ approved: 80, declined: 0, timedOut: 0, failed: 0, unsent: 0 })
      expect(result.echoTime.count).toBeGreaterThan(0)
      expect(result.unmatched.count).toBe(0)
    })
  }
}

test('an own message takes part in the mix', async () => {
  const result = await run(`{ name: own, seed: 1, dialect: iso87-ascii, terminals: { mix: { ping: 1 } },
    messages: { ping: { mti: "0800", fields: { "7": "{utc:MMDDhhmmss}", "11": "{stan}", "70": "301" } } },
    load: [ { hold: { rate: 5/s, for: 2s } } ] }`)
  expect(result.breakdown.type.ping?.outcomes.approved).toBe(10)
})

const wrong = [
  {
    name: 'a merchant without terminals',
    text: '{ name: a, load: [ { hold: { rate: 5/s, for: 1s }, merchant: nobody } ] }',
    says: "no terminal belongs to merchant 'nobody'",
  },
  {
    name: 'a host elsewhere',
    text: '{ name: a, terminals: { target: ["127.0.0.1:1"] }, load: [ { hold: { rate: 5/s, for: 1s } } ] }',
    says: 'runs in real time',
  },
  {
    name: 'a placeholder that is not known',
    text: '{ name: a, terminals: { mix: { m: 1 } }, messages: { m: { mti: "0200", fields: { "11": "{stam}" } } }, load: [ { hold: { rate: 5/s, for: 1s } } ] }',
    says: "messages.m: field 11: unknown placeholder {stam} (did you mean 'stan'?)",
  },
]
for (const { name, text, says } of wrong) {
  test(`${name} is refused`, async () => {
    await expect(run(text)).rejects.toThrow(says)
  })
}
