// `isochron dialects` and `--dialect` with files: listed, shown, converted, spoken.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { specFiles } from '../../bench/spec-samples.js'
import { builtInDialects } from '../../src/codec/dialects/index.js'
import { isochron } from './fake-io.js'

const folder = mkdtempSync(join(tmpdir(), 'isochron-specs-'))
afterAll(() => rmSync(folder, { recursive: true }))
const message = '{"mti":"0200","fields":{"3":"000000","11":"000042","41":"00000001"}}'

for (const { name, file, text } of specFiles()) {
  const path = join(folder, file)
  writeFileSync(path, text)

  test(`${name} is shown with its fields, messages and rules`, async () => {
    const { code, stdout, stderr } = await isochron(['dialects', path])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^(host|mine|j8583|spec|formats|layers): /)
    for (const part of ['\nmessages\n', '\nrules\n', '\n41 ']) expect(stdout).toContain(part)
  })

  test(`${name} is converted to a file that is read as the same dialect`, async () => {
    const converted = await isochron(['dialects', path, '--convert'])
    expect(converted.code).toBe(0)
    const again = join(folder, `${file}.ours.yaml`)
    writeFileSync(again, converted.stdout)
    expect(await isochron(['dialects', again, '--convert'])).toEqual(converted)
  })

  test(`${name} is what encode writes and decode reads`, async () => {
    const encoded = await isochron(['encode', '--dialect', path], message)
    expect(encoded.code).toBe(0)
    const decoded = await isochron(['decode', '--json', '--unmask', '--dialect', path], encoded.stdout)
    expect(JSON.parse(decoded.stdout)).toEqual(JSON.parse(message))
  })
}

test('what cannot be imported is one line with file, line and column', async () => {
  const path = join(folder, 'bad.xml')
  writeFileSync(
    path,
    '<isopackager>\n  <isofield id="2" length="19" class="org.jpos.iso.IFA_LLHBINARY"/>\n</isopackager>',
  )
  const { code, stdout, stderr } = await isochron(['decode', '--dialect', path], '0200')
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(/bad\.xml:2:3 field 2: class IFA_LLHBINARY is not a field class of jPOS .*\n$/)
})

describe('dialects --check', () => {
  test('packs and unpacks every field, and underlines each field of a sale', async () => {
    const { code, stdout } = await isochron(['dialects', '--check', 'iso87-binary'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/127 fields packed and unpacked \d+ times.*\nevery value came back\nall \d+ messages can be/)
    expect(stdout).toMatch(/\n {2}0000 {2}0200723C\w+\n {8}mti-bitmap=+2-+3=+4-+7=+\n/)
    expect(stdout).toMatch(/\n {2}41 +at \d+ +8 bytes +terminalId\n/)
  })

  test('every built-in dialect comes back', async () => {
    for (const { name } of builtInDialects) expect((await isochron(['dialects', name, '--check'])).code, name).toBe(0)
  })

  test('names the field, the length and the reason of what does not; exit 3', async () => {
    const path = join(folder, 'narrow.yaml')
    const inside = '{ kind: positional, fields: { 1: { name: a, format: an 6 }, 2: { name: b, format: an 6 } } }'
    writeFileSync(
      path,
      `base: iso87-ascii\nfields: { 48: { format: ans 10, inside: ${inside} }, 49: { format: an 2 } }\n`,
    )
    const { code, stdout } = await isochron(['dialects', path, '--check'])
    expect(code).toBe(3)
    expect(stdout).toMatch(/\n\d did not come back:\n {2}48 +additionalDataPrivate +full +cannot be packed: field 48/)
    expect(stdout).toContain('\n  sale: field 49: expected at most 2 characters, got 3')
    const record = JSON.parse((await isochron(['dialects', path, '--check', '--json'])).stdout)
    expect(record).toMatchObject({ dialect: 'narrow', fields: 127 })
    expect(record.problems[0]).toMatchObject({ field: '48', size: 'full' })
    expect(Object.keys(record.messageProblems)).toContain('sale')
  })
})
