// Reversals as they stand on the wire, before a host that does as each test says. Virtual time, the real terminal side.

import { expect, test } from 'vitest'
import { createRandom } from '../../src/base/random.js'
import { answerMti } from '../../src/codec/head/mti.js'
import type { Message } from '../../src/codec/message.js'
import { createKeySet } from '../../src/crypto/keys/key-set.js'
import { onlyPath } from '../../src/run/lines/run-paths.js'
import { createSpeaker } from '../../src/run/speaker.js'
import { createTerminalSide } from '../../src/run/terminals/terminal-side.js'
import { virtualWorld } from '../../src/run/world.js'
import { takeApart } from '../../src/scenario/parts.js'
import { scenarioFromData } from '../../src/scenario/reader.js'
import { type JournalStorage, renewalInMemory } from '../../src/terminal/journal/journal-storage.js'
import { startServer } from '../../src/transport/server/server.js'

type Answer = { readonly code: string; readonly fields?: Record<string, string>; readonly afterMs?: number } | 'silence'

interface Heard {
  readonly at: number
  readonly message: Message
}

interface Setting {
  readonly sales?: number
  readonly seconds?: number
  readonly terminals?: object
  /** Further sections of the scenario. */
  readonly more?: object
  /** Left out: none. */
  readonly journal?: JournalStorage
}

/** Sends `sales` arrivals, one each 10 s, and lets `seconds` pass. `answer` decides for each message that the host hears. */
async function play(
  dialect: string,
  answer: (message: Message, nth: number) => Answer,
  { sales = 1, seconds = 60, terminals = {}, more = {}, journal }: Setting = {},
) {
  const { scenario } = scenarioFromData({
    name: 'wire',
    dialect,
    terminals: {
      count: 1,
      timeout: '2s',
      reversal: { retries: 2, interval: '1s' },
      amounts: '12.34 CNY',
      ...terminals,
    },
    load: [{ hold: { rate: '1/s', for: '1s' } }],
    ...more,
  })
  const world = virtualWorld(Date.UTC(2026, 10, 22, 20, 30, 15))
  const speaker = createSpeaker(scenario)
  const heard: Heard[] = []
  const address = { host: '127.0.0.1', port: 8583 }
  const server = await startServer({
    network: world.network,
    address,
    wire: speaker.wire,
    clock: world.clock,
    onRequest: (received, replier) => {
      const message = speaker.codec.unpack(received.body)
      heard.push({ at: world.clock.now(), message })
      const said = answer(message, heard.length)
      if (said === 'silence') return replier.dismiss()
      const { 35: _track, ...echoed } = message.fields
      const fields = { ...echoed, 39: said.code, ...said.fields }
      const body = speaker.codec.pack({ mti: answerMti(message.mti), fields })
      world.clock.after(said.afterMs ?? 0, () =>
        replier.reply(body.length, (target, at) => {
          target.set(body, at)
          return at + body.length
        }),
      )
    },
  })
  const side = createTerminalSide({
    part: takeApart(scenario).terminals,
    mayHearOfFunds: false,
    ...{ world, speaker, paths: onlyPath(world, scenario.terminals.failover, server.address) },
    keys: createKeySet([]),
    journal,
    random: createRandom(1),
    recorder: () => undefined,
    onConnectTime: () => {},
  })
  for (let sale = 0; sale < sales; sale++) {
    world.clock.after(10_000 * sale, () => {
      side.fleet.transact({ intendedAt: world.clock.now(), phase: 'test' }, () => {})
    })
  }
  world.clock.run(1000 * seconds)
  return { heard, side, mtis: heard.map(({ message }) => message.mti) }
}

const approve = { code: '00', fields: { 37: '632600000042', 38: '123456' } }

test('cup-pos: a sale without answer is undone by a 0400 in front of the next sale', async () => {
  const { heard, mtis, side } = await play(
    'cup-pos',
    ({ mti }, nth) => (nth === 1 ? 'silence' : mti === '0200' ? approve : { code: '00' }),
    { sales: 2 },
  )
  expect(mtis).toEqual(['0200', '0400', '0200'])
  expect(heard[1]?.at).toBeGreaterThanOrEqual(10_000)
  const [sale, reversal] = heard.map(({ message }) => message.fields)
  expect(reversal).toEqual({
    2: sale?.[2],
    3: '000000',
    4: '000000001234',
    11: sale?.[11],
    14: '3012',
    22: '022',
    25: '00',
    39: '98',
    41: '00000001',
    42: '000000000000001',
    49: '156',
    60: '2200000100050',
  })
  expect([...side.money.books.rows()].map(({ stan, state }) => `${stan} ${state}`)).toEqual([
    '000001 reversed',
    '000002 charged',
  ])
})

test('cup-pos: the reversal of a chip sale has its card sequence number and a few of its tags, also after a crash', async () => {
  const journal = journalInMemory()
  const terminals = { mix: { saleChip: 1 } }
  const tags = ['95', '9F10', '9F1E', '9F36']
  const before = await play('cup-pos', () => 'silence', { terminals, journal })
  const after = await play('cup-pos', () => ({ code: '00' }), { terminals, journal })
  const [sale, reversal] = [before, after].map(({ heard }) => heard[0]?.message)
  expect([sale?.mti, reversal?.mti]).toEqual(['0200', '0400'])
  expect(reversal?.fields[23]).toBe(sale?.fields[23])
  const [sold, undone] = [sale, reversal].map((message) => message?.fields[55] as Record<string, string>)
  expect(undone).toEqual(Object.fromEntries(tags.map((tag) => [tag, sold?.[tag]])))
  expect(Object.values(undone ?? {}).every((value) => value.length > 0)).toBe(true)
})

test('cup-pos: the reason says whether the answer was missing or useless', async () => {
  const { heard } = await play(
    'cup-pos',
    ({ mti }) => (mti === '0200' ? { code: '00', fields: { 4: '000000009999' } } : { code: '00' }),
    { sales: 2 },
  )
  expect(heard.map(({ message }) => `${message.mti} ${message.fields[39] ?? ''}`.trim())).toEqual([
    '0200',
    '0400 06',
    '0200',
  ])
})

test('cup-pos: the reversal of a void names its own original and carries no reference number', async () => {
  const answers = ({ mti, fields }: Message) =>
    mti === '0200' && fields[3] === '200000' ? 'silence' : mti === '0200' ? approve : { code: '25' }
  const { heard } = await play('cup-pos', answers, { sales: 3, terminals: { mix: { void: 1 } } })
  const [sale, voided, reversal] = heard.map(({ message }) => message.fields)
  expect(voided).toMatchObject({ 2: sale?.[2], 4: sale?.[4], 37: '632600000042', 38: '123456' })
  expect(String(voided?.[61]).slice(0, 12)).toBe(`000001${sale?.[11]}`)
  expect(reversal).toMatchObject({ 11: voided?.[11], 38: '123456', 61: voided?.[61], 39: '98' })
  expect(Object.keys(reversal ?? {})).not.toContain('37')
})

test('iso87: a sale without answer is undone at once by a 0420, repeated as 0421, until it is acknowledged', async () => {
  const { heard, mtis, side } = await play('iso87-ascii', (_, nth) => (nth < 4 ? 'silence' : { code: '25' }))
  expect(mtis).toEqual(['0200', '0420', '0421', '0421'])
  // 2 s without an answer, and 1 s between two tries.
  expect(heard.map(({ at }) => Math.round(at / 1000))).toEqual([0, 2, 5, 8])
  const [sale, reversal, repeat] = heard.map(({ message }) => message.fields)
  for (const field of [2, 3, 4, 11, 12, 13, 22, 25, 37, 41, 42, 49])
    expect(reversal?.[field], `${field}`).toBe(sale?.[field])
  expect(reversal).toMatchObject({ 56: '4021', 90: `0200${sale?.[11]}${sale?.[7]}${'0'.repeat(22)}` })
  expect(reversal?.[7]).not.toBe(sale?.[7])
  expect(repeat).toEqual({ ...reversal, 7: repeat?.[7] })
  expect(side.money.reversals()).toEqual({ created: 1, acknowledged: 1, pending: 0 })
})

test('iso93: an original is named in data element 56, the reason in 25', async () => {
  const { heard, mtis } = await play('iso93-ascii', (_, nth) => (nth === 1 ? 'silence' : { code: '400' }))
  expect(mtis).toEqual(['1200', '1420'])
  const [sale, reversal] = heard.map(({ message }) => message.fields)
  expect(reversal).toMatchObject({ 24: '400', 25: '4021', 56: `1200${sale?.[11]}${sale?.[12]}` })
})

const by0400 = { dialectRules: { reversal: '0400' } }

for (const [dialect, version] of [
  ['iso87-ascii', '0'],
  ['iso93-ascii', '1'],
] as const) {
  test(`${dialect}: a reversal that is declared as 0400 is one, repeated as 401 before each next sale until 410`, async () => {
    const silent = ({ mti }: Message, nth: number): Answer => (nth < 3 ? 'silence' : mti[1] === '4' ? ok(mti) : approve)
    const ok = (mti: string) => ({ code: mti[0] === '0' ? '00' : '400' })
    const { mtis, side } = await play(dialect, silent, { sales: 3, more: by0400 })
    // The second sale waits behind the reversal until its time is up.
    expect(mtis).toEqual(['200', '400', '401', '200'].map((rest) => version + rest))
    expect(side.money.reversals()).toEqual({ created: 1, acknowledged: 1, pending: 0 })
  })
}

test('an own reversal has its own MTI, and the repeats that belong to it', async () => {
  const fields = { 3: '{original.3}', 4: '{original.4}', 11: '{original.stan}', 41: '{terminal}' }
  const more = { messages: { reversal: { mti: '0400', fields } } }
  const { mtis } = await play('iso87-ascii', (_, nth) => (nth < 3 ? 'silence' : { code: '00' }), { more })
  expect(mtis).toEqual(['0200', '0400', '0401'])
})

test('cup-pos: a reversal that is declared as 0420 is not marked as a repeat, as none is there', async () => {
  const more = { dialectRules: { reversal: '0420' } }
  const { mtis } = await play('cup-pos', (_, nth) => (nth < 3 ? 'silence' : { code: '00' }), { more })
  expect(mtis).toEqual(['0200', '0420', '0420'])
})

test('an answer that decides nothing is no acknowledgement; a refusal is one', async () => {
  const { mtis, side } = await play('iso87-ascii', (_, nth) =>
    nth === 1 ? 'silence' : { code: nth < 4 ? '91' : '12' },
  )
  expect(mtis).toEqual(['0200', '0420', '0421', '0421'])
  expect(side.money.reversals().pending).toBe(0)
})

test('a late approval does not cancel the reversal', async () => {
  const late = ({ mti }: Message) => (mti === '0200' ? { ...approve, afterMs: 4000 } : { code: '00', afterMs: 5000 })
  const { mtis, side } = await play('iso87-ascii', late)
  // The approval comes while the first reversal waits; neither it nor the reversal's own late answer ends anything.
  expect(mtis).toEqual(['0200', '0420', '0421', '0421'])
  expect([...side.money.books.rows()][0]?.state).toBe('unknown')
})

test('a late approval before an acknowledgement leaves a sale that is reversed', async () => {
  const late = ({ mti }: Message) => (mti === '0200' ? { ...approve, afterMs: 3000 } : { code: '00', afterMs: 1500 })
  const { mtis, side } = await play('iso87-ascii', late)
  expect(mtis).toEqual(['0200', '0420'])
  expect([...side.money.books.rows()][0]?.state).toBe('reversed')
})

test('after its tries a reversal rests, and goes out ahead of the next sale', async () => {
  const { heard, mtis } = await play(
    'iso87-ascii',
    ({ mti }, nth) => (nth < 5 ? 'silence' : mti === '0200' ? approve : { code: '00' }),
    { sales: 3 },
  )
  // Three tries within 11 s, or one more with the second sale, which waits for none of them.
  expect(mtis.filter((mti) => mti.startsWith('042')).length).toBeGreaterThanOrEqual(4)
  expect(heard.at(-1)?.message.mti).not.toBe('0421')
})

test('an advice is never reversed but repeated until it is answered', async () => {
  const answers = ({ mti }: Message, nth: number) =>
    mti === '0220' && nth < 4 ? 'silence' : mti === '0221' && nth < 4 ? 'silence' : approve
  const { heard, mtis, side } = await play('iso87-ascii', answers, { sales: 2, terminals: { mix: { refund: 1 } } })
  expect(mtis).toEqual(['0200', '0220', '0221', '0221'])
  const [, advice, ...repeats] = heard
  for (const { at, message } of repeats) {
    // Data element 7 is when this message is sent; all else is the advice's.
    const sent = new Date(Date.UTC(2026, 10, 22, 20, 30, 15) + at).toISOString().replace(/\D/g, '').slice(4, 14)
    expect(message.fields).toEqual({ ...advice?.message.fields, 7: sent })
  }
  expect(new Set(heard.map(({ message }) => message.fields[7])).size).toBe(4)
  expect(side.money.reversals().created).toBe(0)
  expect([...side.money.books.rows()].map(({ kind, state }) => `${kind} ${state}`)).toEqual([
    'sale charged',
    'refund charged',
  ])
})

/** Bytes that outlive their process. */
function journalInMemory(): JournalStorage {
  let bytes: Uint8Array = new Uint8Array()
  return {
    read: () => [bytes],
    append(more) {
      bytes = Buffer.concat([bytes, more])
    },
    renew: () =>
      renewalInMemory((all) => {
        bytes = all
      }),
    close: () => {},
  }
}

const reasons = [
  { dialect: 'cup-pos', field: 39, reason: '06' },
  { dialect: 'iso87-ascii', field: 56, reason: '4020' },
  { dialect: 'iso93-binary', field: 25, reason: '4020' },
]
for (const { dialect, field, reason } of reasons) {
  test(`${dialect}: a reversal gives the same reason after a crash`, async () => {
    const journal = journalInMemory()
    const isReversal = ({ message }: Heard) => /^.?4/.test(message.mti)
    const useless = ({ mti }: Message): Answer =>
      mti.slice(-3) === '200' ? { code: '00', fields: { 3: '990000' } } : 'silence'
    const before = await play(dialect, useless, { sales: 2, journal })
    const after = await play(dialect, () => ({ code: dialect.startsWith('iso93') ? '400' : '00' }), { journal })
    const [said, again] = [before, after].map(({ heard }) => heard.find(isReversal)?.message.fields[field])
    expect([said, again]).toEqual([reason, reason])
  })
}

const partial = [
  { dialect: 'cup-pos', code: '10' },
  { dialect: 'iso87-ascii', code: '10' },
  { dialect: 'iso93-binary', code: '002' },
]
for (const { dialect, code } of partial) {
  const rows = ({ side }: Awaited<ReturnType<typeof play>>) =>
    [...side.money.books.rows()].map(({ amountMinor, state }) => `${amountMinor} ${state}`)

  test(`${dialect}: what was approved in part is charged and voided with the amount that was approved`, async () => {
    const part = { code, fields: { 4: '000000000500', 37: '632600000042', 38: '123456' } }
    const played = await play(dialect, () => part, { sales: 6, terminals: { mix: { sale: 1, void: 1 } } })
    const amounts = played.heard.filter(({ message }) => message.fields[3] === '200000')
    expect(amounts.length).toBeGreaterThan(0)
    expect(new Set(amounts.map(({ message }) => message.fields[4]))).toEqual(new Set(['000000000500']))
    expect(new Set(rows(played))).toEqual(new Set(['500 charged']))
  })

  test(`${dialect}: a part that is more than the whole is not believed`, async () => {
    const played = await play(dialect, ({ mti }) =>
      mti.endsWith('200') ? { code, fields: { 4: '000000009999' } } : { code: code.length === 3 ? '400' : '00' },
    )
    expect(rows(played)).not.toContain('9999 charged')
  })
}
