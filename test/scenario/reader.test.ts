// The meaning of a scenario once it is read: defaults, units, `--set`, and the schema for editors.

import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { scenarioJsonSchema } from '../../src/scenario/json-schema.js'
import { loadScenario, parseScenario, readAcquirerSection } from '../../src/scenario/reader.js'

const minimal = 'name: x\nload: [ { hold: { rate: 30/min, for: 5s } } ]\n'

describe('reading', () => {
  test('fills in the defaults and turns units into ms and per second', () => {
    const scenario = parseScenario(minimal, 'x.yaml')
    expect(scenario).toMatchObject({
      dialect: { name: 'cup-pos' },
      codec: 'isochron',
      warmup: 0,
      drain: 30_000,
      timely: { response: 3000 },
      thresholds: [],
      messages: {},
      load: [{ hold: { rate: 0.5, for: 5000, arrivals: 'constant' } }],
    })
    expect(scenario.terminals).toMatchObject({
      count: 1,
      connections: 'perTerminal',
      timeout: 30_000,
      mix: { sale: 1 },
    })
  })

  test('drains as long as the terminals wait, unless the file says otherwise', () => {
    expect(parseScenario(`${minimal}terminals: { timeout: 4s }\n`, 'x').drain).toBe(4000)
    expect(parseScenario(`${minimal}drain: 1s\n`, 'x').drain).toBe(1000)
  })

  test('takes anchors and aliases', () => {
    const text = 'name: x\nload:\n  - &h { hold: { rate: 1/s, for: 5s } }\n  - *h\n'
    expect(parseScenario(text, 'x').load).toHaveLength(2)
  })

  test('takes field numbers with and without quotes', () => {
    const text = `${minimal}messages: { mine: { mti: "0200", fields: { 3: "000000", "11": "{stan}" } } }\nterminals: { mix: { mine: 1 } }\n`
    expect(parseScenario(text, 'x').messages.mine?.fields).toEqual({ '3': '000000', '11': '{stan}' })
  })

  test('gives the text back as it was when nothing was set', () => {
    expect(loadScenario(minimal, 'x').source).toBe(minimal)
  })

  test('gives what was in force when something was set', () => {
    const { scenario, source } = loadScenario(minimal, 'x', { set: ['terminals.count=10', 'load[0].hold.rate=7/s'] })
    expect(scenario.terminals.count).toBe(10)
    expect(parse(source)).toEqual({
      name: 'x',
      load: [{ hold: { rate: '7/s', for: '5s' } }],
      terminals: { count: 10 },
    })
  })

  test('of the acquirer section alone looks at no other section, but each must be one', () => {
    expect(readAcquirerSection('acquirer: { workers: 3 }\nload: 1\n', 'x').workers).toBe(3)
    expect(() => readAcquirerSection('acquirer: {}\nother: 1\n', 'x')).toThrow('x:2:1 other: unknown section')
    expect(readAcquirerSection('name: x\n', 'x').workers).toBe(64)
    expect(() => readAcquirerSection('acquirer: { wokers: 3 }\n', 'a.yaml')).toThrow(
      "a.yaml:1:13 acquirer.wokers: unknown key 'wokers' (did you mean 'workers'?)",
    )
  })
})

test('the JSON Schema describes every key at the top, and gives durations as texts', () => {
  const schema = scenarioJsonSchema() as { properties: Record<string, { description?: string; default?: unknown }> }
  for (const [key, property] of Object.entries(schema.properties)) {
    if (key !== '$schema') expect(property.description, key).toBeTruthy()
  }
  expect(schema.properties.warmup?.default).toBe('0s')
  expect(JSON.stringify(schema)).toContain('"default":"30s"')
  expect(JSON.stringify(schema)).not.toContain('"default":30000')
})
