// Dialects from files: a packager alone runs sales over TCP, in a scenario and from the command line.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { specFiles } from '../../bench/spec-samples.js'
import { createZone } from '../../src/base/zone.js'
import { compile } from '../../src/codec/compile.js'
import { builtInDialects } from '../../src/codec/dialects/index.js'
import { importDialect } from '../../src/codec/importers/import-dialect.js'
import { printDialect } from '../../src/codec/importers/isochron/isochron-yaml.js'
import { dialectNamed, readDialect } from '../../src/run/files/read-dialect.js'
import { startAcquirer } from '../../src/run/hosts/start-acquirer.js'
import { runScenario } from '../../src/run/run-scenario.js'
import { loadScenario, scenarioFromData } from '../../src/scenario/reader.js'
import { planMessage } from '../../src/terminal/requests/message-plan.js'
import { sampleText } from '../../src/terminal/requests/placeholder-names.js'

const folder = mkdtempSync(join(tmpdir(), 'isochron-dialects-'))
afterAll(() => rmSync(folder, { recursive: true }))
const put = (name: string, text: string) => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
for (const { file, text } of specFiles()) put(file, text)

test.each(['[', '{a: ', '- '])('a file nested a hundred thousand deep with %j is refused in a line', (piece) => {
  const file = put('deep.yaml', `name: ${piece === '- ' ? '\n' : ''}${piece.repeat(100_000)}`)
  expect(() => readDialect(file)).toThrow(/deep\.yaml:\d+:\d+ nested deeper than 100 levels$/)
})

test('a key that JavaScript takes for something else is refused with its place', () => {
  const file = put('odd.yaml', 'name: odd\nfields:\n  __proto__: { name: x, format: n 3 }\n')
  expect(() => readDialect(file)).toThrow(/odd\.yaml:3:3.* has the key __proto__: choose another name$/)
})

describe('a spec file with no further word', () => {
  for (const { name, file } of specFiles()) {
    test(`${name} runs sales against an acquirer that speaks it, over TCP`, async () => {
      const dialect = readDialect(join(folder, file))
      await using acquirer = await startAcquirer({
        dialect,
        listen: { host: '127.0.0.1', port: 0 },
        acquirer: loadScenario('name: x\nload: [ { hold: { rate: 1/s, for: 1s } } ]\n', 'x').scenario.acquirer,
        seed: 1,
      })
      const { scenario, source } = scenarioFromData(
        {
          name: file,
          dialect: join(folder, file),
          seed: 1,
          terminals: { count: 4, target: [`127.0.0.1:${acquirer.address.port}`] },
          load: [{ hold: { rate: '100/s', for: '200ms' } }],
        },
        { dialectNamed },
      )
      const { outcomes } = await runScenario(scenario, { source })
      expect(outcomes).toMatchObject({ approved: 20, declined: 0, failed: 0, timedOut: 0, unsent: 0 })
    })
  }
})

test('a host of another make, which turns the message type into an answer and echoes all fields, approves', async () => {
  const codec = compile(readDialect(join(folder, 'host.xml')))
  const server = createServer((socket) => {
    let unread = Buffer.alloc(0)
    socket.on('data', (chunk) => {
      unread = Buffer.concat([unread, chunk])
      while (unread.length >= 2 && unread.length >= 2 + unread.readUInt16BE(0)) {
        const end = 2 + unread.readUInt16BE(0)
        const { mti, fields } = codec.unpack(unread.subarray(2, end))
        const answer = codec.pack({ mti: `${mti.slice(0, 2)}1${mti.slice(3)}`, fields: { ...fields, 39: '00' } })
        socket.write(Buffer.concat([Buffer.from([answer.length >> 8, answer.length & 0xff]), answer]))
        unread = unread.subarray(end)
      }
    })
    socket.on('error', () => socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const { port } = server.address() as AddressInfo
    const data = {
      name: 'strange',
      dialect: join(folder, 'host.xml'),
      seed: 1,
      terminals: { count: 2, target: [`127.0.0.1:${port}`] },
      load: [{ hold: { rate: '100/s', for: '200ms' } }],
    }
    const { scenario, source } = scenarioFromData(data, { dialectNamed })
    expect((await runScenario(scenario, { source })).outcomes).toMatchObject({ approved: 20, failed: 0, timedOut: 0 })
  } finally {
    server.close()
  }
})

describe('a scenario', () => {
  const load = 'load: [ { hold: { rate: 1/s, for: 1s } } ]\n'
  const read = (text: string) =>
    loadScenario(`name: x\n${text}${load}`, join(folder, 'x.yaml'), { dialectNamed }).scenario

  test('names a file beside it', () => {
    expect(read('dialect: host.xml\n').dialect).toMatchObject({ name: 'host', framing: 'binary2' })
  })

  test('lays its rules and messages over the file', () => {
    const { rules, messages } = read(
      'dialect: host.xml\ndialectRules: { matchBy: [11], approved: ["08"], signOn: hello, reversal: 0400, echoed: [2, 3, 11, 41] }\n' +
        'messages: { hello: { mti: "0800", fields: { 11: "{stan}" } } }\n',
    ).dialect
    expect(rules).toMatchObject({
      matchBy: [11],
      approved: ['08'],
      codes: { approved: '08' },
      signOn: 'hello',
      reversal: '0400',
    })
    expect(rules.answers[0]?.echoed).toEqual([2, 3, 11, 41])
    expect(Object.keys(messages)).toEqual(expect.arrayContaining(['sale', 'hello']))
  })

  const refused = [
    ['dialect: no.xml\n', /x\.yaml:2:10 dialect: \S+no\.xml cannot be read \(ENOENT: there is no such file\)/],
    ['dialect: bad.xml\n', /x\.yaml:2:10 dialect: \S+bad\.xml:3:1 field 2: class IFA_LLNUMM .*did you mean/],
    [
      'dialect: host.xml\ndialectRules: { echo: helo }\n',
      /x\.yaml:3:\d+ dialectRules\.echo: echo: 'helo' is not the name of a message/,
    ],
    [
      'dialectRules: { matchby: [11] }\n',
      /x\.yaml:2:17 dialectRules\.matchby: unknown key 'matchby' \(did you mean 'matchBy'\?\)/,
    ],
    ['dialectRules: { approved: [00] }\n', /dialectRules\.approved\[0\]: expected a text, got 0; put it in quotes/],
  ] as const
  put(
    'bad.xml',
    '<isopackager>\n<isofield id="0" length="4" class="IFA_NUMERIC"/>\n<isofield id="2" length="19" class="IFA_LLNUMM"/>\n</isopackager>',
  )
  for (const [text, message] of refused)
    test(`refuses ${text.replaceAll('\n', ' ')}`, () => expect(() => read(text)).toThrow(message))
})

test('a file of ours may name a spec file in its own folder, and nothing else may', () => {
  const file = put('mine-too.yaml', 'spec: host.xml\nframing: ascii4\ndialectRules: { currency: "840" }\n')
  expect(readDialect(file)).toMatchObject({ name: 'mine-too', framing: 'ascii4', rules: { currency: '840' } })
  expect(() => readDialect(put('twice.yaml', 'spec: mine-too.yaml\n'))).toThrow(/only one file may name another/)
})

describe('printed and read back,', () => {
  for (const dialect of builtInDialects) {
    test(`${dialect.name} packs every message to the same bytes`, () => {
      const back = importDialect(printDialect(dialect), `${dialect.name}.yaml`)
      expect(printDialect(importDialect(printDialect(back), `${dialect.name}.yaml`))).toBe(printDialect(back))
      for (const name of Object.keys(dialect.messages)) expect(packed(back, name)).toEqual(packed(dialect, name))
    })
  }
})

/** A message with sample values; undefined where they do not fit, which they then do in neither. */
function packed(dialect: (typeof builtInDialects)[number], name: string): Buffer | undefined {
  const definition = dialect.messages[name]
  if (definition === undefined) return undefined
  const plan = planMessage(name, definition, compile(dialect), createZone('UTC'))
  const bytes = Buffer.alloc(plan.template.maxBytes)
  try {
    return bytes.subarray(0, plan.template.write(bytes, 0, plan.fill(sampleText, 0)))
  } catch {
    return undefined
  }
}

describe('a scenario whose dialect is laid over a built-in one', () => {
  const load = 'load: [ { hold: { rate: 1/s, for: 1s } } ]\n'
  const read = (dialect: string, set: readonly string[] = []) =>
    loadScenario(`name: x\ndialect: ${dialect}\n${load}`, join(folder, 'x.yaml'), { dialectNamed, set }).scenario
      .dialect

  test('has its envelope, rules and messages; a name alone may be set into', () => {
    const given = '{ base: iso87-binary, envelope: { tpdu: 6000000000 }, dialectRules: { reversal: "0400" } }'
    expect(read(given)).toMatchObject({ envelope: { tpdu: '6000000000' }, messages: { reversal: { mti: '0400' } } })
    expect(read('iso87-ascii', ['dialect.envelope.tpdu=6000010000'])).toMatchObject({
      name: 'iso87-ascii',
      envelope: { tpdu: '6000010000' },
    })
    expect(read('{ base: host.xml, framing: ascii4 }')).toMatchObject({ name: 'host', framing: 'ascii4' })
  })

  const refused: readonly [dialect: string, message: RegExp][] = [
    ['{ envelope: {} }', /x\.yaml:2:10 dialect\.base: missing: expected the name of a dialect/],
    ['{ base: iso87-binry }', /x\.yaml:2:18 dialect\.base: unknown dialect 'iso87-binry' \(did you mean/],
    ['{ base: iso87-binary, envelop: {} }', /dialect\.envelop: unknown key 'envelop' \(did you mean 'envelope'\?\)/],
    ['{ base: iso87-binary, envelope: { tpdu: 60 } }', /dialect\.envelope\.tpdu: .* put it in quotes/],
    ['{ base: iso87-binary, fields: { 130: { name: x } } }', /dialect\.fields\.130\.format: .*needs name and format/],
    ['{ base: iso87-binary, dialectRules: { echo: helo } }', /dialect\.dialectRules\.echo: .*'helo' is not the name/],
  ]
  for (const [dialect, message] of refused)
    test(`refuses ${dialect}`, () => expect(() => read(dialect)).toThrow(message))
})
