// Messages of which terminals and host would keep other books: told before a run, for every dialect that has a ledger.

import { describe, expect, test } from 'vitest'
import type { MessageDefinition } from '../../../src/codec/dialect.js'
import { builtInDialects } from '../../../src/codec/dialects/index.js'
import { checkRun } from '../../../src/run/check-run.js'
import { runScenario } from '../../../src/run/run-scenario.js'
import { scenarioFromData } from '../../../src/scenario/reader.js'

const withLedger = builtInDialects.filter(({ rules, messages }) => rules.ledger !== undefined && messages.sale)

function scenarioOf(dialect: string, messages: Readonly<Record<string, MessageDefinition>>, mix: object) {
  return scenarioFromData({
    ...{ name: 'own', seed: 1, dialect, keys: 'none', messages },
    terminals: { count: 2, mix, timeout: '2s' },
    load: [{ hold: { rate: '2/s', for: '1s' } }],
  })
}

async function warningsOf(dialect: string, message: MessageDefinition) {
  return await checkRun(scenarioOf(dialect, { mine: message }, { mine: 1 }).scenario)
}

/** Whether both sides keep the same books of it, tried out. */
async function booksOf(dialect: string, message: MessageDefinition) {
  const { scenario, source } = scenarioOf(dialect, { mine: message }, { mine: 1 })
  return (await runScenario(scenario, { source, clock: 'virtual' })).books?.agree
}

const without = ({ fields, ...rest }: MessageDefinition, field: string): MessageDefinition => ({
  ...rest,
  fields: Object.fromEntries(Object.entries(fields).filter(([key]) => key !== field)),
})

describe('no message that ships is warned of', () => {
  test.each(builtInDialects.map((dialect) => [dialect.name, dialect] as const))('%s', async (name, dialect) => {
    const financial = Object.keys(dialect.messages).filter((each) => /^\d[12]/.test(dialect.messages[each]?.mti ?? ''))
    const mix = Object.fromEntries(financial.map((each) => [each, 1]))
    if (financial.length > 0) expect(await checkRun(scenarioOf(name, {}, mix).scenario)).toEqual([])
  })
})

describe('what is not warned of is booked alike', () => {
  test.each(withLedger.map((dialect) => [dialect.name, dialect] as const))('%s', async (name, { messages }) => {
    const sale = messages.sale as MessageDefinition
    const odd: Record<string, MessageDefinition> = {
      'no terminal': without(sale, '41'),
      'no merchant': without(sale, '42'),
      'an inquiry': { ...sale, fields: { ...sale.fields, '3': '310000' } },
      'nothing in doubt': { ...sale, money: { inDoubt: { do: 'nothing' } } },
      'no detail': without(sale, '60'),
      'no batch': without(without(sale, '13'), '12'),
    }
    for (const [what, message] of Object.entries(odd)) {
      const isWarned = (await warningsOf(name, message)).length === 1
      expect(isWarned || (await booksOf(name, message)) === true, what).toBe(true)
    }
    expect(await warningsOf(name, without(sale, '4'))).toHaveLength(1)
  })
})

describe('the warning says what to do', () => {
  const sale = (dialect: string) =>
    builtInDialects.find(({ name }) => name === dialect)?.messages.sale as MessageDefinition
  const cup = sale('cup-pos')
  const iso = sale('iso87-ascii')
  const cases: readonly [name: string, dialect: string, message: MessageDefinition, says: string][] = [
    [
      'cup-pos without field 60',
      'cup-pos',
      without(cup, '60'),
      'warning: messages.mine: with a host of cup-pos, the host books no 0200 like it; it knows balance (field 60: 01*), sale (field 60: 22*)',
    ],
    ['another MTI', 'cup-pos', { ...cup, mti: '0120' }, 'the host books no 0120 like it, and terminals book a payment'],
    [
      'an inquiry with an amount',
      'iso87-ascii',
      { ...iso, fields: { ...iso.fields, '3': '310000' } },
      'takes it for a balance',
    ],
    ['no merchant', 'iso87-ascii', without(iso, '42'), 'field 42 is missing: the host books by terminal, merchant'],
    ['no batch', 'iso87-ascii', without(without(iso, '12'), '13'), 'field 13 and field 12 are missing'],
    ['no amount', 'iso87-ascii', without(iso, '4'), 'the host answers 30: field 4 is missing (field 4)'],
    [
      'an amount of zero',
      'iso87-ascii',
      { ...iso, fields: { ...iso.fields, '4': '000000000000' } },
      'the host answers 13: amount is zero (field 4)',
    ],
    [
      'a void that names nothing',
      'cup-pos',
      { ...cup, fields: { ...cup.fields, '60': '23000001' } },
      'a void, which names an earlier transaction in field 61 or 37',
    ],
    [
      'money that the terminals do not book',
      'iso93-ascii',
      { ...sale('iso93-ascii'), money: { inDoubt: { do: 'nothing' } } },
      'the host books a sale, and terminals do not: leave money.inDoubt out',
    ],
  ]
  test.each(cases)('%s', async (_, dialect, message, says) => {
    const [line = ''] = await warningsOf(dialect, message)
    expect(line).toContain(says)
  })

  test('a run says so too, before it begins', async () => {
    const lines: string[] = []
    const { scenario, source } = scenarioOf('cup-pos', { mine: without(cup, '60') }, { mine: 1 })
    await runScenario(scenario, { source, clock: 'virtual', onProgress: (line) => lines.push(line) })
    expect(lines[0]).toContain('warning: messages.mine: with a host of cup-pos')
  })
})
