import { describe, expect, test } from 'vitest'
import { measuredSale } from '../../bench/measured-sale.js'
import { compile } from '../../src/codec/compile.js'
import { builtInDialects } from '../../src/codec/dialects/index.js'

describe('the message that the bench measures packs, and comes back, in', () => {
  for (const dialect of builtInDialects) {
    test(dialect.name, () => {
      const { pack, unpack } = compile(dialect)
      const bytes = pack(measuredSale(dialect))
      expect(pack(unpack(bytes))).toEqual(bytes)
    })
  }
})
