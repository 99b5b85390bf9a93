import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Decision, Posting } from '../../src/acquirer/posting.js'
import { builtInDialects } from '../../src/codec/dialects/index.js'
import { createHarness, type Fate, namedMessage } from './harness.js'

const codeOf = (fate: Fate) => fate.answers[0]?.message.fields[39]
const constantly = (p50: string, workers = 1) => ({ workers, serviceTime: { p50 } })

describe.each(builtInDialects.map((dialect) => [dialect.name, dialect] as const))('%s', (_name, dialect) => {
  const { codes } = dialect.rules

  test.each(['sale', 'balance', 'signOn', 'echo'])('answers %s at once, with what the request asked for', (name) => {
    const { sendNamed, acquirer } = createHarness({ dialect })
    const request = namedMessage(dialect, name)
    const { answers } = sendNamed(name)
    expect(answers).toHaveLength(1)
    const answer = answers[0]?.message
    expect(answer?.mti).toBe(`${request.mti.slice(0, 2)}${Number(request.mti[2]) + 1}${request.mti[3]}`)
    expect(dialect.rules.approved).toContain(answer?.fields[39])
    for (const field of [3, 4, 7, 11, 41, 42, 49]) {
      if (answer?.fields[field] !== undefined)
        expect([field, answer.fields[field]]).toEqual([field, request.fields[field]])
    }
    for (const field of dialect.rules.matchBy) expect(answer?.fields[field]).toBe(request.fields[field])
    expect(acquirer.counts()).toMatchObject({ requests: 1, ignored: 0, malformed: 0, unsendable: 0 })
  })

  test('gives an approved sale an authorisation code, a declined one none', () => {
    const rules = [{ match: { 4: '000000009999' }, answer: codes.issuerDown }]
    const { sendNamed } = createHarness({ dialect, acquirer: { rules } })
    expect(sendNamed('sale').answers[0]?.message.fields[38]).toMatch(/^\d{6}$/)
    // ISO 8583:2003 has the currency in front of an amount, and a condition on the amount need not know it.
    const inFront = dialect.rules.dataChecks?.currency === undefined ? '' : `${dialect.rules.currency}2`
    const declined = sendNamed('sale', { 4: `${inFront}000000009999` })
    expect(codeOf(declined)).toBe(codes.issuerDown)
    expect(declined.answers[0]?.message.fields).not.toHaveProperty('38')
  })

  test('a balance inquiry shows a balance in the currency of the dialect', () => {
    const { sendNamed } = createHarness({ dialect })
    const amounts = sendNamed('balance').answers[0]?.message.fields[54]
    expect(amounts).toMatch(new RegExp(`^\\d{4}${dialect.rules.currency}2?C\\d{12}$`))
  })

  test('a rule applies to network messages too, and refuses by its code', () => {
    const { sendNamed } = createHarness({ dialect, acquirer: { rules: [{ match: {}, answer: codes.malfunction }] } })
    expect(codeOf(sendNamed('signOn'))).toBe(codes.malfunction)
  })

  test('never throws, and answers or dismisses every message once, whatever its bytes are', () => {
    const { codec, sendBytes, clock } = createHarness({ dialect, acquirer: constantly('1ms', 4) })
    const valid = ['sale', 'balance', 'signOn', 'echo'].map((name) => codec.pack(namedMessage(dialect, name)))
    const mutated = fc
      .tuple(
        fc.constantFrom(...valid),
        fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 5 }),
        fc.option(fc.nat(300)),
      )
      .map(([bytes, changes, cut]) => {
        const copy = bytes.slice()
        for (const [at, byte] of changes) copy[at % copy.length] = byte
        return cut === null ? copy : copy.subarray(0, Math.min(cut, copy.length))
      })
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 300 })), (bytes) => {
        const fate = sendBytes(bytes)
        clock.run()
        expect(fate.answers.length + fate.dismissed).toBe(1)
      }),
      { numRuns: 300 },
    )
  })
})

describe('MTIs', () => {
  const cases = [
    { dialect: 'cup-pos', message: 'sale', mti: '0400', answer: '0410' },
    { dialect: 'cup-pos', message: 'sale', mti: '0220', answer: '0230' },
    { dialect: 'iso87-ascii', message: 'sale', mti: '0100', answer: '0110' },
    { dialect: 'iso87-ascii', message: 'sale', mti: '0201', answer: '0210' },
    { dialect: 'iso87-binary', message: 'sale', mti: '0420', answer: '0430' },
    { dialect: 'iso87-binary', message: 'sale', mti: '0421', answer: '0430' },
    { dialect: 'iso87-ascii', message: 'echo', mti: '0801', answer: '0810' },
    { dialect: 'iso87-ascii', message: 'echo', mti: '0520', answer: '0530' },
    { dialect: 'iso93-ascii', message: 'echo', mti: '1804', answer: '1814' },
    { dialect: 'iso93-binary', message: 'sale', mti: '1421', answer: '1430' },
  ]
  for (const { dialect, message, mti, answer } of cases) {
    test(`${dialect}: ${mti} is answered ${answer}, approved`, () => {
      const harness = createHarness({ dialect })
      const fate = harness.sendNamed(message, { mti })
      expect(fate.answers[0]?.message.mti).toBe(answer)
      expect(harness.codec.dialect.rules.approved).toContain(codeOf(fate))
    })
  }

  test('responses and notifications are counted, dismissed and not answered', () => {
    const { sendNamed, acquirer } = createHarness({ dialect: 'iso87-ascii' })
    const fates = ['0210', '0230', '0240', '0810', '0250'].map((mti) => sendNamed('sale', { mti }))
    expect(fates).toEqual(fates.map(() => ({ answers: [], dismissed: 1 })))
    expect(acquirer.counts()).toMatchObject({ requests: 0, ignored: 5, answers: {} })
  })

  test('success has its own action code for each class of 1993', () => {
    const { sendNamed } = createHarness({ dialect: 'iso93-ascii' })
    const codes = ['1200', '1420', '1520', '1804'].map((mti) => codeOf(sendNamed('sale', { mti })))
    expect(codes).toEqual(['000', '400', '500', '800'])
  })
})

describe('rules', () => {
  const rules = [
    { match: { 41: 'BAD*' }, answer: '97' },
    { match: { mti: '0200', 4: '000000050000..000000099999' }, answer: '61' },
    { match: { 4: ['000000000051', '000000051000'] }, answer: '51' },
  ]
  const cases = [
    { fields: { 4: '000000000051' }, code: '51', name: 'a value of a list' },
    { fields: { 4: '000000051000' }, code: '61', name: 'the first of two that match' },
    { fields: { 4: '000000051000', 41: 'BAD00001' }, code: '97', name: 'a prefix before all others' },
    { fields: { 4: '000000051000', mti: '0220' }, code: '51', name: 'the next where the MTI differs' },
    { fields: { 4: '000000049999' }, code: '00', name: 'none: approved' },
  ]
  for (const { fields, code, name } of cases) {
    test(`${name}: ${code}`, () => {
      const { sendNamed, acquirer } = createHarness({ acquirer: { rules } })
      expect(codeOf(sendNamed('sale', fields))).toBe(code)
      expect(acquirer.counts().answers).toEqual({ [code]: 1 })
    })
  }

  test('a code that does not fit the dialect is refused when the acquirer is made', () => {
    expect(() => createHarness({ acquirer: { rules: [{ match: {}, answer: '1234' }] } })).toThrow(
      /^acquirer\.rules\[0\]\.answer: /,
    )
  })

  test('a placeholder that no answer knows is refused, with its field', () => {
    const iso87 = builtInDialects.find(({ name }) => name === 'iso87-ascii') as (typeof builtInDialects)[number]
    const answers = [{ request: { mti: '0200' }, echoed: [11], set: { 38: '{authcode}' } }]
    const dialect = { ...iso87, name: 'mine', rules: { ...iso87.rules, answers } }
    expect(() => createHarness({ dialect })).toThrow(
      /^dialect mine, answer rule 1: answer field 38: unknown placeholder \{authcode\}/,
    )
  })
})

describe('with a service time', () => {
  test('answers in the order of arrival, from a copy of the request', () => {
    const { sendNamed, clock, acquirer } = createHarness({ acquirer: constantly('50ms') })
    const stans = ['000001', '000002', '000003']
    const fates = stans.map((stan) => sendNamed('sale', { 11: stan }))
    expect(fates.flatMap(({ answers }) => answers)).toEqual([])
    expect(acquirer.counts()).toMatchObject({ busy: 1, queued: 2 })
    clock.run()
    const answers = fates.map((fate) => fate.answers[0])
    expect(answers.map((answer) => [answer?.at, answer?.message.fields[11]])).toEqual([
      [50, '000001'],
      [100, '000002'],
      [150, '000003'],
    ])
    expect(acquirer.counts()).toMatchObject({
      requests: 3,
      busy: 0,
      queued: 0,
      queueHighWater: 2,
      answers: { '00': 3 },
    })
  })

  test('network messages wait for no worker', () => {
    const { sendNamed, clock } = createHarness({ acquirer: constantly('10s') })
    sendNamed('sale')
    sendNamed('sale')
    clock.run(1000)
    expect(sendNamed('echo').answers[0]?.at).toBe(1000)
    expect(sendNamed('signOn').answers[0]?.at).toBe(1000)
  })

  test('one request more than may wait is answered with a malfunction, at once', () => {
    const { sendNamed, clock, acquirer } = createHarness({ acquirer: { ...constantly('50ms'), queueLimit: 1 } })
    const fates = [1, 2, 3].map(() => sendNamed('sale'))
    expect(fates.map(codeOf)).toEqual([undefined, undefined, '96'])
    clock.run()
    expect(fates.map(codeOf)).toEqual(['00', '00', '96'])
    expect(acquirer.counts()).toMatchObject({ refused: 1, answers: { '00': 2, '96': 1 } })
  })

  test('more bytes than may be held are refused in the same way, until some are answered', () => {
    const { sendNamed, clock } = createHarness({ acquirer: constantly('50ms'), maxHeldBytes: 100 })
    const fates = [1, 2, 3].map(() => sendNamed('sale'))
    expect(codeOf(fates[2] as Fate)).toBe('96')
    clock.run()
    const later = sendNamed('sale')
    clock.run()
    expect(codeOf(later)).toBe('00')
  })

  test('local times are those of the answer, in the zone', () => {
    const { sendNamed, clock } = createHarness({ acquirer: constantly('5s') })
    const fate = sendNamed('sale')
    clock.run()
    expect(fate.answers[0]?.message.fields).toMatchObject({ 12: '203501', 13: '0203' })
  })

  test('equal seeds give equal answers at equal times', () => {
    const run = (seed: number) => {
      const { sendNamed, clock } = createHarness({ acquirer: { serviceTime: { p50: '40ms', p99: '180ms' } }, seed })
      const fates = Array.from({ length: 20 }, () => sendNamed('sale'))
      clock.run()
      return fates
    }
    expect(run(7)).toEqual(run(7))
    expect(run(7)).not.toEqual(run(8))
  })
})

describe('what cannot be carried out', () => {
  test('a type of message without a rule is answered as not supported', () => {
    const { sendNamed, acquirer } = createHarness()
    const fate = sendNamed('sale', { mti: '0700' })
    expect(fate.answers[0]?.message).toMatchObject({ mti: '0710', fields: { 11: '000123', 39: '40', 41: 'T0000001' } })
    expect(acquirer.counts().answers).toEqual({ 40: 1 })
  })

  test('a message that breaks off gets a format error with the fields before the break', () => {
    const { codec, sendBytes, acquirer } = createHarness()
    const bytes = codec.pack(namedMessage(codec.dialect, 'sale'))
    const fate = sendBytes(bytes.subarray(0, bytes.length - 3))
    expect(fate.answers[0]?.message).toMatchObject({ mti: '0210', fields: { 11: '000123', 39: '30', 41: 'T0000001' } })
    expect(acquirer.counts()).toMatchObject({ requests: 0, malformed: 1, answers: { 30: 1 } })
  })

  test('a message that breaks off before it can be told apart is dismissed', () => {
    const { codec, sendBytes, acquirer } = createHarness()
    const bytes = codec.pack(namedMessage(codec.dialect, 'sale'))
    expect(sendBytes(bytes.subarray(0, 12))).toEqual({ answers: [], dismissed: 1 })
    expect(acquirer.counts()).toMatchObject({ malformed: 1, answers: {} })
  })

  test('a request without anything to match its answer by is a format error', () => {
    const { sendNamed } = createHarness()
    expect(codeOf(sendNamed('sale', { 11: undefined, 41: undefined }))).toBe('30')
  })

  test('an answer that is longer than a frame is counted and dismissed', () => {
    const { sendNamed, acquirer } = createHarness({ maxBodyBytes: 10 })
    expect(sendNamed('sale')).toEqual({ answers: [], dismissed: 1 })
    expect(acquirer.counts()).toMatchObject({ unsendable: 1, answers: {} })
  })
})

describe('posting', () => {
  /** Keeps what it was given until it is told to go on. */
  function slowPosting() {
    const waiting: { stan: string | undefined; decision: Decision; done: (final: Decision) => void }[] = []
    const posting: Posting = {
      post: (request, decision, asker) =>
        waiting.push({ stan: request.text(11), decision, done: (final) => asker.conclude(final) }),
    }
    return { posting, waiting }
  }

  test('no answer leaves before its posting is done', () => {
    const { posting, waiting } = slowPosting()
    const { sendNamed } = createHarness({ posting })
    const fates = ['000001', '000002'].map((stan) => sendNamed('sale', { 11: stan }))
    expect(fates.map(codeOf)).toEqual([undefined, undefined])
    for (const { decision, done } of waiting) done(decision)
    expect(fates.map((fate) => fate.answers[0]?.message.fields[11])).toEqual(['000001', '000002'])
  })

  test('decides the answer: the first one again, or another code', () => {
    const { posting, waiting } = slowPosting()
    const { sendNamed, acquirer } = createHarness({ posting })
    const fates = [sendNamed('sale'), sendNamed('sale'), sendNamed('sale')]
    const first = waiting[0]?.decision as Decision
    for (const { done } of waiting.slice(0, 2)) done(first)
    waiting[2]?.done({ ...first, code: '94' })
    const [one, again, duplicate] = fates.map((fate) => fate.answers[0]?.message.fields)
    expect(again).toEqual(one)
    expect(duplicate).toMatchObject({ 39: '94' })
    expect(duplicate).not.toHaveProperty('38')
    expect(acquirer.counts().answers).toEqual({ '00': 2, '94': 1 })
  })

  test('done twice answers once', () => {
    const { posting, waiting } = slowPosting()
    const { sendNamed } = createHarness({ posting })
    const fate = sendNamed('sale')
    for (const _ of [1, 2]) waiting[0]?.done(waiting[0].decision)
    expect(fate.answers).toHaveLength(1)
  })

  test('comes after the service; what is turned away at the door is posted at once, as refused', () => {
    const { posting, waiting } = slowPosting()
    const { sendNamed, clock } = createHarness({ posting, acquirer: { ...constantly('50ms'), queueLimit: 0 } })
    const fate = sendNamed('sale')
    const refused = sendNamed('sale')
    sendNamed('sale', { mti: '0800', 60: undefined })
    expect(waiting.map(({ decision }) => decision.code)).toEqual(['96', '00'])
    clock.run(60)
    expect(waiting).toHaveLength(3)
    expect([fate.answers, refused.answers]).toEqual([[], []])
    waiting[2]?.done(waiting[2].decision)
    expect(fate.answers[0]?.at).toBe(60)
  })
})
