// `--set` and overlays on plain data.

import { describe, expect, test } from 'vitest'
import { mergeOverlay } from '../../src/base/merge-overlay.js'
import { assign, formatPath, parseAssignment } from '../../src/scenario/overlay.js'

const set = (data: unknown, text: string) => assign(data, parseAssignment(text))

describe('--set', () => {
  const cases: readonly { name: string; data: unknown; text: string; result: unknown }[] = [
    { name: 'replaces a value', data: { a: { b: 1, c: 2 } }, text: 'a.b=3', result: { a: { b: 3, c: 2 } } },
    {
      name: 'reaches into a list',
      data: { l: [{ r: 1 }, { r: 2 }] },
      text: 'l[1].r=9',
      result: { l: [{ r: 1 }, { r: 9 }] },
    },
    { name: 'appends at the next free index', data: { l: [1] }, text: 'l[1]=2', result: { l: [1, 2] } },
    { name: 'makes maps on the way', data: {}, text: 'a.b.c=x', result: { a: { b: { c: 'x' } } } },
    { name: 'replaces what is not a map', data: { a: 1 }, text: 'a.b=2', result: { a: { b: 2 } } },
    { name: 'reads a rate as a text', data: {}, text: 'r=200/s', result: { r: '200/s' } },
    {
      name: 'reads a map in flow form',
      data: {},
      text: 'm={ sale: 1, balance: 2 }',
      result: { m: { sale: 1, balance: 2 } },
    },
    { name: 'keeps a quoted number a text', data: {}, text: 'a="51"', result: { a: '51' } },
    { name: 'takes a value with an equals sign', data: {}, text: 't="x == 1"', result: { t: 'x == 1' } },
  ]
  for (const { name, data, text, result } of cases) {
    test(name, () => expect(set(data, text)).toEqual(result))
  }

  test('leaves the data that it was given alone', () => {
    const data = { a: { b: 1 } }
    set(data, 'a.b=2')
    expect(data).toEqual({ a: { b: 1 } })
  })

  const wrong: readonly [string, string][] = [
    ['a', 'expected PATH=VALUE'],
    ['=1', 'expected PATH=VALUE'],
    ['a..b=1', 'expected a path'],
    ['a[x]=1', 'expected a path'],
    ['constructor.x=1', 'expected a path'],
    ['a={', 'the value is not YAML'],
    ['l.x=1', 'l is a list'],
    ['m[0]=1', 'm is not a list'],
  ]
  for (const [text, error] of wrong) {
    test(`refuses ${text}`, () => expect(() => set({ l: [], m: {} }, text)).toThrow(error))
  }
})

test('an overlay merges maps, and replaces lists and values', () => {
  const base = { acquirer: { workers: 16, serviceTime: { p50: '40ms', p99: '180ms' } }, load: [1, 2] }
  const overlay = { acquirer: { serviceTime: { p50: '10ms' } }, load: [3] }
  expect(mergeOverlay(base, overlay)).toEqual({
    acquirer: { workers: 16, serviceTime: { p50: '10ms', p99: '180ms' } },
    load: [3],
  })
})

test('a path is shown as it is written', () => {
  expect(formatPath(['load', 0, 'hold', 'rate'])).toBe('load[0].hold.rate')
})

test('null in an overlay takes a key away, at any depth, and makes none', () => {
  const base = { terminals: { network: 'gprs', count: 5 }, faults: [1] }
  expect(mergeOverlay(base, { terminals: { network: null }, faults: null, keys: null, a: { b: null } })).toEqual({
    terminals: { count: 5 },
    a: {},
  })
})
