// The schema that editors are given refuses what the reader refuses, takes every file that ships, and describes every key.

import { readdirSync, readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { UsageError } from '../../src/base/errors.js'
import { scenarioJsonSchema } from '../../src/scenario/json-schema.js'
import { scenarioFromData } from '../../src/scenario/reader.js'

const schema = scenarioJsonSchema()
const check = new Ajv2020({ strict: false, logger: false }).compile(schema)

const right = {
  name: 'right',
  dialect: 'iso87-ascii',
  terminals: { count: 2, mix: { sale: 1 } },
  acquirer: { workers: 4 },
  load: [{ hold: { rate: '10/s', for: '1s' } }],
  thresholds: ['timelyRate >= 99%'],
}
type Data = Record<string, unknown>
const with_ = (changed: Data) => ({ ...right, ...changed })
const terminals = (changed: Data) => with_({ terminals: { ...right.terminals, ...changed } })
const acquirer = (changed: Data) => with_({ acquirer: { ...right.acquirer, ...changed } })
const hold = (changed: Data) => with_({ load: [{ hold: { rate: '10/s', for: '1s', ...changed } }] })
const fault = (entry: Data) => with_({ faults: [entry] })
const threshold = (text: string) => with_({ thresholds: [text] })
const abort = (text: string) => with_({ thresholds: [{ threshold: text, abortOnFail: true }] })

const wrong: Readonly<Record<string, unknown>> = {
  'no name': { load: right.load },
  'no load': { name: 'x' },
  'an empty load': with_({ load: [] }),
  'a name that is a number': with_({ name: 7 }),
  'a misspelt section': with_({ terminal: {} }),
  'a misspelt key of terminals': terminals({ cuont: 3 }),
  'no terminals': terminals({ count: 0 }),
  'half a terminal': terminals({ count: 1.5 }),
  'a target without a port': terminals({ target: ['host'] }),
  'an empty list of targets': terminals({ target: [] }),
  'a target of one word': terminals({ target: 'host' }),
  'a duration without a unit': terminals({ timeout: 30 }),
  'a duration with a wrong unit': terminals({ timeout: '30sec' }),
  'a negative duration': terminals({ timeout: '-1s' }),
  'a duration with a blank': terminals({ connectTimeout: '1 s' }),
  'connections of another kind': terminals({ connections: 'perCard' }),
  'shared connections without a number': terminals({ connections: { inFlight: 4 } }),
  'a mix of a message that the dialect has not': terminals({ mix: { sael: 1 } }),
  'a mix of a message that only another dialect has': with_({
    dialect: 'iso93-ascii',
    terminals: { mix: { payout: 1 } },
  }),
  'a mix of no message of the dialect that counts where none is named': {
    name: 'x',
    load: right.load,
    terminals: { mix: { sael: 1 } },
  },
  'a network that is none': terminals({ network: '6g' }),
  'a network of a route that is none': terminals({ routes: [{ name: 'a', network: '6g' }] }),
  'a mix with a text': terminals({ mix: { sale: 'much' } }),
  'a mix with nothing of a kind': terminals({ mix: { sale: 0 } }),
  'an amount without a currency': terminals({ amounts: '10.00' }),
  'an amount that is a number': terminals({ amounts: 10 }),
  'an amount with a small currency': terminals({ amounts: '10.00 cny' }),
  'amounts with one end': terminals({ amounts: { from: '1.00 CNY' } }),
  'a reversal that is true': terminals({ reversal: true }),
  'a share over all': terminals({ dataErrors: { share: '101%' } }),
  'a share without its sign': terminals({ dataErrors: { share: '5' } }),
  'a mistake of another kind': terminals({ dataErrors: { kinds: ['lost'] } }),
  'a check that is none': terminals({ checks: ['colour'] }),
  'an echo probe without a time': terminals({ echoProbe: {} }),
  'too many targets': terminals({ target: Array.from({ length: 9 }, (_, port) => `127.0.0.1:${port + 1}`) }),
  'a dialect that is none': with_({ dialect: 'iso87' }),
  'a dialect laid over none': with_({ dialect: { base: 'iso87' } }),
  'a wrong setup of a dialect that is none': terminals({ wrongSetup: { share: '5%', dialect: 'iso87' } }),
  'a wrong setup of a framing that is none': terminals({ wrongSetup: { share: '5%', framing: 'binary3' } }),
  'a rule for a card that is none': acquirer({ rules: [{ match: { card: 'vissa' }, answer: '51' }] }),
  'a fault for a card that is none': fault({ no_answer: {}, match: { card: ['visa', 'vissa'] } }),
  'a framing that is none': with_({ framing: 'binary3' }),
  'a codec that is none': with_({ codec: 'jpos' }),
  'a seed below nothing': with_({ seed: -1 }),
  'a start without an offset': with_({ start: '2026-01-05T09:00:00' }),
  'no workers': acquirer({ workers: 0 }),
  'a misspelt key of the acquirer': acquirer({ worker: 3 }),
  'a service time without a median': acquirer({ serviceTime: { p99: '1s' } }),
  'a service time that is a text': acquirer({ serviceTime: '40ms' }),
  'a rule without an answer': acquirer({ rules: [{ match: { '4': '1' } }] }),
  'a rule that matches a word': acquirer({ rules: [{ match: { amount: '1' }, answer: '51' }] }),
  'a rule that matches a subfield': acquirer({ rules: [{ match: { '60.1': '22' }, answer: '51' }] }),
  'an answer of five characters': acquirer({ rules: [{ match: {}, answer: '12345' }] }),
  'a limit without a rate': acquirer({ limits: { '*': 60 } }),
  'a fee of another form': acquirer({ settlement: { feeRate: '0.6' } }),
  'a rate without a time': hold({ rate: '500' }),
  'a rate that is a number': hold({ rate: 500 }),
  'a rate of another time': hold({ rate: '500/day' }),
  'a phase without its end': with_({ load: [{ hold: { rate: '10/s' } }] }),
  'arrivals of another kind': hold({ arrivals: 'uniform' }),
  'two phases in one': with_({
    load: [{ hold: { rate: '1/s', for: '1s' }, ramp: { from: '1/s', to: '2/s', over: '1s' } }],
  }),
  'a phase that is none': with_({ load: [{ wait: '1s' }] }),
  'a closed phase without terminals': with_({ load: [{ concurrency: { for: '1s' } }] }),
  'a replay at no speed': with_({ load: [{ replay: 'line.jsonl', speed: 0 }] }),
  'a misspelt fault': fault({ latenzy: { latency: '1s' } }),
  'a fault on another side': fault({ on: 'line', latency: { latency: '1s' } }),
  'a fault with a misspelt attribute': fault({ latency: { latancy: '1s' } }),
  'a fault that matches a word': fault({ no_answer: {}, match: { stan: '1' } }),
  'a fault from no time': fault({ down: {}, from: 30 }),
  'a fault for the first none': fault({ no_answer: {}, first: 0 }),
  'a threshold of an unknown figure': threshold('timelyShare >= 99%'),
  'a threshold without a comparison': threshold('timelyRate'),
  'a threshold with a wrong limit': threshold('responseTime.p99 < 800'),
  'a threshold of an unknown percentile': threshold('responseTime.p98 < 800ms'),
  'a threshold that is a map': with_({ thresholds: [{ timelyRate: '99%' }] }),
  'a threshold of an unknown figure that ends the run': with_({
    thresholds: [{ threshold: 'timlyRate >= 9%', abortOnFail: true }],
  }),
  'books that end the run before they are closed': abort('books.agree'),
  'a percentile of funds that ends the run': abort('timeToFunds.p99 < 15s'),
  'a count from below that ends the run': abort('outcomes.approved >= 10'),
  'a count of equal size that ends the run': abort('unmatched.count == 5'),
  'a delay of a threshold that ends nothing': with_({
    thresholds: [{ threshold: 'timelyRate >= 9%', delayAbortEval: '10s' }],
  }),
  'a threshold in percent of what is no part of a whole': threshold('unmatched.count < 5%'),
  'a duration of the same unit twice': terminals({ timeout: '30s30s' }),
  'a duration with the smaller unit first': terminals({ timeout: '5s1m' }),
  'a cycle that is none': acquirer({ settlement: { cycle: 'weekly' } }),
  'a bandwidth without its time': with_({ profiles: { slow: { down: '9kbit' } } }),
  'two faults in one entry': fault({ down: {}, latency: { latency: '1s' } }),
  'an entry without a fault': fault({ on: 'network', from: '1s' }),
  'a fault of the host on the network': fault({ stall: { for: '1s' } }),
  'a fault of the line that matches a message': fault({ latency: { latency: '1s' }, match: { mti: '0200' } }),
  'a fault that comes again without a length': fault({ latency: { latency: '1s' }, every: '10s' }),
  'a fault from two times': fault({ down: {}, from: '1s', at: '2s' }),
  'a range whose ends have other lengths': fault({ no_answer: {}, match: { '4': '000000000100..99' } }),
  'no card of a match': acquirer({ rules: [{ match: { card: [] }, answer: '51' }] }),
  'no brand of cards': terminals({ cards: {} }),
  'a network that an empty list of profiles has not': with_({ profiles: {}, terminals: { network: '6g' } }),
  'a star in the middle of a value': fault({ no_answer: {}, match: { mti: '0*0' } }),
  'no acquirer of several': with_({ acquirers: {} }),
  'a wrong setup of nothing': terminals({ wrongSetup: { share: '20%' } }),
  'a message with a field of a name': with_({ messages: { own: { mti: '0200', fields: { stan: '1' } } } }),
  'a misspelt key of a threshold': with_({ thresholds: [{ threshold: 'timelyRate >= 9%', abortOnFial: true }] }),
  'a delay of a threshold without its unit': with_({
    thresholds: [{ threshold: 'timelyRate >= 9%', abortOnFail: true, delayAbortEval: 10 }],
  }),
  'a warm-up without a unit': with_({ warmup: 5 }),
  'a timely time without a unit': with_({ timely: { response: 3 } }),
  'ledgers of another kind': with_({ ledgers: 'own' }),
}

describe('the schema and the reader refuse', () => {
  test('eighty scenarios and more', () => expect(Object.keys(wrong).length).toBeGreaterThanOrEqual(80))
  test.each(Object.entries(wrong))('%s', (_, data) => {
    expect(() => scenarioFromData(data)).toThrow(UsageError)
    expect(check(data)).toBe(false)
  })
})

describe('the schema and the reader take', () => {
  const rights: Readonly<Record<string, unknown>> = {
    'the one that all wrong ones vary': right,
    'a duration of two units': terminals({ timeout: '1m30s' }),
    'a network of its own': with_({ terminals: { network: '6g' }, profiles: { '6g': { latency: '1ms' } } }),
    'a message of its own in the mix': with_({
      terminals: { mix: { own: 1, sale: 2 } },
      messages: { own: { mti: '0200', fields: { '3': '000000' } } },
    }),
    'the messages of another dialect': with_({ dialect: 'cup-pos', terminals: { mix: { preauth: 1 } } }),
    'ranges of amounts and of long texts': acquirer({
      rules: [
        { match: { '4': '000000000100..000000000199', '61': `${'1'.repeat(25)}..${'2'.repeat(25)}` }, answer: '51' },
      ],
    }),
    'thousands a second': hold({ rate: '10k/s' }),
    'one target without a list': terminals({ target: '127.0.0.1:8583' }),
    'thresholds of every form': with_({
      thresholds: [
        'books.agree',
        'responseTime{type=sale}.p99 < 1.5s',
        'outcomes.failed < 1%',
        'responseCodes.51 == 0',
        { threshold: 'books.agree' },
        { threshold: 'timelyRate >= 90%', abortOnFail: true, delayAbortEval: '500ms' },
        { threshold: 'outcomes.failed == 0', abortOnFail: true },
        { threshold: 'outcomes.approved >= 90%', abortOnFail: true },
        { threshold: 'books.agree', abortOnFail: false },
      ],
    }),
  }
  test.each(Object.entries(rights))('%s', (_, data) => {
    expect(() => scenarioFromData(data)).not.toThrow()
    expect(check(data), JSON.stringify(check.errors)).toBe(true)
  })

  const folder = new URL('../../scenarios/', import.meta.url)
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'))
  test.each(files)('%s, which names the schema for editors', (file) => {
    const text = readFileSync(new URL(file, folder), 'utf8')
    expect(check(parse(text)), JSON.stringify(check.errors)).toBe(true)
    expect(text).toMatch(/^# yaml-language-server: \$schema=\S*scenario\.schema\.json$/m)
  })
})

test('every key is described', () => {
  const bare: string[] = []
  const walk = (node: unknown, path: string): void => {
    if (typeof node !== 'object' || node === null) return
    type Node = { type?: string; properties?: Record<string, { description?: string }> }
    const { properties = {}, ...rest } = node as Node
    // A condition on keys that are described where they are declared.
    if (rest.type === undefined && Object.keys(properties).length > 0) return
    for (const [key, inner] of Object.entries(properties)) {
      if (inner.description === undefined) bare.push(`${path}.${key}`)
      walk(inner, `${path}.${key}`)
    }
    for (const inner of Object.values(rest)) walk(inner, path)
  }
  walk(schema, '')
  expect(bare).toEqual([])
})
