// Test cards meet the answers that they stand for, in dialects of each version, and rules and faults choose by card.

import { describe, expect, test } from 'vitest'
import { cardOutcomeNames } from '../../src/base/cards/outcomes.js'
import { builtInDialect, builtInDialects } from '../../src/codec/dialects/index.js'
import { runScenario } from '../../src/run/run-scenario.js'
import { scenarioFromData } from '../../src/scenario/reader.js'

async function run(given: object) {
  const data = { name: 'cards', seed: 3, load: [{ hold: { rate: '20/s', for: '2s' } }], ...given }
  const { scenario, source } = scenarioFromData(data)
  const { outcomes, responseCodes, books } = await runScenario(scenario, { source, clock: 'virtual' })
  return { outcomes, codes: Object.keys(responseCodes).sort(), agree: books?.agree }
}

const every = Object.fromEntries(cardOutcomeNames.map((name) => [name, '6.25%']))

for (const { name, rules } of builtInDialects) {
  test(`${name} has a code for every outcome, and words for it`, () => {
    expect(Object.keys(rules.cardOutcomes ?? {})).toEqual(cardOutcomeNames)
    for (const code of Object.values(rules.cardOutcomes ?? {})) {
      expect(rules.meanings?.[code], code).toBeDefined()
      expect(rules.approved).not.toContain(code)
    }
  })
}

for (const { name, rules } of ['cup-pos', 'iso2003-binary', 'base24'].map(builtInDialect)) {
  test(`${name}: a declined card for every outcome`, async () => {
    const cards = { visa: { outcomes: every } }
    const load = [{ hold: { rate: '100/s', for: '3s' } }]
    const { outcomes, codes, agree } = await run({ dialect: name, terminals: { count: 5, cards }, load })
    expect({ approved: outcomes.approved, codes, agree }).toEqual({
      approved: 0,
      codes: [...new Set(Object.values(rules.cardOutcomes ?? {}))].sort(),
      agree: true,
    })
  })
}

const stolen = { amex: { outcomes: { stolen: '100%' } } }

describe('who acts on a card', () => {
  test('a rule by outcome or brand comes first', async () => {
    const rules = [{ match: { card: 'stolen' }, answer: '59' }]
    expect((await run({ terminals: { cards: stolen }, acquirer: { rules } })).codes).toEqual(['59'])
    const byBrand = [{ match: { card: ['jcb', 'amex'], '3': '00*' }, answer: '57' }]
    expect((await run({ terminals: { cards: 'amex' }, acquirer: { rules: byBrand } })).codes).toEqual(['57'])
  })

  test('a host that is told not to looks at no card', async () => {
    expect((await run({ terminals: { cards: stolen }, acquirer: { cardOutcomes: false } })).codes).toEqual(['00'])
  })

  test('a card that only track 1 tells is known too', async () => {
    const messages = {
      sale: {
        mti: '0200',
        fields: { 3: '000000', 4: '{amount}', 11: '{stan}', 22: '021', 41: '{terminal}', 45: '{card.track1}' },
      },
    }
    const { codes } = await run({ dialect: 'iso87-ascii', messages, terminals: { cards: stolen } })
    expect(codes).toEqual(['43'])
  })

  test('a fault hits the cards of one brand', async () => {
    const faults = [{ on: 'acquirer', no_answer: {}, match: { mti: '0210', card: 'amex' } }]
    const terminals = { count: 40, cards: { amex: 1, visa: 1 }, timeout: '1s' }
    const { outcomes } = await run({ dialect: 'iso87-binary', terminals, faults })
    expect([outcomes.approved > 5, outcomes.timedOut > 5]).toEqual([true, true])
  })

  test('names that are none, and chips that no card has, are refused', async () => {
    const wrong = run({ acquirer: { rules: [{ match: { card: 'loss' }, answer: '41' }] } })
    await expect(wrong).rejects.toThrow("acquirer.rules[0].match: card: 'loss' is no brand and no outcome")
    const noChip = run({ terminals: { mix: { saleChip: 1 }, cards: { visa: { chip: '0%' } } } })
    await expect(noChip).rejects.toThrow('no card has a chip (service code 2xx or 6xx), and the mix has saleChip')
    expect(() => scenarioFromData({ name: 'x', load: [], terminals: { cards: { viza: 1 } } })).toThrow('viza')
    const much = { visa: { outcomes: { lost: '60%', stolen: '60%' } } }
    expect(() => scenarioFromData({ name: 'x', load: [], terminals: { cards: much } })).toThrow('more than 100%')
  })
})
