// `decode` and `encode`: what goes in as hex comes out as fields, and back.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isochron } from './fake-io.js'

const pan = '6228480402564890'
const sale = {
  mti: '0200',
  fields: { '2': pan, '3': '000000', '4': '000000001234', '11': '000002', '41': '00000001' },
}

/** A published 0200 of the CUP POS dialect, with its length, TPDU and header. */
const published =
  '007F600003000060321032007202003020048000C08015000000000000001234000002030099303030303030303139353237313831383232313738373531353600192600000100060000000000435F01123238343431323334353637383930313233345F03063136303033365F04063230303832365C0230314233413039324145'
const body = published.slice(2 * 13)

async function encoded(message: unknown, ...flags: string[]): Promise<string> {
  const { stdout, stderr, code } = await isochron(['encode', '-', ...flags], JSON.stringify(message))
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
  return stdout.trim()
}

async function decoded(input: string | Uint8Array, ...flags: string[]): Promise<Record<string, unknown>> {
  const { stdout, code } = await isochron(['decode', '--json', '--unmask', ...flags], input)
  expect(code).toBe(0)
  return JSON.parse(stdout)
}

describe('decode takes a message', () => {
  const fields = { '3': '000000', '4': '000000001234', '11': '000002', '42': '952718182217875' }
  const envelope = { tpdu: '6000030000', header: '603210320072' }
  const cases: readonly { name: string; input: string | Uint8Array; with: object }[] = [
    { name: 'with length, TPDU and header', input: published, with: envelope },
    { name: 'without its length', input: published.slice(4), with: envelope },
    { name: 'with its header alone', input: published.slice(14), with: { header: envelope.header } },
    { name: 'without anything around it', input: body, with: {} },
    {
      name: 'in lower case, with spaces and 0x',
      input: `0x${published.toLowerCase().replace(/../g, '$& ')}\n`,
      with: envelope,
    },
    { name: 'as raw bytes', input: Buffer.from(published, 'hex'), with: envelope },
    { name: 'as raw bytes without its length', input: Buffer.from(body, 'hex'), with: {} },
  ]
  for (const { name, input, with: around } of cases) {
    test(name, async () => {
      const message = await decoded(input)
      expect(message).toMatchObject({ ...around, mti: '0200', fields })
      expect({ tpdu: message.tpdu, header: message.header }).toEqual({ tpdu: undefined, header: undefined, ...around })
    })
  }

  test('of ASCII digits alone, which looks like hex', async () => {
    const hex = await encoded({ mti: '0800', fields: { '11': '000001' } }, '--dialect', 'iso87-ascii')
    const raw = Buffer.from(hex, 'hex')
    expect(raw.toString('latin1')).toMatch(/^[0-9A-F]+$/)
    const message = { mti: '0800', fields: { '11': '000001' } }
    expect(await decoded(hex, '--dialect', 'iso87-ascii')).toEqual(message)
    expect(await decoded(raw, '--dialect', 'iso87-ascii')).toEqual(message)
  })
})

describe('decode takes several messages', () => {
  test('a line each', async () => {
    const { stdout, code } = await isochron(['decode', '--json'], `${published}\n\n${body}\n`)
    expect(code).toBe(0)
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).mti),
    ).toEqual(['0200', '0200'])
  })

  test('as raw bytes, told apart by the framing', async () => {
    const { stdout, code } = await isochron(['decode', '--json'], Buffer.from(published + published, 'hex'))
    expect(code).toBe(0)
    expect(stdout.trimEnd().split('\n')).toHaveLength(2)
  })
})

describe('decode shows', () => {
  test('a table with the names of the fields', async () => {
    const { stdout, stderr } = await isochron(['decode'], published)
    expect(stderr).toBe('')
    expect(stdout).toMatch(/^tpdu +6000030000$/m)
    expect(stdout).toMatch(/^mti +0200$/m)
    expect(stdout).toMatch(/^11 +\S+ +000002$/m)
  })

  test('no card number, unless asked to', async () => {
    const hex = await encoded(sale)
    for (const flags of [[], ['--json']]) {
      expect((await isochron(['decode', ...flags], hex)).stdout).not.toContain(pan)
      const { stdout, stderr } = await isochron(['decode', '--unmask', ...flags], hex)
      expect(stdout).toContain(pan)
      expect(stderr).toBe('--unmask: card data is shown; handle this output as such\n')
    }
  })

  test('how long the values are that could be read of a truncated message, then the error', async () => {
    const { stdout, stderr, code } = await isochron(['decode'], body.slice(0, 2 * 30))
    expect(code).toBe(2)
    expect(stdout).toMatch(/^4 +\S+ +\*{12}$/m)
    expect((await isochron(['decode', '--unmask'], body.slice(0, 2 * 30))).stdout).toMatch(/^4 +\S+ +000000001234$/m)
    expect(stderr).toMatch(
      /^stdin: field \d+ at byte \d+: expected .*\(read as dialect cup-pos; --dialect names another, isochron doctor guesses it\)\n$/,
    )
  })

  test('that a message lost its end, where the length in front tells', async () => {
    const framed = `${(body.length / 2).toString(16).padStart(4, '0')}${body}`
    const { stdout, stderr, code } = await isochron(['decode'], framed.slice(0, -10))
    expect(code).toBe(2)
    expect(stdout).toMatch(/^4 +\S+ +\*{12}$/m)
    expect(stderr).toContain('; the length in front announces 5 bytes more than there are (read as dialect cup-pos')
  })

  test('which of several messages is wrong', async () => {
    const { stdout, stderr, code } = await isochron(['decode', '--json'], `${body}\n\n${body.slice(0, 60)}\n`)
    expect(code).toBe(2)
    expect(stderr).toMatch(/^stdin line 3: field/)
    expect(stdout.trimEnd().split('\n')).toHaveLength(2)
  })
})

describe('decode refuses', () => {
  const cases: readonly [name: string, input: string, error: string][] = [
    ['nothing', '', 'no message: the input is empty'],
    ['half a byte', '020', 'line 1: 3 hex digits: expected an even number, two for each byte'],
    ['a stray x', '02x0', "line 1, column 3: not a hex digit: 'x'"],
    ['text that is nearly all hex', '0200ZZ', "line 1, column 5: not a hex digit: 'Z'"],
  ]
  for (const [name, input, error] of cases) {
    test(name, async () => {
      const { stderr, code } = await isochron(['decode'], input)
      expect(stderr.trimEnd()).toBe(error)
      expect(code).toBe(2)
    })
  }
})

test('decode of any bytes ends with fields or with one error a message, never with a fault of our own', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 80 }),
      fc.constantFrom('cup-pos', 'iso87-ascii'),
      async (bytes, dialect) => {
        for (const input of [bytes, Buffer.from(bytes).toString('hex')]) {
          const { code } = await isochron(['decode', '--json', '--dialect', dialect], input)
          expect([0, 2]).toContain(code)
        }
      },
    ),
    { numRuns: 50 },
  )
})

describe('encode', () => {
  test('gives back the bytes that decode --json --unmask read', async () => {
    const message = await decoded(published)
    expect(await encoded(message, '--framing', 'binary2')).toBe(published)
    expect(await encoded(message)).toBe(published.slice(4))
  })

  test('takes an object a line', async () => {
    const two = `${JSON.stringify(sale)}\n${JSON.stringify(sale)}\n`
    const { stdout } = await isochron(['encode'], two)
    expect(stdout.trimEnd().split('\n')).toEqual([await encoded(sale), await encoded(sale)])
  })

  test('takes an object over several lines', async () => {
    const { stdout } = await isochron(['encode'], JSON.stringify(sale, undefined, 2))
    expect(stdout.trim()).toBe(await encoded(sale))
  })

  test('writes bytes with --raw', async () => {
    const { bytes } = await isochron(['encode', '--raw', '--framing', 'ascii4'], JSON.stringify(sale))
    const hex = await encoded(sale)
    expect(bytes.toString('latin1', 0, 4)).toBe(String(hex.length / 2).padStart(4, '0'))
    expect(bytes.toString('hex', 4).toUpperCase()).toBe(hex)
  })

  const refused: readonly [name: string, input: string, error: RegExp][] = [
    ['nothing', '', /^stdin: no message: the input is empty$/],
    [
      'what is not JSON, by line and column',
      '{ "mti": "0200",\n  oops }',
      /^stdin:2:3 not JSON: expected an object such as/,
    ],
    ['a line that is not JSON', `${JSON.stringify(sale)}\nx${pan}\n`, /^stdin:2 not JSON: expected one object a line$/],
    ['a value that its field cannot hold', '{ "mti": "0200", "fields": { "4": "12a4" } }', /^field 4: expected/],
    ['a field that the dialect lacks', '{ "mti": "0200", "fields": { "191": "1" } }', /^field 191: expected/],
    ['a masked message', '{ "mti": "0200", "fields": { "2": "622848******4890" } }', /^field 2: expected/],
    ['fields that are none', '{ "mti": "0200", "fields": 7 }', /^stdin: /],
  ]
  for (const [name, input, error] of refused) {
    test(`refuses ${name}, and repeats no value`, async () => {
      const { stderr, stdout, code } = await isochron(['encode'], input)
      expect(stderr.trimEnd()).toMatch(error)
      expect(stderr).not.toContain(pan)
      expect({ stdout, code }).toEqual({ stdout: '', code: 2 })
    })
  }
})
