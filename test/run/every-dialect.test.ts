// Every built-in dialect: terminals and an acquirer that sign on, echo, sell, lose an answer, reverse and settle. Over TCP
// the same is `npm run bench -- peers`.

import { expect, test } from 'vitest'
import { builtInDialects } from '../../src/codec/dialects/index.js'
import { runScenario } from '../../src/run/run-scenario.js'
import { scenarioFromData } from '../../src/scenario/reader.js'

const settles = (name: string) =>
  builtInDialects
    .find((dialect) => dialect.name === name)
    ?.rules.ledger?.postings.some(({ effect }) => effect === 'settle') === true

const forms = [
  ...builtInDialects.map(({ name }) => ({ dialect: name, form: 'as it is', framing: undefined })),
  // Those with a MAC in a message, or with tags in one.
  ...['cup-pos', 'cups', 'iso2003-binary'].map((name) => ({ dialect: name, form: 'XML', framing: 'xml' })),
]

test.each(forms)('$dialect, $form', async ({ dialect, framing }) => {
  const { scenario, source } = scenarioFromData({
    name: dialect,
    dialect,
    ...(framing !== undefined && { framing }),
    seed: 2,
    terminals: {
      count: 3,
      timeout: '2s',
      settle: settles(dialect),
      echoProbe: { every: '500ms' },
      reversal: { retries: 5, interval: '100ms' },
    },
    acquirer: { serviceTime: { p50: '1ms' } },
    faults: [
      { name: 'lost', on: 'acquirer', no_answer: {}, first: 1, match: { mti: ['0110', '0210', '1210', '2210'] } },
    ],
    load: [{ hold: { rate: '4/s', for: '3s' } }],
    drain: '10s',
  })
  const result = await runScenario(scenario, { source, clock: 'virtual' })
  expect(result.outcomes).toMatchObject({ approved: 11, timedOut: 1, failed: 0, unsent: 0 })
  expect(result.reversals).toMatchObject({ created: 1, acknowledged: 1, pending: 0 })
  expect(result.echoTime.count).toBeGreaterThan(0)
  expect(result.unmatched.count).toBe(0)
  if (settles(dialect)) expect(result.settlements).toMatchObject({ balanced: 3, outOfBalance: 0, unknown: 0 })
  expect(result.books?.agree).toBe(true)
})
