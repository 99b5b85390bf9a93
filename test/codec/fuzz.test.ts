// The short form of `npm run bench -- fuzz`: random and mutated input for every built-in dialect and importer.

import { describe, expect, test } from 'vitest'
import { fuzz, subjects } from '../../bench/fuzzing.js'

/** A second or two in all. */
const cases = { dialect: 1500, importer: 120 }

describe('random and mutated input ends in a value or a typed error:', () => {
  for (const subject of subjects()) {
    const isImporter = / /.test(subject.name)
    test(subject.name, () => {
      const { failures, taken } = fuzz(subject, {
        from: 0,
        to: isImporter ? cases.importer : cases.dialect,
        seed: 8583,
      })
      expect(failures).toEqual([])
      // Damage that is always refused at once would test nothing.
      expect(taken).toBeGreaterThan(0)
    })
  }
})
