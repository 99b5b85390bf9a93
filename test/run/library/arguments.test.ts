// Nonsense in the public functions, as a language without types lets it pass: an error of the library's own says what was expected.

import { describe, expect, test } from 'vitest'
import * as isochron from '../../../src/index.js'

const { builtInDialect, compile, readDialect, readScenario, runScenario, sendMessage, startAcquirer, startProxy } =
  isochron as unknown as Record<string, (...given: unknown[]) => unknown>
const own = Object.values(isochron).filter(
  (value): value is typeof isochron.UsageError => typeof value === 'function' && value.prototype instanceof Error,
)

const nonsense: readonly unknown[] = [
  ...[null, undefined, [], {}, 7, -1, Number.NaN, 'text', '', true, Symbol('s'), () => 0, { a: null }, [null], [[]]],
]

/** The error; a value that was taken is handed back, and closed where it is a role. */
async function errorOf(act: () => unknown): Promise<unknown> {
  try {
    const taken = await act()
    await (taken as { close?: () => Promise<void> } | undefined)?.close?.()
    return 'taken'
  } catch (error) {
    return error
  }
}

/** Calls with every nonsense; returns the texts of errors that are not the library's own, or say nothing. */
async function raw(act: (value: unknown) => unknown, values = nonsense): Promise<readonly string[]> {
  const found: string[] = []
  for (const value of values) {
    const error = await errorOf(() => act(value))
    const isOwn = error === 'taken' || own.some((kind) => error instanceof kind && error.message.length > 10)
    if (!isOwn) found.push(String(error))
  }
  return found
}

const known = { dialect: 'iso87-ascii' }
const message = { mti: '0200', fields: { '3': '000000' } }
const scenario = readScenario?.('name: x\nload: [{ hold: { rate: 1/s, for: 1s } }]', 'x.yaml') as object
const [dialect] = isochron.builtInDialects

test.each<[name: string, call: (value: unknown) => unknown]>([
  ['startAcquirer', (value) => startAcquirer?.(value)],
  ['startProxy', (value) => startProxy?.(value === undefined || isEmpty(value) ? null : value)],
  ['sendMessage', (value) => sendMessage?.(value)],
  ['runScenario', (value) => runScenario?.(value, { source: '' })],
  ['runScenario, options', (value) => runScenario?.(scenario, value)],
  ['readScenario', (value) => readScenario?.(value, 'x.yaml')],
  ['readScenario, file', (value) => readScenario?.('name: x', value)],
  ['readScenario, options', (value) => readScenario?.('name: x', 'x.yaml', value)],
  ['readDialect', (value) => readDialect?.(value)],
  ['builtInDialect', (value) => builtInDialect?.(value)],
  ['compile', (value) => compile?.(value)],
])('%s refuses nonsense in words', async (_, call) => {
  expect(await raw(call)).toEqual([])
})

const isEmpty = (value: unknown) => typeof value === 'object' && value !== null && Object.keys(value).length === 0

describe('every option refuses a value of another kind', () => {
  const hostOptions = ['dialect', 'framing', 'listen', 'rules', 'acquirer', 'faults', 'keys', 'tls', 'seed', 'timeZone']
  const traffic = ['onTraffic', 'record', 'recordLimitBytes', 'force', 'onAnswered', 'onTrouble']
  // Fewer: what is taken starts a role. No text: it may be the name of a file that is written.
  const some: readonly unknown[] = [null, [null], { a: null }, -1.5, Symbol('s')]

  test('of startAcquirer', async () => {
    for (const option of [...hostOptions, ...traffic, 'pcap'])
      expect(await raw((value) => startAcquirer?.({ ...known, [option]: value }), some), option).toEqual([])
  })
  test('of startProxy', async () => {
    const line = { ...known, listen: '127.0.0.1:0', upstream: '127.0.0.1:9' }
    const own = ['codec', 'upstream', 'control', 'clientTls', 'upstreamTls', 'peers', 'onFault', 'onTrace']
    for (const option of ['dialect', 'framing', 'listen', 'faults', 'keys', 'seed', ...traffic, 'pcap', ...own]) {
      const call = (value: unknown) =>
        startProxy?.({ ...line, [option]: option === 'control' ? (value ?? null) : value })
      expect(await raw(call, some), option).toEqual([])
    }
  })
  test('of sendMessage', async () => {
    const sent = { ...known, target: '127.0.0.1:9', message, timeoutMs: 1 }
    for (const option of [...Object.keys(sent), 'framing', 'codec', 'keys', 'tls', 'signal', 'onWaiting'])
      expect(await raw((value) => sendMessage?.({ ...sent, [option]: value })), option).toEqual([])
  })
  test('of runScenario: refused, and never begun', async () => {
    const wrong = {
      outDir: 7,
      remedies: 'x',
      clock: 'virtal',
      keep: 'none',
      workers: 'x',
      traffic: [],
      share: 3,
      onPart: 1,
    }
    for (const [option, value] of Object.entries(wrong))
      await expect(runScenario?.(scenario, { source: '', [option]: value }), option).rejects.toThrow(
        `runScenario: options.${option}: expected`,
      )
    await expect(runScenario?.({ ...scenario, load: 7 }, { source: '' })).rejects.toThrow('load: expected a list')
  })
})

describe('a codec', () => {
  const codec = isochron.compile(dialect as isochron.Dialect) as unknown as Record<
    string,
    (...given: unknown[]) => unknown
  >

  test.each(['pack', 'unpack', 'inspect', 'peek', 'peekOn', 'measure', 'template', 'answerer'])(
    '%s refuses nonsense in words',
    async (method) => {
      expect(await raw((value) => codec[method]?.(value, [2]))).toEqual([])
    },
  )
  test('refuses nonsense in a message, at any depth', async () => {
    for (const key of ['mti', 'fields', 'tpdu', 'header', 'bitmap'])
      expect(await raw((value) => codec.pack?.({ ...message, [key]: value })), key).toEqual([])
    for (const field of ['2', '3', '35', '48', '52', '55', '62', '0', 'x'])
      for (const deep of [(value: unknown) => value, (value: unknown) => ({ '1': value, '9F26': value })])
        expect(await raw((value) => codec.pack?.({ ...message, fields: { [field]: deep(value) } })), field).toEqual([])
  })
  test('takes every built-in dialect, and no dialect with a part of another kind', async () => {
    for (const each of isochron.builtInDialects) expect(() => isochron.compile(each)).not.toThrow()
    const parts: readonly (readonly string[])[] = [
      ...['name', 'framing', 'encodings', 'fields', 'rules', 'messages', 'envelope'].map((key) => [key]),
      ...[
        ['encodings', 'bitmap'],
        ['encodings', 'mti'],
        ['fields', '3'],
        ['fields', '3', 'format'],
      ],
      ...[
        ['rules', 'codes'],
        ['rules', 'approved'],
        ['messages', 'sale'],
        ['messages', 'sale', 'fields'],
      ],
    ]
    for (const path of parts) {
      const call = (value: unknown) => startAcquirer?.({ dialect: withValue(dialect as object, path, value) })
      expect(await raw(call, [null, 7, true, [null]]), path.join('.')).toEqual([])
      expect(await errorOf(() => call(7)), path.join('.')).toBeInstanceOf(isochron.UsageError)
    }
  })
})

function withValue(data: object, [key = '', ...rest]: readonly string[], value: unknown): object {
  const inner = (data as Record<string, object>)[key]
  return { ...data, [key]: rest.length === 0 ? value : withValue(inner ?? {}, rest, value) }
}

test('a running host and a running proxy refuse nonsense in words', async () => {
  await using host = await isochron.startAcquirer({ dialect: 'iso87-ascii' })
  const { respond, received, next } = host as unknown as Record<string, (...given: unknown[]) => unknown>
  expect(await raw((value) => respond?.(value, { answer: '05' }))).toEqual([])
  expect(await raw((value) => respond?.({ match: {} }, value))).toEqual([])
  for (const key of ['match', 'mti', '3', 'card'])
    expect(await raw((value) => respond?.({ match: key === 'match' ? value : { [key]: value } }, {}))).toEqual([])
  for (const key of ['answer', 'fields', 'after', 'silent', 'times'])
    expect(await raw((value) => respond?.({ match: {} }, { [key]: value })), key).toEqual([])
  expect(await raw((value) => respond?.({ match: {} }, { fields: { '38': value } }))).toEqual([])
  expect(await raw((value) => received?.(value))).toEqual([])
  const notWaited = nonsense.filter((value) => value !== undefined && !isEmpty(value) && value !== 7)
  expect(await raw((value) => next?.({}, { timeout: value }), notWaited)).toEqual([])
  await using proxy = await isochron.startProxy({ listen: '127.0.0.1:0', upstream: host.address })
  const { addToxic, removeToxic, setEnabled } = proxy as unknown as Record<string, (...given: unknown[]) => unknown>
  expect(await raw((value) => addToxic?.(value))).toEqual([])
  for (const key of ['type', 'attributes', 'name', 'stream', 'toxicity'])
    expect(await raw((value) => addToxic?.({ type: 'latency', [key]: value })), key).toEqual([])
  expect(await raw((value) => removeToxic?.(value))).toEqual([])
  expect(await raw((value) => setEnabled?.(value), nonsense)).toEqual([])
})

test('the words name the place, the expectation and what was given', async () => {
  await expect(startAcquirer?.(null)).rejects.toThrow('startAcquirer: expected an object, got null')
  await expect(startAcquirer?.({ rules: null })).rejects.toThrow('startAcquirer.rules: expected a list, got null')
  await expect(sendMessage?.({ ...known, target: 8583, message })).rejects.toThrow(
    'sendMessage.target: expected HOST:PORT, or { host, port }, got the number 8583',
  )
  await expect(startProxy?.({ listn: '127.0.0.1:0' })).rejects.toThrow(
    "startProxy.listn: unknown key 'listn' (did you mean 'listen'?)",
  )
  expect(() => compile?.({ ...dialect, fields: { '3': { name: 'x', format: 'n six' } } })).toThrow(
    'compile: dialect.fields.3.format',
  )
})
