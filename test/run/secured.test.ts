// A whole run with keys that the sign-on brings, every MAC checked on both sides: over mutual TLS, and in virtual time.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acquirerSchema } from '../../src/acquirer/options.js'
import { builtInDialect } from '../../src/codec/dialects/index.js'
import { formatAddress } from '../../src/run/addresses.js'
import { startAcquirer } from '../../src/run/hosts/start-acquirer.js'
import { readTls } from '../../src/run/keys/tls-files.js'
import { runScenario } from '../../src/run/run-scenario.js'
import { sendMessage } from '../../src/run/send-message.js'
import { loadScenario } from '../../src/scenario/reader.js'
import { makeCertificates } from '../transport/certificates.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'isochron-secured-'))
  const certificates = makeCertificates()
  writeFileSync(join(folder, 'ca.pem'), certificates.ca)
  for (const name of ['server', 'client', 'expired'] as const) {
    writeFileSync(join(folder, `${name}.pem`), certificates[name].cert)
    writeFileSync(join(folder, `${name}.key`), certificates[name].key, { mode: 0o600 })
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const pem = (name: string) => ({
  ca: join(folder, 'ca.pem'),
  cert: join(folder, `${name}.pem`),
  key: join(folder, `${name}.key`),
})

const startHost = (certificate: string) =>
  startAcquirer({
    dialect: 'cup-pos',
    listen: { host: '127.0.0.1', port: 0 },
    acquirer: acquirerSchema.parse({}),
    seed: 1,
    tls: readTls({ ...pem(certificate), requireClientCertificate: true }),
  })

const scenarioFor = (target: string, tls: string) => `
name: secured
terminals: { count: 10, target: ["${target}"], connectTimeout: 2s, timeout: 2s, mix: { sale: 1, salePin: 1, balance: 1 } }
tls: ${tls}
seed: 7
load: [ { hold: { rate: 100/s, for: 1s } } ]
`
const run = (text: string, clock?: 'virtual') => {
  const { scenario, source } = loadScenario(text, join(folder, 'scenario.yaml'))
  return runScenario(scenario, { source, ...(clock === undefined ? {} : { clock }) })
}

test('one message says that the host may not accept our certificate, and which that is', async () => {
  await using host = await startHost('server')
  const sent = await sendMessage({
    ...{
      dialect: builtInDialect('cup-pos'),
      framing: undefined,
      codec: 'isochron',
      target: host.address,
      timeoutMs: 10_000,
    },
    tls: readTls(pem('expired')),
    message: { mti: '0800', fields: { 11: '000001', 41: 'TERM0001', 42: '898000000000001', 60: '00000001001' } },
  })
  expect(sent).toMatchObject({
    kind: 'noAnswer',
    reason: expect.stringMatching(/may not accept our certificate, which is CN=.*valid|our certificate has expired/),
  })
})

describe('over mutual TLS with keys from the sign-on', () => {
  test('every MAC and every PIN block is checked, on both sides', async () => {
    await using host = await startHost('server')
    const target = formatAddress(host.address)
    const result = await run(
      scenarioFor(target, '{ ca: ca.pem, cert: client.pem, key: client.key, minVersion: TLSv1.3 }'),
    )
    expect(result.outcomes).toMatchObject({ approved: result.offered, declined: 0, failed: 0 })
    expect(result.tls).toEqual({ insecure: false, ownCertificate: true, minVersion: 'TLSv1.3' })
    expect(result.keys).toMatchObject({ source: 'test keys' })
    expect(result.keys?.names).toContain('test-tmk')
    const { macs, pinBlocks, keysGiven } = host.counts()
    expect(macs).toEqual({ valid: result.offered, wrong: 0, absent: 0 })
    expect(pinBlocks).toEqual({ valid: result.breakdown.type.salePin?.offered, wrong: 0 })
    expect(keysGiven).toBe(10)
  })

  const failures = [
    {
      name: 'a host whose certificate has expired',
      host: 'expired',
      tls: '{ ca: ca.pem, cert: client.pem, key: client.key }',
      says: /CERT_HAS_EXPIRED/,
    },
    { name: 'a terminal without a certificate', host: 'server', tls: '{ ca: ca.pem }', says: /could sign on/ },
    {
      name: 'an authority that is not known',
      host: 'server',
      tls: '{ cert: client.pem, key: client.key }',
      says: /name it with --ca FILE/,
    },
  ]
  test.each(failures)('$name: one clear line, and exit code 5', async ({ host: certificate, tls, says }) => {
    await using host = await startHost(certificate)
    const failed = run(scenarioFor(formatAddress(host.address), tls))
    await expect(failed).rejects.toThrow(says)
    await expect(failed).rejects.toMatchObject({ exitCode: 5 })
  })

  test('--insecure is in the result', async () => {
    await using host = await startHost('expired')
    const insecure = '{ insecure: true, cert: client.pem, key: client.key }'
    const result = await run(scenarioFor(formatAddress(host.address), insecure))
    expect(result.tls?.insecure).toBe(true)
    expect(result.outcomes.approved).toBe(result.offered)
  })
})

describe('in virtual time', () => {
  const scenario = (more: string) => `
name: keys
seed: 7
terminals: { count: 5, mix: { sale: 1 } }
load: [ { hold: { rate: 50/s, for: 2s } } ]
${more}`

  test('the run says whose keys it used, and equal seeds give equal results', async () => {
    const [first, second] = [await run(scenario(''), 'virtual'), await run(scenario(''), 'virtual')]
    expect(first.outcomes.approved).toBe(first.offered)
    expect(first.keys?.source).toBe('test keys')
    expect(JSON.stringify(first)).toBe(JSON.stringify(second))
  })

  test('without keys nothing is signed', async () => {
    const result = await run(scenario('keys: none'), 'virtual')
    expect(result.keys).toBeNull()
    expect(result.outcomes.approved).toBe(result.offered)
  })
})

test('a terminal that is told A0 signs on again before its next transaction', async () => {
  const rules = [{ match: { 11: '000004' }, answer: 'A0' }]
  await using host = await startAcquirer({
    dialect: 'cup-pos',
    listen: { host: '127.0.0.1', port: 0 },
    acquirer: acquirerSchema.parse({ rules }),
    seed: 1,
  })
  const result = await run(`
name: A0
seed: 7
terminals: { count: 5, target: ["${formatAddress(host.address)}"] }
load: [ { hold: { rate: 100/s, for: 1s } } ]
`)
  // Numbers 1 to 3: sign-on and two sales; 4: the refusal; 5: the sign-on that follows it.
  expect(result.responseCodes.A0).toBe(5)
  expect(host.counts()).toMatchObject({ keysGiven: 10, macs: { wrong: 0 } })
  expect(result.outcomes.approved).toBe(result.offered - 5)
})
