// The things that the documents name and do not make: a scenario s.yaml, results, a spec file, keys, messages, a capture.

import { spawnSync } from 'node:child_process'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { specFiles } from '../spec-samples.js'
import type { Block } from './blocks.js'

/** A folder in which the lines of a page run. */
export interface DocsStage {
  readonly folder: string
  readonly env: NodeJS.ProcessEnv
}

/** Its host takes time for a payment: a search for the highest rate would drive one that takes none for minutes. */
const scenario = `name: s
terminals: { count: 20, timeout: 2s }
acquirer: { workers: 8, serviceTime: { p50: 40ms, p99: 90ms } }
load: [ { hold: { rate: 20/s, for: 1s } } ]
`
const sale = { '3': '000000', '4': '000000001000', '11': '000123', '41': 'TERM0001' }
const chipless = { ...sale, '2': '4111111111111111', '7': '1126101500', '12': '261126101500', '24': '100', '49': '840' }

const [spec] = specFiles()
const numeric = (id: number, length: number) =>
  `<isofield id="${id}" length="${length}" name="F${id}" class="org.jpos.iso.IFA_NUMERIC"/>`
const parts = `<isofieldpackager id="48" length="999" name="OWN" class="org.jpos.iso.IFA_LLLCHAR" packager="org.jpos.iso.packager.GenericSubFieldPackager" emitBitmap="false">
    <isofield id="1" length="2" name="ONE" class="org.jpos.iso.IF_CHAR"/>
    <isofield id="2" length="6" name="TWO" class="org.jpos.iso.IF_CHAR"/>
  </isofieldpackager>`
/** The first spec file, with what a page's messages need: a sign-on, and parts of field 48. */
const packager = (spec?.text ?? '')
  .replace('<isofield id="39"', `${numeric(7, 10)}\n  <isofield id="39"`)
  .replace('<isofieldpackager id="127"', `${numeric(70, 3)}\n  <isofieldpackager id="127"`)
  .replace(/<isofieldpackager id="48"[\s\S]*?<\/isofieldpackager>/, parts)

/** The results that the documents name. */
const results = ['runs/1', 'runs/0001', 'runs/0002', 'runs/latest', 'runs/yesterday']
/** A key whose value a document leaves to the environment. */
const leftOut = {
  shown: 'host-mak: { usage: mak }',
  whole: `host-mak: { usage: mak, key: ${'0123456789ABCDEF'.repeat(2)} }`,
}
/** A key file with the value that it leaves to the environment. */
export const withKeys = (text: string) => text.replace(leftOut.shown, leftOut.whole)

/** Makes what the blocks of a page name. Throws when isochron cannot make it. */
export function setStage(folder: string, blocks: readonly Block[], path: string): DocsStage {
  const named = blocks.map(({ text }) => text).join('\n')
  const stage = { folder, env: { ...process.env, PATH: path } }
  const write = (name: string, text: string, mode = 0o644) => {
    writeFileSync(join(folder, name), text)
    chmodSync(join(folder, name), mode)
  }
  const isochron = (...args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync('isochron', args, { cwd: folder, env: stage.env, encoding: 'utf8' })
    if (status !== 0) throw new Error(`isochron ${args.join(' ')}: exit ${status}\n${stderr}`)
    return stdout
  }
  write('s.yaml', scenario)
  write('packager.xml', packager)
  write('host-keys.yaml', keyFileOf(blocks), 0o600)
  write('sale.json', JSON.stringify({ mti: '1200', fields: chipless }))
  write('own.json', JSON.stringify({ mti: '0200', fields: sale }))
  if (named.includes('sale.hex')) write('sale.hex', isochron('encode', 'sale.json', '--dialect', 'iso93-ascii'))
  if (named.includes('message.hex')) {
    const dialect = named.includes('--dialect packager.xml message.hex') ? 'packager.xml' : 'cup-pos'
    write('message.hex', isochron('encode', 'own.json', '--dialect', dialect))
  }
  for (const result of results.filter((each) => named.includes(each)))
    isochron('run', 's.yaml', '--clock', 'virtual', '--quiet', '--out', result)
  // They come from runs against another host: the books of the page do not agree with them.
  for (const journal of new Set([...named.matchAll(/\S+\.part-\d+-of-\d+\.journal/g)].map(([name]) => name)))
    isochron('run', 's.yaml', '--quiet', '--allow-saturated', '--journal', journal)
  if (named.includes('merchant.pcap'))
    isochron('run', 's.yaml', '--quiet', '--allow-saturated', '--pcap', 'merchant.pcap', '--unmasked')
  return stage
}

/** The key files that a page shows, as one. */
function keyFileOf(blocks: readonly Block[]): string {
  const keys = blocks.filter(({ language, text }) => language === 'yaml' && /\{ usage:/.test(text))
  return (
    withKeys(keys.map(({ text }) => text).join('')) ||
    'host-mak: { usage: mak, key: 0123456789ABCDEFFEDCBA9876543210 }\n'
  )
}
