// Equal seeds, equal decisions: five faults on real connections and in virtual time hit the same messages in the same way.

import { expect, test } from 'vitest'
import { type Clock, realClock } from '../../src/base/clock.js'
import { createRandom } from '../../src/base/random.js'
import { createVirtualClock } from '../../src/base/virtual-clock.js'
import { createFaultChain } from '../../src/faults/chain.js'
import { faultyNetwork } from '../../src/faults/engine/faulty-network.js'
import type { Network } from '../../src/transport/network/link.js'
import { createSimulatedNetwork } from '../../src/transport/network/simulated-network.js'
import { createTcpNetwork } from '../../src/transport/network/tcp-network.js'
import { framed, here, wire } from '../transport/conversation.js'
import { spec } from './line.js'

const five = [
  spec('response_code', { code: '96' }, { share: 0.2 }),
  spec('no_answer', {}, { share: 0.1, match: { '39': '00' } }),
  spec('wrong_stan', {}, { share: 0.15 }),
  spec('duplicate', {}, { nth: [3, 30, 70] }),
  spec('corrupt', { rate: '10%', bits: 2 }, { direction: 'answer' }),
]

const messages = 120

/** Far above what an answer takes on a busy machine: one that is merely late must not be taken for swallowed. */
const patienceMs = 250

/** The bytes that the client read of the answers of two connections, one after another, and what hit them. */
async function decisions(network: Network, clock: Clock, seed: number): Promise<readonly string[]> {
  const log: string[] = []
  const chain = createFaultChain({
    clock,
    random: createRandom(seed),
    faults: five,
    startedAt: clock.now(),
    onApplied: (event) => log.push(`${event.fault} ${event.connection} ${event.masked()?.fields['11'] ?? ''}`),
  })
  const faulty = faultyNetwork(network, { chain, clock, wire })
  const listener = await network.listen(here, (link) => {
    // One answer for each request, so that pieces of data are the same over TCP as in memory.
    let count = 0
    return {
      onData: () => link.write(framed(`021011=${count++};39=00;41=T1;`)),
      onEnd: () => link.end(),
      onClose: () => {},
    }
  })
  for (let connection = 0; connection < 2; connection++) {
    await new Promise<void>((resolve) => {
      let sent = 0
      let waiting = clock.after(0, () => {})
      const next = () => {
        waiting.cancel()
        if (sent++ === messages) return link.end()
        link.write(framed('080041=T1;'))
        // An answer that was swallowed: the next one, please.
        waiting = clock.after(patienceMs, next)
      }
      const link = faulty.connect(
        listener.address,
        {
          onOpen: next,
          onData(bytes) {
            log.push(Buffer.from(bytes).toString('hex'))
            next()
          },
          onClose: () => {
            waiting.cancel()
            resolve()
          },
        },
        { connectTimeoutMs: 1000 },
      )
    })
  }
  await listener.close()
  return log
}

async function inVirtualTime(seed: number): Promise<readonly string[]> {
  const clock = createVirtualClock()
  const work = decisions(createSimulatedNetwork({ clock }), clock, seed)
  let isDone = false
  void work.then(() => {
    isDone = true
  })
  while (!isDone) {
    clock.run(clock.now() + 1000)
    await new Promise<void>((resolve) => realClock.precisely(0, resolve))
  }
  return work
}

test('a chain of five faults decides the same twice, in real and in virtual time', async () => {
  const one = await inVirtualTime(11)
  expect(one.length).toBeGreaterThan(2 * messages)
  expect(await inVirtualTime(11)).toEqual(one)
  expect(await decisions(createTcpNetwork(), realClock, 11)).toEqual(one)
  expect(await inVirtualTime(12)).not.toEqual(one)
}, 20_000)
