// The effect of a terminal's messages on the books of a host.

import { expect, test } from 'vitest'
import { createZone } from '../../../src/base/zone.js'
import { compile } from '../../../src/codec/compile.js'
import { builtInDialects } from '../../../src/codec/dialects/index.js'
import { planMessage } from '../../../src/terminal/requests/message-plan.js'
import { inKinds } from '../../../src/terminal/requests/posting-of.js'

const otherNames: Record<string, string> = {
  salePin: 'sale',
  salePinDukpt: 'sale',
  saleChip: 'sale',
  batchEnd: 'batchUpload',
}

for (const dialect of builtInDialects) {
  test(`${dialect.name}: the books' word for a message of the dialect is its name, or that of what it is a form of`, () => {
    const codec = compile(dialect)
    const moving = Object.entries(dialect.messages).filter(([, { money }]) => money !== undefined)
    expect(moving.length).toBeGreaterThan(0)
    for (const [name, message] of moving) {
      const { posting } = planMessage(name, message, codec, createZone('UTC'))
      expect(posting?.kind, name).toBe(otherNames[name] ?? name)
    }
  })
}

test('rows go under the words of the books; those of a message that there is no more stay as they are', () => {
  const row = { terminal: '1', merchant: '1', batch: '1', stan: '1', amountMinor: 1, state: 'charged' } as const
  const postings = { saleChip: { kind: 'sale', effect: 'charge' } } as const
  const plan = (name: string) => (name === 'saleChip' ? { posting: postings[name] } : undefined)
  const rows = ['saleChip', 'refund', 'saleChip'].map((kind) => ({ ...row, kind }))
  expect([...inKinds(rows, plan)].map(({ kind }) => kind)).toEqual(['sale', 'refund', 'sale'])
})
