// The gates before the workers of a host: its checks of data, who goes first, and the third party that is asked.

import { describe, expect, test } from 'vitest'
import { simulatedThirdParty, type ThirdParty, type ThirdPartyQuestion } from '../../src/acquirer/intake/third-party.js'
import type { Asker, Decision } from '../../src/acquirer/posting.js'
import { createVirtualClock } from '../../src/base/virtual-clock.js'
import { createHarness, type Fate, wallStart } from './harness.js'

const codeOf = (fate: Fate) => fate.answers[0]?.message.fields[39]

describe('wrong data', () => {
  test.each([
    { what: 'an amount of zero', fields: { 4: '000000000000' }, code: '13' },
    { what: 'no amount', fields: { 4: undefined }, code: '30' },
    { what: 'a mistyped card number', fields: { 2: '6212345678901222' }, code: '14' },
    { what: 'an expired card', fields: { 14: '2601' }, code: '54' },
    { what: 'no such currency', fields: { 49: '000' }, code: '12' },
  ])('are answered with $code and posted nowhere: $what', ({ fields, code }) => {
    const posted: string[] = []
    const posting = {
      post: (_request: unknown, decision: Decision, asker: Asker) => {
        posted.push(decision.code)
        asker.conclude(decision)
      },
    }
    const { sendNamed } = createHarness({ posting })
    expect(codeOf(sendNamed('sale', fields))).toBe(code)
    expect(posted).toEqual([])
    expect(codeOf(sendNamed('sale'))).toBe('00')
    expect(posted).toEqual(['00'])
  })

  test('a card is good to the end of its month, where the host is', () => {
    // 2026-02-28 15:59 UTC is 23:59 in Shanghai.
    const clock = createVirtualClock(Date.UTC(2026, 1, 28, 15, 59))
    const { sendNamed } = createHarness({ clock })
    expect(codeOf(sendNamed('sale', { 14: '2602' }))).toBe('00')
    clock.run(60_000)
    expect(codeOf(sendNamed('sale', { 11: '000124', 14: '2602' }))).toBe('54')
  })

  test('a terminal that is not registered is told so, whatever it asks', () => {
    const { sendNamed } = createHarness({ acquirer: { terminals: ['T000*'] } })
    for (const name of ['sale', 'signOn']) {
      expect(codeOf(sendNamed(name))).toBe('00')
      expect(codeOf(sendNamed(name, { 41: 'X0000001' }))).toBe('97')
    }
  })
})

describe('in front of one worker', () => {
  const slow = { workers: 1, serviceTime: { p50: '10ms' } }
  const sendAs = (host: ReturnType<typeof createHarness>, merchants: readonly string[]) =>
    merchants.map((merchant, index) =>
      host.sendNamed('sale', { 11: String(index + 1).padStart(6, '0'), 42: merchant.padEnd(15) }),
    )
  const answeredAt = (fates: readonly Fate[]) => fates.map(({ answers }) => Math.round(answers[0]?.at ?? -1))

  test('the merchants of `priority` go first, in their order', () => {
    const host = createHarness({ acquirer: { ...slow, priority: ['GOLD', 'SILVER'] } })
    const fates = sendAs(host, ['TIN', 'TIN', 'SILVER', 'GOLD', 'GOLD'])
    host.clock.run()
    expect(answeredAt(fates)).toEqual([10, 50, 40, 20, 30])
  })

  test('a full line refuses its own rank only', () => {
    const host = createHarness({ acquirer: { ...slow, queueLimit: 1, priority: ['GOLD'] } })
    const fates = sendAs(host, ['TIN', 'TIN', 'TIN', 'GOLD', 'GOLD'])
    host.clock.run()
    expect(fates.map(codeOf)).toEqual(['00', '00', '96', '00', '96'])
  })

  test('a merchant beyond its limit waits behind the others, and is refused when its own line is full', () => {
    const host = createHarness({ acquirer: { ...slow, queueLimit: 2, limits: { SURGE: '10/s' } } })
    const fates = sendAs(host, ['SURGE', 'SURGE', 'SURGE', 'SURGE', 'TILL'])
    host.clock.run()
    expect(fates.map(codeOf)).toEqual(['00', '00', '00', '96', '00'])
    expect(answeredAt(fates)).toEqual([10, 110, 210, 0, 20])
    expect(host.acquirer.counts()).toMatchObject({ delayed: 2, refused: 1, queued: 0 })
  })
})

describe('a third party', () => {
  const withCheck = (
    thirdPartyCheck: object,
    thirdParty?: (clock: ReturnType<typeof createVirtualClock>) => ThirdParty,
  ) => {
    const clock = createVirtualClock(wallStart)
    const make = thirdParty ?? ((given) => simulatedThirdParty(given, 20))
    return createHarness({ clock, acquirer: { thirdPartyCheck }, thirdParty: make(clock) })
  }
  const silent = (): ThirdParty => ({ ask: () => () => {}, close: () => {} })

  test.each(['cup-pos', 'iso87-ascii', 'iso93-binary'])('has the clerk told what is wrong: %s', (dialect) => {
    const clock = createVirtualClock(wallStart)
    const host = createHarness({
      ...{ dialect, clock, acquirer: { thirdPartyCheck: {} } },
      thirdParty: simulatedThirdParty(clock, 20),
    })
    const fate = host.sendNamed('sale', { 4: '000000000000' })
    clock.run()
    const { dataChecks } = host.codec.dialect.rules
    expect(codeOf(fate)).toBe(dataChecks?.codes.amount)
    expect(fate.answers[0]?.message.fields[dataChecks?.hint?.field ?? 0]).toBe(
      `${dataChecks?.hint?.prefix ?? ''}amount is zero`,
    )
  })

  test('is asked about requests for money only, and costs its own time', () => {
    const host = withCheck({})
    const [sale, echo] = [host.sendNamed('sale'), host.sendNamed('echo')]
    host.clock.run()
    expect([sale.answers[0]?.at, echo.answers[0]?.at]).toEqual([20, 0])
    expect(host.acquirer.counts().thirdParty).toMatchObject({ asked: 1, silent: 0, skipped: 0, p50: 20 })
  })

  test('refuses what the host would have taken', () => {
    const asked: ThirdPartyQuestion[] = []
    const host = withCheck({}, (clock) => ({
      ask(question, done) {
        asked.push(question)
        const timer = clock.after(1, () => done({ ok: false, check: 'amount', hint: 'ask the cashier' }))
        return () => timer.cancel()
      },
      close: () => {},
    }))
    const fate = host.sendNamed('sale')
    host.clock.run()
    expect(codeOf(fate)).toBe('13')
    expect(fate.answers[0]?.message.fields[63]).toBe('000ask the cashier')
    expect(asked).toMatchObject([{ mti: '0200', amount: '000000001234', card: '621234******1232', found: null }])
    expect(JSON.stringify(asked)).not.toContain('6212345678901232')
  })

  test.each([
    { onTimeout: 'approve', code: '00' },
    { onTimeout: 'decline', code: '96' },
  ])('that says nothing in time: $onTimeout', ({ onTimeout, code }) => {
    const host = withCheck({ timeout: '200ms', onTimeout }, silent)
    const fate = host.sendNamed('sale')
    host.clock.run()
    expect(codeOf(fate)).toBe(code)
    expect(fate.answers[0]?.at).toBe(200)
    expect(host.acquirer.counts().thirdParty).toMatchObject({ asked: 1, silent: 1 })
  })

  test('is not asked more than a thousand questions at a time', () => {
    const host = withCheck({ timeout: '1s' }, silent)
    const fates = Array.from({ length: 1001 }, (_, index) =>
      host.sendNamed('sale', { 11: String(index + 1).padStart(6, '0') }),
    )
    expect(codeOf(fates[1000] as Fate)).toBe('00')
    host.clock.run()
    expect(fates.map(codeOf)).toEqual(fates.map(() => '00'))
    expect(host.acquirer.counts().thirdParty).toMatchObject({ asked: 1000, skipped: 1 })
  })

  test('is given up when the host closes', () => {
    const host = withCheck({})
    const fate = host.sendNamed('sale')
    host.acquirer.close()
    host.acquirer.close()
    host.clock.run()
    expect(fate.answers).toEqual([])
  })
})
