// Terminals that sign off at the end of the day. Virtual time.

import { expect, test } from 'vitest'
import { runScenario } from '../../src/run/run-scenario.js'
import { scenarioFromData } from '../../src/scenario/reader.js'

async function run(terminals: object, { dialect = 'cup-pos', faults = [] as object[] } = {}) {
  const lines: string[] = []
  const asked = (mti: string, more: object) => ({
    ...{ name: mti, on: 'network', direction: 'request', delay: { delay: '1ms' }, match: { mti, ...more } },
  })
  const { scenario, source } = scenarioFromData({
    ...{ name: 'sign-off', dialect, seed: 1 },
    terminals: { count: 3, timeout: '1s', ...terminals },
    load: [{ hold: { rate: '5/s', for: '4s' } }],
    faults: [...faults, asked('0500', {}), asked('0820', { 60: '00*' })],
  })
  const result = await runScenario(scenario, { source, clock: 'virtual', onProgress: (line) => lines.push(line) })
  const seen = (mti: string) => result.faults?.find(({ name }) => name === mti)?.applied
  return { result, lines, settlements: seen('0500'), signOffs: seen('0820') }
}

test('each terminal signs off once, after its settlement', async () => {
  const { result, lines, settlements, signOffs } = await run({ settle: true, signOff: true })
  expect([settlements, signOffs]).toEqual([3, 3])
  expect(result.settlements?.balanced).toBe(3)
  expect(lines.filter((line) => line.includes('sign off'))).toEqual([])
})

test('none does where nobody asks for it', async () => {
  expect((await run({ settle: true })).signOffs).toBe(0)
})

test('a sign-off without answer is told, and changes nothing of the result', async () => {
  const deaf = { name: 'deaf', on: 'network', direction: 'answer', no_answer: {}, match: { mti: '0830' } }
  const { result, lines } = await run({ settle: true, signOff: true }, { faults: [deaf] })
  expect(lines).toContain('3 of 3 terminals could not sign off: no answer')
  expect(result.books?.agree).toBe(true)
})

test('a terminal whose settlement has no verdict does not sign off', async () => {
  const deaf = { name: 'deaf', on: 'network', direction: 'answer', no_answer: {}, match: { mti: '0510' } }
  const { lines, signOffs } = await run({ settle: true, signOff: true }, { faults: [deaf] })
  expect(signOffs).toBe(0)
  expect(lines).toContain('3 terminals did not sign off: their batch is open')
})

test('a dialect without a sign-off is refused', async () => {
  const { scenario, source } = scenarioFromData({
    ...{ name: 'sign-off', dialect: 'cup-pos', terminals: { signOff: true } },
    load: [{ hold: { rate: '1/s', for: '1s' } }],
  })
  // As a packager from elsewhere is read: it says nothing of messages.
  const { signOff: _, ...messages } = scenario.dialect.messages
  const spoken = { ...scenario, dialect: { ...scenario.dialect, messages } }
  await expect(runScenario(spoken, { source, clock: 'virtual' })).rejects.toThrow(
    'terminals.signOff: dialect cup-pos has no sign-off: add a message signOff, or leave this out',
  )
})
