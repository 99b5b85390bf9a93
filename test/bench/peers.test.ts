// Messages that peers packed are read and packed to the same bytes, and each of their specs runs every flow; `npm run bench -- peers`
// does the same with more, over TCP.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { frameRows, messageRows, peersFolder } from '../../bench/peers/peer-rows.js'
import { runWithSpec } from '../../bench/peers/peer-runs.js'

const folder = peersFolder(fileURLToPath(new URL('../..', import.meta.url)))
const messages = messageRows(folder)

describe('what a peer packed is decoded, packed again and packed from its values to equal bytes:', () => {
  test.each([...messages, ...frameRows(folder)])('$peer, $spec', ({ messages: all, ...row }) => {
    expect(row).toMatchObject({ decoded: all, repacked: all, packed: all })
    expect(row.trouble).toBeUndefined()
  })
})

describe('a terminal and an acquirer with the spec alone approve everything, settle, and their books agree:', () => {
  test.each(messages.map(({ spec }) => spec))('%s', async (spec) => {
    const row = await runWithSpec({ folder, spec, transactions: 150, clock: 'virtual' })
    expect(row).toMatchObject({ offered: 150, approved: 150, unsettled: 0, booksAgree: true })
  })
})

// Fields 2, 3 in three parts, 4, 11, 39 and 41: no merchant, no time, no reference number.
test('a packager of jPOS with hardly a field runs what it can carry, and its books agree', async () => {
  const field = (id: number, length: number, name: string) =>
    `<isofield id="${id}" length="${length}" name="${id}" class="org.jpos.iso.${name}"/>`
  const parts = [1, 2, 3].map((id) => field(id, 2, 'IFA_NUMERIC')).join('')
  const xml = `<isopackager>${field(0, 4, 'IFA_NUMERIC')}${field(1, 16, 'IFA_BITMAP')}${field(2, 19, 'IFA_LLNUM')}
    <isofieldpackager id="3" length="6" name="code" class="org.jpos.iso.IF_CHAR" emitBitmap="false"
      packager="org.jpos.iso.packager.GenericSubFieldPackager">${parts}</isofieldpackager>
    ${field(4, 12, 'IFA_NUMERIC')}${field(11, 6, 'IFA_NUMERIC')}${field(39, 2, 'IF_CHAR')}${field(41, 8, 'IF_CHAR')}</isopackager>`
  const scratch = mkdtempSync(join(tmpdir(), 'isochron-least-'))
  try {
    const spec = join(scratch, 'least.xml')
    writeFileSync(spec, xml)
    const row = await runWithSpec({ folder, spec, transactions: 100, clock: 'virtual' })
    expect(row).toMatchObject({ offered: 100, approved: 100, unsettled: 0, booksAgree: true })
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
})
