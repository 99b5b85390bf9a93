import { describe, expect, test } from 'vitest'
import { schema } from '../../../src/acquirer/ledger/store/schema.js'
import { createBooks, query } from './books.js'

const original = { 'original.stan': '000001', 'original.batch': '000001', 'original.rrn': '' }

describe('a sale in the ledger', () => {
  test('is posted before it is answered, and the answer leaves with the group', () => {
    const books = createBooks()
    const fates = ['000001', '000002'].map((stan) => books.tell('sale', { stan }))
    expect(fates.map(({ answers }) => answers.length)).toEqual([0, 0])
    books.clock.run(books.clock.now())
    expect(fates.map(({ answers }) => answers.length)).toEqual([1, 1])
    expect(books.states()).toEqual(['000001 sale charged 1000', '000002 sale charged 1000'])
  })

  test('that comes again is answered as the first time, and posted once', () => {
    const books = createBooks()
    const first = books.ask('sale')
    books.clock.run(books.clock.now() + 5000)
    expect(books.ask('sale')).toEqual(first)
    expect(books.ask('sale', {}, { mti: '0201' })).toEqual(first)
    expect(books.states()).toEqual(['000001 sale charged 1000'])
  })

  test('that was declined is declined again, and not posted', () => {
    const books = createBooks({ acquirer: { rules: [{ match: { '4': '000000001000' }, answer: '51' }] } })
    expect([1, 2].map(() => books.codeOf(books.ask('sale')))).toEqual(['51', '51'])
    expect(books.states()).toEqual(['000001 sale declined 1000'])
  })

  const others = [
    { what: 'amount', values: { amount: '000000002000' } },
    { what: 'card', values: { 'card.pan': '6212345678901240', 'card.track2': '' } },
  ]
  for (const { what, values } of others) {
    test(`with the same trace number and another ${what} is a duplicate`, () => {
      const books = createBooks()
      books.ask('sale')
      expect(books.codeOf(books.ask('sale', values))).toBe('94')
      expect(books.states()).toEqual(['000001 sale charged 1000'])
    })
  }

  const free = [
    { what: 'batch', values: { batch: '000002' } },
    { what: 'terminal', values: { terminal: '00000002' } },
    { what: 'merchant', values: { merchant: '000000000000002' } },
  ]
  for (const { what, values } of free) {
    test(`with the same trace number in another ${what} is another sale`, () => {
      const books = createBooks()
      books.ask('sale')
      expect(books.codeOf(books.ask('sale', { ...values, amount: '000000002000' }))).toBe('00')
      expect(books.states()).toEqual(['000001 sale charged 1000', '000001 sale charged 2000'])
    })
  }

  test('never leaves the number of its card in the ledger', () => {
    const books = createBooks()
    books.ask('sale')
    const tables = [...schema.matchAll(/CREATE TABLE (\w+)/g)].map(([, name]) => name)
    expect(tables).toContain('entry')
    const all = tables.map((name) => query(books.ledger, `SELECT * FROM ${name}`))
    expect(JSON.stringify(all)).not.toContain('621234567890')
  })
})

describe('a reversal', () => {
  test('undoes its original once, and is acknowledged each time', () => {
    const books = createBooks()
    books.ask('sale')
    const first = books.ask('reversal', original)
    expect(books.codeOf(first)).toBe('00')
    expect(books.ask('reversal', original)).toEqual(first)
    expect(books.states()).toEqual(['000001 sale reversed 1000'])
  })

  test('of something never seen is acknowledged, and blocks the original when that comes late', () => {
    const books = createBooks()
    expect(books.codeOf(books.ask('reversal', original))).toBe('00')
    expect(books.states()).toEqual([])
    expect(books.codeOf(books.ask('sale'))).toBe('94')
    expect(books.states()).toEqual(['000001 sale reversed 1000'])
  })

  test('blocks within its batch only', () => {
    const books = createBooks()
    books.ask('reversal', original)
    expect(books.codeOf(books.ask('sale', { batch: '000002' }))).toBe('00')
    expect(books.states()).toEqual(['000001 sale charged 1000'])
  })

  test('is not approved again by a late repeat of what it undid', () => {
    const books = createBooks()
    books.ask('sale')
    books.ask('reversal', original)
    expect(books.codeOf(books.ask('sale'))).toBe('94')
    expect(books.states()).toEqual(['000001 sale reversed 1000'])
  })

  test('that the host refuses has undone nothing, and is carried out when it comes again', () => {
    const rules = [{ match: { mti: '0400' }, answer: '96' }]
    const books = createBooks({ acquirer: { rules } })
    books.ask('sale')
    expect(books.codeOf(books.ask('reversal', original))).toBe('96')
    expect(books.states()).toEqual(['000001 sale charged 1000'])
  })

  test('of another amount is that of a duplicate: the first transaction stands', () => {
    const books = createBooks()
    books.ask('sale')
    books.ask('sale', { amount: '000000002000' })
    expect(books.codeOf(books.ask('reversal', original, { 4: '000000002000' }))).toBe('00')
    expect(books.states()).toEqual(['000001 sale charged 1000'])
  })

  test('of a sale that was voided gives nothing back a second time', () => {
    const books = createBooks()
    const { rrn } = answered(books.ask('sale'))
    books.ask('void', { ...original, stan: '000002', 'original.rrn': rrn })
    expect(books.codeOf(books.ask('reversal', original))).toBe('00')
    expect(books.states()).toEqual(['000001 sale charged 1000', '000002 void charged 1000'])
  })

  test('of a sale that was refunded in part undoes the rest', () => {
    const books = createBooks()
    const { rrn } = answered(books.ask('sale'))
    books.ask('refund', { ...original, stan: '000002', 'original.rrn': rrn }, { 4: '000000000400' })
    expect(books.codeOf(books.ask('reversal', original))).toBe('00')
    expect(books.states()).toEqual(['000001 sale charged 400', '000002 refund charged 400'])
  })

  test('of a void puts the sale into force again', () => {
    const books = createBooks()
    const { rrn } = answered(books.ask('sale'))
    books.ask('void', { ...original, stan: '000002', 'original.rrn': rrn })
    books.ask('reversal', { 'original.stan': '000002' }, { 3: '200000', 60: '2300000100050', 61: '000001000001' })
    expect(books.states()).toEqual(['000001 sale charged 1000', '000002 void reversed 1000'])
    expect(books.codeOf(books.ask('void', { ...original, stan: '000003', 'original.rrn': rrn }))).toBe('00')
  })
})

describe('what names another transaction', () => {
  const steps: { what: string; steps: readonly (readonly [string, string, string, string])[] }[] = [
    {
      what: 'a void',
      steps: [
        ['sale', '000001', '1000', '00'],
        ['void', '000002', '1000', '00'],
        ['void', '000003', '1000', '12'],
      ],
    },
    {
      what: 'a void of another amount',
      steps: [
        ['sale', '000001', '1000', '00'],
        ['void', '000002', '900', '64'],
      ],
    },
    { what: 'a void of nothing', steps: [['void', '000002', '1000', '25']] },
    {
      what: 'refunds in parts',
      steps: [
        ['sale', '000001', '1000', '00'],
        ['refund', '000002', '600', '00'],
        ['refund', '000003', '400', '00'],
        ['refund', '000004', '1', '64'],
      ],
    },
    {
      what: 'a void after a refund',
      steps: [
        ['sale', '000001', '1000', '00'],
        ['refund', '000002', '1', '00'],
        ['void', '000003', '1000', '12'],
      ],
    },
    {
      what: 'a completion of more',
      steps: [
        ['preauth', '000001', '1000', '00'],
        ['completion', '000002', '1150', '00'],
      ],
    },
    {
      what: 'a completion of too much',
      steps: [
        ['preauth', '000001', '1000', '00'],
        ['completion', '000002', '1151', '64'],
      ],
    },
    {
      what: 'two completions',
      steps: [
        ['preauth', '000001', '1000', '00'],
        ['completionAdvice', '000002', '1000', '00'],
        ['completion', '000003', '1000', '12'],
      ],
    },
    {
      what: 'a hold that is let go',
      steps: [
        ['preauth', '000001', '1000', '00'],
        ['preauthVoid', '000002', '1000', '00'],
        ['completion', '000003', '1000', '12'],
      ],
    },
    {
      what: 'a completion of a sale',
      steps: [
        ['sale', '000001', '1000', '00'],
        ['completion', '000002', '1000', '12'],
      ],
    },
  ]
  for (const { what, steps: list } of steps) {
    test(what, () => {
      const books = createBooks()
      const codes = list.map(([name, stan, amount]) => {
        const value = amount.padStart(12, '0')
        return books.codeOf(
          books.ask(name, {
            ...original,
            stan,
            amount: value,
            'original.amount': value,
            'original.authCode': '123456',
          }),
        )
      })
      expect(codes).toEqual(list.map((step) => step[3]))
    })
  }

  test('may not name the transaction of another card', () => {
    const books = createBooks()
    books.ask('sale')
    const refund = books.ask('refund', { ...original, stan: '000002', 'original.2': '6212345678901240' })
    expect(books.codeOf(refund)).toBe('12')
  })

  test('moves the balance that an inquiry is told', () => {
    const books = createBooks()
    const balance = (stan: string) => String(books.ask('balance', { stan }).fields[54]).slice(-12)
    expect(balance('000010')).toBe('000001000000')
    books.ask('sale')
    books.ask('preauth', { stan: '000002' })
    expect(balance('000011')).toBe('000000998000')
    books.ask('completion', { ...original, 'original.stan': '000002', stan: '000003' }, { 4: '000000000500' })
    books.ask('refund', { ...original, stan: '000004' }, { 4: '000000000250' })
    expect(balance('000012')).toBe('000000998750')
  })
})

describe('batches', () => {
  const batchOf = (message: { fields: Record<string, unknown> }) => String(message.fields[60]).slice(2, 8)

  test('a sign-on opens the next batch when the last one has entries', () => {
    const books = createBooks()
    expect([1, 2].map(() => batchOf(books.ask('signOn')))).toEqual(['000001', '000001'])
    books.ask('sale')
    expect([1, 2].map(() => batchOf(books.ask('signOn')))).toEqual(['000002', '000002'])
  })

  const total = (amount: number, count: number) => String(amount).padStart(12, '0') + String(count).padStart(3, '0')
  const totals = {
    'totals.debitAmount.12': '',
    'totals.debitCount.3': '',
    'totals.creditAmount.12': '',
    'totals.creditCount.3': '',
  }

  test('totals that agree close the batch; the answer comes again as it was', () => {
    const books = createBooks()
    books.ask('sale')
    books.ask('void', { ...original, stan: '000002' })
    books.ask('sale', { stan: '000003', amount: '000000000500' })
    const stated = total(1500, 2) + total(1000, 1)
    const settlement = () =>
      books.ask('settlement', { ...totals, stan: '000004' }, { 48: `${stated}0${'0'.repeat(31)}` })
    const first = settlement()
    expect(first.fields[48]).toBe(`${stated}1${'0'.repeat(30)}1`)
    books.ask('sale', { stan: '000005', batch: '000002' })
    expect(settlement()).toEqual(first)
    expect(batchOf(books.ask('signOn'))).toBe('000003')
  })

  test('totals that do not agree are answered with those of the host, and the upload closes the batch', () => {
    const books = createBooks()
    books.ask('sale')
    const answer = books.ask('settlement', { ...totals, stan: '000002' }, { 48: '0'.repeat(62) })
    expect(answer.fields[48]).toBe(`${total(1000, 1)}${total(0, 0)}2${'0'.repeat(30)}2`)
    const record = (stan: string, amount: string) =>
      `00${stan}${'6212345678901232'.padStart(20, '0')}${amount.padStart(12, '0')}`
    books.ask('batchUpload', {
      stan: '000003',
      'upload.records': `02${record('000001', '1000')}${record('000009', '700')}`,
    })
    books.ask('batchEnd', { stan: '000004', 'upload.count.4': '0002' })
    const uploaded = query(books.ledger, 'SELECT stan, amount, entry FROM upload ORDER BY stan')
    expect(uploaded).toEqual([
      { stan: '000001', amount: 1000, entry: 1 },
      { stan: '000009', amount: 700, entry: null },
    ])
    expect(batchOf(books.ask('signOn'))).toBe('000002')
  })

  test('an ISO reconciliation counts what came since the last one', () => {
    const books = createBooks({ dialect: 'iso87-ascii' })
    const sums = (debits: number, count: number) => ({
      ...Object.fromEntries(
        ['creditCount', 'creditReversalCount', 'debitReversalCount'].map((name) => [
          `totals.${name}.10`,
          '0'.repeat(10),
        ]),
      ),
      ...Object.fromEntries(
        ['creditAmount', 'creditReversalAmount', 'debitReversalAmount'].map((name) => [
          `totals.${name}.16`,
          '0'.repeat(16),
        ]),
      ),
      'totals.debitCount.10': String(count).padStart(10, '0'),
      'totals.debitAmount.16': String(debits).padStart(16, '0'),
      'totals.net.16': `${debits > 0 ? 'D' : 'C'}${String(debits).padStart(16, '0')}`,
    })
    books.ask('sale')
    expect(books.ask('settlement', { ...sums(1000, 1), stan: '000002' }).fields[66]).toBe('1')
    expect(books.ask('settlement', { ...sums(0, 0), stan: '000003' }).fields[66]).toBe('1')
    books.ask('sale', { stan: '000004' })
    const answer = books.ask('settlement', { ...sums(0, 0), stan: '000005' })
    expect([answer.fields[66], answer.fields[76], answer.fields[88], answer.fields[97]]).toEqual([
      '2',
      '0000000001',
      '0000000000001000',
      'D0000000000001000',
    ])
  })
})

const answered = (message: { fields: Record<string, unknown> }) => ({ rrn: String(message.fields[37]) })
