import { describe, expect, test } from 'vitest'
import { measureScale, scenarioOfSize } from '../../bench/speed/scale.js'
import { scenarioFromData } from '../../src/scenario/reader.js'

describe('the sizes of `bench -- scale`', () => {
  const counted = { warm: 0, measured: 1 }
  test.each([
    { terminals: 10_000, ...counted },
    { terminals: 100_000, connections: 1000, ...counted },
    { terminals: 10_000, connections: 10_000, ...counted },
  ])('are scenarios: %o', (size) => {
    expect(scenarioFromData(scenarioOfSize(size)).scenario.terminals.count).toBe(size.terminals)
  })

  test('are measured while all requests are under way, each of which is answered', async () => {
    const scaled = await measureScale({ terminals: 300, connections: 30, heldUntil: 300, warm: 0, measured: 900 })
    expect(scaled.mostInFlight).toBe(300)
    expect(scaled.answered).toBeGreaterThanOrEqual(900)
    expect(scaled.fullBytes).toBeGreaterThan(0)
  })
})
