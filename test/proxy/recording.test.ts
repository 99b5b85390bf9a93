// Traffic is written down, masked; and played back by a run at the times that it had.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { acquirerSchema } from '../../src/acquirer/options.js'
import { compile } from '../../src/codec/compile.js'
import { builtInDialect } from '../../src/codec/dialects/index.js'
import { readRecordings } from '../../src/run/files/read-recording.js'
import { startAcquirer } from '../../src/run/hosts/start-acquirer.js'
import { startProxy } from '../../src/run/proxy/start-proxy.js'
import { runScenario } from '../../src/run/run-scenario.js'
import { sendMessage } from '../../src/run/send-message.js'
import { loadScenario } from '../../src/scenario/reader.js'
import { here } from './strangers.js'

const dialect = 'iso87-ascii'
const pan = '4111111111111111'
const message = {
  mti: '0200',
  fields: { '2': pan, '3': '000000', '4': '000000001234', '11': '000007', '41': 'TERM0001', '42': '000000000000001' },
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'isochron-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** One sale through a recording proxy; the file's text. */
async function record(unmasked: boolean): Promise<string> {
  const file = join(folder, 'recording.jsonl')
  await using acquirer = await startAcquirer({ listen: here, acquirer: acquirerSchema.parse({}), seed: 1, dialect })
  const proxy = await startProxy({ listen: here, upstream: acquirer.address, dialect, record: { file, unmasked } })
  const target = proxy.address
  if (target === undefined) throw new Error('the proxy has no address')
  expect(await sendMessage({ dialect, target, message, timeoutMs: 5000 })).toMatchObject({ kind: 'answered' })
  await proxy.close()
  return readFileSync(file, 'utf8')
}

describe('a recording', () => {
  test('holds both directions in order, and no card number', async () => {
    const text = await record(false)
    const [head, ...lines] = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(head).toMatchObject({ recording: 'isochron/recording@1', dialect, masked: true })
    expect(lines.map(({ direction, message: recorded }) => [direction, recorded?.mti])).toEqual([
      ['upstream', '0200'],
      ['downstream', '0210'],
      ['upstream', undefined],
    ])
    expect(lines[0].message.fields['2']).toBe('411111******1111')
    expect(text).not.toContain(pan)
  })

  test('unmasked holds whole messages', async () => {
    expect(await record(true)).toContain(Buffer.from(pan).toString('hex').toUpperCase())
  })

  for (const unmasked of [false, true]) {
    test(`is played back, ${unmasked ? 'with its own card' : 'with a card of the scenario'}`, async () => {
      await record(unmasked)
      const text = `{ name: again, dialect: ${dialect}, load: [{ replay: recording.jsonl, speed: 2 }] }`
      const { scenario, source } = loadScenario(text, join(folder, 'scenario.yaml'))
      const { messages } = readRecordings(scenario.load, compile(builtInDialect(dialect)))
      expect(Object.values(messages)).toEqual([
        {
          mti: '0200',
          fields: {
            '2': unmasked ? pan : '{card.pan}',
            '3': '000000',
            '4': '000000001234',
            '11': '{stan}',
            '41': '{terminal}',
            '42': '{merchant}',
          },
        },
      ])
      const result = await runScenario({ ...scenario, seed: 1 }, { source, clock: 'virtual' })
      expect(result.outcomes).toMatchObject({ approved: 1 })
    })
  }

  test('that is none is refused, by file and line, without its text', () => {
    const file = join(folder, 'broken.jsonl')
    const load = [{ replay: file, speed: 1 }]
    const read = (text: string) => {
      writeFileSync(file, text)
      return () => readRecordings(load, compile(builtInDialect(dialect)))
    }
    const head = JSON.stringify({ recording: 'isochron/recording@1' })
    expect(read('{}')).toThrow(`${file}:1:`)
    expect(read(`${head}\n${pan}`)).toThrow(`${file}:2: expected a line of a recording`)
    expect(read(`${head}\n`)).toThrow('no request')
  })
})
