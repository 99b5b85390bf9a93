import { expect, test } from 'vitest'
import { awaitHost } from '../../../src/run/watch/await-host.js'
import { virtualWorld } from '../../../src/run/world.js'
import { isochron } from '../../cli/fake-io.js'

const target = { host: '10.0.0.1', port: 8583 }
const wordless = () => ({ onData: () => {}, onClose: () => {} })

test('a host that begins to listen after three seconds is waited for, and nothing is sent to it', async () => {
  const { clock, network, until } = virtualWorld(0)
  const startedAt = clock.now()
  const heard: string[] = []
  clock.after(
    3000,
    () => void network.listen(target, () => ({ ...wordless(), onData: (bytes) => heard.push(String(bytes)) })),
  )
  const told: string[] = []
  await until(
    awaitHost({ targets: [target], waitMs: 30_000, network, clock, onWaiting: (reason) => told.push(reason) }),
  )
  expect(clock.now() - startedAt).toBeLessThan(3500)
  expect(told).toHaveLength(1)
  expect(heard).toEqual([])
})

test('one of two hosts is enough', async () => {
  const { clock, network, until } = virtualWorld(0)
  const other = { ...target, port: 8584 }
  await network.listen(other, wordless)
  await until(awaitHost({ targets: [target, other], waitMs: 0, network, clock }))
})

test('nobody in time: the error names the address, the time and the reason', async () => {
  const { clock, network, until } = virtualWorld(0)
  await expect(until(awaitHost({ targets: [target], waitMs: 2000, network, clock }))).rejects.toThrow(
    /^10\.0\.0\.1:8583: nobody listened within 2 s \(.+\)$/,
  )
})

test('an interrupt ends the wait', async () => {
  const { clock, network, until } = virtualWorld(0)
  const ending = new AbortController()
  clock.after(1000, () => ending.abort())
  await until(awaitHost({ targets: [target], waitMs: 1e9, network, clock, signal: ending.signal }))
})

test('send, doctor and terminal end with 5 when nobody listens in time', async () => {
  const echo = JSON.stringify({ mti: '0800', fields: { '11': '000001' } })
  for (const command of [
    ['send', '--target', ':1'],
    ['doctor', ':1', '--probe'],
    ['terminal', '--target', ':1'],
  ]) {
    const { code, stderr } = await isochron([...command, '--wait', '1ms'], echo)
    expect([code, stderr]).toEqual([5, expect.stringContaining('127.0.0.1:1: nobody listened within 0.001 s')])
  }
  const { code, stderr } = await isochron(['doctor', '--wait', '1s'], '0800')
  expect([code, stderr]).toEqual([2, expect.stringContaining('--wait: only together with --probe')])
})
