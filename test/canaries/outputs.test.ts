// Messages of every dialect, read rightly and wrongly, and a recording with each spelling: nothing that came out may give a
// canary away. For every other output see commands.test.ts.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { acquirerSchema } from '../../src/acquirer/options.js'
import { compile } from '../../src/codec/compile.js'
import { builtInDialect, builtInDialects } from '../../src/codec/dialects/index.js'
import { startAcquirer } from '../../src/run/hosts/start-acquirer.js'
import { startProxy } from '../../src/run/proxy/start-proxy.js'
import { sendMessage } from '../../src/run/send-message.js'
import { isochron } from '../cli/fake-io.js'
import { canaries, leaksIn, spellings } from './canaries.js'

const folder = mkdtempSync(join(tmpdir(), 'canaries-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const here = { host: '127.0.0.1', port: 0 }
const cardAt = (index: number) => canaries[index % canaries.length] as (typeof canaries)[number]

/** Outputs by what made them; every one is searched. */
async function outputsOf(argv: readonly string[], stdin: string | Uint8Array = ''): Promise<[string, string][]> {
  const { stdout, stderr } = await isochron(argv, stdin)
  return [
    [`${argv[0]}: stdout`, stdout],
    [`${argv[0]}: stderr`, stderr],
  ]
}

function expectNoLeak(outputs: readonly (readonly [string, string])[]): void {
  const leaks = outputs.flatMap(([name, text]) => leaksIn(text).map((leak) => `${name}: ${leak}`))
  expect(leaks.slice(0, 5)).toEqual([])
}

test.each(builtInDialects.map((dialect, index) => [dialect.name, dialect, index] as const))(
  'commands that read messages of %s give no card away',
  async (name, dialect, index) => {
    const codec = compile(dialect)
    const { pan, track2, pinBlock } = cardAt(index)
    const track = { 35: track2.slice(0, 37), 41: 'TERM0001', 52: pinBlock }
    const fields = { 2: pan, 3: '000000', 4: '000000001234', 11: '000007', ...track }
    const mti = Object.values(dialect.messages).find((message) => /^\d[12]00$/.test(message.mti))?.mti ?? '0200'
    const bytes = Buffer.from(codec.pack({ mti, fields }))
    const others = Buffer.from(codec.pack({ mti, fields: { ...fields, 2: cardAt(index + 1).pan } })).toString('hex')
    const outputs = [
      ...(await outputsOf(['doctor'], bytes)),
      ...(await outputsOf(['diff', bytes.toString('hex'), others, '--dialect', name])),
    ]
    for (const reader of new Set(['cup-pos', 'iso87-ascii', 'iso87-binary', name])) {
      outputs.push(...(await outputsOf(['decode', '--dialect', reader], bytes.toString('hex'))))
      outputs.push(...(await outputsOf(['decode', '--dialect', reader, '--json'], bytes.toString('hex').slice(0, -8))))
    }
    expectNoLeak(outputs)
  },
)

test('commands that are told a card in words repeat none', async () => {
  const { pan } = cardAt(0)
  const outputs = [
    ...(await outputsOf(['decode', '--dialect', pan])),
    ...(await outputsOf([pan])),
    ...(await outputsOf(['encode'], `{"mti":"0200","${pan}":1}`)),
    ...(await outputsOf(['encode'], `{"mti":"0200","fields":{"2":${pan}}}`)),
  ]
  expectNoLeak(outputs)
})

test('the recording of a proxy gives no card away', async () => {
  const file = join(folder, 'line.jsonl')
  const dialect = builtInDialect('iso87-ascii')
  await using acquirer = await startAcquirer({
    listen: here,
    acquirer: acquirerSchema.parse({}),
    seed: 1,
    dialect: dialect.name,
  })
  const proxy = await startProxy({
    ...{ listen: here, upstream: acquirer.address, dialect: dialect.name },
    record: { file, unmasked: false },
  })
  const target = proxy.address
  if (target === undefined) throw new Error('the proxy has no address')
  for (const [index, spell] of Object.values(spellings).entries()) {
    const { pan } = cardAt(index)
    const fields = {
      2: pan,
      3: '000000',
      4: '000000001234',
      11: String(index + 1).padStart(6, '0'),
      41: 'TERM0001',
      46: spell(pan).replace(/[^\x20-\x7e]/g, '') || 'x',
    }
    await sendMessage({ dialect, target, message: { mti: '0200', fields }, timeoutMs: 5000 })
  }
  await proxy.close()
  const recording = readFileSync(file, 'utf8')
  expect(recording.split('\n').length).toBeGreaterThan(2 * Object.keys(spellings).length)
  expectNoLeak([['recording', recording]])
})
