import { expect, test } from 'vitest'
import { printingJson, printJson } from '../../src/report/json.js'
import { sample } from './sample-result.js'

const row = {
  ...{ atSecond: 0, offered: 2, approved: 2, declined: 0, timedOut: 0, failed: 0, unsent: 0, timely: 2 },
  ...{ p50: 5, p99: 6, max: 6, lagP99: 0.1, echoP50: null, inFlight: 1, faults: ['two\nlines', 'other'] },
}

test('a result in pieces is its JSON with an indent of two, row by row', () => {
  for (const timeline of [[], [row], [row, { ...row, atSecond: 1, faults: [] }]]) {
    const result = { ...sample, timeline, failures: { 'a\n  "b": 1': 1 } }
    const text = printJson(result)
    expect(text).toBe(`${JSON.stringify(JSON.parse(text), undefined, 2)}\n`)
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(result)))
    expect([...printingJson(result, timeline)].join('')).toBe(text)
    expect([...printingJson(result, timeline)].length).toBeGreaterThan(timeline.length + 20)
  }
})
