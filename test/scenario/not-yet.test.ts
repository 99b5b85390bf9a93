// Every key whose feature is missing is refused by its name.

import { expect, test } from 'vitest'
import { type NotYetKey, notYetKeys, refusedKeys } from '../../src/scenario/not-yet.js'
import { formatPath } from '../../src/scenario/overlay.js'

const examples: readonly NotYetKey[] = [
  { path: ['terminals', 'dreams'], feature: 'dreams' },
  { path: ['load', '*', 'dream'], feature: 'dreams', when: Array.isArray },
]

for (const { path, feature } of [...notYetKeys, ...examples]) {
  test(`${path.join('.')} is refused (${feature})`, () => {
    const data = path.reduceRight<unknown>(
      (inner, step) => (step === '*' ? [inner] : { [step]: inner }),
      ['a:1', 'b:2'],
    )
    expect(refusedKeys(data, [...notYetKeys, ...examples])).toEqual([
      {
        path: path.map((step) => (step === '*' ? 0 : step)),
        text: `not supported by this version (${feature})`,
        atKey: true,
      },
    ])
  })
}

test('what is supported is not refused', () => {
  const data = { terminals: { target: ['a:1'] }, messages: { x: { fields: { '3': '000000' } } }, load: [{ dream: 1 }] }
  expect(refusedKeys(data, [...notYetKeys, ...examples]).map(({ path }) => formatPath(path))).toEqual([])
})
