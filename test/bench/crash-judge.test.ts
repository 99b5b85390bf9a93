// The judge of the crash test: it must see money that is lost or taken twice, whatever the program's own books say.

import { DatabaseSync } from '@photostructure/sqlite'
import { describe, expect, test } from 'vitest'
import { crashProblems, type PostedEntry, readLedger, shortfallsOf } from '../../bench/crash/judge.js'
import { createWitness, type Seen } from '../../bench/crash/witness.js'
import { schema } from '../../src/acquirer/ledger/store/schema.js'
import { compile } from '../../src/codec/compile.js'
import { cupPos } from '../../src/codec/dialects/cup-pos.js'

const key = '00000001/000001/000007'
const sale: Seen = {
  ...{ mti: '0200', amountMinor: 100, uses: 1 },
  ...{ approved: true, reversalSent: false, reversalAcknowledged: false },
}
const undone: Seen = { ...sale, reversalSent: true, reversalAcknowledged: true }
const charged: PostedEntry = { key, state: 'charged', amountMinor: 100, reversed: false }
const reversed: PostedEntry = { ...charged, state: 'reversed', reversed: true }

describe('after all is settled', () => {
  const cases: readonly { name: string; seen: Partial<Seen>; entries: readonly PostedEntry[]; says: string[] }[] = [
    { name: 'what was approved is charged', seen: sale, entries: [charged], says: [] },
    { name: 'what was reversed is not', seen: undone, entries: [reversed], says: [] },
    { name: 'what was only reversed is blocked', seen: undone, entries: [{ ...reversed, state: 'blocked' }], says: [] },
    { name: 'what was declined is not charged', seen: { ...sale, approved: false }, entries: [], says: [] },
    { name: 'money is lost', seen: sale, entries: [], says: ['the terminal was told 00, and the ledger has nothing'] },
    {
      name: 'money is lost by a reversal that nobody sent',
      seen: sale,
      entries: [reversed],
      says: ['the terminal was told 00, and the ledger has reversed'],
    },
    { name: 'money is taken twice', seen: sale, entries: [charged, charged], says: ['is twice in the ledger'] },
    {
      name: 'money is taken of which nobody heard',
      seen: { ...sale, approved: false },
      entries: [charged],
      says: ['is charged, and no terminal was told so'],
    },
    {
      name: 'another amount is charged',
      seen: sale,
      entries: [{ ...charged, amountMinor: 99 }],
      says: ['100 were approved, and 99 are charged'],
    },
    {
      name: 'a reversal did nothing',
      seen: undone,
      entries: [charged],
      says: ['its reversal was acknowledged, and it is charged'],
    },
    {
      name: 'a reversal was acknowledged and forgotten',
      seen: undone,
      entries: [],
      says: ['its reversal was acknowledged, and the ledger has none'],
    },
    {
      name: 'a reversal is still owed',
      seen: { ...undone, reversalAcknowledged: false },
      entries: [reversed],
      says: ['its reversal was never acknowledged'],
    },
    {
      name: 'a number was used again',
      seen: { ...sale, uses: 2 },
      entries: [charged],
      says: ['its number was used for 2 requests'],
    },
  ]
  for (const { name, seen, entries, says } of cases) {
    test(name, () => {
      const witness = { seen: new Map([[key, { ...sale, ...seen }]]), problems: [] }
      expect(crashProblems(witness, entries)).toEqual(says.map((problem) => `${key}: ${problem}`))
    })
  }
})

test('a ledger is read by SQL as it stands', () => {
  const database = new DatabaseSync(':memory:')
  database.exec(schema)
  database.exec(`INSERT INTO merchant (id, merchant) VALUES (1, 'M');
    INSERT INTO terminal (id, terminal, merchant) VALUES (1, '00000001', 1);
    INSERT INTO entry (id, terminal, merchant, batch, stan, state, asked, amount, posted_at)
      VALUES (1, 1, 1, '000001', '000007', 'charged', 100, 100, 0), (2, 1, 1, '000001', '000008', 'reversed', 5, 5, 0);
    INSERT INTO reversal (entry, merchant, amount, code, rrn, auth_code, posted_at) VALUES (2, 1, 5, '00', '', '', 0)`)
  expect(readLedger(database)).toEqual([
    charged,
    { key: '00000001/000001/000008', state: 'reversed', amountMinor: 5, reversed: true },
  ])
  database.close()
})

describe('a witness', () => {
  const codec = compile(cupPos)
  const frame = (mti: string, code?: string): Buffer => {
    const fields = { 4: '000000000100', 11: '000007', 41: '00000001', 60: '2200000100050', ...(code && { 39: code }) }
    const body = Buffer.concat([Buffer.alloc(11), codec.pack({ mti, fields })])
    return Buffer.concat([Buffer.from([body.length >> 8, body.length & 0xff]), body])
  }
  type Said = readonly (readonly ['request' | 'answer', Buffer])[]
  const seenOf = (said: Said, piece: number) => {
    const witness = createWitness()
    const line = witness.watch()
    for (const [way, bytes] of said) {
      for (let at = 0; at < bytes.length; at += piece) line[way](bytes.subarray(at, at + piece))
    }
    return { seen: witness.seen.get(key), problems: witness.problems, requests: witness.requests }
  }
  const cases: readonly { name: string; said: Said; seen: Partial<Seen> }[] = [
    { name: 'a sale without an answer', said: [['request', frame('0200')]], seen: { approved: false, uses: 1 } },
    {
      name: 'an approval',
      said: [
        ['request', frame('0200')],
        ['answer', frame('0210', '00')],
      ],
      seen: sale,
    },
    {
      name: 'a decline',
      said: [
        ['request', frame('0200')],
        ['answer', frame('0210', '51')],
      ],
      seen: { approved: false },
    },
    {
      name: 'a reversal and its acknowledgement',
      said: [
        ['request', Buffer.concat([frame('0200'), frame('0400')])],
        ['answer', frame('0410', '00')],
      ],
      seen: { ...undone, approved: false },
    },
    {
      name: 'a reversal of what was only written down',
      said: [['request', frame('0400', '98')]],
      seen: { uses: 0, reversalSent: true, reversalAcknowledged: false },
    },
    {
      name: 'an advice that is told again',
      said: [['request', Buffer.concat([frame('0220'), frame('0220')])]],
      seen: { uses: 1 },
    },
    {
      name: 'a number that is used again',
      said: [['request', Buffer.concat([frame('0200'), frame('0200')])]],
      seen: { uses: 2 },
    },
  ]
  for (const { name, said, seen } of cases) {
    for (const piece of [1, 10_000]) {
      test(`sees ${name}, in pieces of up to ${piece} bytes`, () => {
        expect(seenOf(said, piece)).toMatchObject({ seen, problems: [] })
      })
    }
  }
  test('tells of an answer to what nobody asked', () => {
    const { problems } = seenOf([['answer', frame('0210', '00')]], 10_000)
    expect(problems).toEqual([`${key}: an answer 0210 to what nobody asked`])
  })
})

describe('rounds show nothing', () => {
  const enough = { inDoubt: 1, reversals: 1, requests: 300, sellingMs: 1000 }
  const cases = [
    { name: 'unless something was in doubt', less: { inDoubt: 0 }, says: ['nothing was in doubt'] },
    { name: 'unless something was reversed', less: { reversals: 0 }, says: ['nothing was reversed'] },
    { name: 'below 60 % of the rate', less: { requests: 299 }, says: ['299 requests a second before the kills'] },
    { name: 'without any time of sales', less: { requests: 0, sellingMs: 0 }, says: ['NaN requests a second'] },
    { name: 'and otherwise they do', less: {}, says: [] },
  ]
  for (const { name, less, says } of cases) {
    test(name, () => {
      const shortfalls = shortfallsOf({ ...enough, ...less }, 500)
      expect(shortfalls).toEqual(says.map((text) => expect.stringContaining(text)))
    })
  }
})
