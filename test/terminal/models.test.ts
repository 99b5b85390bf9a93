// Device models: shares of terminals, and what a wrong share says.

import { expect, test } from 'vitest'
import { modelOf, modelsSchema } from '../../src/terminal/options/models.js'

const models = modelsSchema.parse({
  old: { share: '35%', processing: { p50: '3s' } },
  new: { share: '65%', processing: { p50: '300ms', p99: '900ms' } },
})

test('each model gets its share of the terminals, and of every merchant that they are dealt to', () => {
  for (const merchants of [1, 2, 3, 5]) {
    for (let merchant = 0; merchant < merchants; merchant++) {
      const own = Array.from({ length: 200 }, (_, index) => modelOf(models, index * merchants + merchant))
      const old = own.filter((name) => name === 'old').length
      expect(old).toBeGreaterThan(60)
      expect(old).toBeLessThan(80)
    }
  }
  expect(modelOf(undefined, 3)).toBeUndefined()
})

test('shares that are not 100% together are refused', () => {
  const only = { one: { share: '40%', processing: { p50: '1s' } } }
  expect(modelsSchema.safeParse(only).error?.issues[0]?.message).toMatch('100% together')
})
