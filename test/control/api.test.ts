// The control API by its bytes: statuses, bodies and error texts as Toxiproxy's, who may speak to it, and what is ours.

import http from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { createGuard } from '../../src/control/guard.js'
import { faultsSchema } from '../../src/faults/options.js'
import { startProxy } from '../../src/run/proxy/start-proxy.js'
import { cleanUp, connected, echoHost, readBytes } from '../proxy/strangers.js'

afterEach(cleanUp)

interface Answer {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly text: string
  readonly json: unknown
}

function ask(
  port: number,
  method: string,
  path: string,
  options: { body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const { body, headers = {} } = options
  return new Promise((resolve, reject) => {
    const request = http.request({ port, host: '127.0.0.1', method, path, headers, agent: false }, (response) => {
      let text = ''
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => {
        const isJson = response.headers['content-type']?.startsWith('application/json') === true
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          json: isJson ? JSON.parse(text) : undefined,
        })
      })
    })
    request.on('error', reject)
    request.end(typeof body === 'string' ? body : body === undefined ? undefined : JSON.stringify(body))
  })
}

async function setUp(control: { token?: string; allowUpstream?: string[] } = {}) {
  const proxy = await startProxy({ control: { host: '127.0.0.1', port: 0, ...control }, seed: 1 })
  const port = proxy.control?.port as number
  const upstream = `127.0.0.1:${await echoHost()}`
  const call = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
    ask(port, method, path, { ...(body !== undefined && { body }), ...(headers && { headers }) })
  return { proxy, port, upstream, call, [Symbol.asyncDispose]: proxy.close }
}

describe('errors, in the words of Toxiproxy', () => {
  const latency = { type: 'latency', attributes: { latency: 1 } }
  const cases: [what: string, method: string, path: string, body: unknown, status: number, error: string | RegExp][] = [
    ['an unknown proxy', 'GET', '/proxies/none', undefined, 404, 'proxy not found'],
    ['a proxy that exists', 'POST', '/proxies', { name: 'host', upstream: '127.0.0.1:1' }, 409, 'proxy already exists'],
    ['a proxy without a name', 'POST', '/proxies', { upstream: 'x:1' }, 400, 'missing required field: name'],
    ['a proxy without an upstream', 'POST', '/proxies', { name: 'x' }, 400, 'missing required field: upstream'],
    ['a body that is no JSON', 'POST', '/proxies', '{', 400, /^bad request body: /],
    ['a name missing in populate', 'POST', '/populate', [{}], 400, 'missing required field: name at proxy 1'],
    ['a path of slashes', 'GET', '//', undefined, 404, /no such path/],
    [
      'a match on a fault of the line',
      'POST',
      '/proxies/host/toxics',
      { ...latency, attributes: { match: { mti: '0210' } } },
      400,
      /latency is a fault of the line and sees no messages/,
    ],
    ['a host fault on a line', 'POST', '/proxies/host/toxics', { type: 'stall' }, 400, /fault of the acquirer/],
    ['an unknown toxic', 'GET', '/proxies/host/toxics/none', undefined, 404, 'toxic not found'],
    ['a toxic of an unknown proxy', 'POST', '/proxies/none/toxics', latency, 404, 'proxy not found'],
    ['a toxic that exists', 'POST', '/proxies/host/toxics', { ...latency, name: 'there' }, 409, 'toxic already exists'],
    ['a wrong type', 'POST', '/proxies/host/toxics', { type: 'latenzy' }, 400, /^invalid toxic type.*latency/],
    [
      'a wrong stream',
      'POST',
      '/proxies/host/toxics',
      { ...latency, stream: 'sideways' },
      400,
      'stream was invalid, can be either upstream or downstream',
    ],
    [
      'an attribute that is no number',
      'POST',
      '/proxies/host/toxics',
      { type: 'latency', attributes: { latency: 'x' } },
      400,
      /attributes.latency/,
    ],
    ['a fault of the host on a line', 'POST', '/proxies/host/toxics', { type: 'stall' }, 400, /stall/],
    [
      'a public listener',
      'POST',
      '/proxies',
      { name: 'x', listen: '0.0.0.0:0', upstream: '127.0.0.1:1' },
      403,
      /--allow-listen/,
    ],
    ['a strange upstream', 'POST', '/proxies', { name: 'x', upstream: '192.0.2.1:80' }, 403, /--allow-upstream/],
    ['a path that is none', 'GET', '/nothing', undefined, 404, /\/isochron\//],
    ['a method that is none', 'PUT', '/proxies', undefined, 405, /PUT/],
  ]

  for (const [what, method, path, body, status, error] of cases) {
    test(`${what}: ${status}`, async () => {
      await using at = await setUp()
      expect((await at.call('POST', '/proxies', { name: 'host', upstream: at.upstream })).status).toBe(201)
      expect((await at.call('POST', '/proxies/host/toxics', { ...latency, name: 'there' })).status).toBe(200)
      const answer = await at.call(method, path, body)
      expect(answer.json).toMatchObject({
        status,
        error: typeof error === 'string' ? error : expect.stringMatching(error),
      })
      expect(answer.status).toBe(status)
      expect(answer.headers['x-toxiproxy-request-id']).toBeDefined()
    })
  }

  test('a body that is too long: 413, and the API goes on', async () => {
    await using at = await setUp()
    const answer = await at.call('POST', '/proxies', 'x'.repeat(1_100_000)).catch(() => undefined)
    if (answer !== undefined) expect(answer.status).toBe(413)
    expect((await at.call('GET', '/proxies')).status).toBe(200)
  })
})

describe('who may speak to it', () => {
  const cases: [what: string, headers: Record<string, string>, status: number][] = [
    ['a program', {}, 200],
    ['a program that says localhost', { host: 'localhost:8474' }, 200],
    ['a browser', { 'user-agent': 'Mozilla/5.0' }, 403],
    ['a page', { origin: 'http://127.0.0.1' }, 403],
    ['a name that points here', { host: 'evil.example:8474' }, 403],
  ]
  for (const [what, headers, status] of cases) {
    test(`${what}: ${status}`, async () => {
      await using at = await setUp()
      expect((await at.call('GET', '/proxies', undefined, headers)).status).toBe(status)
    })
  }

  test('where a token is set, only who has it', async () => {
    await using at = await setUp({ token: 'correct horse' })
    const status = async (authorization?: string) =>
      (await at.call('GET', '/version', undefined, authorization === undefined ? {} : { authorization })).status
    expect([await status(), await status('Bearer wrong'), await status('Bearer correct horse')]).toEqual([
      401, 401, 200,
    ])
  })

  test('on every address: any address of the machine may be named, and no foreign name', () => {
    const guard = createGuard({ host: '0.0.0.0', token: 't' })
    const from = (host: string) => () => guard({ host, authorization: 'Bearer t' })
    for (const host of ['10.0.0.5:8474', '[fe80::1]:8474', 'localhost:8474']) expect(from(host)).not.toThrow()
    for (const host of ['evil.example:8474', '10.0.0.5.evil.example']) expect(from(host)).toThrow('Host not allowed')
  })

  test('off loopback a token is mandatory', async () => {
    await expect(startProxy({ control: { host: '0.0.0.0', port: 0 } })).rejects.toThrow(/token is mandatory/)
  })
})

describe('proxies and toxics', () => {
  test('a toxic has its name, stream and toxicity by default, is merged, and stands upstream first', async () => {
    await using at = await setUp()
    await at.call('POST', '/proxies', { name: 'host', upstream: at.upstream })
    await at.call('POST', '/proxies/host/toxics', { type: 'latency', attributes: { jitter: 5, other: 1 } })
    await at.call('POST', '/proxies/host/toxics', { type: 'slow_close', stream: 'UPSTREAM', attributes: { delay: 10 } })
    const patched = await at.call('PATCH', '/proxies/host/toxics/latency_downstream', {
      attributes: { latency: 7 },
      toxicity: 0.5,
    })
    const latency = { attributes: { latency: 7, jitter: 5 }, name: 'latency_downstream', type: 'latency' }
    expect(patched.json).toEqual({ ...latency, stream: 'downstream', toxicity: 0.5 })
    expect((await at.call('GET', '/proxies/host/toxics')).json).toMatchObject([
      { name: 'slow_close_upstream' },
      latency,
    ])
    expect(await at.call('DELETE', '/proxies/host/toxics/latency_downstream')).toMatchObject({ status: 204, text: '' })
  })

  test('times of a selector are milliseconds, or carry their unit', async () => {
    await using at = await setUp()
    await at.call('POST', '/proxies', { name: 'host', upstream: at.upstream })
    const add = (type: string, attributes: unknown) =>
      at.call('POST', '/proxies/host/toxics', { type, attributes }).then(({ status }) => status)
    expect(await add('latency', { latency: 5, from: 100, for: 200 })).toBe(200)
    expect(await add('down', { at: '9m', for: 200 })).toBe(200)
    expect(await add('loss', { rate: 0.1, from: -1 })).toBe(400)
  })

  test('what populate refuses comes back in its own shape', async () => {
    await using at = await setUp()
    for (const body of [[{ name: 'x' }], {}, '{']) {
      expect((await at.call('POST', '/populate', body)).json).toMatchObject({ proxies: null, status: 400 })
    }
  })

  test('populate has a limit, and listens on loopback alone', async () => {
    await using at = await setUp()
    const many = Array.from({ length: 1001 }, (_, index) => ({
      name: `p${index}`,
      listen: '127.0.0.1:0',
      upstream: at.upstream,
    }))
    expect((await at.call('POST', '/populate', many)).json).toMatchObject({ proxies: null, status: 413 })
    expect((await at.call('GET', '/proxies')).json).not.toHaveProperty('p0')
    const elsewhere = [{ name: 'x', listen: '127.999.1.1:0', upstream: at.upstream }]
    expect((await at.call('POST', '/populate', elsewhere)).json).toMatchObject({ proxies: null, status: 403 })
  })

  test('populate leaves the same proxy alone, toxics and all, and replaces another', async () => {
    await using at = await setUp()
    const first = await at.call('POST', '/populate', [{ name: 'host', listen: '127.0.0.1:0', upstream: at.upstream }])
    const { listen } = (first.json as { proxies: { listen: string }[] }).proxies[0] as { listen: string }
    await at.call('POST', '/proxies/host/toxics', { type: 'noop' })
    const same = await at.call('POST', '/populate', [{ name: 'host', listen, upstream: at.upstream }])
    expect(same.json).toMatchObject({ proxies: [{ toxics: [{ type: 'noop' }] }] })
    const moved = await at.call('POST', '/populate', [{ name: 'host', listen, upstream: '127.0.0.1:9' }])
    expect(moved.json).toMatchObject({ proxies: [{ upstream: '127.0.0.1:9', toxics: [] }] })
    expect(await at.call('POST', '/reset')).toMatchObject({ status: 204, text: '' })
  })

  test('a port that is taken: 500, and no proxy is left behind', async () => {
    await using at = await setUp()
    const taken = await at.call('POST', '/proxies', { name: 'x', listen: at.upstream, upstream: '127.0.0.1:1' })
    expect(taken).toMatchObject({ status: 500, json: { error: expect.stringContaining('EADDRINUSE') } })
    expect((await at.call('GET', '/proxies')).json).toEqual({})
  })
})

test('a proxy that would dial itself: 400, made or changed', async () => {
  await using at = await setUp()
  const free = '127.0.0.1:0'
  expect((await at.call('POST', '/proxies', { name: 'x', listen: free, upstream: at.upstream })).status).toBe(201)
  const { listen } = (await at.call('GET', '/proxies/x')).json as { listen: string }
  const changed = await at.call('POST', '/proxies/x', { upstream: listen })
  expect(changed).toMatchObject({ status: 400, json: { error: expect.stringContaining('is the proxy itself') } })
  const made = await at.call('POST', '/proxies', { name: 'y', listen: '127.0.0.1:9', upstream: 'localhost:9' })
  expect(made.status).toBe(400)
})

describe('what Toxiproxy has not', () => {
  test('a proxy and its toxics at once, or nothing', async () => {
    await using at = await setUp()
    const body = { name: 'host', upstream: at.upstream, toxics: [{ type: 'timeout', attributes: { timeout: 10 } }] }
    const bad = { ...body, toxics: [...body.toxics, { type: 'nonsense' }] }
    expect((await at.call('POST', '/isochron/proxies', bad)).status).toBe(400)
    expect((await at.call('GET', '/proxies')).json).toEqual({})
    const made = await at.call('POST', '/isochron/proxies', body)
    expect(made).toMatchObject({ status: 201, json: { toxics: [{ name: 'timeout_downstream' }] } })
  })

  test('faults that a proxy was started with are its plan: shown, and gone after a reset', async () => {
    const faults = faultsSchema.parse([{ name: 'slow', latency: { latency: '1ms' } }])
    const upstream = { host: '127.0.0.1', port: await echoHost() }
    const here = { host: '127.0.0.1', port: 0 }
    await using proxy = await startProxy({ listen: here, upstream, control: here, faults, seed: 1 })
    const port = proxy.control?.port as number
    const plan = async () => (await ask(port, 'GET', '/isochron/proxies/isochron/faults')).json
    expect(await plan()).toMatchObject({ faults: [{ name: 'slow', type: 'latency' }] })
    const again = await ask(port, 'POST', '/proxies/isochron/toxics', { body: { type: 'latency', name: 'slow' } })
    expect(again.status).toBe(409)
    await ask(port, 'POST', '/reset')
    expect(await plan()).toEqual({ faults: [] })
  })

  test('a plan of faults, counters, events, latencies and metrics', async () => {
    await using at = await setUp()
    const made = await at.call('POST', '/proxies', { name: 'host', upstream: at.upstream })
    const port = Number((made.json as { listen: string }).listen.split(':')[1])
    const plan = { faults: [{ name: 'held', latency: { latency: '5ms' }, direction: 'answer' }] }
    expect(await at.call('POST', '/isochron/proxies/host/faults', plan)).toMatchObject({
      status: 200,
      json: { faults: [{ name: 'held', type: 'latency' }] },
    })
    const wrong = await at.call('POST', '/isochron/proxies/host/faults', { faults: [{ latency: { latency: 5 } }] })
    expect(wrong.json).toMatchObject({ status: 400, error: expect.stringContaining('faults[0].latency.latency') })

    const events = await listen(at.port)
    const socket = await connected(port)
    socket.write('12345')
    await readBytes(socket, 5)
    expect(JSON.parse(await events.next('data: '))).toMatchObject({ proxy: 'host', fault: 'held', type: 'latency' })
    events.close()

    const counters = await at.call('GET', '/isochron/counters')
    expect(counters.json).toMatchObject({
      proxies: {
        host: {
          connections: 1,
          upstream: { received: 5, sent: 5 },
          downstream: { received: 5, sent: 5 },
          faults: [{ name: 'held', applied: expect.any(Number) }],
        },
      },
    })
    expect((await at.call('GET', '/isochron/latency')).json).toEqual({ unit: 'ms', proxies: { host: null } })
    const metrics = await at.call('GET', '/metrics')
    expect(metrics.text).toMatch(/toxiproxy_proxy_received_bytes_total\{direction="upstream",.*proxy="host".*\} 5/)
  })
})

/** Reads server-sent events. */
async function listen(port: number) {
  const response = await new Promise<http.IncomingMessage>((resolve) =>
    http.get({ port, host: '127.0.0.1', path: '/isochron/events', agent: false }, resolve),
  )
  let text = ''
  let wake = () => {}
  response.on('data', (chunk) => {
    text += chunk
    wake()
  })
  response.on('error', () => {})
  return {
    async next(prefix: string): Promise<string> {
      for (;;) {
        const line = text.split('\n').find((each) => each.startsWith(prefix))
        if (line !== undefined) return line.slice(prefix.length)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
    close: () => response.destroy(),
  }
}
