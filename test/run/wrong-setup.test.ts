// Terminals that are set up wrongly, over whole runs in virtual time: only they suffer, and in the way that fits.

import { expect, test } from 'vitest'
import { runScenario } from '../../src/run/run-scenario.js'
import { parseScenario } from '../../src/scenario/reader.js'

const run = (terminals: string, more = '', dialect = 'cup-pos') => {
  const text = `
name: wrong
seed: 3
dialect: ${dialect}
terminals: { count: 20, timeout: 4s, ${terminals} }
load: [ { hold: { rate: 20/s, for: 10s } } ]
timely: { response: 3s }
${more || 'acquirer: { serviceTime: { p50: 40ms, p99: 180ms } }'}
`
  return runScenario(parseScenario(text, 'test.yaml'), { source: text, clock: 'virtual' })
}

/** A fifth of the terminals, and so of the transactions. */
const wrong = (what: string) => `wrongSetup: { share: 20%, ${what} }`

test('another key: every transaction gets the code of a wrong MAC, again and again', async () => {
  const { outcomes, responseCodes, books } = await run(wrong('key: wrong'))
  expect(outcomes).toMatchObject({ approved: 160, declined: 40 })
  expect(responseCodes).toEqual({ '00': 160, A0: 40 })
  expect(books?.agree).toBe(true)
})

test('a timer that is too short: the answer comes, but too late, and what the host has charged is undone', async () => {
  const { outcomes, lateAnswers, books, reversals } = await run(`${wrong('timeout: 20ms')}, dialAnew: false`)
  expect(outcomes.approved).toBeGreaterThanOrEqual(160)
  expect(outcomes.timedOut).toBeGreaterThan(25)
  expect(lateAnswers).toBe(outcomes.timedOut)
  expect(reversals?.acknowledged).toBe(outcomes.timedOut)
  expect(books?.agree).toBe(true)
})

test.each(['framing: ascii4', 'framing: binary4', 'dialect: iso87-ascii', 'dialect: iso93-binary'])(
  'another %s: nothing of theirs is approved, and everything of the others',
  async (what) => {
    const { outcomes } = await run(`${wrong(what)}, reversal: false, oneAtATime: false`)
    expect(outcomes.approved).toBe(160)
  },
)

test('over a connection for each transaction, too', async () => {
  const { outcomes } = await run(
    `${wrong('framing: ascii4')}, reversal: false, oneAtATime: false, connections: perTransaction`,
  )
  expect(outcomes.approved).toBe(160)
})

test('other ids: a host that does not know them says so', async () => {
  const { outcomes, responseCodes } = await run(wrong('id: "9999{n:4}"'), 'acquirer: { terminals: ["0000*"] }')
  expect(outcomes).toMatchObject({ approved: 160, declined: 40 })
  expect(responseCodes['97']).toBe(40)
})

test('another key is refused where no message carries a MAC', async () => {
  await expect(run(wrong('key: wrong'), '', 'iso87-ascii')).rejects.toThrow('terminals.wrongSetup.key:')
})

test('two terminals never get the same id', async () => {
  await expect(run(wrong('id: "00000001"'), 'acquirer: { terminals: ["0000*"] }')).rejects.toThrow('the same id')
})
