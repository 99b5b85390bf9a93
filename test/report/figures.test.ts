// Times as reports show them: three digits that count, and never zero for what is not.

import { expect, test } from 'vitest'
import { formatMs } from '../../src/report/layout/figures.js'

test.each([
  [null, '–'],
  [0, '0 ms'],
  [0.0004, '<0.001 ms'],
  [0.001, '0.001 ms'],
  [0.0096, '0.010 ms'],
  [0.01, '0.01 ms'],
  [0.35, '0.35 ms'],
  [12.34, '12.3 ms'],
  [812.2, '812 ms'],
  [12_345, '12,345 ms'],
])('%s is %s', (ms, text) => expect(formatMs(ms)).toBe(text))
