// The data that cannot be right in a request, by field and dialect.

import { describe, expect, test } from 'vitest'
import { compileDataChecks, type DataCheck } from '../../../src/codec/checks/data-checks.js'
import { compile } from '../../../src/codec/compile.js'
import type { DataCheckRules } from '../../../src/codec/dialect.js'
import { builtInDialects } from '../../../src/codec/dialects/index.js'
import { namedMessage } from '../../acquirer/harness.js'

const month = '2602'

describe.each(builtInDialects.map((dialect) => [dialect.name, dialect] as const))('%s', (_name, dialect) => {
  const codec = compile(dialect)
  const { dataChecks, currency } = dialect.rules
  const rules = dataChecks as DataCheckRules
  const find = (fields: Record<string, string | undefined>, only?: readonly DataCheck[], name = 'sale') =>
    compileDataChecks(rules, currency, only)(codec.peek(codec.pack(namedMessage(dialect, name, fields))), month)

  /** A sale in this currency, which stands in front of the amount in 2003. */
  const inCurrency = (code: string) =>
    rules.currency === undefined ? { 49: code } : { [rules.currency.field]: `${code}2000000001234` }
  const noAmount = rules.currency === undefined ? '000000000000' : `${currency}2000000000000`

  const cases: readonly {
    what: string
    fields: Record<string, string | undefined>
    check: DataCheck
    code: keyof DataCheckRules['codes']
    field: number
  }[] = [
    { what: 'no amount', fields: { 4: undefined }, check: 'format', code: 'format', field: 4 },
    { what: 'an amount of zero', fields: { 4: noAmount }, check: 'amount', code: 'amount', field: 4 },
    { what: 'a wrong check digit', fields: { 2: '6212345678901233' }, check: 'luhn', code: 'card', field: 2 },
    { what: 'month 13', fields: { 14: '3013' }, check: 'format', code: 'format', field: 14 },
    { what: 'month 00', fields: { 14: '3000' }, check: 'format', code: 'format', field: 14 },
    { what: 'a card that expired last month', fields: { 14: '2601' }, check: 'expiry', code: 'expired', field: 14 },
    {
      what: 'a currency that is none',
      fields: inCurrency('000'),
      check: 'currency',
      code: 'currency',
      field: rules.currency?.field ?? 49,
    },
  ]
  test.each(cases)('$what is found', ({ fields, check, code, field }) => {
    expect(find(fields)).toMatchObject({ check, field, code: rules.codes[code] })
    expect(find(fields, [check])).toMatchObject({ field })
    const others = cases.map((each) => each.check).filter((each) => each !== check)
    expect(find(fields, others)).toBeUndefined()
  })

  test.each([
    { what: 'a sale', fields: {} },
    { what: 'a card that expires this month', fields: { 14: month } },
    { what: 'a sale without a currency, which is then the host’s', fields: { 49: undefined } },
    { what: 'a sale in another currency', fields: inCurrency('978') },
    { what: 'a balance inquiry, which has no amount', name: 'balance', fields: {} },
    { what: 'a sign-on', name: 'signOn', fields: {} },
  ])('$what is in order', ({ name, fields }) => {
    expect(find(fields, undefined, name)).toBeUndefined()
  })

  test('an advice is taken as it is: what it tells has happened', () => {
    const advice = `${dialect.messages.sale?.mti.slice(0, 2)}20`
    expect(find({ mti: advice, 4: '000000000000' })).toBeUndefined()
  })
})
