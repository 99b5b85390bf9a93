// The inputs that carry canaries into the program: messages, captures, scenarios, what a peer says, and bodies for the control API.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { compile } from '../../src/codec/compile.js'
import { builtInDialect } from '../../src/codec/dialects/index.js'
import { parseAddress } from '../../src/transport/network/address.js'
import { isochron } from '../cli/fake-io.js'
import { Traffic } from '../run/explain/traffic.js'
import { canaries, spellings } from './canaries.js'

/** An output, by where it came from. */
export type Output = readonly [name: string, text: string]

export const cardAt = (index: number) => canaries[index % canaries.length] as (typeof canaries)[number]
const card = cardAt(0)

/** A name of a user's own with a card in it. */
export const called = (what: string, index: number) => `${what} ${cardAt(index).pan}`

const spoken = builtInDialect('iso87-ascii')
const codec = compile(spoken)

export const sale = {
  mti: '0200',
  fields: {
    ...{ 2: card.pan, 3: '000000', 4: '000000001234', 11: '000007', 35: card.track2.slice(0, 37), 41: 'TERM0001' },
    ...{ 46: `in a note ${cardAt(1).pan}`, 52: card.pinBlock, 60: cardAt(2).track1 },
  },
}
const signed = { ...sale, fields: { ...sale.fields, 64: '0123456789ABCDEF' } }
const approved = { ...sale, mti: '0210', fields: { ...sale.fields, 39: '00' } }

export const packed = Buffer.from(codec.pack(sale))
export const packedSigned = Buffer.from(codec.pack(signed))

/** With its length in two bytes in front, as the dialect has it. */
function sealed(body: Uint8Array | string): Buffer {
  const bytes = Buffer.from(body as string)
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes])
}

export const framed = sealed(packed)

/** Runs a command; `meanwhile` is for one that serves. */
export async function outputsOf(
  argv: readonly string[],
  stdin: string | Uint8Array = '',
  meanwhile?: Parameters<typeof isochron>[2],
): Promise<Output[]> {
  const { stdout, stderr } = await isochron(argv, stdin, meanwhile)
  return [
    [`${argv[0]}: stdout`, stdout],
    [`${argv[0]}: stderr`, stderr],
  ]
}

/** Writes a file that only its owner may read; its path. */
export function put(folder: string, name: string, text: string | Uint8Array): string {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, name), text, { mode: 0o600 })
  return join(folder, name)
}

/** Every file of a folder but the scenario, which is a copy of what was given. */
export const filesOf = (folder: string): Output[] =>
  readdirSync(folder)
    .filter((name) => !name.startsWith('scenario'))
    .map((name) => [name, readFileSync(join(folder, name), 'latin1')])

export const fileAt = (file: string): Output[] => [[file, readFileSync(file, 'latin1')]]

/** A scenario in which everything that has a name, and every field of free text, has a canary in it. */
export function scenarioWithNames(folder: string): string {
  put(folder, 'cards.csv', `pan,expiry\n${canaries.map(({ pan }) => `${pan},2912`).join('\n')}\n`)
  const texts = Object.values(spellings).map((spell, index) => spell(cardAt(index).pan).normalize('NFKC'))
  const common = { 3: '000000', 4: '{amount}', 11: '{stan}', 41: '{terminal}', 42: '{merchant}', 49: '156' }
  const odd = texts.map((text, index) => [
    `odd${index}`,
    { mti: '0200', fields: { ...common, 2: '{card.pan}', 46: text, 60: text } },
  ])
  const own = { mti: '0200', fields: { ...common, 35: '{card.track2}', 45: cardAt(8).track1 } }
  const scenario = {
    name: called('shop', 1),
    about: called('about', 2),
    dialect: 'iso87-ascii',
    terminals: {
      ...{ count: 20, timeout: '300ms', cards: 'cards.csv', network: called('line', 3) },
      merchants: [cardAt(5).pan.slice(0, 15), cardAt(1).pan],
      mix: { sale: 4, [called('own', 4)]: 1, ...Object.fromEntries(odd.map(([name]) => [name, 1])) },
    },
    messages: { [called('own', 4)]: own, ...Object.fromEntries(odd) },
    profiles: { [called('line', 3)]: { latency: '20ms' } },
    acquirer: { workers: 8, serviceTime: { p50: '40ms', p99: '900ms' } },
    faults: [
      { name: called('fault', 7), on: 'network', latency: { latency: '10ms' }, from: '1s', for: '1s' },
      { name: called('other', 9), on: 'network', duplicate: {}, share: '5%' },
    ],
    load: [{ hold: { rate: '60/s', for: '3s' } }],
    remedies: { cure: { about: called('cure', 11), acquirer: { workers: 9 } } },
  }
  return put(folder, 'names.yaml', JSON.stringify(scenario))
}

/** A capture in which each canary pays once, late. */
export function captureOfSales(folder: string): string {
  const traffic = new Traffic(spoken)
  canaries.slice(0, 12).forEach(({ pan, track2 }, index) => {
    const fields = { ...sale.fields, 2: pan, 35: track2.slice(0, 37), 11: String(index + 1).padStart(6, '0') }
    const answered = { 39: index % 7 === 0 ? '91' : '00' }
    traffic.connect(index * 1000).exchange(index * 1000 + 10, '0200', fields, { ms: 5000, answered })
  })
  return put(folder, 'shop.pcap', traffic.file())
}

/** A host that answers what it likes: requests, approvals, HTTP, and what is no message. */
export async function withBabbler(work: (target: string) => Promise<readonly Output[]>): Promise<readonly Output[]> {
  const answers = [
    ...[framed, sealed(codec.pack(approved)), Buffer.from(`HTTP/1.1 400 ${card.pan}\r\n\r\n`)],
    ...[sealed(`0810${card.pan}`), sealed(`0210${card.track2}`), Buffer.from(card.track1)],
  ]
  let turn = 0
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', () => void socket.write(answers[turn++ % answers.length] as Buffer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    return await work(`127.0.0.1:${(server.address() as { port: number }).port}`)
  } finally {
    server.close()
  }
}

/** Says what a stranger may say to a listener, each on a connection of its own. */
export async function babbleTo(address: string): Promise<void> {
  const { host, port } = parseAddress(address, 'a listener:')
  const pieces = [
    ...[framed, sealed(`0200${card.pan}`), sealed(packed.subarray(0, -9)), sealed(codec.pack(signed))],
    ...[sealed(Buffer.concat([packed, Buffer.from(card.track2)])), sealed(codec.pack(approved))],
    Buffer.from(`GET /${card.pan} HTTP/1.1\r\nHost: ${cardAt(1).pan}\r\n\r\n`),
    ...[Buffer.from(card.track1), Buffer.from(card.key, 'hex')],
  ]
  const say = (piece: Buffer) =>
    new Promise<void>((resolve) => {
      const socket = connect({ host, port }, () => socket.end(piece))
      socket.on('data', () => socket.destroy())
      socket.on('error', () => {})
      socket.on('close', () => resolve())
    })
  await Promise.all(pieces.map(say))
}

/** Calls of the control API with canaries in paths, names, addresses, attributes, and in bodies that are no JSON. */
function callsWithCanaries(): (readonly [method: string, path: string, body?: unknown])[] {
  const { pan } = card
  const [name, toxic] = [called('proxy', 12), called('toxic', 13)]
  const mine = `/proxies/${name}`
  const listen = '127.0.0.1:0'
  const upstream = '127.0.0.1:1'
  const latency = { type: 'latency', attributes: { latency: 1 } }
  const gets = [
    ...['/version', '/proxies', mine, `/proxies/${pan}`, `${mine}/toxics`, '/metrics', `${mine}/toxics/${toxic}`],
    ...[`${mine}/toxics/${pan}`, `/${pan}`, '/isochron/version', '/isochron/counters', '/isochron/latency'],
    `/isochron${mine}/faults`,
  ]
  return [
    ['POST', '/proxies', { name, listen, upstream }],
    ['POST', '/proxies', { name, listen, upstream }],
    ['POST', '/proxies', { name: pan, listen: pan, upstream: `${pan}:99` }],
    ['POST', '/proxies', { name: 'x', listen: `${pan}:1`, upstream: `${pan}.example:99` }],
    ['POST', '/proxies', `{"name": ${pan}`],
    ['POST', '/proxies', { name: 'x', upstream, enabled: pan }],
    ['POST', '/populate', [{ name: `${pan} populated`, upstream }, { name: pan }]],
    ['POST', '/isochron/proxies', { name: 'other', upstream, toxics: [{ type: pan, name: pan }] }],
    ['POST', `${mine}/toxics`, { name: toxic, ...latency }],
    ['POST', `${mine}/toxics`, { name: toxic, ...latency }],
    ['POST', `${mine}/toxics`, { type: pan }],
    ['POST', `${mine}/toxics`, { type: 'latency', stream: pan, attributes: { latency: pan, [pan]: pan } }],
    ['POST', `${mine}/toxics`, { name: `m ${pan}`, type: 'duplicate', attributes: { match: { 2: pan } } }],
    ['POST', `${mine}/toxics`, { name: `n ${pan}`, type: 'duplicate', attributes: { match: pan, [pan]: pan } }],
    ['POST', `${mine}/toxics/${toxic}`, { attributes: { latency: pan } }],
    ['PUT', `/isochron${mine}/faults`, { faults: [{ name: called('plan', 14), latency: { latency: '1ms' } }] }],
    ['PUT', `/isochron${mine}/faults`, { faults: [{ name: pan, [pan]: { latency: pan } }] }],
    ['PUT', `/isochron${mine}/faults`, { faults: [{ name: pan, latency: { latency: pan } }] }],
    ...gets.map((path) => ['GET', path] as const),
    ['PATCH', `/${pan}`],
    ['DELETE', `${mine}/toxics/${toxic}`],
    ['DELETE', `/proxies/${pan}`],
    ['POST', '/reset'],
    ['DELETE', mine],
  ]
}

/** The answers of a control API to calls with canaries. `control`: http://HOST:PORT. */
export async function askEverything(control: string): Promise<Output[]> {
  const answers: Output[] = []
  for (const [method, path, body] of callsWithCanaries()) {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
    const request = { method, headers: { connection: 'close' }, ...(text === undefined ? {} : { body: text }) }
    const response = await fetch(`${control}${encodeURI(path)}`, request)
    answers.push([`${method} ${path}`, await response.text()])
  }
  return answers
}
