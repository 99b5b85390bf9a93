// Asking a third party over HTTP, with a real server on this machine.

import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createThirdPartyClient, type ThirdPartyClient } from '../../src/control/third-party-client.js'

const open: (() => void)[] = []
afterEach(() => {
  for (const close of open.splice(0)) close()
})

/** A third party that answers as `answer` says, and its client. */
async function setUp(answer: (body: string, response: http.ServerResponse) => void) {
  const seen = { connections: 0, bodies: [] as string[] }
  const server = http.createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      seen.bodies.push(body)
      answer(body, response)
    })
  })
  server.on('connection', () => seen.connections++)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const client = createThirdPartyClient(`http://127.0.0.1:${port}/check`)
  open.push(
    () => client.close(),
    () => server.closeAllConnections(),
    () => server.close(),
  )
  return { client, seen }
}

const ask = (client: ThirdPartyClient, question: unknown = { amount: '1' }) =>
  new Promise((resolve) => client.ask(question, resolve))

describe('a question', () => {
  test('is posted as JSON over a connection that is kept, and the document that comes back is the answer', async () => {
    const { client, seen } = await setUp((_, response) => response.end('{"ok":true}'))
    expect(await ask(client)).toEqual({ ok: true })
    expect(await ask(client, { amount: '2' })).toEqual({ ok: true })
    expect(seen).toEqual({ connections: 1, bodies: ['{"amount":"1"}', '{"amount":"2"}'] })
  })

  test.each([
    { what: 'no JSON', answer: (response: http.ServerResponse) => response.end('oops') },
    { what: 'an error', answer: (response: http.ServerResponse) => response.writeHead(500).end('{"ok":true}') },
    {
      what: 'a redirect, which is not followed',
      answer: (response: http.ServerResponse) => response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end('{}'),
    },
    {
      what: 'a document without end',
      answer: (response: http.ServerResponse) => response.end('"'.padEnd(20_000, 'x')),
    },
    {
      what: 'half an answer',
      answer: (response: http.ServerResponse) => response.write('{"ok"', () => response.destroy()),
    },
  ])('has no answer where $what comes', async ({ answer }) => {
    const { client } = await setUp((_, response) => answer(response))
    expect(await ask(client)).toBeUndefined()
  })

  test('has no answer where nobody listens', async () => {
    const { client } = await setUp(() => {})
    open.splice(0).forEach((close) => {
      close()
    })
    expect(await ask(client)).toBeUndefined()
  })

  test('that is given up is answered to nobody', async () => {
    const { client } = await setUp((body, response) => {
      if (body.includes('second')) response.end('{}')
    })
    let answers = 0
    const giveUp = client.ask('first', () => answers++)
    giveUp()
    expect(await ask(client, 'second')).toEqual({})
    expect(answers).toBe(0)
  })
})

test.each(['https://127.0.0.1/', 'ftp://127.0.0.1/', 'http://user:secret@127.0.0.1/', 'nonsense'])(
  'the URL %s is refused, and its secrets are not shown',
  (url) => {
    expect(() => createThirdPartyClient(url)).toThrow('acquirer.thirdPartyCheck.url:')
    expect(() => createThirdPartyClient(url)).not.toThrow('secret')
  },
)
