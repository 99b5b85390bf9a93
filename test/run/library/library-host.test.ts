// The host of other people's tests, through the public API alone: defaults, scripted answers, what it heard, and types.

import { afterEach, describe, expect, expectTypeOf, test } from 'vitest'
import {
  type LibraryHost,
  type Message,
  type Sent,
  sendMessage,
  startAcquirer,
  startProxy,
  type ToxicInput,
  UsageError,
} from '../../../src/index.js'

const hosts: LibraryHost[] = []
afterEach(async () => {
  for (const host of hosts.splice(0)) await host.close()
})
const started = async (options: Parameters<typeof startAcquirer>[0] = {}) => {
  const host = await startAcquirer({ dialect: 'iso87-ascii', ...options })
  hosts.push(host)
  return host
}

const fields = { '3': '000000', '4': '000000001000', '7': '1126101500', '11': '000123', '41': 'TERM0001', '49': '840' }
const ask = (host: LibraryHost, stan = '000123', mti = '0200'): Promise<Sent> =>
  sendMessage({
    dialect: 'iso87-ascii',
    target: host.address,
    message: { mti, fields: { ...fields, '11': stan } },
    timeoutMs: 400,
  })
const answer = (sent: Sent): Message => {
  if (sent.kind !== 'answered') throw new Error(sent.reason)
  return sent.answer
}

describe('a host of a test', () => {
  test('starts without any option, on a free port that it names', async () => {
    await using host = await startAcquirer()
    expect(host.address).toBe(`127.0.0.1:${host.port}`)
    expect(host.port).toBeGreaterThan(0)
  })

  test('answers by rules as a scenario has them, and remembers what it heard', async () => {
    const host = await started({ rules: [{ match: { '4': '000000001000' }, answer: '51' }] })
    expect(answer(await ask(host)).fields['39']).toBe('51')
    expect(host.received({ mti: '0200' })).toEqual([{ mti: '0200', fields }])
    expect(host.received({ mti: '0800' })).toEqual([])
  })

  test('answers otherwise while it runs: a code, fields, later, not at all, and so often', async () => {
    const host = await started()
    host.respond({ match: { mti: '0200' } }, { answer: '05', times: 1 })
    expect(answer(await ask(host, '000001')).fields['39']).toBe('05')
    expect(answer(await ask(host, '000002')).fields['39']).toBe('00')
    const undo = host.respond({ match: { '11': '000003' } }, { answer: '00', fields: { '38': 'ABC123', '41': null } })
    expect(answer(await ask(host, '000003')).fields).toMatchObject({ '38': 'ABC123' })
    expect(answer(await ask(host, '000003')).fields).not.toHaveProperty('41')
    undo()
    expect(answer(await ask(host, '000003')).fields).toHaveProperty('41')
    host.respond({ match: { '11': '000004' } }, { after: '60ms' })
    const late = await ask(host, '000004')
    expect(late.kind === 'answered' && late.ms).toBeGreaterThanOrEqual(59)
    host.respond({ match: { '11': '000005' } }, { silent: true })
    expect((await ask(host, '000005')).kind).toBe('noAnswer')
  })

  test('hands over one message after another, and says when none came', async () => {
    const host = await started()
    const second = host.next({ '11': '000002' })
    await ask(host, '000001')
    await ask(host, '000002')
    expect((await second).fields['11']).toBe('000002')
    expect((await host.next()).fields['11']).toBe('000001')
    await expect(host.next({}, { timeout: 20 })).rejects.toThrow('no message that matches came within 20 ms')
  })

  test.each<[name: string, start: () => Promise<unknown>, problem: RegExp]>([
    [
      'a rule without an answer',
      () => startAcquirer({ rules: [{ match: {} } as never] }),
      /acquirer\.rules\[0\]\.answer/,
    ],
    ['a misspelt option', () => startAcquirer({ acquirer: { worker: 3 } as never }), /did you mean 'workers'/],
    ['rules in two places', () => startAcquirer({ rules: [], acquirer: { rules: [] } }), /expected one of them/],
    ['a dialect that is none', () => startAcquirer({ dialect: 'cup-pis' }), /did you mean 'cup-pos'/],
  ])('is not started with %s', async (_, start, problem) => {
    await expect(start()).rejects.toThrow(problem)
    await expect(start()).rejects.toBeInstanceOf(UsageError)
  })

  test('refuses an answer that the dialect cannot have', async () => {
    const host = await started()
    expect(() => host.respond({ match: { '40': ['x*'], nonsense: 'x' } }, {})).toThrow("'nonsense' is neither mti nor")
    expect(() => host.respond({ match: {} }, { answer: '123' })).toThrow(/respond: field 39/)
    expect(() => host.respond({ match: {} }, { after: 'soon' })).toThrow(/after: expected milliseconds .* got "soon"/)
  })

  test('refuses a misspelt option, in a language without types too', async () => {
    const wrong = (options: object) => startAcquirer(options)
    await expect(wrong({ dialekt: 'cup-pos' })).rejects.toThrow("unknown key 'dialekt' (did you mean 'dialect'?)")
    const host = await started()
    const misspelt: object = { anwser: '05' }
    expect(() => host.respond({ match: {} }, misspelt)).toThrow("respond.anwser: unknown key 'anwser'")
    const request = { mach: { mti: '0200' } } as unknown as Parameters<LibraryHost['respond']>[0]
    expect(() => host.respond(request, {})).toThrow("respond.mach: unknown key 'mach' (did you mean 'match'?)")
  })
})

test('a misspelt key of a toxic is refused: it would hit every message', async () => {
  const host = await started()
  const listen = { host: '127.0.0.1', port: 0 }
  await using proxy = await startProxy({ dialect: 'iso87-ascii', listen, upstream: host })
  const add = (toxic: unknown) => () => proxy.addToxic(toxic as ToxicInput)
  expect(add({ type: 'no_answer', attributes: { mach: { mti: '0200' } } })).toThrow('attributes.mach: unknown key')
  expect(add({ type: 'latency', attributes: { latenzy: 3 } })).toThrow('attributes.latenzy: unknown key')
  expect(add({ type: 'latency', toxicty: 0.5 })).toThrow('toxicty: unknown key')
  expect(proxy.addToxic({ type: 'latency', attributes: { latency: 10 } }).name).toBe('latency_downstream')
})

test('types say what may be given', () => {
  expectTypeOf<ToxicInput['type']>().not.toEqualTypeOf<string>()
  expectTypeOf<LibraryHost['received']>().returns.toEqualTypeOf<readonly Message[]>()
  // @ts-expect-error: a misspelt type
  const wrong: ToxicInput = { type: 'latenzy' }
  expect(wrong.type).toBe('latenzy')
})
