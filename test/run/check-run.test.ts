// Whatever validate refuses run refuses too, with the same words; files that a scenario names are opened.

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { isochron } from '../cli/fake-io.js'

const folder = mkdtempSync(join(tmpdir(), 'isochron-validate-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const load = [{ hold: { rate: '1/s', for: '1s' } }]
const message = (fields: object) => ({ mti: '0200', fields: { 3: '000000', 4: '{amount}', 11: '{stan}', ...fields } })
const put = (name: string, text: string, mode = 0o600) => writeFileSync(join(folder, name), text, { mode })

put('cards.csv', 'pan,expiry\n4111111111111111,2912\n')
put('wrong.csv', 'pan,expiry\n4111111111111111,2913\n')
put('open.yaml', 'mak: { usage: mak, key: 0123456789ABCDEF }\n')
chmodSync(join(folder, 'open.yaml'), 0o666)
put('record.jsonl', '{"recording":"other"}\n')

const wrong: readonly (readonly [name: string, scenario: object, says: RegExp])[] = [
  [
    'a nested field 60 that the dialect has as text',
    { messages: { own: message({ 60: { 1: '22' } }) }, terminals: { mix: { own: 1 } } },
    /s\.yaml:1:\d+ messages\.own\.fields\.60: expected/,
  ],
  ['a key file that is not there', { keys: 'keys.yaml' }, /keys\.yaml: cannot be read \(ENOENT/],
  ['a key file that others may change', { keys: 'open.yaml' }, /open\.yaml: mode 0666 lets others change the keys/],
  [
    'a TLS key that others may change',
    { tls: { cert: 'cards.csv', key: 'open.yaml' } },
    /open\.yaml: mode 0666 lets others change/,
  ],
  ['a certificate that is not there', { tls: { ca: 'ca.pem' } }, /ca\.pem: cannot be read/],
  ['a card file with a wrong card', { terminals: { cards: 'wrong.csv' } }, /wrong\.csv:2 column expiry/],
  ['a recording that is none', { load: [{ replay: 'record.jsonl' }] }, /record\.jsonl:1: expected a recording/],
  ['a phase of a merchant that has no terminal', { load: [{ ...load[0], merchant: 'nobody' }] }, /nobody/],
  ['a folder in the place of a file', { terminals: { cards: '.' } }, /cannot be read \(EISDIR/],
]

describe('validate refuses as run does', () => {
  for (const [name, scenario, says] of wrong) {
    test(name, async () => {
      // A host elsewhere, which is never asked: what is wrong is found before.
      const terminals = { target: '127.0.0.1:1', ...('terminals' in scenario ? (scenario.terminals as object) : {}) }
      put('s.yaml', JSON.stringify({ name: 'wrong', load, ...scenario, terminals }))
      const validated = await isochron(['validate', join(folder, 's.yaml')])
      const ran = await isochron(['run', join(folder, 's.yaml'), '--quiet'])
      expect(validated.stderr).toMatch(says)
      expect(validated).toEqual(ran)
      expect(validated.code).toBe(2)
    })
  }

  test('with the place of each message that does not fit, in the mix or not', async () => {
    const file = join(folder, 'messages.yaml')
    const own = `own: { mti: '0200', fields: { '4': '{amout}', '11': '{stan}' } }`
    const long = `long: { mti: '0200', fields: { '3': '0000000' } }`
    const rest = `terminals: { target: '127.0.0.1:1' }\nload: [ { hold: { rate: 1/s, for: 1s } } ]\n`
    writeFileSync(file, `name: a\nmessages:\n  ${own}\n  ${long}\n${rest}`)
    for (const command of ['validate', 'run']) {
      const { code, stderr } = await isochron([command, file])
      const [first, second, ...more] = stderr.trim().split('\n')
      expect([code, more]).toEqual([2, []])
      expect(first).toContain(`${file}:3:38 messages.own.fields.4: unknown placeholder {amout}`)
      expect(second).toBe(`${file}:4:39 messages.long.fields.3: expected at most 6 digits, got 7`)
    }
  })

  test('with a line for each file that is wrong', async () => {
    put('s.yaml', JSON.stringify({ name: 'x', keys: 'a', tls: { ca: 'b' }, terminals: { cards: 'c' }, load }))
    const { stderr } = await isochron(['validate', join(folder, 's.yaml')])
    expect(stderr.trimEnd().split('\n')).toEqual(
      ['a', 'b', 'c'].map((file) => expect.stringMatching(`${file}:? cannot be read \\(ENOENT`)),
    )
  })
})

test('a scenario whose files are right is right, for a host elsewhere that is not asked', async () => {
  const terminals = { cards: 'cards.csv', target: '127.0.0.1:1' }
  put('s.yaml', JSON.stringify({ name: 'right', terminals, load }))
  const { code, stderr } = await isochron(['validate', join(folder, 's.yaml')])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
})
