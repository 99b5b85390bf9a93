// `constructor`, a name that every object of JavaScript has, is no entry of an importer's tables.

import { expect, test } from 'vitest'
import { specFiles } from '../../../bench/spec-samples.js'
import { UsageError } from '../../../src/base/errors.js'
import { importDialect } from '../../../src/codec/importers/import-dialect.js'

/** Each word of each sample in turn, as a mistake would have it. */
test.each(specFiles())('$name', ({ text, file }) => {
  const words = [...text.matchAll(/[\w.]+/g)].filter(([word]) => /[a-z]/i.test(word))
  for (const { index, 0: word } of words) {
    const damaged = `${text.slice(0, index)}constructor${text.slice(index + word.length)}`
    try {
      importDialect(damaged, file)
    } catch (error) {
      expect(error, `in the place of ${word}`).toBeInstanceOf(UsageError)
      expect((error as Error).message).not.toContain('native code')
    }
  }
})
