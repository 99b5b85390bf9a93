// `isochron dialects` and `--dialect` with files: listed, shown, converted, spoken.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { specFiles } from '../../bench/spec-samples.js'
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
    expect(stdout).toMatch(/^(host|mine): /)
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
