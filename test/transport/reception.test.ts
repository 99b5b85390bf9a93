import net from 'node:net'
import { expect, test } from 'vitest'
import { createVirtualClock } from '../../src/base/virtual-clock.js'
import { createReception, takenUpPerTurn } from '../../src/transport/network/reception.js'

const sockets = (count: number) => Array.from({ length: count }, () => new net.Socket())

test('of connections that come at once a few are taken up in each turn, in their order', () => {
  const clock = createVirtualClock(0)
  const taken: net.Socket[] = []
  const reception = createReception(clock, (socket) => taken.push(socket))
  const all = sockets(2 * takenUpPerTurn + 3)
  for (const socket of all) reception.arrived(socket)
  expect(taken).toHaveLength(takenUpPerTurn)
  clock.run(clock.nextAt ?? 0)
  expect(taken).toHaveLength(all.length)
  expect(taken.every((socket, index) => socket === all[index])).toBe(true)
})

test('those that wait when the listener closes are closed', () => {
  const clock = createVirtualClock(0)
  const reception = createReception(clock, () => {})
  const all = sockets(takenUpPerTurn + 2)
  for (const socket of all) reception.arrived(socket)
  reception.close()
  expect(all.filter(({ destroyed }) => destroyed)).toHaveLength(2)
})
