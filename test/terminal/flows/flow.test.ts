// The tables: every way through them ends, and an event that has no entry is an error.

import { describe, expect, test } from 'vitest'
import { diagram, type Flow, FlowError, isEnd, step } from '../../../src/terminal/flows/flow.js'
import { sale } from '../../../src/terminal/flows/reversible.js'
import { flows } from './all-flows.js'

for (const flow of flows as readonly Flow[]) {
  describe(`the flow ${flow.name}`, () => {
    const states = Object.keys(flow.table)

    test('leads to states that it knows', () => {
      for (const row of Object.values(flow.table)) for (const next of Object.values(row)) expect(states).toContain(next)
      expect(states).toContain(flow.start)
    })

    test('reaches every state, and an end from each', () => {
      const reached = closure(flow, [flow.start])
      expect([...reached].sort()).toEqual([...states].sort())
      for (const state of states) {
        expect(
          [...closure(flow, [state])].some((end) => isEnd(flow, end)),
          state,
        ).toBe(true)
      }
    })

    test('refuses what cannot happen', () => {
      expect(() => step(flow, flow.start, 'a thing that never happens')).toThrow(FlowError)
    })

    test('prints as a diagram', () => {
      const text = diagram(flow)
      expect(text).toMatch(/^stateDiagram-v2\n {2}\[\*\] --> /)
      for (const state of states) expect(text).toContain(state)
    })
  })
}

test('a late approval never takes a sale out of doubt', () => {
  expect(step(sale, 'inDoubt', 'lateApproval')).toBe('inDoubt')
  expect(step(sale, 'settling', 'lateApproval')).toBe('settling')
  expect(() => step(sale, 'settling', 'approved' as 'acknowledged')).toThrow(
    "sale: 'approved' cannot happen in state 'settling'",
  )
})

function closure(flow: Flow, from: readonly string[]): Set<string> {
  const reached = new Set(from)
  for (const state of reached) for (const next of Object.values(flow.table[state] ?? {})) reached.add(next as string)
  return reached
}
