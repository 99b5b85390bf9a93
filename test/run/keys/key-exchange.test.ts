// Every dialect that says how keys are asked for: the host's keys come over TCP at the first message, and are used from then on.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { acquirerSchema } from '../../../src/acquirer/options.js'
import { builtInDialects } from '../../../src/codec/dialects/index.js'
import { formatAddress } from '../../../src/run/addresses.js'
import { startAcquirer } from '../../../src/run/hosts/start-acquirer.js'
import { keysToData, readRunKeys } from '../../../src/run/keys/run-keys.js'
import { runScenario } from '../../../src/run/run-scenario.js'
import { loadScenario } from '../../../src/scenario/reader.js'

const folder = mkdtempSync(join(tmpdir(), 'isochron-key-exchange-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const keys = join(folder, 'keys.yaml')
// A master key alone: whatever signs or enciphers came from the host.
writeFileSync(keys, 'master: { usage: tmk, key: 0123456789ABCDEFFEDCBA9876543210 }\n', { mode: 0o600 })

const terminals = 3
const exchanging = builtInDialects.filter(({ rules }) => rules.security?.signOnKeys !== undefined)

test('there are dialects with a key exchange', () => {
  expect(exchanging.map(({ name }) => name).sort()).toEqual(['as2805', 'base24', 'cup-pos', 'cups', 'postilion'])
})

for (const { name, messages, rules } of exchanging) {
  test(`${name}: MACs and PIN blocks are under the keys that the host gave`, async () => {
    const signOn = Object.hasOwn(messages, 'keyExchange') ? 'keyExchange' : rules.signOn
    await using host = await startAcquirer({
      ...{ dialect: name, listen: { host: '127.0.0.1', port: 0 }, acquirer: acquirerSchema.parse({}), seed: 1 },
      keys: keysToData(readRunKeys(keys).set),
    })
    const { salePin } = messages
    const hasMac = rules.security?.mac !== undefined
    // A MAC stands in the last field of a message.
    const last = Math.max(...Object.keys(salePin?.fields ?? {}).map(Number)) > 64 ? 128 : 64
    const isSigned = JSON.stringify(salePin).includes('{mac}')
    const signed = { ...salePin, fields: { ...salePin?.fields, ...(hasMac && !isSigned && { [last]: '{mac}' }) } }
    const text = `
name: keys
dialect: ${name}
keys: keys.yaml
dialectRules: { signOn: ${signOn} }
terminals: { count: ${terminals}, target: ["${formatAddress(host.address)}"], mix: { signed: 1 } }
messages: { signed: ${JSON.stringify(signed)} }
seed: 7
load: [ { hold: { rate: 60/s, for: 500ms } } ]
`
    const { scenario, source } = loadScenario(text, join(folder, 'scenario.yaml'))
    const { outcomes } = await runScenario(scenario, { source })
    expect(outcomes).toEqual({ approved: 30, declined: 0, timedOut: 0, failed: 0, unsent: 0 })
    const { macs, pinBlocks, keysGiven } = host.counts()
    expect(keysGiven).toBe(terminals)
    expect(pinBlocks).toMatchObject({ valid: 30, wrong: 0 })
    expect(macs).toMatchObject({ valid: hasMac ? 30 : 0, wrong: 0 })
  })
}
