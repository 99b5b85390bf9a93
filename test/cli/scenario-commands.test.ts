// `validate`, `schema` and `dialects`: what they print.

import { describe, expect, test } from 'vitest'
import { builtInDialects } from '../../src/codec/dialects/index.js'
import { isochron } from './fake-io.js'

const scenario =
  'name: x\nload:\n  - { ramp: { from: 1/s, to: 9/s, over: 5s } }\n  - { hold: { rate: 9/s, for: 10s } }\n'

describe('validate', () => {
  test('says in a line that a scenario is right', async () => {
    expect(await isochron(['validate', '-'], scenario)).toMatchObject({
      code: 0,
      stdout: 'stdin: ok: x, dialect cup-pos, 2 phases in 15s, 0 thresholds\n',
      stderr: '',
    })
  })

  test('says where it is wrong, a line per problem', async () => {
    const { code, stdout, stderr } = await isochron(
      ['validate', '-'],
      `${scenario.replace('9/s, over', '9, over')}x: 1\n`,
    )
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr.trimEnd().split('\n')).toEqual([
      'stdin:3:30 load[0].ramp.to: expected a rate such as 500/s, got 9; write the unit',
      expect.stringMatching(/^stdin:5:1 x: unknown key 'x'; known are name, about/),
    ])
  })

  test('takes --set into account', async () => {
    const { code, stderr } = await isochron(['validate', '-', '--set', 'load[1].hold.rate=9'], scenario)
    expect(code).toBe(2)
    expect(stderr).toContain('stdin --set load[1].hold.rate=9: load[1].hold.rate: expected a rate')
  })
})

test('schema prints JSON Schema', async () => {
  const { code, stdout } = await isochron(['schema'])
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ type: 'object', required: ['name', 'load'], additionalProperties: false })
})

describe('dialects', () => {
  test('lists every dialect in a line', async () => {
    const { code, stdout } = await isochron(['dialects'])
    expect(code).toBe(0)
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((line) => line.split(' ')[0]),
    ).toEqual(builtInDialects.map(({ name }) => name))
  })

  for (const { name } of builtInDialects) {
    test(`shows ${name}`, async () => {
      const { code, stdout } = await isochron(['dialects', name])
      expect(code).toBe(0)
      expect(stdout).toContain(name)
    })
  }

  test('refuses a name that nobody knows', async () => {
    expect(await isochron(['dialects', 'cuppos'])).toMatchObject({ code: 2, stdout: '' })
  })
})
