// Clerk's errors over whole runs in virtual time: what the customer waits, what the books say, and what helps.

import { expect, test } from 'vitest'
import { builtInDialects } from '../../src/codec/dialects/index.js'
import { runScenario } from '../../src/run/run-scenario.js'
import { parseScenario } from '../../src/scenario/reader.js'

interface Given {
  readonly dialect?: string
  readonly count?: number
  /** Keys of `terminals:` in flow style. */
  readonly terminals?: string
  /** Further keys of the scenario. */
  readonly more?: string
}

const run = ({ dialect = 'cup-pos', count = 80, terminals = '', more = '' }: Given) => {
  const text = `
name: clerk
seed: 3
dialect: ${dialect}
terminals: { count: ${count}, timeout: 10s, ${terminals} }
load: [ { hold: { rate: 20/s, for: 10s } } ]
${more}
`
  return runScenario(parseScenario(text, 'test.yaml'), { source: text, clock: 'virtual' })
}
const errs = (share = '25%', more = '') => `dataErrors: { share: ${share}, think: 4s${more} }`

test('a second try belongs to the same transaction: the customer waits for both, and nobody pays twice', async () => {
  const { outcomes, offered, retries, responseTime, timeliness, books } = await run({ terminals: errs() })
  expect(offered).toBe(200)
  expect(outcomes.approved).toBe(200)
  expect(retries?.transactions).toBeGreaterThan(30)
  expect(timeliness.timelyRate).toBe(1 - (retries?.transactions ?? 0) / 200)
  expect(responseTime.p99).toBeGreaterThan(4000)
  expect(responseTime.max).toBeLessThan(4100)
  expect(books).toMatchObject({ agree: true, differences: [] })
})

test.each(builtInDialects.map((dialect) => [dialect.name, dialect] as const))(
  '%s: the host says what kind of error it was',
  async (dialect, { rules }) => {
    const { retries, outcomes, books } = await run({ dialect, terminals: errs('100%') })
    const { terminal: _terminal, ...codes } = rules.dataChecks?.codes ?? { terminal: '' }
    expect(Object.keys(retries?.firstCodes ?? {}).sort()).toEqual([...new Set(Object.values(codes))].sort())
    expect(retries?.transactions).toBe(200)
    expect(outcomes.approved).toBe(200)
    expect(books?.agree).toBe(true)
  },
)

test('in one kind of error only its codes are seen', async () => {
  const firstCodes = async (kind: string) =>
    Object.keys((await run({ terminals: errs('50%', `, kinds: [${kind}]`) })).retries?.firstCodes ?? {}).sort()
  expect(await firstCodes('missing')).toEqual(['13', '30'])
  expect(await firstCodes('malformed')).toEqual(['14', '30'])
  expect(await firstCodes('inconsistent')).toEqual(['12', '54'])
})

test('without further tries the refusal stands', async () => {
  const { outcomes, retries, books } = await run({ terminals: errs('100%', ', retries: 0') })
  expect(outcomes.declined).toBe(200)
  expect(retries).toBeNull()
  expect(books?.agree).toBe(true)
})

test('with several tries the last is right', async () => {
  const { outcomes, responseTime } = await run({ count: 300, terminals: errs('100%', ', retries: 3') })
  expect(outcomes.approved).toBe(200)
  expect(responseTime.min).toBeGreaterThan(12_000)
})

test('the terminal’s own checks spare the customer the second try', async () => {
  const { outcomes, retries, timeliness, responseTime, books } = await run({
    terminals: `${errs()}, checks: [format, luhn, amount, currency, expiry]`,
  })
  expect(outcomes.approved).toBe(200)
  expect(timeliness.timelyRate).toBe(1)
  expect(retries).toMatchObject({ transactions: 0, firstCodes: {} })
  expect(retries?.caughtByChecks).toBeGreaterThan(30)
  expect(responseTime.max).toBeGreaterThan(299)
  expect(responseTime.max).toBeLessThan(400)
  expect(books?.agree).toBe(true)
})

test('a check finds what it looks for, and the host the rest', async () => {
  const { retries } = await run({ terminals: `${errs('50%')}, checks: [luhn, currency]` })
  expect(Object.keys(retries?.firstCodes ?? {}).sort()).toEqual(['13', '30', '54'])
  expect(retries?.caughtByChecks).toBeGreaterThan(10)
})

test('a third party that names the field spares the clerk the search for it', async () => {
  const { outcomes, retries, timeliness, responseTime, books } = await run({
    terminals: errs(),
    more: 'acquirer: { thirdPartyCheck: { latency: 50ms } }',
  })
  expect(outcomes.approved).toBe(200)
  expect(retries?.transactions).toBeGreaterThan(30)
  expect(timeliness.timelyRate).toBe(1)
  expect(responseTime.min).toBeGreaterThanOrEqual(50)
  expect(responseTime.max).toBeLessThan(500)
  expect(books?.agree).toBe(true)
})

test('the terminal stays busy while its clerk thinks', async () => {
  const text = `
name: one till
seed: 1
terminals: { count: 1, timeout: 10s, ${errs('100%')} }
load: [ { hold: { rate: 1/s, for: 2s } } ]
`
  const result = await runScenario(parseScenario(text, 't.yaml'), { source: text, clock: 'virtual' })
  expect(result.outcomes.approved).toBe(2)
  // The second customer comes after 1 s, waits 3 s for the first, and then as long as the first.
  expect(result.responseTime.min).toBeCloseTo(4000, -2)
  expect(result.responseTime.max).toBeCloseTo(7000, -2)
})

test('a clerk who still thinks when the run ends has been refused', async () => {
  const { outcomes, responseCodes, books } = await run({ count: 300, terminals: errs('100%'), more: 'drain: 1s' })
  expect(outcomes.approved + outcomes.declined).toBe(200)
  expect(outcomes.declined).toBeGreaterThan(50)
  expect(responseCodes['30']).toBeGreaterThan(5)
  expect(books?.agree).toBe(true)
})

test('over a bad line a second try that gets no answer has timed out, and what is in doubt is undone', async () => {
  const { outcomes, reversals, books } = await run({
    terminals: errs('50%'),
    more: 'faults: [ { on: network, direction: answer, no_answer: {}, share: 20%, for: 10s } ]\n',
  })
  expect(outcomes.timedOut).toBeGreaterThan(20)
  expect(reversals).toMatchObject({ pending: 0 })
  expect(reversals?.created).toBe(reversals?.acknowledged)
  expect(books).toMatchObject({ agree: true, differences: [] })
})

test('what no clerk can correct is not sent', async () => {
  const { outcomes, failures } = await run({
    terminals: 'checks: [luhn]',
    more: 'messages: { sale: { mti: "0200", fields: { "2": "6212345678901233", "3": "000000", "4": "{amount}", "11": "{stan}", "41": "{terminal}", "49": "{currency}" } } }',
  })
  expect(outcomes.failed).toBe(200)
  expect(failures).toEqual({ 'refused by the terminal: card number wrong': 200 })
})

test('equal seeds give equal errors', async () => {
  const [one, two] = await Promise.all([run({ terminals: errs() }), run({ terminals: errs() })])
  expect(JSON.stringify(one)).toBe(JSON.stringify(two))
})

test.each([
  {
    what: 'errors that no message of the mix could have',
    terminals: `${errs()}, mix: { balance: 1 }`,
    more: '',
    error: 'terminals.dataErrors: no message of the mix',
  },
])('$what: refused before the run', async ({ terminals, more, error }) => {
  await expect(run({ terminals, more })).rejects.toThrow(error)
})
