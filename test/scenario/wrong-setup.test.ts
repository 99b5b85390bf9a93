// The wrong set-ups that cannot be, told before the run.

import { expect, test } from 'vitest'
import { parseScenario } from '../../src/scenario/reader.js'

test.each([
  { terminals: '{ wrongSetup: { share: 20% } }', error: 'name one thing that is wrong' },
  { terminals: '{ wrongSetup: { framing: ascii44 } }', error: "unknown framing 'ascii44'" },
  { terminals: '{ wrongSetup: { dialect: iso88 } }', error: "no built-in dialect 'iso88'" },
  { terminals: '{ wrongSetup: { id: "9{n:7}" } }', error: 'acquirer.terminals' },
  {
    terminals: '{ wrongSetup: { framing: ascii4 }, connections: { shared: 2 } }',
    error: 'a shared connection has one wire for all',
  },
])('$terminals: $error', ({ terminals, error }) => {
  const text = `name: x\nload: [ { hold: { rate: 1/s, for: 1s } } ]\nterminals: ${terminals}\n`
  expect(() => parseScenario(text, 'x.yaml')).toThrow(error)
})
