// A running acquirer under the control API: one proxy, with faults of its line, its messages and the host itself.

import { Toxiproxy } from 'toxiproxy-node-client'
import { afterEach, describe, expect, test } from 'vitest'
import { acquirerSchema } from '../../src/acquirer/options.js'
import { startControlledAcquirer } from '../../src/run/hosts/controlled-acquirer.js'
import { sendMessage } from '../../src/run/send-message.js'
import { cleanUp, connected } from '../proxy/strangers.js'

afterEach(cleanUp)

const here = { host: '127.0.0.1', port: 0 }
const sale = (stan: number) => ({
  mti: '0200',
  fields: {
    ...{ '3': '000000', '4': '000000001000', '11': String(stan).padStart(6, '0') },
    ...{ '41': '00000001', '42': '000000000000001' },
  },
})

async function setUp() {
  const acquirer = await startControlledAcquirer(
    { listen: here, acquirer: acquirerSchema.parse({}), seed: 1, dialect: 'iso87-ascii' },
    here,
  )
  const proxy = await new Toxiproxy(`http://127.0.0.1:${acquirer.control.port}`).get('acquirer')
  // Each a sale of its own: one that comes again is told the same again.
  let sales = 0
  const pay = async (timeoutMs = 5000) => {
    const message = sale(++sales)
    const sent = await sendMessage({ dialect: 'iso87-ascii', target: acquirer.address, message, timeoutMs })
    return sent.kind === 'answered' ? sent.answer.fields['39'] : sent.reason
  }
  const add = (type: string, attributes: object) =>
    proxy.addToxic({ name: type, type, attributes, stream: 'downstream', toxicity: 1 } as unknown as Parameters<
      typeof proxy.addToxic
    >[0])
  return { acquirer, proxy, pay, add, [Symbol.asyncDispose]: acquirer.close }
}

describe('an acquirer with --control', () => {
  test('shows one proxy, and pays while nothing is the matter', async () => {
    await using at = await setUp()
    expect(Object.keys((await at.proxy.getToxiproxy().getAll()) as object)).toEqual(['acquirer'])
    expect(await at.pay()).toBe('00')
  })

  test('faults of the host, of a message and of the line', async () => {
    await using at = await setUp()
    const outage = await at.add('outage', { how: '91' })
    expect(await at.pay()).toBe('91')
    await outage.remove()
    const code = await at.add('response_code', { code: '51' })
    expect(await at.pay()).toBe('51')
    await code.remove()
    const lost = await at.add('no_answer', {})
    expect(await at.pay(50)).toMatch(/no answer/)
    await lost.remove()
    expect(await at.pay()).toBe('00')
  })

  test('a share of the host is refused: it is one thing for everybody', async () => {
    await using at = await setUp()
    const { host, port } = at.acquirer.control
    const body = JSON.stringify({ type: 'outage', attributes: { how: '91' }, toxicity: 0.5 })
    const answer = await fetch(`http://${host}:${port}/proxies/acquirer/toxics`, { method: 'POST', body })
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('toxicity')])
  })

  test('disabled it refuses connections; it makes no other proxies and does not go away', async () => {
    await using at = await setUp()
    const { listen, upstream } = at.proxy
    await at.proxy.update({ enabled: false, listen, upstream })
    await expect(connected(at.acquirer.address.port)).rejects.toThrow('ECONNREFUSED')
    await at.proxy.update({ enabled: true, listen, upstream })
    await until(() => connected(at.acquirer.address.port))
    expect(await at.pay()).toBe('00')
    const toxiproxy = at.proxy.getToxiproxy()
    await expect(toxiproxy.createProxy({ name: 'x', listen: '127.0.0.1:0', upstream })).rejects.toThrow('403')
    await expect(at.proxy.remove()).rejects.toThrow('403')
  })
})

/** Listening again takes a turn or two of the event loop. */
async function until(tries: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      return void (await tries())
    } catch {
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
}
