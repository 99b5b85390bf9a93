// A proxy in several processes: one port, one control API, one count.

import { spawn } from 'node:child_process'
import net, { type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const program = join(import.meta.dirname, '../../../dist/cli/main.js')
const here = '127.0.0.1'

/** Sends back what it gets. */
const echo = net.createServer((socket) => socket.on('error', () => {}).pipe(socket))
beforeAll(() => new Promise<void>((resolve) => echo.listen(0, here, resolve)))
afterAll(() => echo.close())

function startProxy(...flags: string[]) {
  const upstream = `${here}:${(echo.address() as AddressInfo).port}`
  const child = spawn(process.execPath, [program, 'proxy', '--upstream', upstream, ...flags])
  let [stdout, stderr] = ['', '']
  const looks = new Set<() => void>()
  child.stdout.on('data', (data) => {
    stdout += data
  })
  child.stderr.on('data', (data) => {
    stderr += data
    for (const look of looks) look()
  })
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.once('close', (code) => resolve({ code, stdout, stderr }))
  })
  const said = (pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(stderr)?.[1]
        if (found !== undefined) resolve(found)
      }
      looks.add(look)
      look()
      void ended.then((end) => reject(new Error(end.stderr)))
    })
  return { said, ended }
}

/** A client that says `hello` and waits until it hears it. */
async function hello(port: number): Promise<net.Socket> {
  const socket = net.connect(port, here)
  socket.on('error', () => {}).write('hello')
  const [heard] = await new Promise<[Buffer]>((resolve, reject) => {
    socket.once('data', (bytes) => resolve([bytes]))
    socket.once('close', () => reject(new Error('closed')))
  })
  expect(heard.toString()).toBe('hello')
  return socket
}

test('every process passes what it is given, and does what the one control API says', async () => {
  const proxy = startProxy('--listen', `${here}:0`, '--workers', '2', '--control', `${here}:0`)
  const port = Number(await proxy.said(/listening on \S+:(\d+),/))
  const api = `http://${here}:${await proxy.said(/control API on \S+:(\d+)\n/)}`
  const pids = (await proxy.said(/processes ([\d, ]+)\n/)).split(', ').map(Number)
  expect(pids).toHaveLength(2)
  const ask = async (path: string, body: object) =>
    (await fetch(`${api}${path}`, { method: 'POST', body: JSON.stringify(body) })).status
  const cut = { name: 'cut', type: 'limit_data', attributes: { bytes: 0 } }
  const open = [await hello(port), await hello(port), await hello(port)]
  expect(await ask('/proxies/isochron/toxics', { ...cut, type: 'nonsense' })).toBe(400)
  expect(await ask('/proxies/isochron/toxics', cut)).toBe(200)
  // One for each process.
  for (let count = 0; count < 2; count++) await expect(hello(port)).rejects.toThrow('closed')
  expect(await ask('/reset', {})).toBe(204)
  const closed = Promise.all(open.map((socket) => new Promise((resolve) => socket.once('close', resolve))))
  expect(await ask('/proxies/isochron', { enabled: false })).toBe(200)
  await closed
  await expect(hello(port)).rejects.toThrow('closed')
  expect(await ask('/proxies/isochron', { enabled: true })).toBe(200)
  await hello(port)
  process.kill(pids[0] as number, 'SIGKILL')
  const { code, stdout, stderr } = await proxy.ended
  expect({ code, stderr }).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/NOT WHOLE: process 1 of 2 \(\d+\) died/),
  })
  expect(JSON.parse(stdout)).toMatchObject({ accepted: expect.any(Number), turnedAway: { connections: 0 } })
})
